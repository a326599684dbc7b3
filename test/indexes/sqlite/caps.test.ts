/** A query whose words are everywhere is no more work than it may be, and still finds only what the asker may read. */
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import type { LexicalQuery } from '../../../src/core/store.ts'
import { connect } from '../../../src/indexes/sqlite/connection.ts'
import { listingOf } from '../../../src/indexes/sqlite/narrow.ts'
import { type Caps, lexicalOf } from '../../../src/indexes/sqlite/query.ts'
import { openSqlite } from '../../../src/indexes/sqlite/sqlite.ts'
import { asking, batch, sampleDocument } from '../../conformance/index-samples.ts'
import { temporaryFolder } from '../temporary-folder.ts'

/** 20 for everybody, then 20 for staff, all with the word. */
async function foundWith(caps: Caps, query: Partial<LexicalQuery> = {}): Promise<readonly string[]> {
  const path = join(temporaryFolder(), 'index.db')
  const store = await openSqlite(path)
  for (let at = 0; at < 40; at++) {
    const access = at < 20 ? 'public' : (['group:staff'] as const)
    await store.apply(batch('docs', { put: [sampleDocument(`docs:${at + 10}`, { access, texts: ['word'] })] }))
  }
  await store.close()
  const db = connect(path, new Database(path, { readonly: true }))
  const hits = lexicalOf(db, listingOf(db), caps)({ ...asking('word'), limit: 100, ...query })
  db.close()
  return hits.map(({ document }) => document)
}

const ids = (from: number, to: number) => Array.from({ length: to - from }, (_, at) => `docs:${from + at + 10}`)

test.each<[string, Caps, Partial<LexicalQuery>, readonly string[]]>([
  ['fewer than the caps: all', { matches: 40, hidden: 40, scanned: 40 }, {}, ids(0, 20)],
  ['of more matches, those stored last', { matches: 25, hidden: 25, scanned: 40 }, {}, ids(15, 20)],
  ['hidden ones are looked at too', { matches: 22, hidden: 22, scanned: 40 }, {}, ids(18, 20)],
  ['more hidden ones than matches stand before', { matches: 15, hidden: 40, scanned: 40 }, {}, ids(5, 20)],
  ['where any word is enough too', { matches: 15, hidden: 40, scanned: 40 }, { match: 'any' }, ids(5, 20)],
  ['no more are looked at than may be hidden', { matches: 15, hidden: 30, scanned: 40 }, {}, ids(10, 20)],
  ['the last scanned are those that the asker may read', { matches: 40, hidden: 40, scanned: 5 }, {}, ids(15, 20)],
  ['who may read all', { matches: 40, hidden: 40, scanned: 7 }, { as: ['group:staff'] }, ids(33, 40)],
  [
    'a limit beside it',
    { matches: 7, hidden: 7, scanned: 40 },
    { as: ['group:staff'], limit: 2, perDocument: 1 },
    ids(33, 35),
  ],
])('%s', async (_, caps, query, expected) => {
  expect(await foundWith(caps, query)).toEqual(expected)
})

test('of more than are scanned, those with every word and those with words in their title come first', async () => {
  const path = join(temporaryFolder(), 'index.db')
  const store = await openSqlite(path)
  const texts = { 'docs:both': ['one two'], 'docs:other': ['one'] }
  const put = Object.entries(texts).map(([id, texts]) => sampleDocument(id, { texts }))
  const later = Array.from({ length: 20 }, (_, at) => sampleDocument(`docs:${at + 10}`, { texts: ['one one one'] }))
  await store.apply(
    batch('docs', { put: [...put, sampleDocument('docs:title', { title: 'one', texts: ['x'] }), ...later] }),
  )
  await store.close()
  const db = connect(path, new Database(path, { readonly: true }))
  const query = { ...asking('one', 'two'), match: 'any', limit: 100 } as const

  const hits = lexicalOf(db, listingOf(db), { matches: 100, hidden: 100, scanned: 3 })(query)

  db.close()
  expect(hits.map(({ document }) => document).sort()).toEqual(['docs:29', 'docs:both', 'docs:title'])
})

test('a passage that holds one word very often is not passed over for one that holds both once', async () => {
  const path = join(temporaryFolder(), 'index.db')
  const store = await openSqlite(path)
  const texts = { 'docs:both': ['one two'], 'docs:often': ['one '.repeat(30).trim()] }
  const put = Object.entries(texts).map(([id, texts]) => sampleDocument(id, { texts }))
  await store.apply(batch('docs', { put }))

  const hits = await store.lexical({ ...asking('one', 'two'), match: 'any', limit: 1 })

  await store.close()
  expect(hits.map(({ document }) => document)).toEqual(['docs:often'])
})
