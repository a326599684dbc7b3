/** One open SQLite file: cached statements, transactions, errors in our words. */
import type Database from 'better-sqlite3'
import { UnsiloError } from '../../core/errors.ts'
import { translating } from './errors.ts'

export type SqlValue = string | number | null | Uint8Array

export interface Connection {
  readonly path: string
  get<Row>(sql: string, ...values: readonly SqlValue[]): Row | undefined
  all<Row>(sql: string, ...values: readonly SqlValue[]): Row[]
  /** How many rows changed, and the key of the last one inserted. */
  run(sql: string, ...values: readonly SqlValue[]): { readonly changes: number; readonly key: number }
  /** Several statements, no values. */
  execute(sql: string): void
  /** `work` sees one moment of the file. */
  reading<T>(work: () => T): T
  /** All of `work`'s writes or none. */
  writing<T>(work: () => T): T
  isOpen(): boolean
  close(): void
}

/** Statements vary with the number of principals and sources asked for, so the cache is bounded. */
const STATEMENTS_KEPT = 200

/** @param check throws where what would be read is not to be trusted any more */
export function connect(path: string, db: Database.Database, check: () => void = () => {}): Connection {
  const statements = new Map<string, Database.Statement>()

  function prepared(sql: string): Database.Statement {
    const known = statements.get(sql)
    if (known !== undefined) return known
    if (statements.size >= STATEMENTS_KEPT) statements.clear()
    const statement = db.prepare(sql)
    statements.set(sql, statement)
    return statement
  }

  function attempt<T>(work: () => T): T {
    if (!db.open) throw closed(path)
    return translating(path, work)
  }

  return {
    path,
    get: <Row>(sql: string, ...values: readonly SqlValue[]) =>
      attempt(() => prepared(sql).get(...values) as Row | undefined),
    all: <Row>(sql: string, ...values: readonly SqlValue[]) => attempt(() => prepared(sql).all(...values) as Row[]),
    run: (sql, ...values) =>
      attempt(() => {
        const { changes, lastInsertRowid } = prepared(sql).run(...values)
        return { changes, key: Number(lastInsertRowid) }
      }),
    execute: (sql) => attempt(() => void db.exec(sql)),
    reading: (work) =>
      attempt(() => {
        check()
        return db.transaction(work).deferred()
      }),
    writing: (work) => attempt(() => db.transaction(work).immediate()),
    isOpen: () => db.open,
    close: () => translating(path, () => void db.close()),
  }
}

function closed(path: string): UnsiloError {
  return new UnsiloError('UNEXPECTED', `The index ${path} is closed.`, { hint: 'Open it again before using it.' })
}
