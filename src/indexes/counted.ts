/** Counts of chunks that hold a word, as they are kept from question to question: nobody counts on for longer than is asked. */

export interface Counted {
  readonly chunks: number
  /** Counted up to so many. */
  readonly most: number
}

/** Who asks whether there is any asks next whether there are so many. */
export const LEAST_COUNTED = 20
/** Characters of what was counted, and of who asked, of all readers together; then all are counted anew. */
export const MOST_COUNTS = 2_000_000

/** Whether it says what counting up to `most` would. */
export function saysEnough(known: Counted, most: number): boolean {
  return known.chunks < known.most || known.most >= most
}
