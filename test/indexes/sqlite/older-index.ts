/** Index files as older programs wrote them. */
import Database from 'better-sqlite3'
import type { Batch } from '../../../src/core/store.ts'
import { connect } from '../../../src/indexes/sqlite/connection.ts'
import { APPLICATION_ID, migrations } from '../../../src/indexes/sqlite/schema/migrations.ts'
import { openSqlite } from '../../../src/indexes/sqlite/sqlite.ts'

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
  'DROP TRIGGER chunk_counted',
  'DROP TRIGGER chunk_discounted',
  'DROP TABLE size',
  'DROP TABLE chunk_words',
  'DROP TABLE token',
  'DROP TABLE place',
  'DROP TABLE facet',
  'DROP TABLE label',
  'DROP TABLE vector',
  'DROP TABLE segment',
  'DROP TABLE mean',
  'DROP TABLE code',
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

/** The current file at `from` as the program with schema `version` would have written it. */
export function asOfSchema(from: string, path: string, version: number): void {
  const db = new Database(path)
  db.unsafeMode(true)
  const connection = connect(path, db)
  for (const migration of migrations.slice(0, version)) {
    if (typeof migration === 'string') connection.execute(migration)
    else migration(connection)
  }
  db.exec(`ATTACH '${from}' AS now; PRAGMA foreign_keys = OFF`)
  const tables = db.prepare(`SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE '%VIRTUAL%'`)
  for (const table of tables.pluck().all()) {
    const columns = db.prepare('SELECT name FROM pragma_table_info(?)').pluck()
    const names = columns.all(table).map((name) => `"${name}"`)
    db.exec(`DELETE FROM "${table}"; INSERT INTO "${table}" (${names}) SELECT ${names} FROM now."${table}"`)
  }
  db.exec(`DETACH now; PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${version}`)
  db.close()
}
