/** Runs of units on their way to being chunks: packed within a section, joined between small ones, cut when too large. */
import { AIM_HIGH, AIM_LOW, LIMIT, TINY } from './limits.ts'
import { framedTokens, partsOf, type Unit } from './units.ts'

export interface Draft {
  /** Neighbours in the text, at least one. */
  readonly units: readonly Unit[]
  readonly tokens: number
  /** The ids of the headings that all of the content stands under, outermost first. */
  readonly path: readonly number[]
  /** False where there are only headings. */
  readonly hasContent: boolean
}

/** Cutting these between their parts harms none of the parts. */
const LOOSE = new Set<Unit['kind']>(['list', 'quote', 'table', 'text'])
const DEEPEST_HEADING = 6
/** What estimates add up to may be this much and still be under the limit. */
const NEARLY_LIMIT = LIMIT * 0.9

/** One section's units as drafts of even size; `budget` is what the limit leaves beside the heading path. */
export function packed(markdown: string, units: readonly Unit[], budget: number): Draft[] {
  const total = units.reduce((sum, unit) => sum + unit.tokens, 0)
  const aim = total <= budget ? budget : Math.max(AIM_LOW, total / Math.ceil(total / AIM_HIGH))
  const drafts: Draft[] = []
  const open = units.toReversed()
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const last = drafts.at(-1)
    const parts = last === undefined ? [] : partsToFill(markdown, last, next, budget)
    for (const part of parts.toReversed()) open.push(part)
    if (parts.length > 0) continue
    const draft = draftOf(next)
    if (last !== undefined && fits(last, next, budget) && !isFull(last, next, aim))
      drafts.splice(-1, 1, both(last, draft))
    else drafts.push(draft)
  }
  return drafts
}

/**
 * Small neighbours become one: the deepest sections first, so that siblings meet under their own heading before they
 * meet its neighbours. Headings without content go with what follows.
 */
export function joined(drafts: readonly Draft[]): Draft[] {
  let result = withHeadingsAhead(drafts)
  for (let depth = DEEPEST_HEADING; depth >= 0; depth--) result = joinedAt(result, depth)
  return result
}

/** In two near the middle; a single unit into its parts; just the draft itself where there is nothing to cut. */
export function divided(markdown: string, draft: Draft): Draft[] {
  const [first, ...rest] = draft.units
  if (first === undefined) return []
  if (rest.length > 0) {
    const at = middle(draft)
    return [draft.units.slice(0, at), draft.units.slice(at)].flatMap((units) => packed(markdown, units, LIMIT))
  }
  const parts = partsOf(markdown, first)
  return parts.length === 0 ? [draft] : packed(markdown, parts, first.tokens * 0.6)
}

/** A lead-in ("The steps are:") or a heading gets company from a large list, table or text behind it. */
function partsToFill(markdown: string, last: Draft, next: Unit, budget: number): Unit[] {
  const isShort = last.tokens < TINY
  return isShort && LOOSE.has(next.kind) && !fits(last, next, budget) ? partsOf(markdown, next) : []
}

function fits(last: Draft, next: Unit, budget: number): boolean {
  return last.tokens + (last.units[0]?.frame?.tokens ?? 0) + framedTokens(next) <= budget
}

/** Nearer to the aim without the next unit than with it. */
function isFull(last: Draft, next: Unit, aim: number): boolean {
  return last.hasContent && last.tokens >= AIM_LOW && last.tokens + next.tokens / 2 > aim
}

function draftOf(unit: Unit): Draft {
  return { units: [unit], tokens: unit.tokens, path: unit.path, hasContent: unit.kind !== 'heading' }
}

function both(a: Draft, b: Draft): Draft {
  const units = [...a.units, ...b.units]
  return { units, tokens: a.tokens + b.tokens, path: pathOfBoth(a, b), hasContent: a.hasContent || b.hasContent }
}

/** Bare headings add to the path of what stands under them and take nothing from it. */
function pathOfBoth(a: Draft, b: Draft): readonly number[] {
  let same = 0
  while (same < a.path.length && a.path[same] === b.path[same]) same++
  return !a.hasContent && same === a.path.length ? b.path : a.path.slice(0, same)
}

/**
 * No heading may be lost: each one that holds for some of the text must be in the text or on the path. What begins
 * inside the text is in it, so it is enough that the path keeps the headings that began before it.
 */
function keepsHeadings(a: Draft, b: Draft): boolean {
  const first = a.units[0]
  const begunBefore = first === undefined ? 0 : first.path.length - (first.kind === 'heading' ? 1 : 0)
  return pathOfBoth(a, b).length >= begunBefore
}

function withHeadingsAhead(drafts: readonly Draft[]): Draft[] {
  const reversed: Draft[] = []
  for (const draft of drafts.toReversed()) {
    const next = reversed.at(-1)
    const goes = next !== undefined && !draft.hasContent && draft.tokens + next.tokens <= NEARLY_LIMIT
    if (goes && keepsHeadings(draft, next)) reversed.splice(-1, 1, both(draft, next))
    else reversed.push(draft)
  }
  return reversed.reverse()
}

function joinedAt(drafts: readonly Draft[], depth: number): Draft[] {
  const result: Draft[] = []
  for (const draft of drafts) {
    const last = result.at(-1)
    if (last !== undefined && areJoined(last, draft, depth)) result.splice(-1, 1, both(last, draft))
    else result.push(draft)
  }
  return result
}

function areJoined(a: Draft, b: Draft, depth: number): boolean {
  const least = Math.min(a.tokens, b.tokens)
  const most = least < TINY ? NEARLY_LIMIT : least < AIM_LOW ? AIM_HIGH : 0
  return a.tokens + b.tokens <= most && pathOfBoth(a, b).length >= depth && keepsHeadings(a, b)
}

/** Where to cut, not behind a heading if that can be. */
function middle({ units, tokens }: Draft): number {
  let at = 0
  let before = 0
  while (at < units.length - 1 && before < tokens / 2) before += units[at++]?.tokens ?? 0
  let cut = at
  while (cut > 0 && units[cut - 1]?.kind === 'heading') cut--
  return cut > 0 ? cut : Math.max(1, at)
}
