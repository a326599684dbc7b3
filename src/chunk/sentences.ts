/** Cuts running text: after sentences and lines, between words, and at last inside a word. */

export interface Span {
  readonly start: number
  readonly end: number
}

const BREAKS = /\s+|[。！？]/g
const ENDS_SENTENCE = /[.!?…][)\]"'»”’*_]{0,4}$/
const SLICE = 32

export function sentencesOf(markdown: string, start: number, end: number): Span[] {
  return cut(markdown, start, end, (space, before) => space.includes('\n') || ENDS_SENTENCE.test(before))
}

export function wordsOf(markdown: string, start: number, end: number): Span[] {
  return cut(markdown, start, end, () => true)
}

/** Pieces of 32 characters, never between the halves of a surrogate pair. */
export function slicesOf(markdown: string, start: number, end: number): Span[] {
  const slices: Span[] = []
  for (let from = start; from < end; ) {
    const to = Math.min(end, isLowSurrogate(markdown.charCodeAt(from + SLICE)) ? from + SLICE + 1 : from + SLICE)
    slices.push({ start: from, end: to })
    from = to
  }
  return slices
}

function cut(markdown: string, start: number, end: number, isEnd: (space: string, before: string) => boolean): Span[] {
  const spans: Span[] = []
  let from = start
  for (const { 0: found, index } of markdown.slice(start, end).matchAll(BREAKS)) {
    const at = start + index
    const wide = isWideStop(found)
    const stop = wide ? at + found.length : at
    if (stop === from || !(wide || isEnd(found, markdown.slice(Math.max(from, at - 6), at)))) continue
    spans.push({ start: from, end: stop })
    from = at + found.length
  }
  if (from < end) spans.push({ start: from, end })
  return spans
}

function isWideStop(found: string): boolean {
  return found === '。' || found === '！' || found === '？'
}

function isLowSurrogate(code: number): boolean {
  return code >= 0xdc00 && code <= 0xdfff
}
