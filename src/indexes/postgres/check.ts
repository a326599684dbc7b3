/**
 * Whether an index is as it was written, and making it anew out of what of it can be trusted. The database sees to its pages
 * itself; here are our own checksums, and that the columns which choose rows agree with the heads.
 */
import { setImmediate } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import type { Chunk, IndexedDocument, StoredDocument } from '../../core/document.ts'
import { UnsiloError } from '../../core/errors.ts'
import type { Failure } from '../../core/ledger.ts'
import type { Damage, Remake, RepairReport } from '../../core/repair.ts'
import type { CandidateRow } from '../rows.ts'
import { CHUNK_COLUMNS, type ChunkRow, DOCUMENT_COLUMNS, type DocumentRow, toChunk, toDocument } from '../rows.ts'
import { stateSum } from '../sums.ts'
import { toCandidate } from './candidates.ts'
import type { Connection, Session } from './connection.ts'
import { holdLease, type Lease, releaseLease, renew, takeLease } from './lease.ts'
import { readSources, readState } from './ledger.ts'
import { parseLocation } from './location.ts'
import { openForReading, openForWriting } from './open.ts'
import { CHUNKS } from './read.ts'
import { applyBatch, chosenBy } from './write.ts'

export interface RepairOptions {
  readonly remake: Remake
  /** Milliseconds since the epoch. */
  readonly now: () => number
  readonly holder?: string
  readonly lockTimeoutMs?: number
  readonly signal?: AbortSignal
}

interface Surveyed {
  readonly id: string
  readonly source: string
  /** Null: its head or its text can't be trusted. */
  readonly document: StoredDocument | null
  /** Null: not all can be trusted. */
  readonly chunks: readonly Chunk[] | null
  readonly damage: readonly Damage[]
}

const LEASE_MS = 60_000
const PAGE = 20

/** Most serious first. Changes nothing. */
export async function verifyPostgres(location: string): Promise<readonly Damage[]> {
  const { db } = await openForReading(parseLocation(location))
  try {
    const states = await stateDamage(db)
    const found: Damage[] = []
    for await (const { damage } of surveyed(db)) found.push(...damage)
    return [...states.map(({ damage }) => damage), ...found]
  } finally {
    await db.close()
  }
}

/**
 * Alone in writing, document by document: it may be killed at any point and repeated. A document that can't be trusted is
 * taken out and stands in quarantine, and its source is read from the beginning by its next run.
 */
export async function repairPostgres(location: string, options: RepairOptions): Promise<RepairReport> {
  const where = parseLocation(location)
  await (await openForReading(where).catch(notOlder))?.db.close()
  const { db, vectors } = await openForWriting(where)
  const { holder = `process ${process.pid}`, lockTimeoutMs: timeoutMs = 0, signal } = options
  try {
    const lease = await takeLease(db, { sources: undefined, holder, timeoutMs, signal, milliseconds: LEASE_MS })
    const heart = setInterval(() => void renew(db, lease, lease.scopes).catch(() => undefined), LEASE_MS / 4).unref()
    try {
      return await repaired(db, lease, vectors, options)
    } finally {
      clearInterval(heart)
      await releaseLease(db, lease)
    }
  } finally {
    await db.close()
  }
}

async function repaired(
  db: Connection,
  lease: Lease,
  vectors: string | null,
  { remake, now, signal }: RepairOptions,
): Promise<RepairReport> {
  const states = await stateDamage(db)
  const damage = states.map((state) => state.damage)
  const reread = new Set(states.map(({ source }) => source))
  const removed: string[] = []
  let documents = 0
  const put = async (document: IndexedDocument) => {
    const batch = { source: document.source, put: [document], refresh: [], remove: [], failed: [] }
    await writing(db, lease, (session) => applyBatch(session, batch, vectors))
  }
  for await (const found of surveyed(db)) {
    await setImmediate()
    if (signal?.aborted) throw new UnsiloError('INTERRUPTED', `The repair of ${db.path} was stopped.`)
    damage.push(...found.damage)
    if (found.document === null) {
      await takeOut(db, lease, vectors, found, new Date(now()).toISOString())
      removed.push(found.id)
      reread.add(found.source)
    } else {
      await put(remake(found.document, found.chunks))
      documents += 1
    }
  }
  for (const source of reread) await writing(db, lease, (session) => forgetState(session, source))
  return { damage, documents, removed, reread: [...reread].sort(), kept: null }
}

