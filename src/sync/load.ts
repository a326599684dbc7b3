/** Documents made anew, from the source's bodies or from the stored markdown. One that can't be made fails alone. */
import { setImmediate } from 'node:timers/promises'
import type { UnsiloError } from '../core/errors.ts'
import type { Failure } from '../core/ledger.ts'
import { emptyBatch, type Store } from '../core/store.ts'
import { lightParts, slices } from './batches.ts'
import { bodyQueue, weightOf } from './bodies.ts'
import type { Load, Rebuild } from './decision.ts'
import { pause, whyDue } from './interrupt.ts'
import { converted, ENDS_THE_RUN, type Loaded, type Made, type MakeOptions, rebuilt } from './make.ts'
import { fromBare } from './prepare.ts'
import type { Tally } from './tally.ts'

export interface LoadOptions extends MakeOptions {
  readonly store: Store
  readonly onLoaded: (documents: number) => void
}

/** This many documents of a slice that brought no body at all, failing for want of an answer, mean a source that is down. */
const SOURCE_IS_DOWN = 5

export async function rebuildAll(options: LoadOptions, rebuilds: Iterable<Rebuild>, tally: Tally): Promise<void> {
  const quarantine = await quarantineOf(options)
  for (const slice of slices(rebuilds)) {
    await pause(options)
    const stored = await options.store.stored(slice.map(({ head }) => head.id))
    for (const part of lightParts(slice, ({ head }) => stored.get(head.id)?.markdown.length ?? 0)) {
      const made = inTime(options, part, (decision) => {
        const document = stored.get(decision.head.id)
        return document && rebuilt(options, decision, document)
      }).filter((item) => item !== undefined)
      const stale = part.flatMap(({ isStale, head }) => (isStale ? (quarantine.get(head.id) ?? []) : []))
      await storeSlice(options, made, tally, stale)
      if (options.stop.isOverdue()) await pause(options)
    }
  }
}

/**
 * Stored texts of a source whose redaction was turned on, without what has the shape of personal data: their people's
 * names go when they are loaded, which may take long, and may fail. They still count as not redacted.
 */
export async function redactBare(options: LoadOptions, ids: readonly string[]): Promise<void> {
  const quarantine = await quarantineOf(options)
  for (const slice of slices(ids)) {
    await pause(options)
    const stored = await options.store.stored(slice)
    for (const part of lightParts(stored.values(), ({ markdown }) => markdown.length)) {
      const put = part.map((document) => ({ ...fromBare(options, document), recipe: document.recipe }))
      const failed = part.flatMap(({ head }) => quarantine.get(head.id) ?? [])
      await options.store.apply({ ...emptyBatch(options.source), put, failed })
    }
  }
}

async function quarantineOf({ store, source }: LoadOptions): Promise<ReadonlyMap<string, Failure>> {
  return new Map((await store.quarantine(source)).map((failed) => [failed.id, failed]))
}

/** The next slice's bodies travel while this one is converted and stored. */
export async function loadAll(options: LoadOptions, loads: Iterable<Load>, tally: Tally): Promise<void> {
  const next = bodyQueue(options, loads)
  let coming = next()
  try {
    for (let loaded = await coming; loaded.length > 0; loaded = await coming) {
      await setImmediate()
      const stop = reasonToStop(loaded) ?? whyDue(options)
      coming = stop === null ? next() : Promise.resolve([])
      const taken = stop === null ? loaded : loaded.filter((item) => 'body' in item)
      const done = await storeInParts(options, taken, tally)
      if (stop !== null) throw stop
      if (done < taken.length) await pause(options)
    }
  } finally {
    // However it ends, no request of this run goes on behind its end.
    await coming
  }
}

/** How many there was time for. */
async function storeInParts(options: LoadOptions, taken: readonly Loaded[], tally: Tally): Promise<number> {
  let done = 0
  for (const part of lightParts(taken, weightOf)) {
    if (done > 0 && options.stop.isOverdue()) break
    const made = inTime(options, part, (item) => converted(options, item))
    await storeSlice(options, made, tally)
    done += made.length
    if (made.length < part.length) break
  }
  return done
}

/** What was begun is finished, as far as it does not take long; the first one always, so that every run gets on. */
function inTime<T, M>({ stop }: LoadOptions, items: readonly T[], make: (item: T) => M): readonly M[] {
  const made: M[] = []
  for (const item of items) {
    if (made.length > 0 && stop.isOverdue()) break
    made.push(make(item))
  }
  return made
}

/** An error that is not one document's: rejected credentials, an exhausted limit, a source that answers nothing. */
function reasonToStop(loaded: readonly Loaded[]): UnsiloError | null {
  const errors = loaded.flatMap((item) => ('error' in item ? [item.error] : []))
  const stop = errors.find(({ code }) => ENDS_THE_RUN.has(code))
  if (stop !== undefined) return stop
  const unanswered = errors.filter(({ recovery }) => recovery === 'retry')
  const isDown = unanswered.length >= SOURCE_IS_DOWN && errors.length === loaded.length
  return isDown ? (unanswered[0] ?? null) : null
}

/** @param stale failures of earlier runs that still hold of what is stored */
async function storeSlice(
  options: LoadOptions,
  slice: readonly Made[],
  tally: Tally,
  stale: readonly Failure[] = [],
): Promise<void> {
  const put = slice.flatMap((item) => ('document' in item ? [item.document] : []))
  const failed = slice.flatMap((item) => ('failure' in item ? [item.failure] : []))
  const isNew = new Set(failed.map(({ id }) => id))
  const held = stale.filter(({ id }) => !isNew.has(id))
  await options.store.apply({ ...emptyBatch(options.source), put, failed: [...failed, ...held] })
  for (const item of slice) {
    if ('document' in item) tally.made(item.decision)
    else tally.missed(item.decision, item.failure)
  }
  options.onLoaded(slice.length)
}
