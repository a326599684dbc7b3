/** Stops a run that would take away, or show to more people, an unusual share of a source. */
import { UnsiloError } from '../core/errors.ts'
import type { Carried } from '../core/ledger.ts'
import { isUnusual } from '../core/unusual.ts'
import { NOTHING_CARRIED } from './carried.ts'
import { narrowedHead } from './decision.ts'
import { bareTexts, type Plan } from './plan.ts'

/** How many a person has allowed; 0 for what is usual. */
export interface Allowance {
  readonly deletes: number
  readonly wider: number
}

/**
 * All that stood in one place, if that is more than 20 % of the source or more than 10: a space that the account lost
 * looks like this, and may be too small a part of the source to be unusual otherwise.
 */
export function isWholePlace(count: number, stored: number): boolean {
  return count >= 3 && (count > 10 || count > stored * 0.2)
}

/**
 * The error that stops this plan, or null. It says what is done of the plan all the same.
 * @param carried what runs before it did, that were cut: counted together with this plan
 */
export function guard(
  plan: Plan,
  allowed: Allowance,
  dryRun: boolean,
  carried: Carried = NOTHING_CARRIED,
): UnsiloError | null {
  const { stored } = plan
  const tripped = (what: string, flag: Trip['flag'], count: number) => {
    const most = flag === 'allow-deletes' ? allowed.deletes : allowed.wider
    return stopped(plan, { what: most === 0 ? what : `${what}, and ${most} are allowed`, flag, count, dryRun })
  }
  const removals = together(plan.removals, carried.removed)
  const before = stored + removals - plan.removals
  if (isRefused(removals, allowed.deletes, before)) {
    return tripped(`would remove ${counted(plan.removals, removals, before, 'removed')}`, 'allow-deletes', removals)
  }
  for (const [place, count] of plan.emptied) {
    if (removals <= allowed.deletes || !isWholePlace(count, stored)) continue
    return tripped(`would remove all ${count} documents in ${JSON.stringify(place)}`, 'allow-deletes', removals)
  }
  const wider = together(plan.widened.length, carried.widened)
  if (isRefused(wider, allowed.wider, stored)) {
    const what = counted(plan.widened.length, wider, stored, 'let them read')
    return tripped(`would let more people read ${what}`, 'allow-wider', wider)
  }
  return null
}

/** A plan that adds nothing to it is stopped by nothing. */
function together(own: number, carried: number): number {
  return own === 0 ? 0 : own + carried
}

function counted(own: number, all: number, stored: number, did: string): string {
  if (own === all) return `${own} of ${stored} documents`
  return `${documents(own)}, ${all} of ${stored} together with what the runs before it ${did} that were cut`
}

/** Whoever states a number means no more than that, however usual more would be. */
function isRefused(count: number, allowed: number, stored: number): boolean {
  return count > allowed && (allowed > 0 || isUnusual(count, stored))
}

interface Trip {
  readonly what: string
  readonly flag: 'allow-deletes' | 'allow-wider'
  readonly count: number
  readonly dryRun: boolean
}

function stopped(plan: Plan, { what, flag, count, dryRun }: Trip): UnsiloError {
  const end = dryRun ? 'would be stopped' : 'was stopped'
  return new UnsiloError('GUARD_TRIPPED', `${plan.source}: this run ${what}, so it ${end}. ${outcome(plan, dryRun)}`, {
    hint: `See which: unsilo sync ${plan.source} --dry-run. If it is right: unsilo sync ${plan.source} --${flag} ${count}`,
  })
}

function outcome(plan: Plan, dryRun: boolean): string {
  const bare = bareTexts(plan)
  const narrowed = [...plan.decisions.known()].filter((decision) => narrowedHead(decision) !== null).length
  const facts = [
    ...(narrowed > 0
      ? [`${dryRun ? 'fewer people would' : 'fewer people'} read ${documents(narrowed)}, as the source says`]
      : []),
    ...(bare.length > 0 ? [`personal data ${dryRun ? 'would leave' : 'left'} ${documents(bare.length)}`] : []),
  ]
  if (facts.length === 0) return `Nothing ${dryRun ? 'would be' : 'was'} changed.`
  const said = facts.join('; ')
  return `${said.charAt(0).toUpperCase()}${said.slice(1)}; nothing else ${dryRun ? 'would be' : 'was'} changed.`
}

function documents(count: number): string {
  return `${count} ${count === 1 ? 'document' : 'documents'}`
}
