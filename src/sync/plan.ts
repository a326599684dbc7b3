/**
 * What a run would do, found out before anything is done: the source is listed to its end, each head is compared with
 * the stored one, and what is missing after a complete listing becomes a removal. Bodies are not loaded here.
 */
import { sameAccess } from '../core/access.ts'
import type { Connector, Notes, Receipt } from '../core/connector.ts'
import { UnsiloError } from '../core/errors.ts'
import { type Ids, idsOf } from '../core/id-map.ts'
import { canonicalJson, sha256 } from '../core/ids.ts'
import type { Json } from '../core/json.ts'
import type { SourceState } from '../core/ledger.ts'
import { unapprovedAccess } from '../core/review.ts'
import { slices } from './batches.ts'
import { isBare, mayStay, remaking, removed, removes, widens } from './decision.ts'
import type { Decisions } from './decisions.ts'
import { doubt } from './doubt.ts'
import { emptiedPlaces } from './places.ts'
import { approvalsOf, type Quarantine, type Survey, type SurveyOptions, takeSurvey } from './survey.ts'

export type { Decision } from './decision.ts'

export interface Plan {
  readonly source: string
  readonly from: 'start' | 'cursor'
  /** By prefixed id, in the order in which they were last decided. */
  readonly decisions: Decisions
  /** Documents stored before the run. */
  readonly stored: number
  readonly listed: number
  readonly unchanged: number
  /** Stored texts that were never redacted, and are to be, whether their source says anything of them or not. */
  readonly bare: readonly string[]
  readonly skipped: readonly { readonly id: string; readonly reason: string }[]
  /** Removals of stored documents, and stored documents that more people could read. What the guard counts. */
  readonly removals: number
  readonly widened: readonly string[]
  /** How many go from each place (a space, a collection, a folder) in which a whole pass saw nothing any more. */
  readonly emptied: ReadonlyMap<string, number>
  /** Failures to be tried again of which a listing of changes said nothing. */
  readonly stranded: readonly string[]
  readonly cursors: readonly Json[]
  readonly receipt: Receipt | null
  readonly notes: Notes
  /** Every id seen alive in this pass, earlier runs of an open pass included. */
  readonly seen: Ids
  readonly passOpen: boolean
  /** A whole pass was seen in this run, from its beginning to its receipt. */
  readonly seesAll: boolean
  /** A pass that was cut is stored, and this one begins anew. */
  readonly abandonsPass: boolean
  readonly state: SourceState | null
  /** Of the access settings in force. */
  readonly policy: string
  /** The listing ended early: what was seen holds, what was not seen says nothing. */
  readonly failure: UnsiloError | null
}

export interface PlanOptions extends SurveyOptions {
  readonly full: boolean
  /** It has little time: one that is to read everything, after another that was cut for want of time, goes on where that was. */
  readonly isTimed: boolean
  /** A complete listing of nothing is believed only when this many removals were allowed. */
  readonly allowDeletes: number
}

const HEADS_AT_ONCE = 250

/**
 * Where only what changed was listed, a failure that is to be tried again may have been left behind: a person had said to
 * ignore it, and took that back. Then everything is listed.
 */
export async function planSource(options: PlanOptions): Promise<Plan> {
  const plan = await planFrom(options)
  return plan.failure === null && plan.stranded.length > 0 ? await planFrom({ ...options, full: true }) : plan
}

