/**
 * Whether an index on a server is as it was written, and making it anew out of what of it can be trusted. The server sees to
 * its files itself; here are our own checksums, and that what chooses documents beside the heads agrees with them.
 */
import { setImmediate } from 'node:timers/promises'
import type { Chunk, StoredDocument } from '../core/document.ts'
import { UnsiloError } from '../core/errors.ts'
import type { Failure } from '../core/ledger.ts'
import type { Damage, Remake, RepairReport } from '../core/repair.ts'
import { type Batch, emptyBatch } from '../core/store.ts'
import type { WriterOptions } from './remote-lease.ts'

export interface RepairOptions extends WriterOptions {
  readonly remake: Remake
  /** Milliseconds since the epoch. */
  readonly now: () => number
}

/** What a driver reads of an index. INDEX_DAMAGED, where it throws that, is of the one thing that was asked for. */
export interface Readable {
  readonly path: string
  sources(): Promise<readonly string[]>
  /** How far it was read. */
  state(source: string): Promise<unknown>
  /** In id order. */
  documents(): AsyncIterable<Parts>
}

/** Of one document, each read by itself: what is damaged hides nothing else. */
export interface Parts {
  readonly id: string
  readonly source: string
  document(): Promise<StoredDocument>
  /** All of them, each with the words it is ranked by. */
  chunks(): Promise<readonly Chunk[]>
  /** Whether all that chooses it is what its head says. */
  isChosenAs(document: StoredDocument): boolean
}

/** What a driver does for a repair, alone in writing. */
export interface Writable {
  apply(batch: Batch): Promise<void>
  /** They are read from the beginning by their next run. */
  unread(sources: readonly string[]): Promise<void>
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

/** Most serious first. Changes nothing. */
export async function verify(index: Readable): Promise<readonly Damage[]> {
  const found = (await stateDamage(index)).map(({ damage }) => damage)
  for await (const parts of index.documents()) found.push(...(await surveyOf(parts)).damage)
  return found
}

/**
 * Document by document: it may be killed at any point and repeated. A document that can't be trusted is taken out and stands
 * in quarantine, and its source is read from the beginning by its next run.
 */
export async function repair(
  index: Readable,
  { apply, unread }: Writable,
  { remake, now, signal }: RepairOptions,
): Promise<RepairReport> {
  const states = await stateDamage(index)
  const damage = states.map((state) => state.damage)
  const lost = new Set(states.map(({ source }) => source))
  const removed: string[] = []
  let documents = 0
  for await (const parts of index.documents()) {
    const { id, source, document, chunks, damage: own } = await surveyOf(parts)
    await setImmediate()
    if (signal?.aborted) throw new UnsiloError('INTERRUPTED', `The repair of ${index.path} was stopped.`)
    damage.push(...own)
    if (document === null) {
      await apply({ ...emptyBatch(source), remove: [id], failed: [takenOut(id, now())] })
      removed.push(id)
      lost.add(source)
    } else {
      await apply({ ...emptyBatch(source), put: [remake(document, chunks)] })
      documents += 1
    }
  }
  const reread = [...lost].sort()
  await unread(reread)
  return { damage, documents, removed, reread, kept: null }
}

function takenOut(id: string, now: number): Failure {
  const reason = 'What was stored of it was damaged, and was taken out. It is loaded again by the next run.'
  return { id, code: 'INDEX_DAMAGED', reason, at: new Date(now).toISOString() }
}

async function stateDamage(index: Readable): Promise<readonly { readonly source: string; readonly damage: Damage }[]> {
  const found: { source: string; damage: Damage }[] = []
  for (const source of await index.sources()) {
    if ((await attempted(() => index.state(source))) !== 'damaged') continue
    found.push({ source, damage: { what: `how far the source ${source} was read is lost` } })
  }
  return found
}

async function surveyOf(parts: Parts): Promise<Surveyed> {
  const { id, source } = parts
  const document = await attempted(() => parts.document())
  if (document === 'damaged') {
    return { id, source, document: null, chunks: null, damage: [{ document: id, what: 'its head or text is damaged' }] }
  }
  const chunks = await attempted(() => parts.chunks())
  const damage: Damage[] = []
  if (chunks === 'damaged') damage.push({ document: id, what: 'its passages are damaged' })
  if (!parts.isChosenAs(document)) damage.push({ document: id, what: 'it is not found by what its head says' })
  return { id, source, document, chunks: chunks === 'damaged' ? null : chunks, damage }
}

async function attempted<T>(work: () => Promise<T>): Promise<T | 'damaged'> {
  try {
    return await work()
  } catch (thrown) {
    if (thrown instanceof UnsiloError && thrown.code === 'INDEX_DAMAGED') return 'damaged'
    throw thrown
  }
}
