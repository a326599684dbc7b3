/** Stops a run that would take away, or show to more people, an unusual share of a source. */
import { UnsiloError } from '../core/errors.ts'
import type { Plan } from './plan.ts'

/** How many a person has allowed; 0 for what is usual. */
export interface Allowance {
  readonly deletes: number
  readonly wider: number
}

/** More than 20 % and more than 10, or more than 500, or all of three or more. */
export function isUnusual(count: number, stored: number): boolean {
  if (count > 500) return true
  if (count > 10 && count > stored * 0.2) return true
  return stored >= 3 && count >= stored
}

/**
 * All that stood in one place, if that is more than 20 % of the source or more than 10: a space that the account lost
 * looks like this, and may be too small a part of the source to be unusual otherwise.
 */
export function isWholePlace(count: number, stored: number): boolean {
  return count >= 3 && (count > 10 || count > stored * 0.2)
}

/** The error that stops this plan, or null. Nothing has been applied when it is thrown. */
export function guard(plan: Plan, allowed: Allowance): UnsiloError | null {
  const { removals, stored } = plan
  if (isRefused(removals, allowed.deletes, stored)) {
    return tripped(plan, `would remove ${removals} of ${stored} documents`, 'allow-deletes', removals)
  }
  for (const [place, count] of plan.emptied) {
    if (removals <= allowed.deletes || !isWholePlace(count, stored)) continue
    return tripped(plan, `would remove all ${count} documents in ${JSON.stringify(place)}`, 'allow-deletes', removals)
  }
  const wider = plan.widened.length
  if (isRefused(wider, allowed.wider, stored)) {
    return tripped(plan, `would let more people read ${wider} of ${stored} documents`, 'allow-wider', wider)
  }
  return null
}

/** Whoever states a number means no more than that, however usual more would be. */
function isRefused(count: number, allowed: number, stored: number): boolean {
  return count > allowed && (allowed > 0 || isUnusual(count, stored))
}

function tripped(plan: Plan, what: string, flag: string, count: number): UnsiloError {
  return new UnsiloError('GUARD_TRIPPED', `${plan.source}: this run ${what}, so it was stopped. Nothing was changed.`, {
    hint: `See which: unsilo sync ${plan.source} --dry-run. If it is right: unsilo sync ${plan.source} --${flag} ${count}`,
  })
}
