/** What is not as it was written: never an answer, always named, and put right by a repair that asks no source. */
import { copyFileSync, existsSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Remake } from '../../../src/core/repair.ts'
import { repairIndex, verifyIndex } from '../../../src/indexes/registry.ts'
import { openSqlite } from '../../../src/indexes/sqlite/sqlite.ts'
import {
  asking,
  batch,
  contents,
  found,
  listed,
  passagesFor,
  sampleDocument,
  sampleHead,
  sampleRun,
  sampleTerms,
  withIncludes,
  wordsOf,
} from '../../conformance/index-samples.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import { alter } from './alter.ts'

const STATE = { cursor: { page: 1 }, seen: null, policy: 'p' }
const NOW = Date.parse('2026-05-02T00:00:00Z')

const HEAD = `UPDATE document SET head = replace(head, '"one"', '"two"') WHERE id = 'docs:1'`
const WIDER = `UPDATE document SET head = replace(head, '["group:staff"]', '"public"') WHERE id = 'docs:1';
  INSERT INTO access SELECT key, 'public' FROM document WHERE id = 'docs:1'`
const TEXT = `UPDATE document_text SET markdown = 'other' WHERE document = (SELECT key FROM document WHERE id = 'docs:1')`
const PASSAGE = `UPDATE chunk_text SET text = 'other' WHERE id = 'docs:1#0'`
const MISSPELT = `UPDATE fts_data SET block = CAST(substr(block, 1, instr(block, CAST('taken' AS BLOB)) - 1)
  || CAST('taket' AS BLOB) || substr(block, instr(block, CAST('taken' AS BLOB)) + 5) AS BLOB)
  WHERE instr(block, CAST('taken' AS BLOB)) > 0`
const SWAPPED = `UPDATE chunk SET document = (SELECT key FROM document WHERE id = 'docs:1'), ordinal = 9
  WHERE key = (SELECT chunk FROM chunk_text WHERE id = 'docs:2#0')`

test.for([
  ['a head', HEAD, 'group:staff'],
  ['its access', WIDER, 'group:staff'],
  ['a passage', PASSAGE, 'group:staff'],
  ['a passage of another document', SWAPPED, 'group:staff'],
] as const)('a hit whose row is not as it was written is an error that names the document: %s', async ([, sql, as]) => {
  const path = await indexed()
  alter(path, sql)
  const reader = await openSqlite(path, { mode: 'read' })

  const asked = passagesFor(reader, { groups: [['secret', 'second']], match: 'all', as: [as], limit: 10 })

  await expect(asked).rejects.toMatchObject({
    code: 'INDEX_DAMAGED',
    exit: 12,
    message: expect.stringContaining('"docs:1"'),
    hint: expect.stringContaining('unsilo check --repair'),
  })
  await reader.close()
  expect(await verifyIndex(path)).toContainEqual(expect.objectContaining({ document: 'docs:1' }))
})

test('a row that says it is public shows nothing to whom its checksum does not', async () => {
  const path = await indexed()
  alter(path, WIDER)
  const reader = await openSqlite(path, { mode: 'read' })

  await expect(passagesFor(reader, asking('secret'))).rejects.toMatchObject({ code: 'INDEX_DAMAGED' })
  await expect(reader.document('docs:1', [])).rejects.toMatchObject({ code: 'INDEX_DAMAGED' })
  await expect(listed(reader.documents([]))).rejects.toMatchObject({ code: 'INDEX_DAMAGED' })
  await reader.close()
})

test('a row of the access table alone shows nothing to anybody, and hides the document from no operator', async () => {
  const path = await indexed()
  alter(path, `UPDATE access SET principal = 'public' WHERE document = (SELECT key FROM document WHERE id = 'docs:1')`)
  const reader = await openSqlite(path, { mode: 'read' })

  expect(await passagesFor(reader, asking('secret'))).toEqual([])
  expect(await reader.document('docs:1', [])).toBeNull()
  await reader.close()
  expect(await verifyIndex(path)).toEqual([{ document: 'docs:1', what: expect.stringContaining('who may read') }])
})

