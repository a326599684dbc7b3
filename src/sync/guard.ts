/** Stops a run that would take away, or show to more people, an unusual share of a source. */
import { UnsiloError } from '../core/errors.ts'
import type { Plan } from './plan.ts'

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

/** The error that stops this plan, or null. Nothing has been applied when it is thrown. */
export function guard(plan: Plan, allowed: Allowance): UnsiloError | null {
  if (plan.removals > allowed.deletes && isUnusual(plan.removals, plan.stored)) {
    return tripped(plan, `would remove ${plan.removals} of ${plan.stored} documents`, 'allow-deletes', plan.removals)
  }
  const wider = plan.widened.length
  if (wider > allowed.wider && isUnusual(wider, plan.stored)) {
    return tripped(plan, `would let more people read ${wider} of ${plan.stored} documents`, 'allow-wider', wider)
  }
  return null
}

function tripped(plan: Plan, what: string, flag: string, count: number): UnsiloError {
  return new UnsiloError('GUARD_TRIPPED', `${plan.source}: this run ${what}, so it was stopped. Nothing was changed.`, {
    hint: `See which: unsilo sync ${plan.source} --dry-run. If it is right: unsilo sync ${plan.source} --${flag} ${count}`,
  })
}
