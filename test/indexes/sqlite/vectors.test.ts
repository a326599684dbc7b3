/** Vectors in the file: never another answer than theirs, whatever of them, or of their codes, is not as it was written. */
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import type { IndexedDocument } from '../../../src/core/document.ts'
import type { Remake } from '../../../src/core/repair.ts'
import type { Store } from '../../../src/core/store.ts'
import { repairIndex, verifyIndex } from '../../../src/indexes/registry.ts'
import { fillCodes } from '../../../src/indexes/sqlite/codes.ts'
import { connect } from '../../../src/indexes/sqlite/connection.ts'
import { candidatesOf } from '../../../src/indexes/sqlite/hits.ts'
import { nearestOf } from '../../../src/indexes/sqlite/nearest.ts'
import { openSqlite } from '../../../src/indexes/sqlite/sqlite.ts'
import { batch, sampleDocument, sampleTerms, wordsOf } from '../../conformance/index-samples.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import { alter } from './alter.ts'
import { asOfSchema } from './older-index.ts'

const MODEL = 'model:8'
const IDS = Array.from({ length: 30 }, (_, at) => `docs:${at}`)
const PASSAGES = 2
const QUERY = { embedder: MODEL, vector: vectorOf('what is asked'), as: [], limit: 5 }

const remake: Remake = (document, chunks) => ({
  ...document,
  chunks: (chunks ?? []).map((chunk) => ({
    ...chunk,
    terms: sampleTerms({ title: wordsOf(document.head.title), headings: [], body: wordsOf(chunk.text) }),
  })),
})
const repairing = { remake, now: () => 0 }

const OTHER_NUMBERS = `UPDATE vector SET numbers = zeroblob(8) WHERE chunk = 9`
const OF_ANOTHER = `UPDATE vector SET numbers = (SELECT numbers FROM vector WHERE chunk = 12),
  hash = (SELECT hash FROM vector WHERE chunk = 12), sum = (SELECT sum FROM vector WHERE chunk = 12) WHERE chunk = 9`
const OF_ANOTHER_MODEL = `INSERT INTO embedder SELECT 7, 'other:8', sum FROM embedder; UPDATE vector SET embedder = 7 WHERE chunk = 9`
const UNSEEN = 'DROP TRIGGER vector_changed; DROP TRIGGER vector_removed; '

test.for([
  ['a vector', OTHER_NUMBERS],
  ['a vector of another passage', OF_ANOTHER],
  ['a vector of another model', OF_ANOTHER_MODEL],
  ['a lost vector', 'DELETE FROM vector WHERE chunk = 9'],
  ['a model', `UPDATE embedder SET identity = 'other:8'`],
  ['a lost model', 'DELETE FROM embedder'],
  ['a lost count', 'DELETE FROM segment WHERE number = 0'],
  ['all lost counts', 'DELETE FROM segment'],
] as const)('%s that is not as it was written is an error, and a check says so', async ([, sql]) => {
  const path = await indexed()
  alter(path, UNSEEN + sql)

  for (const inFull of [100, 0]) {
    expect(() => asked(path, inFull)).toThrow(expect.objectContaining({ code: 'INDEX_DAMAGED', exit: 12 }))
  }
  expect(await verifyIndex(path)).not.toEqual([])
})

test('a repair keeps the vectors that can be trusted, and the others are waited for', async () => {
  const path = await indexed()
  const before = asked(path, 100)
  alter(path, `${UNSEEN}${OTHER_NUMBERS}; ${OTHER_NUMBERS.replace('9', '20')}`)
  const damaged = ['docs:4', 'docs:9'].map((document) => ({ document, what: expect.stringContaining('vectors') }))
  expect((await verifyIndex(path)).filter(({ document }) => document !== undefined)).toEqual(damaged)

  await repairIndex(path, repairing)

  expect(await verifyIndex(path)).toEqual([])
  const store = await openSqlite(path)
  const waiting = await store.unembedded(MODEL, 100)
  expect(waiting.map(({ document, ordinal }) => `${document}#${ordinal}`)).toEqual(['docs:4#0', 'docs:9#1'])
  await embedAll(store)
  await store.close()
  expect(asked(path, 100)).toEqual(before)
})

test('a document that is put again keeps no vector that is not as it was written', async () => {
  const path = await indexed()
  alter(path, UNSEEN + OTHER_NUMBERS)
  const store = await openSqlite(path)

  await store.apply(batch('docs', { put: [documentOf('docs:4')] }))

  expect((await store.unembedded(MODEL, 100)).map(({ document, ordinal }) => [document, ordinal])).toEqual([
    ['docs:4', 0],
  ])
  await store.close()
})

test('what codes find is the same, whether they stand in the file or are not as they were written', async () => {
  const path = await indexed()
  const expected = asked(path, 100)
  expect(asked(path, 0)).toEqual(expected)

  fill(path)
  expect(codes(path)).toBe(1)
  expect(await verifyIndex(path)).toEqual([])
  expect(asked(path, 0)).toEqual(expected)

  for (const sql of [
    'UPDATE code SET codes = zeroblob(length(codes))',
    'UPDATE mean SET numbers = zeroblob(length(numbers))',
    'UPDATE segment SET changes = 1',
  ]) {
    alter(path, sql)
    expect(asked(path, 0)).toEqual(expected)
    expect(await verifyIndex(path)).toEqual([{ what: 'the codes of vectors are not as they were written' }])
  }
})

