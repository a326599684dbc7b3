/** A query whose words are everywhere is no more work than it may be, and still finds only what the asker may read. */
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import type { LexicalQuery } from '../../src/core/store.ts'
import { openSqlite } from '../../src/indexes/sqlite.ts'
import { connect } from '../../src/indexes/sqlite-connection.ts'
import { candidatesOf } from '../../src/indexes/sqlite-hits.ts'
import { searchLexical } from '../../src/indexes/sqlite-query.ts'
import { asking, batch, sampleDocument } from '../conformance/index-samples.ts'
import { temporaryFolder } from './temporary-folder.ts'

/** 20 for everybody, then 20 for staff, all with the word. */
async function foundWith(most: number, query: Partial<LexicalQuery> = {}): Promise<readonly string[]> {
  const path = join(temporaryFolder(), 'index.db')
  const store = await openSqlite(path)
  for (let at = 0; at < 40; at++) {
    const access = at < 20 ? 'public' : (['group:staff'] as const)
    await store.apply(batch('docs', { put: [sampleDocument(`docs:${at + 10}`, { access, texts: ['word'] })] }))
  }
  await store.close()
  const db = connect(path, new Database(path, { readonly: true }))
  const hits = searchLexical(db, candidatesOf(db), { ...asking('word'), limit: 100, ...query }, most)
  db.close()
  return hits.map(({ document }) => document)
}

const ids = (from: number, to: number) => Array.from({ length: to - from }, (_, at) => `docs:${from + at + 10}`)

test.each<[string, number, Partial<LexicalQuery>, readonly string[]]>([
  ['fewer than the cap: all', 40, {}, ids(0, 20)],
  ['of more matches, those stored last', 25, {}, ids(15, 20)],
  ['hidden ones are looked at too', 22, {}, ids(18, 20)],
  ['who may read all', 7, { as: ['group:staff'] }, ids(33, 40)],
  ['a limit beside it', 7, { as: ['group:staff'], limit: 2, perDocument: 1 }, ids(33, 35)],
])('%s', async (_, most, query, expected) => {
  expect(await foundWith(most, query)).toEqual(expected)
})
