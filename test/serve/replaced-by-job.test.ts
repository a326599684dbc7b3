/** The file of a real server, replaced by `unsilo copy` again and again while it is asked, and written to in between. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { expect, onTestFinished, test } from 'vitest'
import { emptyBatch, type Store } from '../../src/core/store.ts'
import { openIndex, verifyIndex } from '../../src/indexes/registry.ts'
import { knowledgeFile, type Page } from './knowledge.ts'

const bin = join(import.meta.dirname, '..', '..', 'bin', 'unsilo.js')
const PAGES = 12
const ROUNDS = 4

/** The same pages, each of which says in which edition it stands. */
async function edition(word: string): Promise<string> {
  const page = (at: number): Page => ({ title: `Page ${at}`, markdown: `A tunnel ${word} ${at}.`, access: 'public' })
  return await knowledgeFile({
    wiki: Object.fromEntries(Array.from({ length: PAGES }, (_, at) => [String(at), page(at)])),
  })
}

async function unsilo(...args: readonly string[]): Promise<{ code: number; said: string }> {
  const child = spawn(process.execPath, [bin, ...args], { stdio: ['ignore', 'ignore', 'pipe'] })
  const said = text(child.stderr)
  const [code] = await once(child, 'exit')
  return { code, said: await said }
}

async function served(index: string): Promise<{ readonly server: ChildProcess; readonly url: string }> {
  const config = join(dirname(index), 'unsilo.config.yaml')
  writeFileSync(config, 'serve: { perMinute: 1000000 }\nsources:\n  wiki: { connector: confluence }\n')
  const args = [bin, 'serve', '--config', config, '--index', index, '--port', '0', '--json', '--quiet']
  const server = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(() => void server.kill('SIGKILL'))
  const [line] = await once(createInterface({ input: server.stdout }), 'line')
  return { server, url: `http://127.0.0.1:${JSON.parse(line).port}` }
}

interface Results {
  readonly results?: readonly { readonly snippet: string }[]
}

test('no answer is refused, none is cut, and none is of two editions', async () => {
  const editions = await Promise.all([edition('alpha'), edition('omega')])
  const index = join(dirname(editions[0]), 'served.db')
  expect(await unsilo('copy', editions[0], index)).toMatchObject({ code: 0 })
  const { url } = await served(index)
  const seen = new Map<string, number>()
  let isOver = false
  async function ask(): Promise<void> {
    const answer = await fetch(`${url}/v1/search?q=tunnel&limit=${PAGES}`)
    const { results = [] } = (await answer.json()) as Results
    const words = new Set(results.flatMap(({ snippet }) => /alpha|omega/.exec(snippet)?.[0] ?? []))
    const told = `${answer.status} ${results.length} ${[...words].sort().join('+')}`
    seen.set(told, (seen.get(told) ?? 0) + 1)
  }
  const askers = Array.from({ length: 4 }, async () => {
    while (!isOver) await ask()
  })

  const ends: unknown[] = []
  for (let round = 1; round <= ROUNDS; round += 1) {
    const reader = round % 2 === 0 ? await written(index) : null
    expect(existsSync(`${index}-wal`)).toBe(reader !== null)
    ends.push(await unsilo('copy', editions[round % 2] as string, index, '--force', '--quiet'))
    expect(existsSync(`${index}-wal`)).toBe(false)
    await ask()
    await reader?.close()
  }
  isOver = true
  await Promise.all(askers)

  expect(ends).toEqual(Array.from({ length: ROUNDS }, () => ({ code: 0, said: '' })))
  expect([...seen.keys()].sort()).toEqual([`200 ${PAGES} alpha`, `200 ${PAGES} omega`])
  expect(await verifyIndex(index)).toEqual([])
})

/** Written to as by a sync, while somebody reads it: then a WAL stays beside the file, for as long as they do. */
async function written(index: string): Promise<Store> {
  const writer = await openIndex(index)
  const state = { cursor: 'moved', seen: null, policy: null }
  await writer.apply({ ...emptyBatch('wiki'), state })
  const reader = await openIndex(index, { mode: 'read' })
  await writer.close()
  return reader
}
