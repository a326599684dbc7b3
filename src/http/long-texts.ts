/**
 * Cuts strings of a JSON answer while it arrives, where they are longer than any text of which all is read: one page of
 * 100 MB neither fails the listing or the hundred pages that it comes with, nor is it ever in memory.
 */

const QUOTE = 0x22
const BACKSLASH = 0x5c
const SMALL_U = 0x75

/**
 * What is left of an answer, part by part. A string keeps more than `longest` UTF-16 code units where it had more, so
 * that whoever reads it sees that it is too long.
 */
export function cutLongTexts(longest: number): (part: Uint8Array) => Uint8Array[] {
  let isString = false
  /** Bytes that belong to an escape sequence, or to be decided by what follows the backslash. */
  let escaped = 0
  let units = 0
  let isCutting = false

  return (part) => {
    const kept: Uint8Array[] = []
    let from = 0
    for (let at = 0; at < part.length; at++) {
      const byte = part[at] as number
      if (!isString) {
        if (byte !== QUOTE) continue
        isString = true
        units = 0
      } else if (escaped > 0) {
        escaped = escaped === 5 && byte === SMALL_U ? 4 : escaped === 5 ? 0 : escaped - 1
      } else if (byte === QUOTE) {
        isString = false
        if (isCutting) from = at
        isCutting = false
      } else if ((byte & 0xc0) !== 0x80) {
        units += 1
        if (units > longest + 1 && !isCutting) {
          kept.push(part.subarray(from, at))
          isCutting = true
        }
        if (byte === BACKSLASH) escaped = 5
      }
    }
    if (!isCutting) kept.push(part.subarray(from))
    return kept
  }
}
