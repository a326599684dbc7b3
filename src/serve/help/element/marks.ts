/** Text with marks in it, as parts: never as HTML. */

export interface Part {
  readonly text: string
  readonly isMarked: boolean
}

/** @param ranges start and end, in UTF-16 code units, in any order; what lies outside of the text is cut away */
export function partsOf(text: string, ranges: readonly (readonly number[])[]): readonly Part[] {
  const parts: Part[] = []
  let at = 0
  for (const [start = 0, end = 0] of [...ranges].sort(([a = 0], [b = 0]) => a - b)) {
    const [from, to] = [Math.max(start, at), Math.min(end, text.length)]
    if (to <= from) continue
    if (from > at) parts.push({ text: text.slice(at, from), isMarked: false })
    parts.push({ text: text.slice(from, to), isMarked: true })
    at = to
  }
  if (at < text.length) parts.push({ text: text.slice(at), isMarked: false })
  return parts
}

const WORD = /[\p{L}\p{N}]+/gu
const SHORTEST = 2

/** Where words of the text begin as words of the query do, whatever their accents and case. */
export function rangesOf(text: string, query: string): readonly (readonly [number, number])[] {
  const asked = [...query.matchAll(WORD)].map(([word]) => folded(word)).filter((word) => word.length >= SHORTEST)
  return [...text.matchAll(WORD)]
    .filter(([word]) => asked.some((prefix) => folded(word).startsWith(prefix)))
    .map(({ 0: word, index }) => [index, index + word.length])
}

function folded(word: string): string {
  return word.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
}