test.for([
  ['a byte', `UPDATE chunk_words SET words = x'0000000000000000'`],
  ['none', `UPDATE chunk_words SET words = x''`],
  ['a part of a token', 'UPDATE chunk_words SET words = substr(words, 1, length(words) - 1)'],
  [
    'another passage’s',
    'UPDATE chunk_words SET words = (SELECT words FROM chunk_words ORDER BY length(words) DESC), sum = (SELECT sum FROM chunk_words ORDER BY length(words) DESC)',
  ],
  ['whose text it is', `UPDATE chunk_words SET origin = 'docs:7'`],
] as const)('words that are not as they were written rank nothing: %s', async ([, sql]) => {
  const path = await indexed()
  alter(path, sql)
  const reader = await openSqlite(path, { mode: 'read' })

  await expect(reader.lexical(asking('second'))).rejects.toMatchObject({ code: 'INDEX_DAMAGED' })
  await reader.close()
  expect(await verifyIndex(path)).toContainEqual({ document: 'docs:2', what: expect.stringContaining('words') })
})

test('a text, and a state of a source, that are not as they were written are read by nobody', async () => {
  const path = await indexed()
  alter(path, `${TEXT}; UPDATE source SET cursor = '{"page":2}' WHERE name = 'docs'`)
  const reader = await openSqlite(path, { mode: 'read' })

  for (const use of [
    reader.document('docs:1', ['group:staff']),
    reader.stored(['docs:1']),
    listed(reader.documents(['group:staff'])),
    reader.state('docs'),
  ]) {
    await expect(use).rejects.toMatchObject({ code: 'INDEX_DAMAGED' })
  }
  expect((await reader.document('docs:2', []))?.markdown).toBe('second')
  await reader.close()
})

test('a refresh does not make a damaged head trusted', async () => {
  const path = await indexed()
  alter(path, HEAD)
  const store = await openSqlite(path)

  const refreshed = store.apply(batch('docs', { refresh: [sampleHead('docs:1', [], 'New')] }))

  await expect(refreshed).rejects.toMatchObject({ code: 'INDEX_DAMAGED' })
  await store.apply(batch('docs', { put: [sampleDocument('docs:1', { texts: ['anew'] })] }))
  expect(await found(store, asking('anew'))).toEqual(['docs:1#0'])
  await store.close()
})

test('a sound index verifies, and its repair changes nothing that can be read', async () => {
  const path = await indexed()
  const before = await everything(path)
  expect(await verifyIndex(path)).toEqual([])

  const report = await repairIndex(path, options)

  expect(report).toEqual({ damage: [], documents: 3, removed: [], reread: [], kept: null })
  expect(await everything(path)).toEqual(before)
  expect(await verifyIndex(path)).toEqual([])
})

test('a row of the tables of kinds and labels alone finds nothing that its head does not say', async () => {
  const path = await indexed()
  alter(path, `UPDATE facet SET kind = 'ticket'`)
  const reader = await openSqlite(path, { mode: 'read' })

  expect(await passagesFor(reader, { ...asking('secret'), as: ['group:staff'], kinds: ['ticket'] })).toEqual([])
  await reader.close()
  const what = expect.stringContaining('kinds')
  expect(await verifyIndex(path)).toEqual(['docs:1', 'docs:2', 'docs:3'].map((document) => ({ document, what })))
})

test.for([
  ['no row of full text', 'DELETE FROM fts'],
  ['a changed block of full text', MISSPELT],
  ['a lost access row', 'DELETE FROM access'],
  ['an access row too many', `INSERT INTO access SELECT key, 'user:eve' FROM document`],
  ['a lost kind', 'DELETE FROM facet'],
  ['a wrong count of passages', 'UPDATE size SET chunks = 7'],
  ['changed words', `UPDATE chunk_words SET words = x'0000000000000000'`],
  ['another time', 'UPDATE facet SET updated = updated + 1'],
  ['a label too many', `INSERT INTO label SELECT key, 'other' FROM document`],
  ['a lost place', 'DELETE FROM place'],
  ['another place', `UPDATE place SET place = 'x'`],
  ['other readers of a place', `UPDATE place SET readers = 'x'`],
  ['a lost passage', `DELETE FROM chunk WHERE key = (SELECT chunk FROM chunk_text WHERE id = 'docs:3#1')`],
  ['a changed passage', `UPDATE chunk_text SET text = 'other' WHERE id = 'docs:2#0'`],
] as const)('search structures are made anew from stored documents: %s', async ([, sql]) => {
  const path = await indexed()
  const before = await everything(path)
  alter(path, sql)
  expect(await verifyIndex(path)).not.toEqual([])

  const report = await repairIndex(path, options)

  expect(report).toMatchObject({ documents: 3, removed: [], reread: [], kept: null })
  expect(report.damage).not.toEqual([])
  expect(await everything(path)).toEqual(before)
  expect(await verifyIndex(path)).toEqual([])
})