async function takeOut(
  db: Connection,
  lease: Lease,
  vectors: string | null,
  { id, source }: Surveyed,
  at: string,
): Promise<void> {
  const reason = 'What was stored of it was damaged, and was taken out. It is loaded again by the next run.'
  const failure: Failure = { id, code: 'INDEX_DAMAGED', reason, at }
  const batch = { source, put: [], refresh: [], remove: [id], failed: [failure] }
  await writing(db, lease, (session) => applyBatch(session, batch, vectors))
}

async function writing(db: Connection, lease: Lease, work: (session: Session) => Promise<void>): Promise<void> {
  await db.writing(async (session) => {
    await holdLease(session, lease, null)
    await work(session)
  })
}

async function forgetState(session: Session, name: string): Promise<void> {
  const sum = stateSum({ name, cursor: null, seen: null, policy: null })
  const sql = 'UPDATE @.source SET cursor = NULL, seen = NULL, policy = NULL, sum = $2 WHERE name = $1'
  await session.run(sql, name, sum)
}

async function stateDamage(db: Connection): Promise<readonly { readonly source: string; readonly damage: Damage }[]> {
  const found: { source: string; damage: Damage }[] = []
  for (const source of await readSources(db)) {
    if ((await attempted(() => readState(db, source))) !== 'damaged') continue
    found.push({ source, damage: { what: `how far the source ${source} was read is lost` } })
  }
  return found
}

/** In id order, each part by itself: what is damaged hides nothing else. */
async function* surveyed(db: Connection): AsyncGenerator<Surveyed> {
  for (let after = ''; ; ) {
    const sql = `SELECT ${DOCUMENT_COLUMNS}, d.principals::text[] AS principals, d.kind, d.locale, d.updated,
        d.labels::text[] AS labels, d.place, d.title, d.article
      FROM @.document d LEFT JOIN @.document_text t ON t.document = d.key WHERE d.id > $1 ORDER BY d.id LIMIT ${PAGE}`
    const rows = await db.all<DocumentRow & Record<string, unknown>>(sql, after)
    for (const row of rows) yield await surveyOf(db, row)
    const last = rows.at(-1)
    if (last === undefined) return
    after = last.id
  }
}

async function surveyOf(db: Connection, row: DocumentRow & Record<string, unknown>): Promise<Surveyed> {
  const { id, source } = row
  const document = await attempted(async () => toDocument(db, row))
  if (document === 'damaged') {
    return { id, source, document: null, chunks: null, damage: [{ document: id, what: 'its head or text is damaged' }] }
  }
  const chunks = await attempted(() => chunksOf(db, row))
  const damage: Damage[] = []
  if (chunks === 'damaged') damage.push({ document: id, what: 'its passages are damaged' })
  if (!isChosenAsItSays(row, document)) damage.push({ document: id, what: 'it is not found by what its head says' })
  return { id, source, document, chunks: chunks === 'damaged' ? null : chunks, damage }
}

/** All of them, each with the words it is ranked by. */
async function chunksOf(db: Connection, { id, chunks: count }: DocumentRow): Promise<readonly Chunk[]> {
  const rows = await db.all<ChunkRow>(
    `SELECT d.id, ${CHUNK_COLUMNS} FROM ${CHUNKS} WHERE d.id = $1 ORDER BY c.ordinal`,
    id,
  )
  const words = await db.all<CandidateRow>(
    `SELECT d.id, c.ordinal, d.updated, c.origin, w.words, w.sum FROM @.document d JOIN @.chunk c ON c.document = d.key
      LEFT JOIN @.chunk_words w ON w.chunk = c.key WHERE d.id = $1`,
    id,
  )
  for (const row of words) toCandidate(db, row, 0)
  if (rows.length !== count || words.length !== count) {
    throw new UnsiloError('INDEX_DAMAGED', `${db.path} is damaged: it has lost passages of ${JSON.stringify(id)}.`)
  }
  return rows.map((row) => toChunk(db, row))
}

function isChosenAsItSays(row: Record<string, unknown>, { source, head, language }: StoredDocument): boolean {
  const { principals, labels, ...others } = chosenBy(source, head, language)
  const lists = { principals: JSON.parse(principals) as unknown, labels: JSON.parse(labels) as unknown }
  return Object.entries({ ...others, ...lists }).every(([name, value]) => isDeepStrictEqual(row[name], value))
}

async function attempted<T>(work: () => Promise<T>): Promise<T | 'damaged'> {
  try {
    return await work()
  } catch (thrown) {
    if (thrown instanceof UnsiloError && thrown.code === 'INDEX_DAMAGED') return 'damaged'
    throw thrown
  }
}

/** An older schema is brought up to date by a repair; where there is no index there is nothing to repair. */
function notOlder(thrown: unknown): null {
  if (thrown instanceof UnsiloError && thrown.code === 'INDEX_OLDER') return null
  throw thrown
}
