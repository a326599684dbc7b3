/** A markdown text and the tokens of its parts: each character is tokenized once, however many parts are measured. */
import { measured } from './limits.ts'
import { countTokens, estimateTokens, type Pieces, piecesOf } from './tokens.ts'

export interface Source {
  readonly markdown: string
  /** What `countTokens` says of the part. */
  count(start: number, end: number): number
  /** Exact where it could decide whether something fits, else estimated. */
  measure(start: number, end: number): number
}

export function sourceOf(markdown: string): Source {
  let pieces: Pieces | null = null

  function count(start: number, end: number): number {
    pieces ??= piecesOf(markdown)
    return countBetween(markdown, pieces, start, end)
  }

  return {
    markdown,
    count,
    measure: (start, end) => measured(estimateTokens(markdown, start, end), () => count(start, end)),
  }
}

/**
 * The tokenizer reads a text piece by piece and never looks back, so what begins with a piece of the whole text has the
 * same pieces, but for its last: that one is counted anew. White space is cut by what follows it, so a part that ends
 * in some is counted whole.
 */
function countBetween(markdown: string, pieces: Pieces, start: number, end: number): number {
  const first = upTo(pieces.starts, start)
  const isSame = pieces.starts[first] === start && isText(markdown.charCodeAt(end - 1)) && end > start
  if (!isSame || isLowSurrogate(markdown.charCodeAt(end))) return countTokens(markdown.slice(start, end))
  const last = upTo(pieces.starts, end)
  const before = (pieces.totals[last] ?? 0) - (pieces.totals[first] ?? 0)
  const rest = pieces.starts[last] ?? end
  return rest === end ? before : before + countTokens(markdown.slice(rest, end))
}

/** Index of the last that is not greater; `starts` begins with 0. */
function upTo(starts: readonly number[], offset: number): number {
  let low = 0
  let high = starts.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((starts[middle] ?? 0) <= offset) low = middle
    else high = middle - 1
  }
  return low
}

/** No white space, of which there is a little outside of ASCII. */
function isText(code: number): boolean {
  return code > 32 && (code < 127 || !/\s/.test(String.fromCharCode(code)))
}

function isLowSurrogate(code: number): boolean {
  return code >= 0xdc00 && code <= 0xdfff
}
