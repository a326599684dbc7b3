/** Documents made anew, from the source's bodies or from the stored markdown. One that can't be made fails alone. */
import { setImmediate } from 'node:timers/promises'
import pLimit from 'p-limit'
import { UnsiloError } from '../core/errors.ts'
import { approvedAccess } from '../core/review.ts'
import type { AccessPolicy, Approvals, Body, Failure, IndexedDocument, Store } from '../core/types.ts'
import { emptyBatch, slices } from './batches.ts'
import type { Load, Rebuild } from './decision.ts'
import { pause, type Stop, unlessStopped, whyDue } from './interrupt.ts'
import { fromBare, fromBody, fromStored, type Making } from './prepare.ts'
import { redactError } from './redacting.ts'
import type { Tally } from './tally.ts'

export interface LoadOptions extends Making {
  readonly access: AccessPolicy
  readonly approvals: Approvals
  readonly store: Store
  readonly stop: Stop
  readonly now: () => number
  readonly onLoaded: (documents: number) => void
}

/** Bodies asked for at once. Connectors turn them into few bulk requests. */
const BODIES_AT_ONCE = 100

/** This many documents of a slice that brought no body at all, failing for want of an answer, mean a source that is down. */
const SOURCE_IS_DOWN = 5

export async function rebuildAll(options: LoadOptions, rebuilds: readonly Rebuild[], tally: Tally): Promise<void> {
  const quarantine = await quarantineOf(options)
  for (const slice of slices(rebuilds)) {
    await pause(options)
    const stored = await options.store.stored(slice.map(({ head }) => head.id))
    const made = inTime(options, slice, (decision) => {
      const document = stored.get(decision.head.id)
      return document && make(options, decision, () => fromStored(options, decision.head, document))
    }).filter((item) => item !== undefined)
    const stale = slice.flatMap(({ isStale, head }) => (isStale ? (quarantine.get(head.id) ?? []) : []))
    await storeSlice(options, made, tally, stale)
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
    const put = [...stored.values()].map((document) => ({
      ...fromBare(options, document),
      recipe: document.recipe,
    }))
    const failed = [...stored.keys()].flatMap((id) => quarantine.get(id) ?? [])
    await options.store.apply({ ...emptyBatch(options.source), put, failed })
  }
}

async function quarantineOf({ store, source }: LoadOptions): Promise<ReadonlyMap<string, Failure>> {
  return new Map((await store.quarantine(source)).map((failed) => [failed.id, failed]))
}

/** The next slice's bodies travel while this one is converted and stored. */
export async function loadAll(options: LoadOptions, loads: readonly Load[], tally: Tally): Promise<void> {
  const limit = pLimit(BODIES_AT_ONCE)
  const fetchSlice = (slice: readonly Load[] = []): Promise<readonly Loaded[]> =>
    Promise.all(slice.map((decision) => limit(() => settle(options, decision))))
  const queue = slices(loads)
  let coming = fetchSlice(queue[0])
  try {
    for (const at of queue.keys()) {
      const loaded = await coming
      await setImmediate()
      const stop = reasonToStop(loaded) ?? whyDue(options)
      coming = fetchSlice(stop === null ? queue[at + 1] : [])
      const taken = stop === null ? loaded : loaded.filter((item) => 'body' in item)
      await storeSlice(
        options,
        inTime(options, taken, (item) => converted(options, item)),
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

/** What was begun is finished, as far as it does not take long; the first one always, so that every run gets on. */
function inTime<T, M>({ stop }: LoadOptions, items: readonly T[], make: (item: T) => M): readonly M[] {
  const made: M[] = []
  for (const item of items) {
    if (made.length > 0 && stop.isOverdue()) break
    made.push(make(item))
  }
  return made
}

async function settle(options: LoadOptions, decision: Load): Promise<Loaded> {
  const { source, redact, stop } = options
  const due = whyDue(options)
  if (due !== null) return { decision, error: due }
  try {
    return { decision, body: await unlessStopped(decision.load(), source, stop.signal) }
  } catch (thrown) {
    return { decision, error: redactError(thrown, redact) }
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

const ENDS_THE_RUN: ReadonlySet<string> = new Set([
  'AUTH_REJECTED',
  'RATE_LIMITED',
  'INTERRUPTED',
  'OUT_OF_TIME',
  'REPLAY_MISMATCH',
])

type Made = { readonly decision: Load | Rebuild } & (
  | { readonly document: IndexedDocument }
  | { readonly failure: Failure }
)

function converted(options: LoadOptions, loaded: Loaded): Made {
  const { decision } = loaded
  if ('error' in loaded) return { decision, failure: failure(options, decision, loaded.error) }
  const { body } = loaded
  return make(options, decision, () => fromBody(options, decision.given, body), body.people)
}

/** @param people of the document, who may be named in what went wrong */
function make(
  options: LoadOptions,
  decision: Load | Rebuild,
  document: () => IndexedDocument,
  people: readonly string[] = [],
): Made {
  try {
    const made = document()
    const isStale = decision.do === 'rebuild' && decision.isStale
    return { decision, document: isStale ? made : approved(options, made) }
  } catch (thrown) {
    const message = `could not be converted: ${redactError(thrown, options.redact, people).message}`
    return { decision, failure: failure(options, decision, new UnsiloError('DOCUMENT_UNREADABLE', message)) }
  }
}

/** Only once it is made is it known whether its text is the one that a person has seen. */
function approved({ access, approvals }: LoadOptions, document: IndexedDocument): IndexedDocument {
  const { head, markdown } = document
  const risen = approvedAccess(head, markdown, approvals.get(head.id), access)
  return risen === null ? document : { ...document, head: { ...head, access: risen } }
}

function failure({ now }: LoadOptions, decision: Load | Rebuild, { code, message }: UnsiloError): Failure {
  const { head, failure: before } = decision
  const attempts = before?.version === head.version ? (before.attempts ?? 1) + 1 : 1
  const at = new Date(now()).toISOString()
  // Of a failure that doesn't say which version it was of, a person meant the one that fails now.
  const ignored = before?.ignored === true && before.version === undefined
  return { id: head.id, code, reason: message, at, version: head.version, attempts, ...(ignored && { ignored: true }) }
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
