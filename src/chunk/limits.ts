/** How large chunks are, in tokens. */
import { countTokens, estimateTokens } from './tokens.ts'

/** No chunk has more, its heading path counted in. */
export const LIMIT = 512
/** What is packed together is aimed at lying between these two. */
export const AIM_LOW = 200
export const AIM_HIGH = 400
/** Too little to stand alone, wherever something fits beside it. */
export const TINY = 40

/** Exact where it could decide whether something fits, else estimated. */
export function measure(text: string, start = 0, end: number = text.length): number {
  const estimate = estimateTokens(text, start, end)
  return estimate > LIMIT * 0.6 && estimate < LIMIT * 2 ? countTokens(text.slice(start, end)) : estimate
}
