/** Documents made anew, from the source's bodies or from the stored markdown. One that can't be made fails alone. */
import pLimit from 'p-limit'
import { asUnsiloError, UnsiloError } from '../core/errors.ts'
import type { Body, Failure, IndexedDocument, Store } from '../core/types.ts'
import { emptyBatch, slices } from './batches.ts'
import type { Load, Rebuild } from './decision.ts'
import { pause } from './interrupt.ts'
import { fromBody, fromText, ownText } from './prepare.ts'
import type { Tally } from './tally.ts'

export interface LoadOptions {
  readonly source: string
  readonly store: Store
  readonly signal: AbortSignal
  readonly now: () => number
  readonly onLoaded: (documents: number) => void
}

/** Bodies asked for at once. Connectors turn them into few bulk requests. */
const BODIES_AT_ONCE = 100

/** This many documents of a slice that brought no body at all, failing for want of an answer, mean a source that is down. */
const SOURCE_IS_DOWN = 5

export async function rebuildAll(options: LoadOptions, rebuilds: readonly Rebuild[], tally: Tally): Promise<void> {
  for (const slice of slices(rebuilds)) {
    await pause(options)
    const stored = await options.store.stored(slice.map(({ head }) => head.id))
    const made = slice.flatMap((decision) => {
      const document = stored.get(decision.head.id)
      if (document === undefined) return []
      return [make(options, decision, () => fromText(options.source, decision.head, ownText(document)))]
    })
    await storeSlice(options, made, tally)
  }
}

/** The next slice's bodies travel while this one is converted and stored. */
export async function loadAll(options: LoadOptions, loads: readonly Load[], tally: Tally): Promise<void> {
  const limit = pLimit(BODIES_AT_ONCE)
  const fetchSlice = (slice: readonly Load[] = []): Promise<readonly Loaded[]> =>
    Promise.all(slice.map((decision) => limit(() => settle(decision))))
  const queue = slices(loads)
  let coming = fetchSlice(queue[0])
  try {
    for (const at of queue.keys()) {
      const loaded = await coming
      await pause(options)
      const stop = reasonToStop(loaded)
      coming = fetchSlice(stop === null ? queue[at + 1] : [])
      const taken = stop === null ? loaded : loaded.filter((item) => 'body' in item)
      await storeSlice(
        options,
        taken.map((item) => converted(options, item)),
        tally,
      )
      if (stop !== null) throw stop
    }
  } finally {
    // However it ends, no request of this run goes on behind its end.
    await coming
  }
}

type Loaded = { readonly decision: Load } & ({ readonly body: Body } | { readonly error: UnsiloError })

async function settle(decision: Load): Promise<Loaded> {
  try {
    return { decision, body: await decision.load() }
  } catch (thrown) {
    return { decision, error: asUnsiloError(thrown) }
  }
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

const ENDS_THE_RUN: ReadonlySet<string> = new Set(['AUTH_REJECTED', 'RATE_LIMITED', 'INTERRUPTED', 'REPLAY_MISMATCH'])

type Made = { readonly decision: Load | Rebuild } & (
  | { readonly document: IndexedDocument }
  | { readonly failure: Failure }
)

function converted(options: LoadOptions, loaded: Loaded): Made {
  const { decision } = loaded
  if ('error' in loaded) return { decision, failure: failure(options, decision, loaded.error) }
  return make(options, decision, () => fromBody(options.source, decision.head, loaded.body))
}

function make(options: LoadOptions, decision: Load | Rebuild, document: () => IndexedDocument): Made {
  try {
    return { decision, document: document() }
  } catch (thrown) {
    const message = `could not be converted: ${asUnsiloError(thrown).message}`
    return { decision, failure: failure(options, decision, new UnsiloError('DOCUMENT_UNREADABLE', message)) }
  }
}

function failure({ now }: LoadOptions, { head }: Load | Rebuild, { code, message }: UnsiloError): Failure {
  return { id: head.id, code, reason: message, at: new Date(now()).toISOString() }
}

async function storeSlice(options: LoadOptions, slice: readonly Made[], tally: Tally): Promise<void> {
  const put = slice.flatMap((item) => ('document' in item ? [item.document] : []))
  const failed = slice.flatMap((item) => ('failure' in item ? [item.failure] : []))
  await options.store.apply({ ...emptyBatch(options.source), put, failed })
  for (const item of slice) {
    if ('document' in item) tally.made(item.decision)
    else tally.missed(item.decision, item.failure)
  }
  options.onLoaded(slice.length)
}
