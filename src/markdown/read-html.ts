/** HTML source to an outline: which elements are open, which end tags are implied, what is hidden. Never recurses. */

import { type Attributes, isMuted, PLAIN_LOOK, visibilityOf } from '../core/visibility/hidden.ts'
import { type StyleSheet, styleSheetOf } from '../core/visibility/style-sheet.ts'
import { addEmbedded, addVoid, isBlock, openElement, type Workshop } from './elements.ts'
import { readTokens } from './html-tokens.ts'
import { type PageBlock, PLAIN } from './outline.ts'
import { createOutlineBuilder, type Place } from './outline-builder.ts'
import type { Tally } from './tally.ts'

/** Elements open at once; further ones are read for their text only. */
const MAX_OPEN = 100_000
/** How far up an end tag is looked for, so that a page of stray end tags stays linear. */
const MAX_SCAN = 256

const VOID = new Set([
  ...['area', 'base', 'basefont', 'br', 'col', 'command', 'embed', 'frame', 'hr', 'image', 'img', 'input', 'isindex'],
  ...['keygen', 'link', 'meta', 'param', 'source', 'track', 'wbr'],
])
/** What ends a heading that it stands in; other blocks there are only a space. */
const CONTAINERS = new Set(['ul', 'ol', 'menu', 'dir', 'li', 'dd', 'table', 'blockquote', 'pre', 'listing', 'xmp'])
const EMBEDDED = new Set(['iframe', 'video', 'audio'])
const CELLS = new Set(['td', 'th', 'caption'])
const HEADINGS = new Set(['h1', 'h2', 'h3', 'h4', 'h5', 'h6'])
/** They end no paragraph: a list of them stands in it. */
const CHOICES = new Set(['option', 'optgroup'])
const TABLE_PARTS = new Set(['table', 'thead', 'tbody', 'tfoot', 'tr', ...CELLS])

/** Start tag -> the open elements it ends, and those it never looks beyond. */
const IMPLIED_END = new Map<string, { readonly ends: ReadonlySet<string>; readonly within: ReadonlySet<string> }>([
  ['li', { ends: new Set(['li']), within: new Set(['ul', 'ol', 'menu', 'dir', 'blockquote', 'table', ...CELLS]) }],
  ...['dt', 'dd'].map(
    (name) => [name, { ends: new Set(['dt', 'dd']), within: new Set(['dl', 'table', ...CELLS]) }] as const,
  ),
  ...['td', 'th'].map(
    (name) => [name, { ends: new Set(['td', 'th', 'caption']), within: new Set(['table', 'tr']) }] as const,
  ),
  ['tr', { ends: new Set(['tr', 'caption']), within: new Set(['table']) }],
  ...['thead', 'tbody', 'tfoot'].map(
    (name) => [name, { ends: new Set(['thead', 'tbody', 'tfoot', 'caption']), within: new Set(['table']) }] as const,
  ),
  ['option', { ends: new Set(['option']), within: new Set(['select', 'datalist']) }],
  ...[1, 2, 3, 4, 5, 6].map(
    (level) => [`h${level}`, { ends: HEADINGS, within: new Set(['div', ...TABLE_PARTS]) }] as const,
  ),
])

interface Frame {
  readonly name: string
  /** What held before the element. */
  readonly outer: Place
}

/** Counts what is dropped in `tally`: `comment`, `hidden-element`, `invisible-character`, `unsafe-link`, `data-uri`, `depth`. */
export function readHtml(html: string, tally: Tally): PageBlock[] {
  const blocks: PageBlock[] = []
  const reader = createReader(blocks, tally, styleSheetOf(html))
  readTokens(html, reader)
  reader.end()
  return blocks
}

