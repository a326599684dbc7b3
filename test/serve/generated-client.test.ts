/** A client that is generated from what the server says of itself: it compiles, refuses what is wrong, and works. */
import { execFile } from 'node:child_process'
import { symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../indexes/temporary-folder.ts'
import { knowledgeFile } from './knowledge.ts'
import { serving, WATCH_TOKEN } from './stage.ts'

const root = join(import.meta.dirname, '..', '..')
const run = promisify(execFile)
const COMPILE = ['--strict', '--module', 'nodenext', '--target', 'es2024', '--types', 'node', '--skipLibCheck']

/** What somebody would write who uses it. */
const PROGRAM = `
import * as api from './client.js'

const [baseUrl = '', token = ''] = process.argv.slice(2)
api.defaults.baseUrl = baseUrl
const found = await api.search({ q: 'tunnel', kind: ['page', 'article'], limit: 3, typing: 'true', updatedSince: '2025-01-01' })
if (found.status !== 200) throw new Error(found.data.detail)
const [first] = found.data.results
if (first === undefined) throw new Error('nothing found')
const same = await api.searchByBody({ search: { query: 'tunnel', sources: ['wiki'] } })
const passages = await api.context({ contextQuestion: { query: 'tunnel', max_tokens: 512 } })
const answered = await api.answer({ question: { query: 'what does the tunnel need?' } })
const page = await api.document({ id: first.id, format: 'html' })
const shelf = await api.collections({ source: 'wiki', path: ['Space', 'a & b'] })
const said = await api.feedback({ feedback: { document: first.id, helpful: true } })
const none = await api.document({ id: 'wiki:none' })
const figures = await api.metrics({ headers: { authorization: 'Bearer ' + token } })
console.log(JSON.stringify({
  found: found.data.results.map(({ title, rank }) => [title, rank]),
  same: same.status === 200 && same.data.results.length,
  passages: passages.status === 200 && passages.data.passages.length,
  answer: answered.status === 200 && answered.data.answer?.map(({ text }) => text),
  html: page.status === 200 && 'html' in page.data && page.data.html,
  documents: shelf.status === 200 && shelf.data.documents?.map(({ id }) => id),
  states: [said.status, none.status, (await api.health()).status, (await api.ready()).status],
  detail: none.status === 404 && none.data.detail,
  figures: figures.status === 200 && figures.data.includes('unsilo_http_requests_total'),
}))
`

/** Each line is wrong in its own way. */
const WRONG = [
  'await api.search({ q: 1 })',
  "await api.search({ q: 'x', kind: 'book' })",
  "await api.searchByBody({ search: { query: 'x', lables: ['y'] } })",
  "await api.feedback({ feedback: { document: 'x' } })",
  "const found = await api.search({ q: 'x' }); found.data.results",
]

test('what the server says of itself makes a client that compiles, works, and lets nothing wrong be asked', async () => {
  const file = await knowledgeFile({
    wiki: {
      vpn: { title: 'VPN', markdown: '# Setup\n\nThe tunnel needs a certificate.', more: { path: ['Space', 'a & b'] } },
      soup: { title: 'Soup', markdown: 'Served at noon.' },
      train: { title: 'Train', markdown: 'Booked by the office.' },
    },
  })
  const { url } = await serving(file)
  const folder = temporaryFolder()
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
  writeFileSync(join(folder, 'openapi.json'), await (await fetch(`${url}/openapi.json`)).text())
  const tool = (name: string, ...args: readonly string[]) =>
    run(join(root, 'node_modules', '.bin', name), args, { cwd: folder }).then(
      () => '',
      ({ stdout, stderr }) => `${stdout}${stderr}`,
    )

  expect(await tool('oazapfts', '--argumentStyle=object', 'openapi.json', 'client.ts')).toBe('')
  writeFileSync(join(folder, 'program.ts'), PROGRAM)
  expect(await tool('tsc', ...COMPILE, 'program.ts')).toBe('')
  const { stdout } = await run(process.execPath, [join(folder, 'program.js'), url, WATCH_TOKEN])
  expect(JSON.parse(stdout)).toEqual({
    found: [['VPN', 1]],
    same: 1,
    passages: 1,
    answer: ['The tunnel needs a certificate.'],
    html: '<h1 id="h-setup">Setup</h1>\n<p>The tunnel needs a certificate.</p>\n',
    documents: ['wiki:vpn'],
    states: [204, 404, 200, 200],
    detail: 'There is no document of this id that you may read.',
    figures: true,
  })

  writeFileSync(join(folder, 'wrong.ts'), ["import * as api from './client.js'", ...WRONG].join('\n'))
  const refused = await tool('tsc', ...COMPILE, '--noEmit', 'wrong.ts')
  expect([...refused.matchAll(/^wrong\.ts\((\d+),/gm)].map(([, line]) => Number(line))).toEqual(
    WRONG.map((_, at) => at + 2),
  )
})
