/**
 * What a run would do, found out before anything is done: the source is listed to its end, each head is compared with
 * the stored one, and what is missing after a complete listing becomes a removal. Bodies are not loaded here.
 */
import { isWider, normalizeAccess, sameAccess } from '../core/access.ts'
import { asUnsiloError, UnsiloError } from '../core/errors.ts'
import { documentId, sameJson } from '../core/ids.ts'
import type {
  Body,
  Change,
  Connector,
  Head,
  Json,
  Notes,
  PullContext,
  Receipt,
  Recipe,
  SourceState,
  Store,
  StoredHead,
} from '../core/types.ts'

/** One document's fate. `segment` counts the checkpoints before it: the cursor may not move past a failed one. */
export type Decision =
  | {
      readonly do: 'load'
      readonly segment: number
      readonly head: Head
      readonly previous: Head | null
      readonly load: () => Promise<Body>
    }
  | { readonly do: 'rebuild'; readonly segment: number; readonly head: Head; readonly previous: Head }
  | { readonly do: 'refresh'; readonly segment: number; readonly head: Head; readonly previous: Head }
  | {
      readonly do: 'remove'
      readonly segment: number
      readonly id: string
      readonly previous: Head | null
      readonly reason: string
    }

export interface Plan {
  readonly source: string
  readonly from: 'start' | 'cursor'
  /** By prefixed id, in the order in which they were last decided. */
  readonly decisions: ReadonlyMap<string, Decision>
  /** Documents stored before the run. */
  readonly stored: number
  readonly listed: number
  readonly unchanged: number
  readonly skipped: readonly { readonly id: string; readonly reason: string }[]
  /** Removals of stored documents, and stored documents that more people could read. What the guard counts. */
  readonly removals: number
  readonly widened: readonly string[]
  readonly cursors: readonly Json[]
  readonly receipt: Receipt | null
  readonly notes: Notes
  /** Every id seen alive in this pass, earlier runs of an open pass included. */
  readonly seen: ReadonlySet<string>
  readonly passOpen: boolean
  readonly state: SourceState | null
  /** The listing ended early: what was seen holds, what was not seen says nothing. */
  readonly failure: UnsiloError | null
}

export interface PlanOptions {
  readonly source: string
  readonly connector: Connector
  readonly context: PullContext<unknown>
  readonly store: Store
  readonly recipe: Recipe
  readonly full: boolean
  /** A complete listing of nothing is believed only when this many removals were allowed. */
  readonly allowDeletes: number
  readonly onListed?: (count: number) => void
}

const HEADS_AT_ONCE = 250

export async function planSource(options: PlanOptions): Promise<Plan> {
  const { source, store } = options
  const state = options.full ? null : await store.state(source)
  const since = parseCursor(options.connector, source, state?.cursor ?? null)
  const quarantined = new Set((await store.quarantine(source)).map(({ id }) => id))
  const survey = newSurvey(since, quarantined)
  let failure = await list(options, survey, since)

  const passOpen = survey.begun || (state !== null && state.seen !== null)
  const seen = new Set([...(survey.begun ? [] : (state?.seen ?? [])), ...survey.seen])
  for (const id of survey.gone) seen.delete(id)
  const storedIds = await store.ids(source)
  failure ??= doubt(survey.receipt, passOpen, seen.size, storedIds.length, options)
  if (failure === null && survey.receipt !== null) await sweep(options, survey, storedIds, seen)
  if (failure !== null) dropRemovals(survey)

  const decisions = [...survey.decisions.values()]
  return {
    source,
    from: since === null ? 'start' : 'cursor',
    decisions: survey.decisions,
    stored: storedIds.length,
    listed: survey.seen.size,
    unchanged: survey.unchanged.size,
    skipped: survey.skipped,
    removals: decisions.filter((decision) => decision.do === 'remove' && decision.previous !== null).length,
    widened: decisions.flatMap((decision) => widenedId(decision)),
    cursors: survey.cursors.slice(0, survey.heldAt),
    receipt: failure === null ? survey.receipt : null,
    notes: survey.notes,
    seen,
    passOpen,
    state,
    failure,
  }
}

// --- listing ----------------------------------------------------------------------------------------------------

