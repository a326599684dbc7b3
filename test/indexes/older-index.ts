/** An index file as the program with the third schema wrote it. */
import Database from 'better-sqlite3'
import type { Batch } from '../../src/core/types.ts'
import { openSqlite } from '../../src/indexes/sqlite.ts'

const WITHOUT = [
  'ALTER TABLE source DROP COLUMN sum',
  'ALTER TABLE document DROP COLUMN sum',
  'ALTER TABLE document DROP COLUMN chunks',
  'ALTER TABLE document_text DROP COLUMN sum',
  'ALTER TABLE chunk_text DROP COLUMN sum',
  'ALTER TABLE failure DROP COLUMN version',
  'ALTER TABLE failure DROP COLUMN ignored',
  'ALTER TABLE failure DROP COLUMN attempts',
  'DROP INDEX document_by_language',
  'DROP TABLE facet',
  'DROP TABLE label',
  'DROP TABLE vector',
  'DROP TABLE embedder',
  'DROP TABLE seal',
  'DROP TABLE skip',
  'PRAGMA user_version = 3',
]

export async function olderIndex(path: string, batch: Batch): Promise<void> {
  const store = await openSqlite(path)
  await store.apply(batch)
  await store.close()
  toThirdSchema(path)
}

export function toThirdSchema(path: string): void {
  const db = new Database(path)
  for (const sql of WITHOUT) db.exec(sql)
  db.exec('VACUUM')
  db.close()
}
