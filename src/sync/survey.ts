/** Lists a source to its end, or to its failure, and compares each head with the stored one. Nothing is applied here. */
import { setImmediate } from 'node:timers/promises'
import { type Access, narrower, normalizeAccess } from '../core/access.ts'
import type { Change, Connector, Notes, PullContext, Receipt, RedactPolicy } from '../core/connector.ts'
import type { Head, Recipe, StoredDocument } from '../core/document.ts'
import { UnsiloError } from '../core/errors.ts'
import { createIdMap, type IdMap } from '../core/id-map.ts'
import { documentId, nativeId } from '../core/ids.ts'
import type { Json } from '../core/json.ts'
import type { Failure } from '../core/ledger.ts'
import { type Approvals, approvedAccess } from '../core/review.ts'
import type { Store } from '../core/store.ts'
import { decide, type ListedDocument, removed } from './decision.ts'
import { createDecisions, type Decisions } from './decisions.ts'
import { type Stop, stopped, unlessStopped, whyDue } from './interrupt.ts'
import { redactError, redactHead, redactNotes, redactWords } from './redacting.ts'

export interface SurveyOptions {
  readonly source: string
  readonly connector: Connector
  readonly context: PullContext<unknown>
  /** A plan can't write. */
  readonly store: Omit<Store, 'apply' | 'ignore'>
  readonly recipe: Recipe
  readonly redact: RedactPolicy
  readonly approvals: Approvals
  readonly stop: Stop
  readonly onListed?: (count: number) => void
}

export interface Survey {
  /** A pass over everything began in this run. */
  readonly begun: boolean
  /** By prefixed id, in the order in which they were last decided. */
  readonly decisions: Decisions
  readonly seen: IdMap
  /** Deleted or skipped by name. */
  readonly gone: Set<string>
  /** Where the documents seen stand, outermost: spaces, collections, folders. */
  readonly places: Set<string>
  /** Reasons by id. */
  readonly skipped: Map<string, string>
  readonly cursors: Json[]
  receipt: Receipt | null
  notes: Notes
  /** Why the listing ended early, if so. */
  failure: UnsiloError | null
  /** Said, and not yet compared. */
  readonly pending: { readonly id: string; readonly change: DocumentChange; readonly segment: number }[]
}

/** Failures of earlier runs, by prefixed id. */
export type Quarantine = ReadonlyMap<string, Failure>

/** A change that says something of one document. */
type DocumentChange = Extract<Change, { type: 'upsert' | 'delete' | 'skip' }>

const HEADS_AT_ONCE = 250

/**
 * Throws what the store throws: a document that could not be compared must not be passed over.
 * @param quarantine what failed in earlier runs
 */
export async function takeSurvey(options: SurveyOptions, since: Json, quarantine: Quarantine): Promise<Survey> {
  let survey = newSurvey(since === null)
  for await (const item of untilFailure(options, since)) {
    if (item instanceof UnsiloError) fail(survey, item)
    // What was said before it, cursors included, counts no more: it may be of documents that are not listed again.
    else if (item.type === 'begin') survey = newSurvey(true)
    else if (item.type === 'checkpoint') {
      checkpoint(options, survey, item)
      if (await isCut(options, survey, quarantine)) break
    } else await take(options, survey, item, quarantine)
  }
  await decidePending(options, survey, quarantine)
  return survey
}

/**
 * A listing that can be continued is left at a checkpoint when it has taken half of the time, so that what it has listed
 * can be loaded in the other half: else a source whose listing takes longer than a run would never be stored.
 */
async function isCut(options: SurveyOptions, survey: Survey, quarantine: Quarantine): Promise<boolean> {
  if (survey.receipt !== null || !options.stop.isHalfway()) return false
  await decidePending(options, survey, quarantine)
  if (!survey.decisions.some(({ do: what }) => what === 'load' || what === 'rebuild')) return false
  fail(survey, new UnsiloError('OUT_OF_TIME', `${options.source}: the time for listing is over.`))
  return true
}

function newSurvey(begun: boolean): Survey {
  return {
    begun,
    decisions: createDecisions(),
    seen: createIdMap(),
    gone: new Set(),
    places: new Set(),
    skipped: new Map(),
    cursors: [],
    receipt: null,
    notes: {},
    failure: null,
    pending: [],
  }
}

/** The connector's changes; its failure, or the interruption, is the last item. However long it hangs, that is heard. */
async function* untilFailure(options: SurveyOptions, since: Json): AsyncGenerator<Change | UnsiloError> {
  const { connector, context, source, redact, stop } = options
  const changes = connector.pull(context, since)[Symbol.asyncIterator]()
  try {
    for (;;) {
      const next = await unlessStopped(changes.next(), source, stop.signal)
      if (next.done) return
      const due = whyDue(options)
      if (due !== null) throw due
      yield next.value
    }
  } catch (thrown) {
    yield stop.signal.aborted ? stopped(source, stop.signal) : redactError(thrown, redact)
  } finally {
    const ended = changes.return?.().catch(() => {})
    if (!stop.signal.aborted) await ended
  }
}

