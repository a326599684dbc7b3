/** Whether bytes can be a whole JSON object or list, without the cost of reading it: a proxy's page or a cut answer can't. */

const [QUOTE, BACKSLASH] = [0x22, 0x5c]
const OPENING = [0x7b, 0x5b]
const CLOSING = [0x7d, 0x5d]
const BLANKS = [0x20, 0x09, 0x0a, 0x0d]
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf]

/** Brackets are balanced, and nothing stands behind the last; what is between them is for the parser to judge. */
export function isWholeJson(bytes: Uint8Array): boolean {
  let at = BYTE_ORDER_MARK.every((byte, index) => bytes[index] === byte) ? BYTE_ORDER_MARK.length : 0
  while (isOneOf(BLANKS, bytes[at])) at += 1
  if (!isOneOf(OPENING, bytes[at])) return false
  let depth = 0
  for (; at < bytes.length; at += 1) {
    const byte = bytes[at]
    if (byte === QUOTE) at = endOfString(bytes, at)
    else if (isOneOf(OPENING, byte)) depth += 1
    else if (isOneOf(CLOSING, byte)) depth -= 1
    if (depth === 0) break
  }
  if (depth !== 0) return false
  for (at += 1; at < bytes.length; at += 1) if (!isOneOf(BLANKS, bytes[at])) return false
  return true
}

/** The index of the closing quote, or the length where there is none. */
function endOfString(bytes: Uint8Array, start: number): number {
  let end = bytes.indexOf(QUOTE, start + 1)
  while (end !== -1 && backslashesBefore(bytes, end) % 2 === 1) end = bytes.indexOf(QUOTE, end + 1)
  return end === -1 ? bytes.length : end
}

function backslashesBefore(bytes: Uint8Array, at: number): number {
  let count = 0
  while (bytes[at - 1 - count] === BACKSLASH) count += 1
  return count
}

function isOneOf([one, other, third, fourth]: readonly number[], byte: number | undefined): boolean {
  return byte !== undefined && (byte === one || byte === other || byte === third || byte === fourth)
}
