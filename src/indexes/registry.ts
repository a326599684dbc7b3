/** Index locations by scheme. Drivers are imported when they are opened: a native module costs time and may be missing. */
import { UnsiloError } from '../core/errors.ts'
import type { InitReport, RollbackReport } from '../core/generation.ts'
import type { Notes } from '../core/notes.ts'
import type { Damage, Remake, RepairReport } from '../core/repair.ts'
import type { Store } from '../core/store.ts'
import { type Filling, type FillOptions, fillInPlace, unmarked, whole, wholeNotes } from './filling.ts'
import type { NotesOptions } from './kept-notes.ts'
import type { Upgrade } from './upgrade.ts'

export interface OpenOptions {
  /** `read` never creates or changes anything; `write` (the default) is alone in writing. */
  readonly mode?: 'read' | 'write'
  /** Who writes, as another writer is told: `unsilo sync wiki (process 4711 on host, since 2026-05-01T02:00:00Z)`. */
  readonly holder?: string
  /** The sources that are written to; absent: all. A driver on a server lets others be written to meanwhile. */
  readonly sources?: readonly string[]
  /** How long to wait for another writer; absent: it is refused at once. */
  readonly lockTimeoutMs?: number
  /** Ends that wait. */
  readonly signal?: AbortSignal
  /** Also where it is not wholly copied yet: to be looked at by who copies. */
  readonly unfinished?: boolean
  /** Told before an older index is brought up to date: nothing else happens meanwhile, and that can take minutes. */
  readonly onUpgrade?: (upgrade: Upgrade) => void
}

export interface RepairOptions extends Omit<OpenOptions, 'mode'> {
  readonly remake: Remake
  /** Milliseconds since the epoch. */
  readonly now: () => number
}

export interface InitOptions extends Omit<OpenOptions, 'mode' | 'sources'> {
  /** A new one of what is stored, though it is as this program makes it. */
  readonly rebuild: boolean
}

interface Driver {
  open(rest: string, options: OpenOptions): Promise<Store>
  verify(rest: string): Promise<readonly Damage[]>
  repair(rest: string, options: RepairOptions): Promise<RepairReport>
  notes(rest: string, options: NotesOptions): Promise<Notes>
  /** Absent: what is filled is marked, and nobody opens it until it is whole. */
  fill?(rest: string, options: FillOptions): Promise<Filling>
  /** Where an index has generations; without, whoever opens it for writing makes it, or brings it up to date. */
  readonly generations?: {
    init(rest: string, options: InitOptions): Promise<InitReport>
    rollback(rest: string, options: Omit<InitOptions, 'rebuild'>): Promise<RollbackReport>
  }
}

const drivers: Readonly<Record<string, Driver>> = {
  memory: {
    open: async (_, { holder }) => (await import('./memory/memory.ts')).openMemory(holder),
    verify: async () => [],
    repair: async () => ({ damage: [], documents: 0, removed: [], reread: [], kept: null }),
    notes: async (_, options) => (await import('./memory/notes.ts')).openMemoryNotes(options),
  },
  sqlite: {
    open: async (path, options) => (await import('./sqlite/sqlite.ts')).openSqlite(path, options),
    verify: async (path) => (await import('./sqlite/sqlite.ts')).verifySqlite(path),
    repair: async (path, options) => (await import('./sqlite/sqlite.ts')).repairSqlite(path, options),
    notes: async (path, options) => (await import('./sqlite/notes.ts')).openSqliteNotes(path, options),
    fill: async (path, options) => (await import('./sqlite/fill.ts')).fillSqlite(path, options),
  },
  postgres: {
    open: async (rest, options) => (await import('./postgres/postgres.ts')).openPostgres(`postgres:${rest}`, options),
    verify: async (rest) => (await import('./postgres/check.ts')).verifyPostgres(`postgres:${rest}`),
    repair: async (rest, options) => (await import('./postgres/check.ts')).repairPostgres(`postgres:${rest}`, options),
    notes: async (rest, options) =>
      (await import('./postgres/notes.ts')).openPostgresNotes(`postgres:${rest}`, options),
    fill: async (rest, options) => (await import('./postgres/fill.ts')).fillPostgres(`postgres:${rest}`, options),
  },
  opensearch: {
    open: async (rest, options) =>
      (await import('./opensearch/opensearch.ts')).openOpenSearch(`opensearch:${rest}`, options),
    verify: async (rest) => (await import('./opensearch/check.ts')).verifyOpenSearch(`opensearch:${rest}`),
    repair: async (rest, options) =>
      (await import('./opensearch/check.ts')).repairOpenSearch(`opensearch:${rest}`, options),
    notes: async (rest, options) =>
      (await import('./opensearch/notes.ts')).openOpenSearchNotes(`opensearch:${rest}`, options),
    generations: {
      init: async (rest, options) =>
        (await import('./opensearch/generations.ts')).initOpenSearch(`opensearch:${rest}`, options),
      rollback: async (rest, options) =>
        (await import('./opensearch/generations.ts')).rollbackOpenSearch(`opensearch:${rest}`, options),
    },
  },
}