interface Survey {
  /** A pass began in this run. */
  begun: boolean
  /** Ids that failed in earlier runs. */
  readonly quarantined: ReadonlySet<string>
  readonly decisions: Map<string, Decision>
  readonly seen: Set<string>
  readonly gone: Set<string>
  readonly unchanged: Set<string>
  readonly skipped: { id: string; reason: string }[]
  readonly cursors: Json[]
  receipt: Receipt | null
  notes: Notes
  /** Cursors from this segment on may not be stored. */
  heldAt: number
  pending: { change: Extract<Change, { type: 'upsert' | 'delete' | 'skip' }>; segment: number }[]
}

function newSurvey(since: Json, quarantined: ReadonlySet<string>): Survey {
  return {
    begun: since === null,
    quarantined,
    decisions: new Map(),
    seen: new Set(),
    gone: new Set(),
    unchanged: new Set(),
    skipped: [],
    cursors: [],
    receipt: null,
    notes: {},
    heldAt: Number.POSITIVE_INFINITY,
    pending: [],
  }
}

async function list(options: PlanOptions, survey: Survey, since: Json): Promise<UnsiloError | null> {
  try {
    for await (const change of options.connector.pull(options.context, since)) {
      options.context.signal.throwIfAborted()
      if (change.type === 'checkpoint') {
        survey.cursors.push(change.cursor)
        survey.receipt = change.receipt ?? null
        survey.notes = { ...survey.notes, ...change.notes }
        continue
      }
      survey.receipt = null
      if (change.type === 'begin') {
        await decidePending(options, survey)
        begin(survey)
        continue
      }
      survey.pending.push({ change, segment: survey.cursors.length })
      if (survey.pending.length >= HEADS_AT_ONCE) await decidePending(options, survey)
    }
  } catch (thrown) {
    const error = options.context.signal.aborted ? interrupted(options.source) : asUnsiloError(thrown)
    survey.receipt = null
    await decidePending(options, survey)
    return error
  }
  await decidePending(options, survey)
  return null
}

function begin(survey: Survey): void {
  survey.begun = true
  survey.seen.clear()
  survey.gone.clear()
}

async function decidePending(options: PlanOptions, survey: Survey): Promise<void> {
  const pending = survey.pending
  survey.pending = []
  if (pending.length === 0) return
  const ids = pending.map(({ change }) =>
    documentId(options.source, change.type === 'upsert' ? change.head.id : change.id),
  )
  const stored = await options.store.heads(options.source, ids)
  for (const [at, { change, segment }] of pending.entries()) {
    const id = ids[at] as string
    const known = stored.get(id)
    if (change.type === 'upsert') decideUpsert(options, survey, id, segment, change, known)
    else decideGone(survey, id, segment, change, known)
  }
  options.onListed?.(survey.seen.size)
}

/** Deleted, or seen and deliberately not taken: a stored document goes, and so does the memory of its failure. */
function decideGone(
  survey: Survey,
  id: string,
  segment: number,
  change: Extract<Change, { type: 'delete' | 'skip' }>,
  stored: StoredHead | undefined,
): void {
  survey.seen.delete(id)
  survey.unchanged.delete(id)
  survey.gone.add(id)
  survey.decisions.delete(id)
  if (change.type === 'skip') survey.skipped.push({ id, reason: change.reason })
  if (stored === undefined && !survey.quarantined.has(id)) return
  const reason = change.type === 'skip' ? `skipped: ${change.reason}` : 'deleted at the source'
  decide(survey, id, { do: 'remove', segment, id, previous: stored?.head ?? null, reason })
}

function decideUpsert(
  options: PlanOptions,
  survey: Survey,
  id: string,
  segment: number,
  change: Extract<Change, { type: 'upsert' }>,
  stored: StoredHead | undefined,
): void {
  const head: Head = { ...change.head, id, access: normalizeAccess(change.head.access) }
  survey.seen.add(id)
  survey.gone.delete(id)
  survey.unchanged.delete(id)
  survey.decisions.delete(id)
  const decision = compared(options.recipe, head, segment, change.load, stored)
  if (decision === null) survey.unchanged.add(id)
  else decide(survey, id, decision)
}

/** What the listed head asks for, against the stored one; null when nothing changed. */
function compared(
  recipe: Recipe,
  head: Head,
  segment: number,
  load: () => Promise<Body>,
  stored: StoredHead | undefined,
): Decision | null {
  if (stored === undefined) return { do: 'load', segment, head, previous: null, load }
  const previous = stored.head
  if (previous.version !== head.version || stored.recipe.converter !== recipe.converter) {
    return { do: 'load', segment, head, previous, load }
  }
  const otherRecipe = stored.recipe.chunker !== recipe.chunker || stored.recipe.analyser !== recipe.analyser
  if (otherRecipe || previous.title !== head.title || previous.locale !== head.locale) {
    return { do: 'rebuild', segment, head, previous }
  }
  return sameJson(previous, head) ? null : { do: 'refresh', segment, head, previous }
}