test('what can not be trusted is taken out, named in the quarantine, and its source is read from the beginning', async () => {
  const path = await indexed()
  alter(path, TEXT)

  const report = await repairIndex(path, options)

  expect(report).toMatchObject({ documents: 2, removed: ['docs:1'], reread: ['docs'], kept: null })
  const store = await openSqlite(path)
  expect(await store.ids('docs')).toEqual(['docs:2', 'docs:3'])
  expect([await store.state('docs'), await store.state('more')]).toEqual([null, STATE])
  expect(await store.quarantine('docs')).toEqual([
    { id: 'docs:1', code: 'INDEX_DAMAGED', reason: expect.any(String), at: '2026-05-02T00:00:00.000Z' },
    { id: 'docs:9', code: 'DOCUMENT_UNREADABLE', reason: 'no body', at: '2026-05-01T00:00:00Z' },
  ])
  expect(await found(store, { ...asking('secret'), as: ['group:staff'] })).toEqual([])
  await store.close()
  expect(await repairIndex(path, options)).toMatchObject({ damage: [], documents: 2, removed: [], reread: [] })
})

test('of a file whose pages are damaged what can be read is saved, and the damaged file is kept for its owner', async () => {
  const path = join(temporaryFolder(), 'index.db')
  const ids = Array.from({ length: 200 }, (_, at) => `docs:${String(at).padStart(3, '0')}`)
  const store = await openSqlite(path)
  await store.apply(batch('more', { state: STATE }))
  for (const id of ids) {
    const put = [sampleDocument(id, { texts: [`word ${id}${' filler'.repeat(600)}`] })]
    await store.apply(batch('docs', { put, state: STATE }))
  }
  await store.close()
  truncateSync(path, Math.floor(statSync(path).size / 8192 / 2) * 8192)
  const damagedFile = readFileSync(path)

  const report = await repairIndex(path, options)

  expect(report.documents).toBeGreaterThan(0)
  expect(report.documents).toBeLessThan(200)
  expect(report.reread).toEqual(['docs', 'more'])
  expect(report.kept).toBe(`${path}.damaged-1`)
  expect(readFileSync(`${path}.damaged-1`).equals(damagedFile)).toBe(true)
  expect((statSync(`${path}.damaged-1`).mode & 0o777).toString(8)).toBe('600')
  expect(await verifyIndex(path)).toEqual([])
  const reader = await openSqlite(path, { mode: 'read' })
  expect((await reader.ids('docs')).length).toBe(report.documents)
  expect(await reader.state('docs')).toBeNull()
  await reader.close()
})

test('a repair that failed halfway leaves the file as it was, and its leftovers are no harm to the next', async () => {
  const path = await indexed()
  alter(path, PASSAGE)
  const before = readFileSync(path)
  writeFileSync(`${path}.repair`, 'half a file')
  writeFileSync(`${path}.repair-wal`, 'half a file')
  const failing: Remake = () => {
    throw new Error('said so')
  }

  await expect(repairIndex(path, { ...options, remake: failing })).rejects.toThrow('said so')
  expect(readFileSync(path).equals(before)).toBe(true)

  expect(await repairIndex(path, options)).toMatchObject({ documents: 3 })
  expect(existsSync(`${path}.repair`)).toBe(false)
})

test('what a killed repair left beside the file goes with the first text that is removed', async () => {
  const path = await indexed()
  const left = ['', '-wal', '-shm', '-journal'].map((companion) => `${path}.repair${companion}`)
  for (const each of left) writeFileSync(each, 'secret words')
  writeFileSync(`${path}.repair-by-hand`, 'mine')

  const store = await openSqlite(path)
  await store.apply(batch('docs', { remove: ['docs:1'] }))
  await store.close()

  expect(left.filter((each) => existsSync(each))).toEqual([])
  expect(existsSync(`${path}.repair-by-hand`)).toBe(true)
})

