/** `unsilo publish folder` on a real index and real files: what an audience gets, and what is taken from it again. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { folderLock } from '../../src/cli/folder-lock.ts'
import { run } from '../../src/cli/main.ts'
import { reviewHash } from '../../src/core/review.ts'
import { openIndex } from '../../src/indexes/registry.ts'
import { parseFile } from '../../src/markdown/file.ts'
import { openMarkedFolder } from '../../src/publish/folder/marked-folder.ts'
import { type Page, syncPages } from '../publish/pages.ts'
import { capturedIo, jsonLines } from './captured-io.ts'

let folder = ''
const sync = (...rest: Rest) => syncPages(folder, ...rest)

type Rest = Parameters<typeof syncPages> extends [string, ...infer R] ? R : never

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'unsilo-publish-'))
  writeFileSync(join(folder, 'unsilo.config.yaml'), 'sources:\n  help:\n    connector: help-center\n')
  await sync(PAGES)
})

afterEach(() => rmSync(folder, { recursive: true, force: true }))

const PAGES: readonly Page[] = [
  { id: '1', title: 'Getting a [refund]\u202e', path: ['Billing', 'Money back'], markdown: '# Steps\n\nAsk us.\n' },
  { id: '2', title: 'VPN', path: ['Security'], markdown: 'Open the lock.\n', labels: ['network'], locale: 'fr' },
  { id: '3', title: 'Payroll', path: ['Internal'], markdown: 'A canary sings.\n', access: ['group:staff'] },
  { id: '4', title: 'Members', path: ['Internal'], markdown: 'For members.\n', access: ['group:customers'] },
  { id: '5', title: 'Refused card', path: ['Inbox'], kind: 'ticket', markdown: '## Question\n\nMy card?\n' },
]

async function publish(...argv: string[]) {
  const io = capturedIo(folder)
  const code = await run(['publish', 'folder', 'site', ...argv], io)
  return { code, err: io.err(), lines: argv.includes('--json') ? jsonLines(io.out()) : [] }
}

function site(file = ''): string {
  return join(folder, 'site', file)
}

function files(): readonly string[] {
  return readdirSync(site('help'))
    .map((file) => file.replace(/-[0-9a-f]{8}\.md$/, ''))
    .sort()
}

test('the public gets what is public, listed by section, and no ticket that nobody has reviewed', async () => {
  const { code, lines } = await publish('--json', '--title', 'Example help', '--summary', 'How to use it')

  const full = readFileSync(site('llms-full.txt'), 'utf8')
  expect(code).toBe(0)
  expect(lines).toMatchObject([{ type: 'published', written: 2, unchanged: 0, removed: 0, unreviewed: 1 }])
  expect(files()).toEqual(['getting-a-refund', 'vpn'])
  expect(readFileSync(site('llms.txt'), 'utf8').replaceAll(/-[0-9a-f]{8}/g, '')).toBe(
    String.raw`# Example help

> How to use it

## Billing

- [Getting a \[refund\]](help/getting-a-refund.md): Money back

## Security

- [VPN](help/vpn.md)
`,
  )
  expect(full).toContain('# VPN\n\nSource: <https://example.com/2>\n\nOpen the lock.\n')
  expect(full).not.toMatch(/canary|members|card/i)
})

test('an address that is none of the web is not given as one', async () => {
  await sync([{ id: '1', title: 'Link', markdown: 'Text.\n', url: 'javascript:alert(1)' }], { deletes: 9, wider: 9 })
  await publish()

  expect(readFileSync(site('llms-full.txt'), 'utf8')).toBe('# Help\n\n# Link\n\nText.\n')
})

test('a file says what it is, and nothing of who may read it', async () => {
  await publish('--as', 'group:customers')

  const file = readdirSync(site('help')).find((name) => name.startsWith('members')) ?? ''
  const { data, markdown } = parseFile(readFileSync(site(`help/${file}`), 'utf8'), file)
  expect(markdown).toBe('For members.\n')
  expect(data).toMatchObject({ id: 'help:4', title: 'Members', path: ['Internal'], kind: 'article', source: 'help' })
  expect(Object.keys(data)).not.toContain('access')
})

test('links are whole where the address is told', async () => {
  const { code } = await publish('--url', 'https://docs.example.com/help')
  const wrong = await publish('--url', 'javascript:alert(1)')

  expect([code, wrong.code]).toEqual([0, 2])
  expect(readFileSync(site('llms.txt'), 'utf8')).toMatch(/\(https:\/\/docs\.example\.com\/help\/help\/vpn-\w+\.md\)/)
})

test('again changes nothing, and what changed is written alone', async () => {
  await publish()
  const before = readFileSync(site('llms-full.txt'), 'utf8')
  const again = await publish('--json')
  await sync(PAGES.map((page) => (page.id === '2' ? { ...page, markdown: 'Open another lock.\n' } : page)))
  const changed = await publish('--json')

  expect(again.lines).toMatchObject([{ written: 0, unchanged: 2, removed: 0 }])
  expect(changed.lines).toMatchObject([{ written: 1, unchanged: 1, removed: 0 }])
  expect(readFileSync(site('llms-full.txt'), 'utf8')).toBe(before.replace('the lock', 'another lock'))
})

test('what the audience may no longer read is taken away, however much that is', async () => {
  await publish()
  writeFileSync(site('help/notes.md'), 'mine')
  await sync(PAGES.map((page) => ({ ...page, access: ['group:staff'] })))
  const { code, lines } = await publish('--json')

  expect(code).toBe(0)
  expect(lines).toMatchObject([{ written: 0, unchanged: 0, removed: 2 }])
  expect(files()).toEqual(['notes.md'])
  expect(readFileSync(site('llms-full.txt'), 'utf8')).toBe('# Help\n')
})

test('documents that are gone from the index are removed only as far as is usual, or allowed', async () => {
  const many = Array.from({ length: 40 }, (_, at) => ({ id: `m${at}`, title: `M ${at}`, markdown: `Text ${at}.\n` }))
  await sync(many)
  await publish()
  await sync(many.slice(0, 20), { deletes: 20, wider: 0 })
  const stopped = await publish()
  const kept = files().length
  const allowed = await publish('--allow-deletes', '20')

  expect([stopped.code, kept]).toEqual([11, 40])
  expect(stopped.err).toMatch(/20 of 40 documents are no longer in the index[\s\S]*--allow-deletes 20/)
  expect([allowed.code, files().length]).toEqual([0, 20])
})

test('where the index lost too much, what the audience may no longer read goes all the same, from every file', async () => {
  const many = Array.from({ length: 40 }, (_, at) => ({
    id: `m${at}`,
    title: `M ${at}`,
    markdown: `Text ${at} of it.\n`,
  }))
  await sync(many)
  await publish()
  const [narrowed, renamed] = [
    { ...many[0], access: ['group:staff'] },
    { ...many[1], title: 'Another name' },
  ] as Page[]
  await sync([narrowed as Page, renamed as Page, ...many.slice(2, 20)], { deletes: 20, wider: 0 })
  const stopped = await publish()
  const listing = [readFileSync(site('llms.txt'), 'utf8'), readFileSync(site('llms-full.txt'), 'utf8')]
  const again = await publish()
  const after = [...files()]
  const allowed = await publish('--allow-deletes', '20')

  expect([stopped.code, again.code, allowed.code]).toEqual([11, 11, 0])
  expect(after).toHaveLength(39)
  expect(after).not.toContain('m-0')
  expect(after).toContain('m-1')
  expect(listing.join()).not.toMatch(/M 0|Text 0/)
  expect(listing.join()).toMatch(/M 2[\s\S]*Text 2 of it/)
  expect(files()).toHaveLength(19)
})

test('where the index lost too much, what stays in the folder stays in its lists as it was', async () => {
  const many = Array.from({ length: 40 }, (_, at) => ({
    ...{ id: `m${at}`, title: `M *${at}*`, path: ['Shelf', `Board ${at % 3}`] },
    markdown: `# Text ${at}\n\nOf it.\n`,
  }))
  await sync(many)
  await publish()
  const lists = () => ['llms.txt', 'llms-full.txt'].map((name) => readFileSync(site(name), 'utf8'))
  const [list = '', full = ''] = lists()
  const [narrowed, changed] = [
    { ...many[0], access: ['group:staff'] },
    { ...many[1], title: 'Another name', markdown: 'Another text.\n' },
  ] as Page[]
  await sync([narrowed as Page, changed as Page, ...many.slice(2, 20)], { deletes: 20, wider: 0 })
  const broken = readdirSync(site('help')).find((file) => file.startsWith('m-30-')) ?? ''
  writeFileSync(site(`help/${broken}`), '---\ntitle: [\n---\n')
  const stopped = await publish()

  const without = (text: string, part: RegExp) => text.replace(part, '')
  expect(stopped.code).toBe(11)
  expect(lists()).toEqual([
    without(without(list, /- \[M \\\*0.*\n/), /- \[M \\\*30.*\n/),
    without(
      without(full, /\n# M \\\*0\\\*\n[^#]*# Text 0[^#]*(?=\n#)/),
      /\n# M \\\*30\\\*\n[^#]*# Text 30[^#]*(?=\n#)/,
    ),
  ])
})

test('two runs at once do not write into one folder: the second ends with 10 and changes nothing', async () => {
  await publish()
  const lock = folderLock('publish folder', capturedIo(folder))
  const first = await openMarkedFolder(site(), 'publish', lock)
  const half = '.unsilo-123e4567-e89b-42d3-a456-426614174000.tmp'
  writeFileSync(site(half), 'being written')
  const second = await publish()
  const swept = !readdirSync(site()).includes(half)
  first.close()
  const third = await publish()

  expect([second.code, third.code, swept]).toEqual([10, 0, false])
  expect(second.err).toMatch(/Another run is writing to .*site.*: unsilo publish folder \(process \d+, since /)
  expect(readdirSync(site()).sort()).toEqual([
    ...['.unsilo-publish.json', '.unsilo-publish.lock', 'help', 'llms-full.txt', 'llms.txt'],
  ])
})

test('a run that was killed before it listed anything leaves no folder that the next one refuses', async () => {
  const killed = await openMarkedFolder(site(), 'publish', folderLock('publish folder', capturedIo(folder)))
  killed.close()
  writeFileSync(site('.unsilo-publish.holder'), 'unsilo publish folder (process 1)')

  expect((await publish()).code).toBe(0)
})

test('what may no longer be read goes from every file also where the run that began it was stopped', async () => {
  const many = Array.from({ length: 40 }, (_, at) => ({
    id: `m${at}`,
    title: `M ${at}`,
    markdown: `Text ${at} of it.\n`,
  }))
  await sync(many)
  await publish()
  const full = readFileSync(site('llms-full.txt'), 'utf8')
  await sync([{ ...many[0], access: ['group:staff'] } as Page, ...many.slice(1, 20)], { deletes: 20, wider: 0 })
  rmSync(site('llms-full.txt'))
  mkdirSync(site('llms-full.txt'))
  const stopped = await publish()
  rmSync(site('llms-full.txt'), { recursive: true })
  writeFileSync(site('llms-full.txt'), full)
  const again = await publish()

  expect([stopped.code, again.code]).toEqual([2, 11])
  expect(full).toContain('Text 0 of it')
  expect(files()).not.toContain('m-0')
  expect(readFileSync(site('llms-full.txt'), 'utf8')).not.toContain('Text 0 of it')
})

test('a ticket is published as the very text that was approved', async () => {
  const store = await openIndex(join(folder, '.unsilo/index.db'), { mode: 'read' })
  const ticket = await store.document('help:5', [])
  await store.close()
  if (ticket === null) throw new Error('the ticket is public')
  const approve = (hash: string, level: string) =>
    writeFileSync(
      join(folder, 'review.yaml'),
      `tickets:\n  - { id: 'help:5', level: ${level}, hash: ${hash}, title: Card }\n`,
    )

  approve(reviewHash(ticket.head, 'another text'), 'public')
  await publish()
  const other = files()
  approve(reviewHash(ticket.head, ticket.markdown), 'customers')
  await publish()
  const narrower = files()
  approve(reviewHash(ticket.head, ticket.markdown), 'public')
  await publish()

  expect([other, narrower, files()]).toEqual([
    ['getting-a-refund', 'vpn'],
    ['getting-a-refund', 'vpn'],
    ['getting-a-refund', 'refused-card', 'vpn'],
  ])
})

test('another audience and foreign files are left alone', async () => {
  await publish()
  const other = await publish('--as', 'group:staff')
  const forced = await publish('--as', 'group:staff', '--force')
  rmSync(site(), { recursive: true })
  mkdirSync(site())
  writeFileSync(site('thesis.md'), 'mine')
  const foreign = await publish()

  expect([other.code, forced.code, foreign.code]).toEqual([2, 0, 2])
  expect(other.err).toMatch(/for another audience or of other sources: --as public/)
  expect(foreign.err).toMatch(/holds files and is not what was published earlier/)
  expect(readdirSync(site())).toEqual(['thesis.md'])
})