function decide(survey: Survey, id: string, decision: Decision): void {
  survey.decisions.delete(id)
  survey.decisions.set(id, decision)
}

// --- after the listing ------------------------------------------------------------------------------------------

/** Why a listing that ended well is still not believed, if so. */
function doubt(
  receipt: Receipt | null,
  passOpen: boolean,
  seen: number,
  stored: number,
  options: PlanOptions,
): UnsiloError | null {
  if (receipt === null) return null
  if (!passOpen) {
    return new UnsiloError(
      'LISTING_INCOMPLETE',
      `${options.source}: the connector says that it listed everything, but never began a pass over everything.`,
      { hint: 'Nothing was removed. This is a mistake in the connector; please report it.' },
    )
  }
  if (receipt.counted !== undefined && receipt.counted > receipt.seen) {
    return new UnsiloError(
      'LISTING_INCOMPLETE',
      `${options.source}: the source counts ${receipt.counted} documents but listed ${receipt.seen}.`,
      { hint: 'Nothing was removed. The next run lists again.' },
    )
  }
  if (seen === 0 && stored > 0 && options.allowDeletes < stored) {
    return new UnsiloError(
      'LISTING_INCOMPLETE',
      `${options.source}: the source listed no document at all, while the index holds ${stored}.`,
      {
        hint: `Nothing was removed. If the source really is empty now: unsilo sync ${options.source} --allow-deletes ${stored}`,
      },
    )
  }
  return null
}

/** Absence is deletion, only here: every live document has been yielded since the pass began. */
async function sweep(
  options: PlanOptions,
  survey: Survey,
  storedIds: readonly string[],
  seen: ReadonlySet<string>,
): Promise<void> {
  const absent = [...new Set([...storedIds, ...survey.quarantined])].filter(
    (id) => !seen.has(id) && !survey.decisions.has(id),
  )
  const segment = survey.cursors.length
  for (let at = 0; at < absent.length; at += HEADS_AT_ONCE) {
    const ids = absent.slice(at, at + HEADS_AT_ONCE)
    const heads = await options.store.heads(options.source, ids)
    for (const id of ids) {
      const previous = heads.get(id)?.head ?? null
      decide(survey, id, { do: 'remove', segment, id, previous, reason: 'no longer listed by the source' })
    }
  }
}

/** After a failed listing nothing is removed, and the cursor stays before what would have been. */
function dropRemovals(survey: Survey): void {
  for (const [id, decision] of survey.decisions) {
    if (decision.do !== 'remove') continue
    if (decision.previous !== null) survey.heldAt = Math.min(survey.heldAt, decision.segment)
    survey.decisions.delete(id)
  }
}

function widenedId(decision: Decision): string[] {
  if (decision.do === 'remove' || decision.previous === null) return []
  return isWider(decision.previous.access, decision.head.access) ? [decision.head.id] : []
}

/** Null is the beginning, whatever the connector's own positions look like. */
function parseCursor(connector: Connector, source: string, cursor: Json): Json {
  if (cursor === null) return null
  try {
    return connector.cursor.parse(cursor)
  } catch (cause) {
    throw new UnsiloError('INDEX_DAMAGED', `${source}: the stored position of the last run can't be read.`, {
      hint: `Start from the beginning: unsilo sync ${source} --full`,
      cause,
    })
  }
}

export function interrupted(source: string): UnsiloError {
  return new UnsiloError('INTERRUPTED', `${source}: interrupted.`, {
    hint: 'What was finished is stored whole; the next run continues.',
  })
}

/** What changed in a document whose body is the same, for people. */
export function headChanges(previous: Head, head: Head): readonly string[] {
  const changes: string[] = []
  if (previous.title !== head.title) changes.push('title')
  if (previous.url !== head.url) changes.push('url')
  if (!sameJson(previous.path, head.path)) changes.push('path')
  if (!sameJson(previous.labels ?? [], head.labels ?? [])) changes.push('labels')
  if (!sameAccess(previous.access, head.access)) changes.push('access')
  return changes
}