async function planFrom(options: PlanOptions): Promise<Plan> {
  const { source, store } = options
  const storedIds = idsOf(await store.ids(source))
  const before = await store.state(source)
  const policy = policyHash(options)
  const quarantine: Quarantine = new Map((await store.quarantine(source)).map((failed) => [failed.id, failed]))
  const isFull =
    (options.full && !(await goesOn(options, before))) ||
    before?.policy !== policy ||
    (await needsSource(options, before, storedIds, quarantine))
  const state = isFull ? null : before
  const since = parseCursor(options.connector, source, state?.cursor ?? null)
  const survey = await takeSurvey(options, since, quarantine)

  const unchanged = countUnchanged(survey)
  const passOpen = survey.begun || (state !== null && state.seen !== null)
  const seen = survey.begun ? survey.seen : continued(state?.seen ?? [], survey)
  const failure = survey.failure ?? doubt(options, survey, passOpen, seen.size, storedIds.size)
  if (failure === null && survey.receipt !== null) await sweep(options, survey, known(storedIds, quarantine), seen)
  const held = failure === null ? survey.cursors.length : dropRemovals(survey, failure)
  const unlistedBare = await decideUnlisted(options, survey, storedIds, quarantine)

  const unnamed = [...quarantine.values()].filter(({ id }) => !survey.seen.has(id) && !survey.gone.has(id))
  const stranded = unnamed.filter(({ id, ignored }) => ignored !== true && !survey.decisions.has(id))
  const weighed = weigh(survey.decisions)
  return {
    source,
    from: since === null ? 'start' : 'cursor',
    decisions: survey.decisions,
    stored: storedIds.size,
    listed: survey.seen.size,
    unchanged,
    bare: [...unlistedBare, ...weighed.bare],
    skipped: [...survey.skipped].map(([id, reason]) => ({ id, reason })),
    removals: weighed.removals,
    widened: weighed.widened,
    emptied: passOpen
      ? await emptiedPlaces(survey, { storedHeads: (ids) => storedHeads(options, ids), seen })
      : new Map(),
    stranded: since === null ? [] : stranded.map(({ id }) => id),
    cursors: survey.cursors.slice(0, held),
    receipt: failure === null ? survey.receipt : null,
    notes: survey.notes,
    seen,
    passOpen,
    seesAll: survey.begun && survey.receipt !== null && failure === null,
    abandonsPass: survey.begun && before !== null && before.seen !== null,
    state,
    policy,
    failure,
  }
}

/** The texts in which personal data would stand on if this plan were not applied. */
export function bareTexts({ bare, decisions }: Plan): readonly string[] {
  return [...bare, ...[...decisions.known()].flatMap((each) => (each.do === 'remove' && each.isBare ? [each.id] : []))]
}

/**
 * What changed at a source says nothing of documents that others are to read now because the configuration says so, or
 * whose text is to be made anew from its body.
 */
function policyHash({ context, recipe }: PlanOptions): string {
  const { level, principals } = context.access
  const { converter, redactor } = recipe
  return sha256(canonicalJson({ level, principals, converter, redactor }))
}

/** Else a source whose listing takes longer than a run would never be read to its end. */
async function goesOn({ isTimed, store, source }: PlanOptions, before: SourceState | null): Promise<boolean> {
  if (!isTimed || before === null || before.seen === null) return false
  const [last] = await store.runs(source, 1)
  return last?.error?.code === 'OUT_OF_TIME'
}

/**
 * Some stored text is to be made anew from its body, and a listing of what changed would not name it. A pass that was cut
 * under the same policy has dealt with what came before the cut, and will list the rest.
 */
async function needsSource(
  options: PlanOptions,
  before: SourceState | null,
  ids: Ids,
  quarantine: Quarantine,
): Promise<boolean> {
  if (before !== null && before.seen !== null) return false
  for await (const heads of storedHeads(options, ids)) {
    for (const [id, { recipe }] of heads) {
      if (remaking(recipe, options.recipe) !== 'load') continue
      if (!mayStay(quarantine.get(id) ?? null, recipe, options.recipe)) return true
    }
  }
  return false
}

async function* storedHeads({ store, source }: PlanOptions, ids: Iterable<string>) {
  for (const some of slices(ids, HEADS_AT_ONCE)) yield await store.heads(source, some)
}

function* without(ids: Iterable<string>, isOut: (id: string) => boolean): Generator<string> {
  for (const id of ids) if (!isOut(id)) yield id
}

