/** A paragraph's runs as light DOM nodes: marks become nested elements, placed where markdown can say them. */

import { autolink, escapeText } from './escape.ts'
import { element, type LightNode, textNode } from './light-dom.ts'
import { isSpace, placeMarks } from './marks.ts'
import { type Marks, PLAIN, type Run, sameMarks } from './outline.ts'

export interface InlinePlace {
  readonly inCell: boolean
  readonly inHeading: boolean
}

type Mark = 'link' | 'deleted' | 'strong' | 'emphasis' | 'code'

/** Outermost first, where two marks reach equally far. */
const ORDER: readonly Mark[] = ['link', 'deleted', 'strong', 'emphasis', 'code']

/** An address is written as it is, so its other marks go around it. */
const ADDRESS_ORDER: readonly Mark[] = ['deleted', 'strong', 'emphasis', 'link']

/** The top level's nodes one after the other, so that a caller can write a long paragraph in parts. */
export function* inlineNodes(runs: readonly Run[], place: InlinePlace): Generator<LightNode> {
  const pieces = placeMarks(runs)
  const reach = pieces.every(({ marks }) => marks === PLAIN) ? [] : reachOf(pieces)
  yield* nodesBetween({ pieces, reach, place }, 0, pieces.length, PLAIN)
}

interface Paragraph {
  readonly pieces: readonly Run[]
  /** For each piece, where each of its marks ends. */
  readonly reach: readonly Readonly<Record<Mark, number>>[]
  readonly place: InlinePlace
}

function reachOf(pieces: readonly Run[]): Readonly<Record<Mark, number>>[] {
  const reach: Record<Mark, number>[] = new Array(pieces.length)
  const none: Record<Mark, number> = { link: 0, deleted: 0, strong: 0, emphasis: 0, code: 0 }
  for (let i = pieces.length - 1; i >= 0; i -= 1) {
    const own = pieces[i]?.marks ?? PLAIN
    const next = pieces[i + 1]?.marks ?? PLAIN
    const ends = { ...none }
    for (const mark of ORDER) {
      if (own[mark]) ends[mark] = own[mark] === next[mark] ? (reach[i + 1]?.[mark] ?? i + 1) : i + 1
    }
    reach[i] = ends
  }
  return reach
}

/** Recursion is as deep as there are marks. */
function* nodesBetween(paragraph: Paragraph, start: number, end: number, open: Marks): Generator<LightNode> {
  let at = start
  while (at < end) {
    const mark = nextMark(paragraph, at, end, open)
    const until = mark === null ? endOfText(paragraph, at, end, open) : endOfMark(paragraph, mark, at, end)
    if (mark === null) yield plainNode(paragraph, at, until, open)
    else yield markNode(paragraph, mark, at, until, { start, end, open })
    at = until
  }
}

/** Behind the texts that can be written in one. */
function endOfText(paragraph: Paragraph, at: number, end: number, open: Marks): number {
  const { pieces } = paragraph
  let until = at + 1
  if (pieces[at]?.type !== 'text') return until
  while (until < end && pieces[until]?.type === 'text' && nextMark(paragraph, until, end, open) === null) until += 1
  return until
}

/** A mark that another one cuts off must not end in the white space that stood in its middle. */
function endOfMark({ pieces, reach }: Paragraph, mark: Mark, at: number, end: number): number {
  let until = Math.min(end, reach[at]?.[mark] ?? at + 1)
  while (until > at + 1 && isSpace(pieces[until - 1])) until -= 1
  return until
}

function nextMark({ pieces, reach }: Paragraph, at: number, end: number, open: Marks): Mark | null {
  const marks = pieces[at]?.marks ?? PLAIN
  if (marks === PLAIN || isSpace(pieces[at])) return null
  let best: Mark | null = null
  let furthest = at
  for (const mark of isOwnAddress(pieces[at], marks.link?.url) ? ADDRESS_ORDER : ORDER) {
    if (!marks[mark] || open[mark]) continue
    const until = Math.min(end, reach[at]?.[mark] ?? 0)
    if (until > furthest) {
      furthest = until
      best = mark
    }
  }
  return best
}

interface Outside {
  readonly start: number
  readonly end: number
  readonly open: Marks
}

