/**
 * Makes one index hold what another holds, asking no source. What is the same already is left alone, so a copy that was
 * stopped anywhere goes on when it is made again, and ends the same.
 */
import type { Chunk, IndexedDocument, StoredDocument } from '../core/document.ts'
import { UnsiloError } from '../core/errors.ts'
import { sameJson } from '../core/ids.ts'
import { emptyBatch, type Store } from '../core/store.ts'
import { missing, sameRecords } from './compare.ts'
import { type Held, idPages, PAGE, type Records, readHeld, readRecords, type Scope } from './content.ts'

export interface CopyWork extends Scope {
  /** A stored document with the tokens of its chunks, which no index gives back. */
  readonly analyse: (document: StoredDocument, chunks: readonly Chunk[]) => IndexedDocument
  readonly signal: AbortSignal
  /** So many of a source's documents are as they should be. */
  readonly progress: (source: string, done: number, total: number) => void
}

export interface Copied {
  /** Documents that were not there, or not so. */
  readonly written: number
  readonly removed: number
}

/** Documents in a batch, and characters of text where it is of more than one: what is made of them is many times as large. */
const BATCH = 200
const HEAVY = 2_000_000
const IDS = 500

/** Of each source the cursor comes last. Whoever reads `to` meanwhile reads each document whole, and not all of them. */
export async function copyIndex(from: Store, to: Store, work: CopyWork): Promise<Copied> {
  const sources = await from.sources()
  let [written, removed] = [0, 0]
  for (const source of await to.sources()) {
    if (sources.includes(source)) continue
    removed += (await to.stats(source)).documents
    await to.forget(source)
  }
  for (const source of sources) {
    const records = await readRecords(from, source)
    removed += await prepare(from, to, source, records)
    written += await putDocuments(from, to, source, work)
    await putRecords(to, source, records)
    if (!(await sameRecords(from, to, source))) throw moved(source)
  }
  return { written, removed }
}

/** Takes away what is not in `from`: first, since it may be a text that nobody is to read any more. */
async function prepare(from: Store, to: Store, source: string, { state, runs }: Records): Promise<number> {
  const { documents } = await to.stats(source)
  await putRuns(to, source, runs)
  const [held, cursor] = await Promise.all([to.runs(source, Number.MAX_SAFE_INTEGER), to.state(source)])
  if (sameJson(held, runs) && (state !== null || cursor === null)) return await removeMissing(from, to, source)
  // A run or a cursor that is not to be there goes only with all that there is of the source.
  await to.forget(source)
  await putRuns(to, source, runs)
  return documents
}

async function removeMissing(from: Store, to: Store, source: string): Promise<number> {
  let removed = 0
  for await (const page of idPages(to, source, IDS)) {
    const remove = await missing(from, source, page)
    if (remove.length > 0) await to.apply({ ...emptyBatch(source), remove })
    removed += remove.length
  }
  return removed
}

async function putDocuments(from: Store, to: Store, source: string, work: CopyWork): Promise<number> {
  const { documents: total } = await from.stats(source)
  let [done, written, weight] = [0, 0, 0]
  let waiting: Held[] = []
  async function flush(): Promise<void> {
    await putHeld(to, source, waiting, work)
    written += waiting.length
    done += waiting.length
    waiting = []
    weight = 0
    work.progress(source, done, total)
  }
  for await (const page of idPages(from, source, PAGE)) {
    if (work.signal.aborted) throw interrupted()
    const [here, there] = await Promise.all([readHeld(from, page, work), readHeld(to, page, work)])
    for (const [id, held] of here) {
      const other = there.get(id)
      if (other?.hash === held.hash) {
        done += 1
        continue
      }
      if (other !== undefined && mayKeep(other, held)) await to.apply({ ...emptyBatch(source), remove: [id] })
      waiting.push(held)
      weight += held.document.markdown.length
      if (waiting.length >= BATCH || weight > HEAVY) await flush()
    }
    work.progress(source, done, total)
  }
  if (waiting.length > 0) await flush()
  return written
}

async function putHeld(to: Store, source: string, held: readonly Held[], work: CopyWork): Promise<void> {
  await to.apply({ ...emptyBatch(source), put: held.map(({ document, chunks }) => work.analyse(document, chunks)) })
  const vectors = held.flatMap((one) => one.vectors)
  for (const [embedder, own] of Map.groupBy(vectors, (vector) => vector.embedder)) await to.embed(embedder, own)
}

/** A document that is put again keeps vectors, also those that are not to be there. */
function mayKeep(there: Held, here: Held): boolean {
  return there.vectors.length > 0 && here.vectors.length < here.chunks.length
}

/** The source itself too, which may have none. Oldest first, since the oldest go where there are many. */
async function putRuns(to: Store, source: string, runs: Records['runs']): Promise<void> {
  await to.apply(emptyBatch(source))
  for (const run of runs.toReversed()) {
    if (!sameJson(await to.run(run.id), run)) await to.apply({ ...emptyBatch(source), run })
  }
}

async function putRecords(to: Store, source: string, { state, quarantine, skips }: Records): Promise<void> {
  const failing = new Set(quarantine.map(({ id }) => id))
  const settled = (await to.quarantine(source)).map(({ id }) => id).filter((id) => !failing.has(id))
  const stored = await to.heads(source, settled)
  await to.apply({
    ...emptyBatch(source),
    refresh: [...stored.values()].map(({ head }) => head),
    remove: settled.filter((id) => !stored.has(id)),
  })
  const skipped = { all: true, list: skips }
  await to.apply({ ...emptyBatch(source), failed: quarantine, skipped, ...(state !== null && { state }) })
}

function interrupted(): UnsiloError {
  return new UnsiloError('INTERRUPTED', 'Interrupted before everything was copied.', {
    hint: 'The copy is marked as unfinished. Run the same again: it goes on from there.',
  })
}

/** Only where nobody keeps other writers out of it. */
function moved(source: string): UnsiloError {
  return new UnsiloError('LOCKED', `What is copied was changed meanwhile: ${source} is not what it was.`, {
    hint: 'The copy is marked as unfinished. Run the same again when no sync writes: it goes on from there.',
  })
}
