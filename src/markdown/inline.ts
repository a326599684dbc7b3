/** A paragraph's runs as light DOM nodes: marks become nested elements, placed where markdown can say them. */

import { autolink, escapeText } from './escape.ts'
import { element, type LightNode, textNode } from './light-dom.ts'
import { endsInWord, isMailAddress, isSpace, placeMarks, startsWithWord } from './marks.ts'
import { type Marks, PLAIN, type Run, sameMarks } from './outline.ts'
import { isOwnAddress } from './urls.ts'

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
      if (own[mark]) ends[mark] = goesOn(mark, own, next) ? (reach[i + 1]?.[mark] ?? i + 1) : i + 1
    }
    reach[i] = ends
  }
  return reach
}

/** Nothing can stand inside of code, so code is cut wherever another mark begins or ends. */
function goesOn(mark: Mark, own: Marks, next: Marks): boolean {
  return mark === 'code' ? sameMarks(own, next) : own[mark] === next[mark]
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

function nextMark(paragraph: Paragraph, at: number, end: number, open: Marks): Mark | null {
  const { pieces } = paragraph
  const marks = pieces[at]?.marks ?? PLAIN
  if (marks === PLAIN || isSpace(pieces[at])) return null
  let best: Mark | null = null
  let furthest = at
  for (const mark of isAddress(pieces[at]) ? ADDRESS_ORDER : ORDER) {
    if (!marks[mark] || open[mark]) continue
    const until = endOfMark(paragraph, mark, at, end)
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
    if (end === start + 1 && isAddress(pieces[start])) return addressNode(pieces[start], inCell)
    return element('A', [...nodesBetween(paragraph, start, end, open)], { url, inCell })
  }
  const name = mark === 'strong' ? 'STRONG' : mark === 'emphasis' ? 'EM' : 'DEL'
  return element(name, [...nodesBetween(paragraph, start, end, open)], {
    lineStart: !inCell && !place.inHeading && startsLine(pieces, start, outside.open),
    wordBefore: start > outside.start && touchesEnd(pieces[start - 1], outside.open),
    wordAfter: end < outside.end && touchesStart(pieces[end], outside.open),
  })
}

/** A code span in a cell can't hold a backslash before a bar: readers differ on which of the two it escapes. */
function codeNode(text: string, inCell: boolean, inLink: boolean): LightNode {
  if (inCell && text.includes('\\|')) return textNode(escapeText(text, { ...ANYWHERE, inCell, inLink }))
  return element('CODE', [], { text, inCell })
}

function isAddress(run: Run | undefined): boolean {
  if (run?.type !== 'text' || run.marks.code || run.marks.link === null) return false
  return isOwnAddress(run.text, run.marks.link.url)
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
    lineStart: !inCell && !place.inHeading && startsLine(pieces, at, open),
    headingEnd: place.inHeading && until === pieces.length,
    inLink: open.link !== null,
    inCell,
    followed: next !== undefined && !isSpace(next) && !(next.type === 'text' && next.text.startsWith(' ')),
    beforeBreak: next?.type === 'break' && !inCell,
    beforeLink: next?.type === 'image' || (next !== undefined && next.marks.link !== null && open.link === null),
  }
  return textNode(escapeText(joinTexts(pieces, at, until), position))
}

function startsLine(pieces: readonly Run[], at: number, open: Marks): boolean {
  return at === 0 ? open === PLAIN : pieces[at - 1]?.type === 'break'
}

const ANYWHERE = {
  lineStart: false,
  headingEnd: false,
  inLink: false,
  inCell: false,
  beforeLink: false,
  followed: false,
  beforeBreak: false,
}

function joinTexts(pieces: readonly Run[], start: number, end: number): string {
  const texts: string[] = []
  for (let i = start; i < end; i += 1) {
    const piece = pieces[i]
    if (piece?.type === 'text') texts.push(piece.text)
  }
  return texts.join('')
}

function touchesEnd(run: Run | undefined, open: Marks): boolean {
  return run?.type === 'text' && (opensDeleted(run, open) || (standsPlain(run, open) && endsInWord(run.text)))
}

function touchesStart(run: Run | undefined, open: Marks): boolean {
  return run?.type === 'text' && (opensDeleted(run, open) || (standsPlain(run, open) && startsWithWord(run.text)))
}

function standsPlain(run: Run, open: Marks): boolean {
  return sameMarks(isMailAddress(run) ? { ...run.marks, link: null } : run.marks, open)
}

/** To a reader of strikethrough `~~` is not punctuation. */
function opensDeleted(run: Run, open: Marks): boolean {
  return run.marks.deleted && !open.deleted
}
