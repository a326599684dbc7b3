/** A paragraph's runs as light DOM nodes: marks become nested elements, placed where markdown can say them. */

import { autolink, escapeText } from './escape.ts'
import { element, type LightNode, textNode } from './light-dom.ts'
import { placeMarks } from './marks.ts'
import { type Marks, PLAIN, type Run, sameMarks } from './outline.ts'

export interface InlinePlace {
  readonly inCell: boolean
  readonly inHeading: boolean
}

type Mark = 'link' | 'deleted' | 'strong' | 'emphasis' | 'code'

/** Outermost first, where two marks reach equally far. */
const ORDER: readonly Mark[] = ['link', 'deleted', 'strong', 'emphasis', 'code']

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
    if (mark === null) {
      yield pieceNode(paragraph, at, open)
      at += 1
      continue
    }
    const until = Math.min(end, paragraph.reach[at]?.[mark] ?? at + 1)
    yield markNode(paragraph, mark, at, until, { start, end, open })
    at = until
  }
}

function nextMark({ pieces, reach }: Paragraph, at: number, end: number, open: Marks): Mark | null {
  const marks = pieces[at]?.marks ?? PLAIN
  let best: Mark | null = null
  let furthest = at
  for (const mark of ORDER) {
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
  if (mark === 'code') return element('CODE', [], { text: codeText(pieces, start, end), inCell })
  const own = pieces[start]?.marks ?? PLAIN
  const open = { ...outside.open, [mark]: own[mark] }
  if (mark === 'link') {
    const url = own.link?.url ?? ''
    if (end === start + 1 && isOwnAddress(pieces[start], url)) return textNode(addressNode(url, inCell))
    return element('A', [...nodesBetween(paragraph, start, end, open)], { url, inCell })
  }
  const name = mark === 'strong' ? 'STRONG' : mark === 'emphasis' ? 'EM' : 'DEL'
  return element(name, [...nodesBetween(paragraph, start, end, open)], {
    wordBefore: start > outside.start && endsInWord(pieces[start - 1], outside.open),
    wordAfter: end < outside.end && startsWithWord(pieces[end], outside.open),
  })
}

/** A link that shows nothing but its address is written as the address. */
function isOwnAddress(run: Run | undefined, url: string): boolean {
  if (run?.type !== 'text' || !sameMarks({ ...run.marks, link: null }, PLAIN)) return false
  if (url === `mailto:${run.text}`)
    return /^[a-z0-9][a-z0-9.+-]{0,63}@[a-z0-9-]{1,63}(\.[a-z]{2,20}){1,4}$/i.test(run.text)
  return url === run.text && /^https?:\/\/[^\s<>\\]+$/i.test(url)
}

function addressNode(url: string, inCell: boolean): string {
  return url.startsWith('mailto:') ? url.slice('mailto:'.length) : autolink(url, inCell)
}

function pieceNode({ pieces, place }: Paragraph, at: number, open: Marks): LightNode {
  const piece = pieces[at]
  const { inCell } = place
  if (piece === undefined || piece.type === 'checkbox') return textNode('')
  if (piece.type === 'break') return textNode(inCell ? '<br>' : '\\\n')
  if (piece.type === 'image') {
    const alt = escapeText(piece.alt, { ...EVERYWHERE, inLink: true, inCell })
    return element('IMG', [], { alt, url: piece.url, inCell })
  }
  const next = pieces[at + 1]
  const position = {
    lineStart: !inCell && !place.inHeading && (at === 0 || pieces[at - 1]?.type === 'break'),
    headingEnd: place.inHeading && at === pieces.length - 1,
    inLink: open.link !== null,
    inCell,
    beforeLink: next !== undefined && (next.marks.link !== null || next.type === 'image'),
  }
  return textNode(escapeText(piece.text, position))
}

const EVERYWHERE = { lineStart: false, headingEnd: false, inLink: false, inCell: false, beforeLink: false }

function codeText(pieces: readonly Run[], start: number, end: number): string {
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
