/** `unsilo bundle` on a real index: what an audience finds in the file, and what is nowhere in it, byte for byte. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { run } from '../../src/cli/main.ts'
import { verifyIndex } from '../../src/indexes/registry.ts'
import { openSqlite } from '../../src/indexes/sqlite/sqlite.ts'
import { leaveHalf } from '../indexes/half-written.ts'
import { type Page, syncPages } from '../publish/pages.ts'
import { capturedIo, jsonLines } from './captured-io.ts'

let folder = ''

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'unsilo-bundle-test-'))
  writeFileSync(join(folder, 'unsilo.config.yaml'), 'sources:\n  help:\n    connector: help-center\n')
  await syncPages(folder, PAGES)
})

afterEach(() => rmSync(folder, { recursive: true, force: true }))

const PAGES: readonly Page[] = [
  { id: '1', title: 'Refunds', path: ['Billing'], markdown: '# Steps\n\nA zebra is refunded.\n' },
  { id: '2', title: 'Members', markdown: 'A zebra for members.\n', access: ['group:customers', 'group:hushed'] },
  { id: '5', title: 'Opening hours', markdown: 'Always.\n' },
  { id: '3', title: 'Payroll', markdown: 'A zebra with a canary.\n', access: ['group:staff'] },
  { id: '4', title: 'Card', kind: 'ticket', markdown: '## Question\n\nWhere is my giraffe?\n' },
]

async function unsilo(...argv: string[]) {
  const io = capturedIo(folder)
  const code = await run(argv, io)
  return { code, err: io.err(), lines: argv.includes('--json') ? jsonLines(io.out()) : [] }
}

async function found(file: string): Promise<readonly unknown[]> {
  const { lines } = await unsilo('search', 'zebra', '--index', file, '--as', 'public', '--json')
  return lines.map(({ id }) => id).sort()
}

test('everybody who has the file finds what the audience may read, and the rest is nowhere in it', async () => {
  const { code, lines } = await unsilo('bundle', 'customers.db', '--as', 'group:customers', '--json')

  const bytes = readFileSync(join(folder, 'customers.db'), 'latin1')
  expect(code).toBe(0)
  expect(lines).toMatchObject([{ type: 'bundle', documents: 3, unreviewed: 1 }])
  expect(await found('customers.db')).toEqual(['help:1', 'help:2'])
  expect(bytes).not.toMatch(/canary|payroll|giraffe|hushed|group:/i)
  expect(readdirSync(folder).sort()).toEqual(['.unsilo', 'customers.db', 'unsilo.config.yaml'])
})

test('says of itself that it is whole', async () => {
  await unsilo('bundle', 'public.db')
  expect(await verifyIndex(join(folder, 'public.db'))).toEqual([])
})

test('takes the place of an earlier one that somebody reads', async () => {
  await unsilo('bundle', 'public.db')
  const reader = await openSqlite(join(folder, 'public.db'), { mode: 'read' })
  await syncPages(folder, [{ ...PAGES[0], id: '1', markdown: 'No more animals.\n' }, ...PAGES.slice(1)])
  const { code } = await unsilo('bundle', 'public.db')
  await reader.close()

  expect([code, await found('public.db')]).toEqual([0, []])
})

test('what was begun in a file that is gone is not written into the bundle', async () => {
  await unsilo('bundle', 'whole.db')
  leaveHalf(join(folder, 'whole.db'), join(folder, 'public.db'))
  rmSync(join(folder, 'public.db'))
  const larger = Array.from({ length: 100_000 }, (_, at) => `zebra${at}`).join(' ')
  await syncPages(folder, [...PAGES, { id: '6', title: 'Animals', markdown: `${larger}\n` }])
  await unsilo('bundle', 'public.db')

  expect(await verifyIndex(join(folder, 'public.db'))).toEqual([])
})

test('what the audience may no longer read goes; what the index has lost goes only as far as is usual, or allowed', async () => {
  await unsilo('bundle', 'customers.db', '--as', 'group:customers')
  await syncPages(
    folder,
    PAGES.map((page) => ({ ...page, access: ['group:staff'] })),
  )
  const narrowed = await unsilo('bundle', 'customers.db', '--as', 'group:customers', '--json')
  await syncPages(folder, PAGES)
  await unsilo('bundle', 'customers.db', '--as', 'group:customers')
  const other = join(folder, 'other.db')
  await (await openSqlite(other)).close()
  const empty = await unsilo('bundle', 'customers.db', '--as', 'group:customers', '--index', other)
  const kept = await found('customers.db')
  const allowed = await unsilo('bundle', 'customers.db', '--index', other, '--allow-deletes', '3')

  expect(narrowed.lines).toMatchObject([{ documents: 0 }])
  expect([empty.code, kept]).toEqual([11, ['help:1', 'help:2']])
  expect(allowed.code).toBe(0)
})

test('where the index lost too much, what the audience may no longer read is nowhere in the file all the same', async () => {
  const many = Array.from({ length: 20 }, (_, at) => ({
    id: `m${at}`,
    title: `M ${at}`,
    markdown: `A zebra, animal${at}.\n`,
  }))
  await syncPages(folder, many, { deletes: 9, wider: 0 })
  await unsilo('bundle', 'public.db')
  const narrowed: Page = { ...(many[0] as Page), access: ['group:staff'] }
  await syncPages(folder, [narrowed, ...many.slice(1, 8)], { deletes: 20, wider: 0 })
  const { code, err } = await unsilo('bundle', 'public.db')

  expect(code).toBe(11)
  expect(err).toMatch(/12 of 20 documents .*Only what the audience may no longer read.*--allow-deletes 12/s)
  expect(readFileSync(join(folder, 'public.db'), 'latin1')).not.toMatch(/animal0\b/)
  expect((await found('public.db')).length).toBeGreaterThan(0)
  expect(await verifyIndex(join(folder, 'public.db'))).toEqual([])
})

test('what a run that was killed left beside it goes with the next one, and nothing else does', async () => {
  for (const name of ['.public.db.unsilo-ab12CD', '.other.db.unsilo-ab12CD', '.public.db.unsilo-mine.txt'])
    mkdirSync(join(folder, name))
  await unsilo('bundle', 'public.db')

  expect(readdirSync(folder).filter((name) => name.includes('.unsilo-'))).toEqual([
    '.other.db.unsilo-ab12CD',
    '.public.db.unsilo-mine.txt',
  ])
})

test('no other file is written over', async () => {
  writeFileSync(join(folder, 'notes.db'), 'mine')
  const foreign = await unsilo('bundle', 'notes.db')
  const own = await unsilo('bundle', '.unsilo/index.db')
  const other = await unsilo('bundle', '.unsilo/index.db', '--index', join(folder, 'gone.db'))
  writeFileSync(join(folder, 'copy.db'), readFileSync(join(folder, '.unsilo/index.db')))
  const synced = await unsilo('bundle', 'copy.db')

  symlinkSync('.unsilo', join(folder, 'linked'))
  const linked = await unsilo('bundle', 'linked/index.db', '--force')

  expect([linked.code, linked.err]).toEqual([2, expect.stringContaining('is the index itself')])
  expect([foreign.code, own.code, other.code, synced.code]).toEqual([2, 2, 1, 2])
  expect(foreign.err).toMatch(/notes\.db is there, and not a bundle: it is no index of unsilo/)
  expect(own.err).toMatch(/is the index itself/)
  expect(synced.err).toMatch(/it is an index that syncs fill/)
  expect(readFileSync(join(folder, 'notes.db'), 'utf8')).toBe('mine')
})