/**
 * `memory:`, `postgres://…`, `opensearch://…`, `sqlite:PATH`, or a bare path, which is SQLite's. Throws CONFIG_INVALID for any
 * other scheme, and INDEX_UNFINISHED for one that is being filled from another.
 */
export async function openIndex(location: string, options: OpenOptions = {}): Promise<Store> {
  const [driver, rest] = driverOf(location)
  const { unfinished = false, ...asked } = options
  const store = await driver.open(rest, asked)
  return unfinished ? unmarked(store) : await whole(store)
}

/**
 * What is remembered of what was published from an index: one process writes it at a time, beside who writes the index. Throws LOCKED,
 * INDEX_UNFINISHED where a copy of it was stopped (unless `unfinished`), and what opening the index does.
 */
export async function openNotes(
  location: string,
  { unfinished = false, ...options }: NotesOptions & Pick<OpenOptions, 'unfinished'>,
): Promise<Notes> {
  const [driver, rest] = driverOf(location)
  const notes = await driver.notes(rest, options)
  return unfinished ? notes : await wholeNotes(notes)
}

/** An index, to be filled from another one: alone. It is there for readers once it is finished, and not before. */
export async function fillIndex(location: string, options: FillOptions): Promise<Filling> {
  const [driver, rest] = driverOf(location)
  if (driver.fill !== undefined) return await driver.fill(rest, options)
  return await fillInPlace((mode) => driver.open(rest, { ...options, mode }))
}

/** What is not as it was written, most serious first; empty: all is well. Reads everything, changes nothing. */
export async function verifyIndex(location: string): Promise<readonly Damage[]> {
  const [driver, rest] = driverOf(location)
  return await driver.verify(rest)
}

/**
 * Makes the index anew out of what of it can be trusted, asking no source. Alone in writing; nobody may read meanwhile.
 * It may be killed at any point and repeated.
 */
export async function repairIndex(location: string, options: RepairOptions): Promise<RepairReport> {
  const [driver, rest] = driverOf(location)
  return await driver.repair(rest, options)
}

/** Makes an index where there is none, and brings an older one up to date. */
export async function initIndex(location: string, { rebuild, ...options }: InitOptions): Promise<InitReport> {
  const [{ generations }, rest] = driverOf(location)
  if (generations !== undefined) return await generations.init(rest, { ...options, rebuild })
  if (rebuild) throw noGenerations('--rebuild makes a new generation')
  const before = await openIndex(location, { mode: 'read' }).catch(toBeMade)
  await before?.close()
  const store = await openIndex(location, options)
  try {
    const stats = await Promise.all((await store.sources()).map((source) => store.stats(source)))
    const documents = stats.reduce((sum, each) => sum + each.documents, 0)
    return { done: before === null ? 'made' : 'nothing', generation: 1, documents }
  } finally {
    await store.close()
  }
}

/** Goes back to the generation before. Throws USAGE where a driver keeps none. */
export async function rollbackIndex(location: string, options: Omit<InitOptions, 'rebuild'>): Promise<RollbackReport> {
  const [{ generations }, rest] = driverOf(location)
  if (generations === undefined) throw noGenerations('A rollback goes to the generation before')
  return await generations.rollback(rest, options)
}

/** It is not there, or older than this program writes. */
function toBeMade(thrown: unknown): null {
  if (thrown instanceof UnsiloError && ['NOT_FOUND', 'INDEX_OLDER'].includes(thrown.code)) return null
  throw thrown
}

function noGenerations(why: string): UnsiloError {
  return new UnsiloError('USAGE', `${why}, and an index of this kind has none.`, {
    hint: 'Nothing was changed. Only opensearch: has generations; a file or a database is kept by its backups.',
  })
}

function driverOf(location: string): readonly [Driver, rest: string] {
  const [, scheme, rest] = /^([a-z][a-z0-9+.-]+):(.*)$/is.exec(location) ?? [undefined, 'sqlite', location]
  const driver = Object.hasOwn(drivers, scheme) ? drivers[scheme] : undefined
  if (driver === undefined) throw unknownScheme(scheme)
  if (driver === drivers['sqlite'] && rest === '') throw noPath(location)
  return [driver, rest]
}

function unknownScheme(scheme: string): UnsiloError {
  const known = Object.keys(drivers).map((name) => `${name}:`)
  return new UnsiloError('CONFIG_INVALID', `No index driver is called '${scheme}:'.`, {
    hint: `Known ones are ${known.join(', ')}; a path without a scheme is a SQLite file.`,
  })
}

function noPath(location: string): UnsiloError {
  return new UnsiloError('CONFIG_INVALID', `The index location '${location}' names no file.`, {
    hint: 'Write the path of the SQLite file, for example .unsilo/index.db.',
  })
}
