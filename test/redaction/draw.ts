/** Choices of the generator: the same seed gives the same sentences. Knows nothing of src/redact. */

export interface Draw {
  /** A whole number from `least` to `most`, both included. */
  integer(least: number, most: number): number
  pick<T>(items: readonly T[]): T
  /** So many digits; the first is not 0 unless `first` says so. */
  digits(count: number, first?: string): string
  /** So many characters of the alphabet. */
  text(count: number, alphabet: string): string
}

/** Mulberry32. */
export function createDraw(seed: number): Draw {
  let state = seed >>> 0
  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const integer = (least: number, most: number): number => least + Math.floor(next() * (most - least + 1))
  const pick = <T>(items: readonly T[]): T => items[integer(0, items.length - 1)] as T
  const text = (count: number, alphabet: string): string =>
    Array.from({ length: count }, () => pick([...alphabet])).join('')
  return {
    integer,
    pick,
    text,
    digits: (count, first = pick([...'123456789'])) =>
      count === 0 ? '' : first + text(count - first.length, '0123456789'),
  }
}
