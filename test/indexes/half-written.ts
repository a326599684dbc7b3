/** What a process leaves that is killed while it writes to a SQLite file. */
import { readFileSync, writeFileSync } from 'node:fs'
import Database from 'better-sqlite3'

/** Puts the file at `path` to `left`, half written, with its journal. */
export function leaveHalf(path: string, left: string): void {
  const db = new Database(path)
  db.exec(`PRAGMA cache_size = 1; BEGIN IMMEDIATE; CREATE TABLE half AS WITH RECURSIVE n (x) AS
    (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 5000) SELECT x, hex(randomblob(100)) FROM n`)
  for (const companion of ['', '-journal']) writeFileSync(left + companion, readFileSync(path + companion))
  db.exec('ROLLBACK')
  db.close()
}
