/** A pool of connections to one schema of a Postgres database: transactions, texts that Postgres can't hold, errors in our words. */
import type pg from 'pg'
import { UnsiloError } from '../../core/errors.ts'
import { decodeText, encodeText } from './encoding.ts'
import { translated } from './errors.ts'
import type { Location } from './location.ts'

export type SqlValue = string | number | boolean | null | Uint8Array | readonly (string | number | null | Uint8Array)[]

/** In SQL `@.` stands for the schema: a connection's search path is shared where a proxy or PGlite shares connections. */
export interface Session {
  /** What the index is called in messages. */
  readonly path: string
  get<Row>(sql: string, ...values: readonly SqlValue[]): Promise<Row | undefined>
  all<Row>(sql: string, ...values: readonly SqlValue[]): Promise<Row[]>
  /** How many rows changed. */
  run(sql: string, ...values: readonly SqlValue[]): Promise<number>
}

export interface Connection extends Session {
  readonly schema: string
  /** `work` sees one moment of the database. */
  reading<T>(work: (session: Session) => Promise<T>): Promise<T>
  /** All of `work`'s writes or none. Done once more where the database broke it off for the sake of another. */
  writing<T>(work: (session: Session) => Promise<T>): Promise<T>
  /** By a connection of its own, outside a transaction, however long it takes. */
  unhurried<T>(work: (session: Session) => Promise<T>): Promise<T>
  isOpen(): boolean
  close(): Promise<void>
}

interface Runner {
  query(text: string, values?: unknown[]): Promise<pg.QueryResult>
}

const READING = 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY'
const WRITING = 'BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE'
/** The client takes 0 for not told, and then the role's own limit holds. */
const UNHURRIED = { statement_timeout: 0, options: '-c statement_timeout=0 -c client_min_messages=warning' }
const TRIES = 4

export async function connect({ pool: settings, schema, shown: path }: Location): Promise<Connection> {
  const { Pool, types } = await loaded(path)
  const parsed = { ...settings, types: { getTypeParser: parserOf(types) } }
  const pool = new Pool(parsed)
  // A connection that breaks while nobody uses it is replaced when it is needed.
  pool.on('error', () => undefined)
  let closing: Promise<void> | null = null

  async function attempt<T>(work: () => Promise<T>): Promise<T> {
    if (closing !== null) throw closed(path)
    try {
      return await work()
    } catch (thrown) {
      throw translated(path, thrown)
    }
  }

  async function within<T>(begin: string, work: (session: Session) => Promise<T>): Promise<T> {
    const client = await pool.connect()
    let broken: Error | boolean = false
    const onError = (error: Error) => {
      broken = error
    }
    client.on('error', onError)
    try {
      await client.query(begin)
      const result = await work(sessionOf(client, path, schema))
      await client.query('COMMIT')
      return result
    } catch (thrown) {
      await client.query('ROLLBACK').catch(() => {
        broken = true
      })
      throw thrown
    } finally {
      client.removeListener('error', onError)
      client.release(broken)
    }
  }

  async function again<T>(work: () => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await work()
      } catch (thrown) {
        if (tries === TRIES || !isBrokenOff(thrown)) throw thrown
      }
    }
  }

  async function apart<T>(work: (session: Session) => Promise<T>): Promise<T> {
    const own = new Pool({ ...parsed, ...UNHURRIED, max: 1 })
    own.on('error', () => undefined)
    try {
      return await work(sessionOf(own, path, schema))
    } finally {
      await own.end()
    }
  }

  const whole = sessionOf(pool, path, schema)
  return {
    path,
    schema,
    get: (sql, ...values) => attempt(() => whole.get(sql, ...values)),
    all: (sql, ...values) => attempt(() => whole.all(sql, ...values)),
    run: (sql, ...values) => attempt(() => whole.run(sql, ...values)),
    reading: (work) => attempt(() => within(READING, work)),
    writing: (work) => attempt(() => again(() => within(WRITING, work))),
    unhurried: (work) => attempt(() => apart(work)),
    isOpen: () => closing === null,
    close: async () => {
      closing ??= pool.end()
      await closing
    },
  }
}

async function loaded(path: string): Promise<typeof pg> {
  try {
    return (await import('pg')).default
  } catch (cause) {
    throw new UnsiloError('CONFIG_INVALID', `${path} needs the package pg, which cannot be loaded.`, {
      hint: 'Install unsilo anew: it comes with it.',
      cause,
    })
  }
}

function sessionOf(runner: Runner, path: string, schema: string): Session {
  async function query(sql: string, values: readonly SqlValue[]) {
    return await runner.query(sql.replaceAll('@.', `"${schema}".`), values.map(encoded))
  }
  async function all<Row>(sql: string, ...values: readonly SqlValue[]): Promise<Row[]> {
    return (await query(sql, values)).rows as Row[]
  }
  return {
    path,
    all,
    get: async <Row>(sql: string, ...values: readonly SqlValue[]) => (await all<Row>(sql, ...values))[0],
    run: async (sql, ...values) => (await query(sql, values)).rowCount ?? 0,
  }
}

function encoded(value: SqlValue): unknown {
  if (typeof value === 'string') return encodeText(value)
  if (value instanceof Uint8Array) return bytesOf(value)
  return Array.isArray(value) ? value.map(encoded) : value
}

function bytesOf({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength)
}

const [INT8, TEXT] = [20, 25]

/** Keys and counts are far below what a number holds. */
function parserOf(types: typeof pg.types): typeof pg.types.getTypeParser {
  const parser = (oid: number, format?: 'text' | 'binary') => {
    if (format !== 'binary' && oid === INT8) return Number
    return format !== 'binary' && oid === TEXT ? decodeText : types.getTypeParser(oid, format as 'text')
  }
  return parser as typeof pg.types.getTypeParser
}

/** https://www.postgresql.org/docs/current/mvcc-serialization-failure-handling.html */
function isBrokenOff(thrown: unknown): boolean {
  return thrown instanceof Error && 'code' in thrown && (thrown.code === '40001' || thrown.code === '40P01')
}

function closed(path: string): UnsiloError {
  return new UnsiloError('UNEXPECTED', `The index ${path} is closed.`, { hint: 'Open it again before using it.' })
}
