/** `unsilo mcp` as a process, asked by the official client of each era. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Knowledge, knowledgeFile } from '../knowledge.ts'
import { type Asking, ERAS, overStdio } from './clients.ts'

const BIN = join(import.meta.dirname, '..', '..', '..', 'bin', 'unsilo.js')

const KNOWLEDGE: Knowledge = {
  wiki: {
    '1': { title: 'Passwords', markdown: '# Reset\n\nOpen the settings and press **Reset password**.\n' },
    '2': { title: 'On call', markdown: 'The pager password stands in the vault.\n', access: ['group:staff'] },
  },
  board: { '1': { title: 'Merger', markdown: 'The password of the merger.\n', access: ['user:ceo'] } },
}

let file = ''
beforeAll(async () => {
  file = await knowledgeFile(KNOWLEDGE)
})

describe.each(ERAS)('the client of %s', (era) => {
  let visitor: Asking
  beforeAll(async () => {
    visitor = await overStdio(era, ['--index', file])
  })
  afterAll(() => visitor.close())

  test('lists tools that only read and say what they answer with', async () => {
    const tools = await visitor.tools()

    expect(tools.map(({ name }) => name)).toEqual(['search', 'fetch', 'search_passages', 'list_sources'])
    for (const { annotations, outputSchema } of tools) {
      expect(annotations).toMatchObject({ readOnlyHint: true, destructiveHint: false })
      expect(outputSchema).toMatchObject({ type: 'object' })
    }
  })

  test('searches and fetches, as data and as the same JSON', async () => {
    const found = await visitor.call('search', { query: 'how do I reset my password' })
    expect(found.data).toEqual({ results: [{ id: 'wiki:1', title: 'Passwords', url: 'https://wiki.example/1' }] })
    expect(JSON.parse(found.text)).toEqual(found.data)

    const read = await visitor.call('fetch', { id: 'wiki:1' })
    expect(Object.keys(read.data as object)).toEqual(['id', 'title', 'text', 'url', 'metadata'])
    expect(read.data).toMatchObject({ id: 'wiki:1', title: 'Passwords', url: 'https://wiki.example/1' })
    expect(JSON.parse(read.text)).toEqual(read.data)
  })

  test('finds passages and lists sources', async () => {
    const { data } = await visitor.call('search_passages', { query: 'password', sources: ['wiki'] })
    expect(data).toMatchObject({ passages: [{ rank: 1, id: 'wiki:1', source: 'wiki' }], left: 0 })
    expect(JSON.stringify(data)).toContain('\\nTitle: Passwords\\nHeadings: Reset\\n\\n')
    expect((await visitor.call('list_sources')).data).toEqual({ sources: [{ name: 'wiki', languages: ['en'] }] })
  })

  test('is told of what it may not read just what it is told of what is not there', async () => {
    const [hidden, none] = [
      await visitor.call('fetch', { id: 'wiki:2' }),
      await visitor.call('fetch', { id: 'wiki:9' }),
    ]
    expect(hidden).toMatchObject({ isError: true, data: undefined })
    expect(hidden.text.replace('wiki:2', 'wiki:9')).toBe(none.text)

    const ask = (source: string) => visitor.call('search_passages', { query: 'password', sources: [source] })
    const [closed, unknown] = [await ask('board'), await ask('bored')]
    expect(closed.text.replace('board', 'bored')).toBe(unknown.text)
  })

  test('reads more as somebody who may', async () => {
    const staff = await overStdio(era, ['--index', file, '--as', 'group:staff,user:ceo'])
    const { data } = await staff.call('search', { query: 'password' })
    const { results } = data as { results: readonly { readonly id: string }[] }
    expect(results.map(({ id }) => id).sort()).toEqual(['board:1', 'wiki:1', 'wiki:2'])
    await staff.close()
  })
})

test('a document without an address is cited by the page that the configuration says is ours, whatever else that needs', async () => {
  const nowhere = await knowledgeFile({
    wiki: { '1': { title: 'Plain', markdown: 'The quagga.\n', more: { url: '' } } },
  })
  const config = join(dirname(nowhere), 'unsilo.config.json')
  const auth = { email: 'sync@example.com', apiToken: `\${env:NO_SUCH_VARIABLE}` }
  const source = { connector: 'confluence', baseUrl: 'https://example.atlassian.net', spaces: ['DOC'], auth }
  const serve = { publicUrl: 'https://help.example/', jwt: { secrets: [`\${env:NO_SUCH_VARIABLE}`] } }
  await writeFile(config, JSON.stringify({ sources: { wiki: source }, serve }))
  const visitor = await overStdio('2026', ['--index', nowhere, '--config', config])
  const { data } = await visitor.call('search', { query: 'quagga' })
  await visitor.close()

  expect(data).toMatchObject({ results: [{ url: 'https://help.example/help#/article/wiki%3A1' }] })
})

test('stdout carries the protocol alone, and the process ends with its input', async () => {
  const child = spawn(process.execPath, [BIN, 'mcp', '--index', file, '--verbose'])
  let out = ''
  let err = ''
  child.stdout.on('data', (text) => (out += text))
  child.stderr.on('data', (text) => (err += text))
  const request = { jsonrpc: '2.0', id: 1, method: 'server/discover', params: { _meta: {} } }
  child.stdin.write(`${JSON.stringify(request)}\nno JSON at all\n`)
  await once(child.stdout, 'data')
  child.stdin.end()
  const [code] = await once(child, 'close')

  expect(code).toBe(0)
  for (const line of out.trim().split('\n')) expect(JSON.parse(line)).toMatchObject({ jsonrpc: '2.0' })
  expect(err).toContain('Answering MCP as the public.')
})

test('an index that is not there ends it with words on stderr only', async () => {
  const child = spawn(process.execPath, [BIN, 'mcp', '--index', `${file}-not`])
  let out = ''
  child.stdout.on('data', (text) => (out += text))
  const [code] = await once(child, 'close')

  expect([code, out]).toEqual([1, ''])
})