test('a backup that a removal was to take away is taken away after a repair too', async () => {
  const path = await indexed()
  alter(path, 'INSERT INTO purge VALUES (1)')
  writeFileSync(`${path}.backup-v3`, 'secret words')

  await repairIndex(path, options)
  await (await openSqlite(path)).close()

  expect(existsSync(`${path}.backup-v3`)).toBe(false)
  expect(await verifyIndex(path)).toEqual([])
})

test('a repair needs the file for itself', async () => {
  const path = await indexed()
  const writer = await openSqlite(path, { holder: 'the nightly run' })
  await expect(repairIndex(path, options)).rejects.toMatchObject({ code: 'LOCKED', message: /the nightly run/ })
  const reader = await openSqlite(path, { mode: 'read' })
  await reader.ids('docs')
  await writer.close()

  await expect(repairIndex(path, options)).rejects.toMatchObject({ code: 'LOCKED' })

  await reader.close()
  expect(await repairIndex(path, options)).toMatchObject({ documents: 3 })
})

test('a reader that kept the file open over a repair answers nothing any more', async () => {
  const path = await indexed()
  const reader = await openSqlite(path, { mode: 'read' })
  expect(await found(reader, asking('second'))).toEqual(['docs:2#0'])
  await repairIndex(path, options)

  for (const use of [reader.lexical(asking('second')), reader.document('docs:2', []), listed(reader.documents([]))]) {
    await expect(use).rejects.toMatchObject({ code: 'LOCKED', hint: expect.stringContaining('again') })
  }
  await reader.close()
})

test('another program’s file, a newer index and none at all are no work for a repair', async () => {
  const folder = temporaryFolder()
  const text = join(folder, 'notes.md')
  writeFileSync(text, '# Notes\n'.repeat(1000))
  const newer = join(folder, 'newer.db')
  copyFileSync(await indexed(), newer)
  alter(newer, 'PRAGMA user_version = 99')

  await expect(repairIndex(text, options)).rejects.toMatchObject({ code: 'INDEX_DAMAGED', message: /notes\.md/ })
  await expect(repairIndex(newer, options)).rejects.toMatchObject({ code: 'INDEX_NEWER' })
  await expect(repairIndex(join(folder, 'no.db'), options)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  expect(existsSync(join(folder, 'no.db.lock'))).toBe(false)
})

/** The terms that the samples give. */
const remake: Remake = (document, chunks) => {
  const texts = document.markdown.split('\n\n')
  const made = sampleDocument(document.head.id, { title: document.head.title, texts })
  const pieces =
    chunks ?? made.chunks.map((chunk, at) => (document.template && at > 0 ? { ...chunk, origin: 'docs:9' } : chunk))
  const title = wordsOf(document.head.title)
  return {
    ...document,
    chunks: pieces.map((chunk) => ({
      ...chunk,
      terms: sampleTerms({ title, headings: ['guide', 'part'], body: wordsOf(chunk.text) }),
    })),
  }
}

const options = { remake, now: () => NOW }

async function indexed(): Promise<string> {
  const path = join(temporaryFolder(), 'index.db')
  const store = await openSqlite(path)
  const put = [
    sampleDocument('docs:1', { access: ['group:staff'], title: 'secret title', texts: ['secret words'] }),
    sampleDocument('docs:2', { texts: ['second'] }),
    withIncludes(sampleDocument('docs:3', { texts: ['own', 'taken'] })),
  ]
  const failed = [{ id: 'docs:9', code: 'DOCUMENT_UNREADABLE', reason: 'no body', at: '2026-05-01T00:00:00Z' }]
  const skipped = { all: true, list: [{ id: 'docs:8', reason: 'a draft', at: '2026-05-01T00:00:00Z' }] }
  await store.apply(batch('docs', { put, failed, skipped, state: STATE, run: sampleRun('r1', '2026-05-01T00:00:00Z') }))
  await store.apply(batch('more', { state: STATE }))
  await store.close()
  return path
}

async function everything(path: string): Promise<unknown> {
  const store = await openSqlite(path, { mode: 'read' })
  const words = ['secret', 'second', 'own', 'taken']
  const hits = await passagesFor(store, { groups: [words], match: 'all', as: ['group:staff'], limit: 10 })
  const all = [await contents(store, ['docs', 'more']), hits, await store.frequencies(words)]
  await store.close()
  return all
}
