/**
 * Whether an index is as it was written, and making it anew out of what of it can be trusted. The cluster sees to its files
 * itself; here are our own checksums, and that the fields which choose documents agree with the heads.
 */
import { setImmediate } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import type { Chunk, StoredDocument } from '../../core/document.ts'
import { UnsiloError } from '../../core/errors.ts'
import type { Failure } from '../../core/ledger.ts'
import type { Damage, Remake, RepairReport } from '../../core/repair.ts'
import { toCandidate, toChunk, toDocument } from '../rows.ts'
import { show, type Target, type Write, writeAll } from './bulk.ts'
import { readSources, readState, unreadWrite } from './ledger.ts'
import { parseLocation } from './location.ts'
import { type Opened, openForReading, openForWriting } from './open.ts'
import { LEASE_MS } from './opensearch.ts'
import { searchAll } from './search.ts'
import { chosenBy, chunkRow, chunksIn, documentKey, documentRow, type Stored } from './stored.ts'
import { applyBatch } from './write.ts'

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

const PAGE = 20

/** Most serious first. Changes nothing. */
export async function verifyOpenSearch(location: string): Promise<readonly Damage[]> {
  const opened = await openForReading(parseLocation(location))
  try {
    const states = await stateDamage(opened)
    const found: Damage[] = []
    for await (const { damage } of surveyed(opened)) found.push(...damage)
    return [...states.map(({ damage }) => damage), ...found]
  } finally {
    await opened.db.close()
  }
}

/**
 * Alone in writing, document by document: it may be killed at any point and repeated. A document that can't be trusted is
 * taken out and stands in quarantine, and its source is read from the beginning by its next run.
 */
export async function repairOpenSearch(location: string, options: RepairOptions): Promise<RepairReport> {
  const where = parseLocation(location)
  await (await openForReading(where)).db.close()
  const { holder = `process ${process.pid}`, lockTimeoutMs: timeoutMs = 0, signal } = options
  const asked = { sources: undefined, holder, timeoutMs, signal, milliseconds: LEASE_MS }
  const { lease, ...opened } = await openForWriting(where, asked)
  try {
    const heart = setInterval(() => void lease.renew().catch(() => undefined), LEASE_MS / 4).unref()
    try {
      await show(opened.db, opened.index)
      const next = () => ({ alias: lease.alias, version: lease.next(), check: lease.check })
      return await repaired(opened, next, options)
    } finally {
      clearInterval(heart)
      await lease.release()
    }
  } finally {
    await opened.db.close()
  }
}

async function repaired(
  opened: Opened,
  next: () => Target,
  { remake, now, signal }: RepairOptions,
): Promise<RepairReport> {
  const { db } = opened
  const states = await stateDamage(opened)
  const damage = states.map((state) => state.damage)
  const reread = new Set(states.map(({ source }) => source))
  const removed: string[] = []
  let documents = 0
  for await (const found of surveyed(opened)) {
    await setImmediate()
    if (signal?.aborted) throw new UnsiloError('INTERRUPTED', `The repair of ${db.path} was stopped.`)
    damage.push(...found.damage)
    const { source } = found
    const batch = { source, put: [], refresh: [], remove: [], failed: [] }
    if (found.document === null) {
      const failed = [failureOf(found, new Date(now()).toISOString())]
      await applyBatch(opened, next(), { ...batch, remove: [found.id], failed }, new Map())
      removed.push(found.id)
      reread.add(source)
    } else {
      await applyBatch(opened, next(), { ...batch, put: [remake(found.document, found.chunks)] }, new Map())
      documents += 1
    }
  }
  const unread = [...reread].map((source): Write => unreadWrite(source))
  await writeAll(db, next(), unread, { refresh: true })
  return { damage, documents, removed, reread: [...reread].sort(), kept: null }
}

function failureOf({ id }: Surveyed, at: string): Failure {
  const reason = 'What was stored of it was damaged, and was taken out. It is loaded again by the next run.'
  return { id, code: 'INDEX_DAMAGED', reason, at }
}

async function stateDamage(opened: Opened): Promise<readonly { readonly source: string; readonly damage: Damage }[]> {
  const found: { source: string; damage: Damage }[] = []
  for (const source of await readSources(opened)) {
    if ((await attempted(() => readState(opened, source))) !== 'damaged') continue
    found.push({ source, damage: { what: `how far the source ${source} was read is lost` } })
  }
  return found
}

/** In id order, each part by itself: what is damaged hides nothing else. */
async function* surveyed(opened: Opened): AsyncGenerator<Surveyed> {
  const query = { term: { type: 'document' } }
  const all = searchAll<Stored>(opened.db, opened.index, { query, _source: true }, { page: PAGE })
  for await (const { _id, _source } of all) yield await surveyOf(opened, _id, _source)
}

async function surveyOf({ db }: Opened, key: string, stored: Stored): Promise<Surveyed> {
  const { id, source } = stored
  const document = await attempted(async () => toDocument(db, documentRow(stored)))
  if (document === 'damaged') {
    return { id, source, document: null, chunks: null, damage: [{ document: id, what: 'its head or text is damaged' }] }
  }
  const chunks = await attempted(async () => chunksOf(db, stored))
  const damage: Damage[] = []
  if (chunks === 'damaged') damage.push({ document: id, what: 'its passages are damaged' })
  if (!isChosenAsItSays(key, stored, document))
    damage.push({ document: id, what: 'it is not found by what its head says' })
  return { id, source, document, chunks: chunks === 'damaged' ? null : chunks, damage }
}

/** All of them, each with the words it is ranked by. */
function chunksOf({ path }: Opened['db'], stored: Stored): readonly Chunk[] {
  const chunks = chunksIn(stored)
  if (chunks.length !== stored.chunk_count) {
    throw new UnsiloError('INDEX_DAMAGED', `${path} is damaged: it has lost passages of ${JSON.stringify(stored.id)}.`)
  }
  return chunks.map((chunk) => {
    const { ordinal, origin = null, words, words_sum: sum } = chunk
    const row = { id: stored.id, ordinal, updated: null, origin, words: Buffer.from(words, 'base64'), sum }
    toCandidate({ path }, row)
    return toChunk({ path }, chunkRow(stored.id, chunk))
  })
}

function isChosenAsItSays(key: string, stored: Stored, { source, head, language }: StoredDocument): boolean {
  const chosen = Object.entries(chosenBy(source, head, language))
  const asIs = stored as unknown as Readonly<Record<string, unknown>>
  return key === documentKey(stored.id) && chosen.every(([name, value]) => isDeepStrictEqual(asIs[name], value))
}

async function attempted<T>(work: () => Promise<T>): Promise<T | 'damaged'> {
  try {
    return await work()
  } catch (thrown) {
    if (thrown instanceof UnsiloError && thrown.code === 'INDEX_DAMAGED') return 'damaged'
    throw thrown
  }
}
