/**
 * The seal of the full-text index: a checksum of its blocks as the writer that closed in good order left them. A changed
 * byte inside a term is consistent in itself and shows nowhere else. It is broken by the first change of a document, and
 * only looked at by `verify`: a query can't read all of it.
 */
import { createHash } from 'node:crypto'
import type { Connection } from './connection.ts'

const TABLES = [
  ['fts_data', 'id', 'block'],
  ['fts_docsize', 'id', 'sz'],
] as const

export function breakSeal(db: Connection): void {
  db.run('DELETE FROM seal')
}

export function seal(db: Connection): void {
  if (readSeal(db) !== null) return
  db.run('INSERT INTO seal (one, sum) VALUES (1, ?)', blocksSum(db))
}

/** Null while there is none: a writer is at work, or was killed. */
export function sealHolds(db: Connection): boolean | null {
  const sealed = readSeal(db)
  return sealed === null ? null : sealed === blocksSum(db)
}

function readSeal(db: Connection): string | null {
  return db.get<{ sum: string }>('SELECT sum FROM seal')?.sum ?? null
}

function blocksSum(db: Connection): string {
  const hash = createHash('sha256')
  for (const [table, id, block] of TABLES) {
    for (const row of blocks(db, `SELECT ${id} AS id, hex(${block}) AS hex FROM ${table}`)) {
      hash.update(`${row.id}:${row.hex.length / 2}:`).update(row.hex, 'hex')
    }
  }
  return hash.digest('hex')
}

interface Block {
  readonly id: number
  /** A blob of its few bytes costs hundreds in memory, and there is one for each chunk. */
  readonly hex: string
}

/** Some hundreds at a time: a block has a few kilobytes. */
function* blocks(db: Connection, select: string): Generator<Block> {
  const sql = `SELECT * FROM (${select}) WHERE id > ? ORDER BY id LIMIT 256`
  for (let after = -1; ; ) {
    const rows = db.all<Block>(sql, after)
    yield* rows
    const last = rows.at(-1)
    if (last === undefined) return
    after = last.id
  }
}
