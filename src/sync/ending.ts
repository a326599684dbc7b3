/** How a run ends: the cursor that may be stored, what was skipped, and the record of it all. */
import { asUnsiloError, UnsiloError } from '../core/errors.ts'
import { sameJson } from '../core/ids.ts'
import type { Carried, RunRecord, Skip, SourceState, Traffic } from '../core/ledger.ts'
import { emptyBatch, type Store } from '../core/store.ts'
import { carriedOn } from './carried.ts'
import type { Allowance } from './guard.ts'
import type { Plan } from './plan.ts'
import type { Tally } from './tally.ts'

export interface Ended {
  readonly source: string
  readonly runId: string
  readonly store: Store
  /** ISO 8601, UTC. */
  readonly startedAt: string
  readonly endedAt: string
  readonly plan: Plan | null
  readonly tally: Tally
  /** By the runs before it. */
  readonly carried: Carried
  readonly allowed: Allowance
  readonly error: UnsiloError | null
  readonly traffic?: () => Traffic
}

/** The cursor, what was skipped and the run's record, together. What kept them from being stored, if so. */
export async function finish(ended: Ended, run: RunRecord): Promise<UnsiloError | null> {
  const { source, store } = ended
  const state = stateOf(ended)
  try {
    const skipped = await skippedOf(ended)
    const batch = { ...emptyBatch(source), ...(state && { state }), ...(skipped && { skipped }), run }
    await store.apply(batch)
    return null
  } catch (thrown) {
    return asUnsiloError(thrown)
  }
}

/** Of a run that ended before its plan was done, only where unsilo itself cut it: then it is known how far it came. */
function stateOf({ plan, tally, error }: Ended): SourceState | null {
  if (plan === null) return null
  if (error === null || error.code === plan.failure?.code) return nextState(plan, tally)
  return CUT.has(error.code) ? nextState(plan, tally) : null
}

const CUT: ReadonlySet<string> = new Set(['INTERRUPTED', 'OUT_OF_TIME'])

/**
 * The last cursor with nothing failed or left undone before it; null leaves the stored one. A pass is closed only by a
 * receipt whose cursor is stored; while it is open the ids seen so far are kept with the cursor, for the run that
 * continues it.
 */
function nextState(plan: Plan, tally: Tally): SourceState | null {
  const held = Math.min(plan.cursors.length, ...tally.failedSegments, ...tally.openSegments())
  const cursor = plan.cursors[held - 1]
  if (cursor === undefined) return null
  const closes = !plan.passOpen || (plan.receipt !== null && held === plan.cursors.length)
  const seen = closes ? null : [...plan.seen].sort()
  const state = { cursor, seen, policy: plan.policy }
  return plan.state !== null && sameJson(plan.state, state) ? null : state
}

/** As the source said it in this run, and since when; null where nothing new was said, or the run is not to be believed. */
async function skippedOf({ source, store, plan, error, endedAt }: Ended) {
  if (plan === null || error !== null) return null
  const before = new Map((await store.skips(source)).map((skip) => [skip.id, skip]))
  const list = plan.skipped.map(({ id, reason }): Skip => {
    const known = before.get(id)
    return known?.reason === reason ? known : { id, reason, at: endedAt }
  })
  const all = plan.seesAll
  const isKnown = list.every((skip) => before.get(skip.id) === skip)
  return isKnown && (!all || before.size === list.length) ? null : { all, list }
}

export function runRecord(ended: Ended): RunRecord {
  const { runId, source, startedAt, endedAt, tally, plan, error, traffic } = ended
  const failures = countByCode(tally)
  const carried = carriedOn(ended)
  return {
    id: runId,
    source,
    startedAt,
    endedAt,
    outcome: outcome(tally, error),
    counts: tally.counts(),
    ...(plan && { from: plan.from }),
    ...(plan?.receipt && { receipt: plan.receipt }),
    ...(plan && { notes: plan.notes }),
    ...(error && { error: { code: error.code, message: error.message } }),
    ...(Object.keys(failures).length > 0 && { failures }),
    ...(traffic && { traffic: traffic() }),
    ...(carried && { carried }),
  }
}

function countByCode({ failed }: Tally): Readonly<Record<string, number>> {
  const counts = new Map<string, number>()
  for (const { code } of failed) counts.set(code, (counts.get(code) ?? 0) + 1)
  return Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)))
}

function outcome(tally: Tally, error: UnsiloError | null): RunRecord['outcome'] {
  if (error !== null && CUT.has(error.code)) return 'interrupted'
  if (error?.code === 'GUARD_TRIPPED') return 'guarded'
  if (error !== null) return 'failed'
  return tally.failed.length > 0 ? 'partial' : 'ok'
}

/** The error with what it means for this run, where only its end tells. */
export function inFull(source: string, error: UnsiloError | null, plan: Plan | null, tally: Tally): UnsiloError | null {
  if (error?.code !== 'OUT_OF_TIME') return error
  const say = (what: string, hint: string) =>
    new UnsiloError('OUT_OF_TIME', `${source}: time ran out ${what}.`, { hint })
  if (plan === null || (plan.failure !== null && plan.cursors.length === 0)) {
    return say(
      'before the source was listed to its end, and its listing can’t be continued where it was left',
      'Nothing was removed. The next run begins this listing again: give it more time.',
    )
  }
  const listed = `${plan.listed} ${plan.listed === 1 ? 'document was' : 'documents were'} listed`
  if (plan.failure !== null)
    return say(`while ${listed}`, 'What was finished is stored; the next run goes on from there.')
  const open = tally.openCount()
  return say(
    `with ${open} ${open === 1 ? 'document' : 'documents'} still to be stored`,
    'What was finished is stored; the next run goes on.',
  )
}