/** Stored, or remembered as having failed. */
function* known(storedIds: Ids, quarantine: Quarantine): Generator<string> {
  yield* storedIds
  yield* without(quarantine.keys(), (id) => storedIds.has(id))
}

function countUnchanged({ seen, decisions }: Survey): number {
  let removals = 0
  for (const decision of decisions.known()) if (decision.do === 'remove') removals += 1
  return seen.size - (decisions.size - removals)
}

/** With what earlier runs of this pass saw. */
function continued(before: readonly string[], survey: Survey): Ids {
  const seen = idsOf(before)
  for (const id of survey.seen) seen.set(id, 1)
  for (const id of survey.gone) seen.delete(id)
  return seen
}

function weigh(decisions: Decisions): Pick<Plan, 'bare' | 'removals' | 'widened'> {
  const bare: string[] = []
  const widened: string[] = []
  let removals = 0
  for (const decision of decisions.known()) {
    if (removes(decision)) removals += 1
    if (decision.do === 'remove') continue
    if (decision.do === 'load' && decision.isBare) bare.push(decision.head.id)
    if (widens(decision)) widened.push(decision.head.id)
  }
  return { bare, removals, widened }
}

// --- after the listing ------------------------------------------------------------------------------------------

/** Absence is deletion, only here: every live document has been yielded since the pass began. */
async function sweep(options: PlanOptions, survey: Survey, known: Iterable<string>, seen: Ids): Promise<void> {
  const absent = without(known, (id) => seen.has(id) || survey.gone.has(id))
  const segment = survey.cursors.length
  for (const ids of slices(absent, HEADS_AT_ONCE)) {
    const heads = await options.store.heads(options.source, ids)
    for (const id of ids) {
      const reason = 'no longer listed by the source'
      survey.decisions.set(id, { do: 'remove', segment, id, ...removed(heads.get(id), options.recipe), reason })
    }
  }
}

/**
 * What holds for stored documents too that the source has nothing to say of in this run: another way to make their
 * stored form, and what a person said of them, or took back. Those that were never redacted, and are to be, are returned.
 */
async function decideUnlisted(
  options: PlanOptions,
  survey: Survey,
  storedIds: Ids,
  quarantine: Quarantine,
): Promise<readonly string[]> {
  const { seen, decisions, cursors } = survey
  const bare: string[] = []
  const unlisted = without(storedIds, (id) => seen.has(id) || decisions.has(id))
  for await (const heads of storedHeads(options, unlisted)) {
    const approved = await approvalsOf(options, [...heads.keys()])
    for (const [id, { head: previous, recipe }] of heads) {
      const own = { ...previous, access: unapprovedAccess(previous, options.context.access) }
      const decided = { segment: cursors.length, previous }
      const failure = quarantine.get(id) ?? null
      const isStale = failure !== null
      const access = isStale ? null : approved(id)(own)
      const head = access === null ? own : { ...own, access }
      if (isBare(recipe, options.recipe)) bare.push(id)
      const isLeft = failure?.version === previous.version && mayStay(failure, recipe, options.recipe)
      if (remaking(recipe, options.recipe) === 'rebuild' && !isLeft) {
        decisions.set(id, { ...decided, do: 'rebuild', head: own, isStale, failure })
      } else if (!sameAccess(previous.access, head.access)) {
        decisions.set(id, { ...decided, do: 'refresh', head, isApproved: access !== null, failure })
      }
    }
  }
  return bare
}

/**
 * After a failed listing nothing is removed, and only those cursors may be stored that come before what would have been.
 * One that unsilo itself cut, for want of time, was true up to its last checkpoint.
 */
function dropRemovals(survey: Survey, failure: UnsiloError): number {
  const complete = failure.code === 'OUT_OF_TIME' ? survey.cursors.length : 0
  let held = survey.cursors.length
  for (const decision of survey.decisions.known()) {
    if (decision.do !== 'remove' || !removes(decision) || decision.segment < complete) continue
    held = Math.min(held, decision.segment)
    survey.decisions.delete(decision.id)
  }
  return held
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