function markNode(paragraph: Paragraph, mark: Mark, start: number, end: number, outside: Outside): LightNode {
  const { pieces, place } = paragraph
  const { inCell } = place
  if (mark === 'code') return codeNode(joinTexts(pieces, start, end), inCell, outside.open.link !== null)
  const own = pieces[start]?.marks ?? PLAIN
  const open = { ...outside.open, [mark]: own[mark] }
  if (mark === 'link') {
    const url = own.link?.url ?? ''
    if (end === start + 1 && isOwnAddress(pieces[start], url)) return addressNode(pieces[start], inCell)
    return element('A', [...nodesBetween(paragraph, start, end, open)], { url, inCell })
  }
  const name = mark === 'strong' ? 'STRONG' : mark === 'emphasis' ? 'EM' : 'DEL'
  return element(name, [...nodesBetween(paragraph, start, end, open)], {
    wordBefore: start > outside.start && endsInWord(pieces[start - 1], outside.open),
    wordAfter: end < outside.end && startsWithWord(pieces[end], outside.open),
  })
}

/** Some readers lose a link whose text holds a code span of more than one backtick. */
function codeNode(text: string, inCell: boolean, inLink: boolean): LightNode {
  if (inLink && text.includes('`')) return textNode(escapeText(text, { ...ANYWHERE, inLink, inCell }))
  return element('CODE', [], { text, inCell })
}

/** A link that shows nothing but its address is written as the address; `url` may be its encoded form. */
function isOwnAddress(run: Run | undefined, url: string | undefined): boolean {
  if (run?.type !== 'text' || run.marks.code || url === undefined) return false
  if (url.startsWith('mailto:')) return url.slice('mailto:'.length) === run.text && MAIL.test(run.text)
  return url.length >= run.text.length && WEB.test(run.text) && (url === run.text || url === encoded(run.text))
}

const MAIL = /^[a-z0-9][a-z0-9.+-]{0,63}@[a-z0-9-]{1,63}(\.[a-z]{2,20}){1,4}$/i
const WEB = /^https?:\/\/[^\s<>\\]+$/i

function encoded(url: string): string {
  return encodeURI(url).replaceAll('%25', '%')
}

function addressNode(run: Run | undefined, inCell: boolean): LightNode {
  const text = run?.type === 'text' ? run.text : ''
  return textNode(text.includes('://') ? autolink(text, inCell) : text)
}

/** One image or break, or texts. */
function plainNode({ pieces, place }: Paragraph, at: number, until: number, open: Marks): LightNode {
  const piece = pieces[at]
  const { inCell } = place
  if (piece === undefined || piece.type === 'checkbox') return textNode('')
  if (piece.type === 'break') return textNode(inCell ? '<br>' : '\\\n')
  if (piece.type === 'image') {
    const alt = escapeText(piece.alt, { ...ANYWHERE, inLink: true, inCell })
    return element('IMG', [], { alt, url: piece.url, inCell })
  }
  const next = pieces[until]
  const position = {
    lineStart: !inCell && !place.inHeading && (at === 0 || pieces[at - 1]?.type === 'break'),
    headingEnd: place.inHeading && until === pieces.length,
    inLink: open.link !== null,
    inCell,
    followed: next !== undefined && next.type !== 'break',
    beforeLink: next !== undefined && (next.marks.link !== null || next.type === 'image'),
  }
  return textNode(escapeText(joinTexts(pieces, at, until), position))
}

const ANYWHERE = { lineStart: false, headingEnd: false, inLink: false, inCell: false, beforeLink: false, followed: false }

function joinTexts(pieces: readonly Run[], start: number, end: number): string {
  const texts: string[] = []
  for (let i = start; i < end; i += 1) {
    const piece = pieces[i]
    if (piece?.type === 'text') texts.push(piece.text)
  }
  return texts.join('')
}

function endsInWord(run: Run | undefined, open: Marks): boolean {
  return run?.type === 'text' && sameMarks(run.marks, open) && /[^\s\p{P}\p{S}]$/u.test(run.text.slice(-2))
}

function startsWithWord(run: Run | undefined, open: Marks): boolean {
  return run?.type === 'text' && sameMarks(run.marks, open) && /^[^\s\p{P}\p{S}]/u.test(run.text)
}
