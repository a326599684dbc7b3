/** Whether two rankings of the same questions differ by more than chance. */

export interface Comparison {
  /** The second mean less the first. */
  readonly difference: number
  /** How often chance alone makes a difference as large, either way. */
  readonly p: number
  readonly better: number
  readonly worse: number
  readonly same: number
}

const ROUNDS = 10_000
const SEED = 20_240_229
/** Sums of the same numbers in another order differ in their last bits. */
const EQUAL = 1e-9

/**
 * Fisher's paired randomization test, two-sided: the signs of the questions' differences are drawn anew 10,000 times
 * (https://doi.org/10.1145/1321440.1321528). The seed is fixed: the same runs give the same p.
 */
export function compare(first: readonly number[], second: readonly number[]): Comparison {
  const differences = second.map((value, at) => value - (first[at] ?? 0))
  const differing = differences.filter((difference) => Math.abs(difference) > EQUAL)
  const better = differing.filter((difference) => difference > 0).length
  const total = sum(differing)
  return {
    difference: differences.length === 0 ? 0 : total / differences.length,
    p: probability(differing, Math.abs(total)),
    better,
    worse: differing.length - better,
    same: differences.length - differing.length,
  }
}

function probability(differences: readonly number[], observed: number): number {
  const random = mulberry32(SEED)
  let asLarge = 0
  for (let round = 0; round < ROUNDS; round++) {
    let drawn = 0
    for (const difference of differences) drawn += random() < 0.5 ? difference : -difference
    if (Math.abs(drawn) >= observed - EQUAL) asLarge++
  }
  return (asLarge + 1) / (ROUNDS + 1)
}

function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0)
}

/** Numbers in [0, 1): enough for drawing signs, and the same everywhere. */
export function mulberry32(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
