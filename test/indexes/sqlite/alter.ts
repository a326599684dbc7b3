/** Damages a file on purpose. */
import Database from 'better-sqlite3'

/** Past all that SQLite and the schema would refuse. */
export function alter(path: string, sql: string): void {
  const db = new Database(path)
  db.unsafeMode(true)
  db.pragma('foreign_keys = OFF')
  db.exec(sql)
  db.close()
}
