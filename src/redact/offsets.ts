/** Where a place of a text is once parts of it were replaced. */

/** `[start, end)` of the text as it was became so many characters. In order, without overlaps. */
export interface Edit {
  readonly start: number
  readonly end: number
  readonly length: number
}

/** Of a place inside a part that was replaced, the side that is asked for. */
export type Side = 'before' | 'behind'

export function movedBy(edits: readonly Edit[]): (offset: number, side: Side) => number {
  const shifts: number[] = [0]
  for (const { start, end, length } of edits) shifts.push((shifts.at(-1) ?? 0) + length - (end - start))
  return (offset, side) => {
    const at = lastAt(edits, offset)
    const edit = edits[at]
    if (edit === undefined) return offset
    if (offset >= edit.end) return offset + (shifts[at + 1] ?? 0)
    const start = edit.start + (shifts[at] ?? 0)
    return offset === edit.start || side === 'before' ? start : start + edit.length
  }
}

/** The last edit that starts at the offset or before it; -1 where none does. */
function lastAt(edits: readonly Edit[], offset: number): number {
  let low = 0
  let high = edits.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((edits[middle]?.start ?? 0) <= offset) low = middle + 1
    else high = middle
  }
  return low - 1
}
