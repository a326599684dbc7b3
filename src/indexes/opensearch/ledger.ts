/** What runs leave behind, into the index and out of it: states, failures, skips, records. */
import { canonicalJson } from '../../core/ids.ts'
import { type Failure, KEPT_RUNS, type RunRecord, type Skip, type SourceState } from '../../core/ledger.ts'
import type { Batch } from '../../core/store.ts'
import { type StateRow, toFailure, toRun, toState } from '../rows.ts'
import { stateSum } from '../sums.ts'
import { byUtf8 } from '../utf8.ts'
import type { Write } from './bulk.ts'
import type { Opened } from './open.ts'
import type { Query } from './readers.ts'
import { ONLY_FIELDS, readByKey, search, searchAll } from './search.ts'
import { keyOf } from './stored.ts'

interface StoredState {
  readonly id: string
  readonly cursor?: string
  readonly seen?: string
  readonly policy?: string
  readonly sum: string
}

interface StoredFailure {
  readonly id: string
  readonly code: string
  readonly reason: string
  readonly at: string
  readonly version?: string
  readonly ignored: number
  readonly attempts?: number
}

/** What of a batch is no document and no word of how far it was read: it may be seen with the documents. */
export async function recordWrites(opened: Opened, batch: Batch): Promise<Write[]> {
  const { source, put, refresh, remove, failed, skipped } = batch
  const taken = [...put.map(({ head }) => head.id), ...remove]
  const settled = [...taken, ...refresh.map(({ id }) => id)]
  const gone = [
    ...(await keysOf(opened, 'failure', source, settled)),
    ...(await keysOf(opened, 'skip', source, skipped?.all === true ? null : taken)),
  ]
  return [
    nameWrite(source),
    ...gone.map((id): Write => ({ type: 'remove', id })),
    ...failed.map((failure): Write => failureWrite(source, failure)),
    ...(skipped?.list ?? []).map(({ id, reason, at }): Write => {
      return { type: 'put', id: keyOf('skip', source, id), body: { type: 'skip', source, id, reason, at } }
    }),
  ]
}

/** How far it was read, and what the run says: once all else is to be seen. */
export async function stateWrites(opened: Opened, { source, state, run }: Batch): Promise<Write[]> {
  const writes: Write[] = []
  if (state !== undefined) {
    const stored = await readStored(opened, source)
    const next = stateOf(source, state)
    if (stored?.sum !== next.sum) writes.push({ type: 'put', id: keyOf('source', source), body: next })
  }
  if (run !== undefined) {
    const body = { type: 'run', source, id: run.id, started_at: run.startedAt, record: canonicalJson(run) }
    writes.push({ type: 'put', id: keyOf('run', run.id), body })
    writes.push(...(await forgottenRuns(opened, run)))
  }
  return writes
}

/** A source that was read by nobody yet, or of which that is lost. */
export function unreadWrite(name: string): Write {
  const sum = stateSum({ name, cursor: null, seen: null, policy: null })
  return { type: 'put', id: keyOf('source', name), body: { type: 'source', source: name, id: name, sum } }
}

/** Makes a source known. */
function nameWrite(name: string): Write {
  return { ...unreadWrite(name), type: 'add' } as Write
}

function stateOf(name: string, { cursor, seen, policy }: SourceState) {
  const columns = { name, cursor: canonicalJson(cursor), seen: seen === null ? null : JSON.stringify(seen), policy }
  return {
    ...{ type: 'source', source: name, id: name, cursor: columns.cursor, sum: stateSum(columns) },
    ...(columns.seen !== null && { seen: columns.seen }),
    ...(policy !== null && { policy }),
  }
}

function failureWrite(source: string, { id, code, reason, at, version, ignored, attempts }: Failure): Write {
  const body = {
    ...{ type: 'failure', source, id, code, reason, at, ignored: ignored === true ? 1 : 0 },
    ...(version !== undefined && { version }),
    ...(attempts !== undefined && { attempts }),
  }
  return { type: 'put', id: keyOf('failure', source, id), body }
}

export async function ignoreWrites(
  opened: Opened,
  source: string,
  ids: readonly string[],
  ignored: boolean,
): Promise<{ readonly known: readonly string[]; readonly writes: readonly Write[] }> {
  const keys = [...new Set(ids)].map((id) => keyOf('failure', source, id))
  const stored = await readByKey<StoredFailure>(opened.db, opened.index, keys)
  const writes = [...stored].map(
    ([id, body]): Write => ({ type: 'put', id, body: { ...body, ignored: ignored ? 1 : 0 } }),
  )
  return { known: [...stored.values()].map(({ id }) => id).sort(byUtf8), writes }
}

