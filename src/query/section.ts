/** What a small passage stands in: little is found exactly, and understood only with what is around it. */
import type { Chunk } from '../core/document.ts'
import type { FoundPassage, Index, Reader } from '../core/store.ts'

export interface Section {
  /** Markdown, the passage included. */
  readonly text: string
  /** Offsets into the document's markdown, in UTF-16 code units: `[start, end)`. */
  readonly start: number
  readonly end: number
}

/** In tokens: passages of more stand for themselves, and no section has more. */
const SMALL = 150
const LONGEST = 400
/** Chunks that are looked at on either side. */
const AROUND = 6

/**
 * The passage with its neighbours under the same headings, as far as they fit, those behind it first; null where it is
 * not small, has none, or where another text has taken its place meanwhile.
 */
export async function sectionOf(
  index: Index,
  { document, chunk }: FoundPassage,
  { as }: Pick<Reader, 'as'>,
): Promise<Section | null> {
  if (chunk.tokens >= SMALL) return null
  const chunks = await index.neighbours({ document: document.head.id, ordinal: chunk.ordinal, most: AROUND, as })
  const at = chunks.findIndex(({ id, ordinal }) => id === chunk.id && ordinal === chunk.ordinal)
  if (at === -1) return null
  let tokens = chunk.tokens
  const fits = (next: Chunk | undefined): boolean => {
    if (next === undefined || !isUnder(chunk.headings, next.headings) || tokens + next.tokens > LONGEST) return false
    tokens += next.tokens
    return true
  }
  let [first, last] = [at, at]
  while (fits(chunks[last + 1])) last++
  while (fits(chunks[first - 1])) first--
  if (first === last) return null
  const parts = chunks.slice(first, last + 1)
  const [start, end] = [parts[0]?.start ?? 0, parts.at(-1)?.end ?? 0]
  return { text: parts.map(({ text }) => text).join('\n\n'), start, end }
}

/** The same headings or deeper ones; what stands under none has none in common with the rest. */
function isUnder(headings: readonly string[], others: readonly string[]): boolean {
  if (headings.length === 0) return others.length === 0
  return headings.every((heading, at) => others[at] === heading)
}
