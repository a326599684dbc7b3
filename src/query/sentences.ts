/** A chunk's sentences as they stand in it: each is a part of the markdown, told by its place. */

/** Offsets into the markdown, in UTF-16 code units: `[start, end)`. */
export interface Sentence {
  readonly start: number
  readonly end: number
}

/** Of a huge chunk only so much is looked at. */
const LONGEST = 20_000
/** What is shorter says nothing by itself, what is longer is no sentence. */
const LENGTHS = { least: 12, most: 600 } as const
/** Marks of quotes and list items. */
const LINE_START = /^[ \t]*(?:>[ \t]*)*(?:[-*+][ \t]+(?:\[[ xX]\][ \t]+)?|\d{1,9}[.)][ \t]+)?/
const FENCE = /^\s*(?:`{3,}|~{3,})/
/** Headings, rows of tables, rules and underlines. */
const NO_SENTENCE = /^\s*(?:#{1,6}\s|\||[-=*_:\s|]*$)/

/** `language`: of the text, ISO 639-1. Headings, tables and code hold none. */
export function sentencesOf(markdown: string, language: string): readonly Sentence[] {
  const text = markdown.slice(0, LONGEST)
  const segmenter = new Intl.Segmenter(language, { granularity: 'sentence' })
  return blocksOf(text).flatMap((block) => [...within(text, block, segmenter)])
}

/** Paragraphs and items of lists. A line that goes on is no end of a sentence. */
function blocksOf(text: string): readonly Sentence[] {
  const blocks: { start: number; end: number }[] = []
  let isCode = false
  let isOpen = false
  let at = 0
  for (const line of text.split('\n')) {
    const end = at + line.length
    const [mark = ''] = LINE_START.exec(line) ?? []
    if (FENCE.test(line)) isCode = !isCode
    const says = !isCode && !FENCE.test(line) && !NO_SENTENCE.test(line)
    const last = blocks.at(-1)
    if (says && isOpen && last !== undefined && mark.trim() === '') last.end = end
    else if (says) blocks.push({ start: at + mark.length, end })
    isOpen = says
    at = end + 1
  }
  return blocks
}

function* within(text: string, { start, end }: Sentence, segmenter: Intl.Segmenter): Iterable<Sentence> {
  const block = text.slice(start, end).replaceAll('\n', ' ')
  for (const { segment, index } of segmenter.segment(block)) {
    const from = start + index + (segment.length - segment.trimStart().length)
    const to = start + index + segment.trimEnd().length
    if (to - from >= LENGTHS.least && to - from <= LENGTHS.most) yield { start: from, end: to }
  }
}