export async function readState(opened: Opened, source: string): Promise<SourceState | null> {
  const stored = await readStored(opened, source)
  if (stored === undefined) return null
  const { cursor = null, seen = null, policy = null, sum } = stored
  const row: StateRow = { name: source, cursor, seen, policy, sum }
  return toState(opened.db, row)
}

async function readStored({ db, index }: Opened, source: string): Promise<StoredState | undefined> {
  const key = keyOf('source', source)
  return (await readByKey<StoredState>(db, index, [key])).get(key)
}

export async function readSources(opened: Opened): Promise<string[]> {
  return (await listed<{ id: string }>(opened, [{ term: { type: 'source' } }])).map(({ id }) => id)
}

export async function readRuns({ db, index }: Opened, source: string, limit: number): Promise<RunRecord[]> {
  const query = allOf('run', source)
  const size = Math.min(10_000, Math.max(0, limit))
  const found = await search<{ record: string }>(db, index, { query, size, sort: NEWEST, _source: ['record'] })
  return found.hits.hits.map(({ _source }) => toRun(db, _source))
}

const NEWEST = [{ started_at: 'desc' }, { id: 'desc' }]

export async function readRun({ db, index }: Opened, id: string): Promise<RunRecord | null> {
  const key = keyOf('run', id)
  const stored = (await readByKey<{ record: string }>(db, index, [key])).get(key)
  return stored === undefined ? null : toRun(db, stored)
}

export async function readQuarantine(opened: Opened, source: string): Promise<Failure[]> {
  const stored = await listed<StoredFailure>(opened, partsOf('failure', source))
  return stored.map((row) => toFailure({ ...row, version: row.version ?? null, attempts: row.attempts ?? null }))
}

export async function readSkips(opened: Opened, source: string): Promise<Skip[]> {
  return (await listed<Skip>(opened, partsOf('skip', source))).map(({ id, reason, at }) => ({ id, reason, at }))
}

/** Keys of what there is of these ids; of all, where they are null. */
async function keysOf(opened: Opened, type: string, source: string, ids: readonly string[] | null): Promise<string[]> {
  if (ids?.length === 0) return []
  const filter = [...partsOf(type, source), ...(ids === null ? [] : [{ terms: { id: ids } }])]
  const keys: string[] = []
  for await (const { sort } of searchAll(opened.db, opened.index, { query: { bool: { filter } }, ...ONLY_FIELDS })) {
    keys.push(keyOf(type, source, String(sort?.[0])))
  }
  return keys
}

/** Never the one that is recorded, whatever the clock said; nor the last that was good, nor the last that heard all. */
async function forgottenRuns({ db, index }: Opened, run: RunRecord): Promise<Write[]> {
  const query = allOf('run', run.source)
  const found = await search<{ record: string }>(db, index, { query, size: 1000, sort: NEWEST, _source: ['record'] })
  const known = new Map(found.hits.hits.map(({ _source }) => toRun(db, _source)).map((each) => [each.id, each]))
  const own = [...known.set(run.id, run).values()]
  own.sort((a, b) => byUtf8(b.startedAt, a.startedAt) || byUtf8(b.id, a.id))
  const good = own.find(({ outcome }) => outcome === 'ok' || outcome === 'partial')
  const complete = own.find(({ receipt }) => receipt !== undefined)
  const kept = [run.id, good?.id, complete?.id]
  const old = own.slice(KEPT_RUNS).filter(({ id }) => !kept.includes(id))
  return old.map(({ id }): Write => ({ type: 'remove', id: keyOf('run', id) }))
}

async function listed<Row>({ db, index }: Opened, filter: readonly Query[]): Promise<Row[]> {
  const rows: Row[] = []
  const all = searchAll<Row>(db, index, { query: { bool: { filter } }, _source: true })
  for await (const { _source } of all) rows.push(_source)
  return rows
}

function partsOf(type: string, source: string): Query[] {
  return [{ term: { type } }, { term: { source } }]
}

function allOf(type: string, source: string): Query {
  return { bool: { filter: partsOf(type, source) } }
}