function fail(survey: Survey, failure: UnsiloError): void {
  survey.failure = failure
  survey.receipt = null
}

function checkpoint(
  { redact }: SurveyOptions,
  survey: Survey,
  { cursor, receipt, notes = {} }: Extract<Change, { type: 'checkpoint' }>,
): void {
  survey.cursors.push(cursor)
  survey.receipt = receipt ?? null
  survey.notes = { ...survey.notes, ...redactNotes(notes, redact) }
}

async function take(
  options: SurveyOptions,
  survey: Survey,
  change: DocumentChange,
  quarantine: Quarantine,
): Promise<void> {
  survey.receipt = null
  const id = documentId(options.source, change.type === 'upsert' ? change.head.id : change.id)
  survey.pending.push({ id, change, segment: survey.cursors.length })
  if (survey.pending.length >= HEADS_AT_ONCE) await decidePending(options, survey, quarantine)
}

async function decidePending(options: SurveyOptions, survey: Survey, quarantine: Quarantine): Promise<void> {
  const pending = survey.pending.splice(0)
  if (pending.length === 0) return
  const ids = pending.map(({ id }) => id)
  const stored = await options.store.heads(options.source, ids)
  const approvals = await approvalsOf(options, ids)
  for (const { id, change, segment } of pending) {
    const readers = survey.begun && survey.seen.has(id) ? readersSaid(survey, id, stored.get(id)?.head) : 'public'
    forget(survey, id)
    const known = { segment, stored: stored.get(id), failure: quarantine.get(id) ?? null, approved: approvals(id) }
    if (change.type === 'upsert') decideUpsert(options, survey, id, change, { ...known, readers })
    else decideGone(options, survey, id, change, known)
  }
  options.onListed?.(survey.seen.size)
  await setImmediate()
}

type Known = Omit<ListedDocument, 'head' | 'given' | 'load'>

/** What a person's word about these documents comes to for the texts that are stored of them. */
export async function approvalsOf(
  { store, approvals, context }: Pick<SurveyOptions, 'store' | 'approvals' | 'context'>,
  ids: readonly string[],
): Promise<(id: string) => ListedDocument['approved']> {
  const named = ids.filter((id) => approvals.has(id))
  const stored: ReadonlyMap<string, StoredDocument> = named.length === 0 ? new Map() : await store.stored(named)
  return (id) => (head) => approvedAccess(head, stored.get(id)?.markdown ?? '', approvals.get(id), context.access)
}

/**
 * Who may read a document by what this listing said of it before. A listing of everything that says a document twice was
 * shifted, or says two things of one document: readers of both it can be for. A feed means what it says last.
 */
function readersSaid({ decisions }: Survey, id: string, stored: Head | undefined): Access {
  const decision = decisions.get(id)
  if (decision === undefined) return stored?.access ?? 'public'
  if (decision.do === 'remove') return 'public'
  return decision.do === 'load' ? decision.given.access : decision.head.access
}

/** What is said last of a document counts. */
function forget(survey: Survey, id: string): void {
  survey.seen.delete(id)
  survey.gone.delete(id)
  survey.skipped.delete(id)
  survey.decisions.delete(id)
}

function decideUpsert(
  { source, recipe, redact }: SurveyOptions,
  survey: Survey,
  id: string,
  { head: said, load }: Extract<Change, { type: 'upsert' }>,
  { readers, ...known }: Known & { readonly readers: Access },
): void {
  const given: Head = { ...said, id, access: narrower(normalizeAccess(said.access), readers) }
  const head = redactHead(given, redact)
  survey.seen.set(id, 1)
  for (const place of head.path.slice(0, 1)) survey.places.add(place)
  const asked = nativeId(source, id) === said.id ? load : () => load(said.id)
  const decision = decide({ ...known, head, given, load: asked }, recipe)
  if (decision !== null) survey.decisions.set(id, decision)
}

/** Deleted, or seen and deliberately not taken: a stored document goes, and so does the memory of its failure. */
function decideGone(
  { redact, recipe }: SurveyOptions,
  survey: Survey,
  id: string,
  change: Extract<Change, { type: 'delete' | 'skip' }>,
  { segment, stored, failure }: Known,
): void {
  survey.gone.add(id)
  const skipped = change.type === 'skip' ? redactWords(change.reason, redact) : null
  if (skipped !== null) survey.skipped.set(id, skipped)
  if (stored === undefined && failure === null) return
  const reason = skipped === null ? 'deleted at the source' : `skipped: ${skipped}`
  survey.decisions.set(id, { do: 'remove', segment, id, ...removed(stored, recipe), reason })
}