function createReader(blocks: PageBlock[], tally: Tally, sheet: StyleSheet) {
  const builder = createOutlineBuilder(tally)
  const workshop: Workshop = { builder, tally }
  const frames: Frame[] = []
  /** How many elements of a kind are open. */
  const opened = new Map<string, number>()
  let place: Place = {
    ...{ parent: { type: 'blocks', blocks }, marks: PLAIN, heading: 0, indent: 0 },
    ...{ code: null, look: PLAIN_LOOK, gone: false, inExcerpt: false, include: null },
  }
  /** Elements open beyond `MAX_OPEN`, and the number of the one among them that hides what follows. */
  let excess = 0
  let excessGone = 0
  let foreign = 0

  function count(name: string, change: number) {
    const kind = kindOf(name)
    opened.set(kind, (opened.get(kind) ?? 0) + change)
  }

  function isOpen(name: string): boolean {
    return (opened.get(kindOf(name)) ?? 0) > 0
  }

  function push(name: string, inside: Place) {
    frames.push({ name, outer: place })
    count(name, 1)
    if (name === 'svg' || name === 'math') foreign += 1
    place = inside
  }

  function pop() {
    const frame = frames.pop()
    if (frame === undefined) return
    count(frame.name, -1)
    if (isBlock(frame.name)) endBlock(frame.outer)
    if (frame.name === 'svg' || frame.name === 'math') foreign -= 1
    place = frame.outer
  }

  function endBlock(outer: Place) {
    if (place.code !== null && outer.code === null) builder.endCode(outer, place.code)
    else boundary(outer.heading > 0)
  }

  /** Between blocks. Code keeps it as a line break, a heading as a space. */
  function boundary(inHeading: boolean) {
    if (place.gone) return
    if (place.code !== null) endCodeLine(place.code.pieces)
    else if (place.heading > 0 && inHeading) builder.add({ type: 'break', marks: place.marks })
    else builder.endParagraph(place)
  }

  function popTo(index: number) {
    while (frames.length > index) pop()
  }

  /** The innermost open element of these, or -1. */
  function find(names: (name: string) => boolean, isWall: (name: string) => boolean): number {
    const end = Math.max(0, frames.length - MAX_SCAN)
    for (let i = frames.length - 1; i >= end; i -= 1) {
      const name = frames[i]?.name ?? ''
      if (names(name)) return i
      if (isWall(name)) return -1
    }
    return -1
  }

  function endImplied(name: string) {
    const implied = IMPLIED_END.get(name)
    if (implied !== undefined) {
      const index = find(
        (open) => implied.ends.has(open),
        (open) => implied.within.has(open),
      )
      if (index !== -1) popTo(index)
    }
    const isPart = (TABLE_PARTS.has(name) && name !== 'table') || CHOICES.has(name)
    if (isPart || !(isBlock(name) || name === 'hr')) return
    const paragraph = find((open) => open === 'p', isBlock)
    if (paragraph !== -1) popTo(paragraph)
  }

  function enter(name: string, attributes: Attributes): Place {
    if (place.gone) return place
    const { gone, look, counted } = visibilityOf(name, attributes, place.look, sheet)
    if (counted) tally.add('hidden-element')
    if (gone && EMBEDDED.has(name) && place.code === null) addEmbedded(place, attributes, workshop)
    if (gone) return { ...place, gone }
    if (isBlock(name)) boundary(!CONTAINERS.has(name))
    const inside = place.code !== null && isBlock(name) ? place : openElement(name, place, attributes, workshop)
    return look === inside.look ? inside : { ...inside, look }
  }

  return {
    open(name: string, attributes: Attributes, selfClosing: boolean) {
      if (VOID.has(name)) {
        if (place.gone) return
        if (name === 'hr') endImplied('hr')
        if (visibilityOf(name, attributes, place.look, sheet).gone) tally.add('hidden-element')
        else if (place.code === null) addVoid(name, place, attributes, workshop)
        else if (name === 'br') place.code.pieces.push('\n')
        return
      }
      endImplied(name)
      if (frames.length >= MAX_OPEN) {
        if (excess === 0) tally.add('depth')
        excess += 1
        if (excessGone === 0 && visibilityOf(name, attributes, place.look, sheet).gone) excessGone = excess
        if (isBlock(name)) boundary(true)
        return
      }
      push(name, enter(name, attributes))
      if (selfClosing && foreign > 0) pop()
    },
    close(name: string) {
      if (name === 'br') this.open('br', new Map(), false)
      if (VOID.has(name)) return
      if (excess > 0) {
        excess -= 1
        if (excess < excessGone) excessGone = 0
        if (isBlock(name)) boundary(true)
        return
      }
      const index = findEnd(name)
      if (index !== -1) popTo(index)
      else if (name === 'p' || (isBlock(name) && isOpen(name))) boundary(true)
    },
    text(data: string) {
      if (place.gone || isMuted(place.look) || excessGone > 0) return
      if (place.code !== null) place.code.pieces.push(data)
      else builder.add({ type: 'text', text: data, marks: place.marks })
    },
    comment() {
      if (!place.gone) tally.add('comment')
    },
    isForeign: () => foreign > 0,
    end() {
      popTo(0)
      builder.endParagraph(place)
    },
  }

  function findEnd(name: string): number {
    if (!isOpen(name)) return -1
    const kind = kindOf(name)
    const isWall = TABLE_PARTS.has(name) ? isTable : isTablePart
    return find((open) => kindOf(open) === kind, isWall)
  }
}

/** The end tag of any heading ends any heading. */
function kindOf(name: string): string {
  return HEADINGS.has(name) ? 'heading' : name
}

function isTable(name: string): boolean {
  return name === 'table'
}

function isTablePart(name: string): boolean {
  return TABLE_PARTS.has(name)
}

function endCodeLine(pieces: string[]): void {
  const last = pieces.at(-1)
  if (last !== undefined && !last.endsWith('\n')) pieces.push('\n')
}