test('codes that stand in the file are what is looked through', async () => {
  const path = await indexed()
  fill(path)
  // Only what is compared in full is read of the vectors.
  const all = new Database(path).prepare('SELECT count(*) FROM vector').pluck().get()
  expect(all).toBe(IDS.length * PASSAGES)
  alter(path, `${UNSEEN}UPDATE vector SET numbers = zeroblob(8) WHERE chunk > 5`)
  const none = { ...QUERY, as: [], sources: ['other'] }

  expect(asked(path, 0, none)).toEqual([])
  alter(path, 'DELETE FROM code')
  expect(() => asked(path, 0, none)).toThrow(expect.objectContaining({ code: 'INDEX_DAMAGED' }))
})

test('a change drops the codes of its segment alone, and they are made again', async () => {
  const path = await indexed(1100)
  fill(path)
  expect(codes(path)).toBe(2)

  const store = await openSqlite(path)
  await store.apply(batch('docs', { remove: ['docs:1050'] }))
  await store.close()
  expect(codes(path)).toBe(1)
  const expected = asked(path, 2000)
  expect(asked(path, 0)).toEqual(expected)

  fill(path)
  expect(codes(path)).toBe(2)
  expect(asked(path, 0)).toEqual(expected)
  expect(await verifyIndex(path)).toEqual([])
})

test('when there are twice as many vectors all are coded anew, by another mean', async () => {
  const path = await indexed()
  fill(path)
  const mean = meanIn(path)
  const store = await openSqlite(path)
  const more = Array.from({ length: 30 }, (_, at) => documentOf(`docs:more${at}`))
  await store.apply(batch('docs', { put: more }))
  await embedAll(store)
  await store.close()

  fill(path)

  expect(meanIn(path)).not.toBe(mean)
  expect(asked(path, 0)).toEqual(asked(path, 1000))
})

test('vectors of an older file get their checksums, and answer what they did', async () => {
  const path = await indexed()
  const older = join(temporaryFolder(), 'older.db')
  asOfSchema(path, older, 11)

  const store = await openSqlite(older)
  expect(await store.unembeddedCounts(MODEL)).toEqual({ texts: 0, tokens: 0 })
  await store.close()

  expect(asked(older, 100)).toEqual(asked(path, 100))
  expect(asked(older, 0)).toEqual(asked(path, 100))
  alter(older, UNSEEN + OTHER_NUMBERS)
  expect(() => asked(older, 100)).toThrow(expect.objectContaining({ code: 'INDEX_DAMAGED' }))
})

async function indexed(count = IDS.length): Promise<string> {
  const path = join(temporaryFolder(), 'index.db')
  const store = await openSqlite(path)
  const passages = count > IDS.length ? 1 : PASSAGES
  const put = Array.from({ length: count }, (_, at) => documentOf(`docs:${at}`, passages))
  await store.apply(batch('docs', { put }))
  await embedAll(store)
  await store.close()
  return path
}

function documentOf(id: string, passages = PASSAGES): IndexedDocument {
  return sampleDocument(id, { texts: Array.from({ length: passages }, (_, at) => `passage ${at} of ${id}`) })
}

async function embedAll(store: Store): Promise<void> {
  for (;;) {
    const passages = await store.unembedded(MODEL, 500)
    if (passages.length === 0) return
    await store.embed(
      MODEL,
      passages.map((passage) => ({ ...passage, vector: vectorOf(passage.text) })),
    )
  }
}

/** Of eight numbers, by the letters. */
function vectorOf(text: string): Float32Array {
  const vector = new Float32Array(8).fill(1)
  for (const [at, letter] of [...text].entries()) {
    vector[at % 8] = ((vector[at % 8] ?? 0) * 31 + (letter.codePointAt(0) ?? 0)) % 101
  }
  return vector
}

function asked(path: string, inFull: number, query = QUERY as Parameters<ReturnType<typeof nearestOf>>[0]) {
  const db = connect(path, new Database(path, { readonly: true }))
  try {
    const hits = nearestOf(db, candidatesOf(db), inFull)(query)
    return hits.map(({ document, ordinal, score }) => [`${document}#${ordinal}`, score])
  } finally {
    db.close()
  }
}

function fill(path: string): void {
  const db = connect(path, new Database(path))
  fillCodes(db, 0)
  db.close()
}

function codes(path: string): unknown {
  return valueIn(path, 'SELECT count(*) FROM code')
}

function meanIn(path: string): unknown {
  return valueIn(path, 'SELECT sum FROM mean')
}

function valueIn(path: string, sql: string): unknown {
  const db = new Database(path, { readonly: true })
  const value = db.prepare(sql).pluck().get()
  db.close()
  return value
}
