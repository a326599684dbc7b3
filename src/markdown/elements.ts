/** What each HTML element means for the outline. */

import type { Attributes } from '../core/visibility/hidden.ts'
import { cleanCharacters } from './characters.ts'
import { type Block, type Link, type List, MAX_INDENT, type Table } from './outline.ts'
import { addCell, type CodeDraft, flowOf, impliedItem, type OutlineBuilder, type Place } from './outline-builder.ts'
import type { Tally } from './tally.ts'
import { safeUrl } from './urls.ts'

/** More than a list of records takes: a table inside a table inside a table is enough. */
const TABLE_INDENT = 8
/** Of an excerpt or of a document. */
const LONGEST_NAME = 500

export interface Workshop {
  readonly builder: OutlineBuilder
  readonly tally: Tally
}

/** Called after the element's start tag was read and the open paragraph ended; answers what holds inside. */
type Opening = (place: Place, attributes: Attributes, workshop: Workshop) => Place

const INLINE = new Map<string, Opening>([
  ...each(['strong', 'b'], (place) => marked(place, { strong: true })),
  ...each(['em', 'i', 'cite', 'dfn', 'var'], (place) => marked(place, { emphasis: true })),
  ...each(['del', 's', 'strike'], (place) => marked(place, { deleted: true })),
  ...each(['code', 'kbd', 'samp', 'tt'], openCodeSpan),
  ['a', openLink],
])

const BLOCK = new Map<string, Opening>([
  ...each(
    [
      ...['address', 'article', 'aside', 'body', 'center', 'details', 'dialog', 'div', 'dl', 'fieldset', 'figcaption'],
      ...['figure', 'footer', 'form', 'header', 'hgroup', 'html', 'legend', 'main', 'nav', 'optgroup', 'option', 'p'],
      ...['search', 'section', 'select', 'textarea'],
    ],
    (place) => place,
  ),
  ...each(['summary', 'dt'], (place) => marked(place, { strong: true })),
  ...[1, 2, 3, 4, 5, 6].map((level): [string, Opening] => [`h${level}`, (place) => openHeading(place, level)]),
  ...each(['pre', 'listing', 'xmp', 'plaintext'], openCode),
  ['blockquote', openQuote],
  ...each(['ul', 'menu', 'dir'], (place, _attributes, workshop) => openList(place, false, 1, workshop)),
  ['ol', (place, attributes, workshop) => openList(place, true, startOf(attributes), workshop)],
  ...each(['li', 'dd'], openItem),
  ['table', openTable],
  ['caption', (place) => (hasTable(place.parent) ? into(place, place.parent.table.above) : place)],
  ['thead', (place) => openSection(place, true)],
  ...each(['tbody', 'tfoot'], (place) => openSection(place, false)),
  ['tr', openRow],
  ['td', (place, attributes) => openCell(place, attributes, false)],
  ['th', (place, attributes) => openCell(place, attributes, true)],
  ['unsilo-include', openInclude],
  ['unsilo-excerpt', openExcerpt],
])

export function isBlock(name: string): boolean {
  return BLOCK.has(name)
}

export function openElement(name: string, place: Place, attributes: Attributes, workshop: Workshop): Place {
  const opening = BLOCK.get(name) ?? INLINE.get(name)
  return opening === undefined ? place : opening(place, attributes, workshop)
}

function openCodeSpan(place: Place, attributes: Attributes): Place {
  if (place.code !== null && place.code.language === '') place.code.language = languageOf(attributes)
  return marked(place, { code: true })
}

function openLink(place: Place, attributes: Attributes, { tally }: Workshop): Place {
  const href = attributes.get('href') ?? ''
  if (href.trim() === '') return place
  const url = safeUrl(href)
  if (url === null) tally.add('unsafe-link')
  const link: Link | null = url === null ? null : { url }
  return marked(place, { link })
}

function openHeading(place: Place, level: number): Place {
  return place.heading > 0 ? place : { ...place, heading: level }
}

function openCode(place: Place, attributes: Attributes): Place {
  const code: CodeDraft = { pieces: [], language: languageOf(attributes) }
  return place.code === null ? { ...place, code } : place
}

function openQuote(place: Place, _attributes: Attributes, { builder, tally }: Workshop): Place {
  if (isTooDeep(place, 2, tally)) return place
  const blocks: Block[] = []
  builder.addBlock(place, { type: 'quote', blocks })
  return indented(into(place, blocks), 2)
}

function openList(place: Place, ordered: boolean, start: number, { builder, tally }: Workshop): Place {
  const indent = ordered ? `${start}0. `.length : 2
  if (isTooDeep(place, indent, tally)) return place
  const list: List = { type: 'list', ordered, start, items: [], implied: false }
  builder.addBlock(place, list)
  return indented({ ...place, heading: 0, parent: { type: 'list', list } }, indent)
}

function openItem(place: Place, _attributes: Attributes, { tally }: Workshop): Place {
  if (place.parent.type === 'list') {
    const item: Block[] = []
    place.parent.list.items.push(item)
    return into(place, item)
  }
  if (isTooDeep(place, 2, tally)) return place
  return indented(into(place, impliedItem(flowOf(place.parent))), 2)
}

function openTable(place: Place, _attributes: Attributes, { builder, tally }: Workshop): Place {
  if (isTooDeep(place, TABLE_INDENT, tally)) return place
  const table: Table = { type: 'table', rows: [], above: [] }
  builder.addBlock(place, table)
  return indented({ ...place, heading: 0, parent: { type: 'table', table, head: false } }, TABLE_INDENT)
}

function openSection(place: Place, head: boolean): Place {
  return place.parent.type === 'table' ? { ...place, parent: { ...place.parent, head } } : place
}

function openRow(place: Place): Place {
  if (place.parent.type !== 'table') return place
  const { table, head } = place.parent
  const row = { head, cells: [] }
  table.rows.push(row)
  return { ...place, parent: { type: 'row', table, row } }
}

function openCell(place: Place, attributes: Attributes, header: boolean): Place {
  if (!hasTable(place.parent)) return place
  const blocks: Block[] = []
  addCell(place.parent, {
    header,
    columns: spanOf(attributes.get('colspan'), 1),
    rows: spanOf(attributes.get('rowspan'), 0),
    blocks,
  })
  return into(place, blocks)
}

/** A link that stands for another document. Anyone may write this element: whoever resolves it checks who may read. */
function openInclude(place: Place, attributes: Attributes): Place {
  const target = nameOf(attributes.get('target')) ?? ''
  if (!isInPageFlow(place) || target === '') return place
  return { ...place, include: { target, part: nameOf(attributes.get('part')) } }
}

function openExcerpt(place: Place, attributes: Attributes, { builder }: Workshop): Place {
  if (!isInPageFlow(place) || place.inExcerpt) return place
  const blocks: Block[] = []
  builder.addBlock(place, { type: 'excerpt', name: nameOf(attributes.get('name')) ?? '', blocks })
  return { ...into(place, blocks), inExcerpt: true }
}

/** Null where there is none. Longer ones are cut: no source has any. */
function nameOf(value: string | undefined): string | null {
  return value?.trim().slice(0, LONGEST_NAME).toWellFormed() ?? null
}

/** In no quote, list or cell, where text of others would have to be made to fit. */
function isInPageFlow({ indent, heading, code, include }: Place): boolean {
  return indent === 0 && heading === 0 && code === null && include === null
}

/** Images, breaks and other elements without content. */
export function addVoid(name: string, place: Place, attributes: Attributes, workshop: Workshop): void {
  const { builder, tally } = workshop
  const { marks } = place
  if (name === 'br') builder.add({ type: 'break', marks })
  if (name === 'hr') {
    builder.endParagraph(place)
    builder.addBlock(place, { type: 'rule' })
  }
  if (place.look.isInvisible) return
  if (name === 'img' || name === 'image') addImage(place, attributes, workshop)
  if (name === 'input' && /^(checkbox|radio)$/i.test(attributes.get('type') ?? '')) {
    builder.add({ type: 'checkbox', checked: attributes.has('checked'), marks })
  }
  if (name === 'embed') addEmbedded(place, attributes, { builder, tally })
}

/** A frame, video or sound, as a link to it. */
export function addEmbedded(place: Place, attributes: Attributes, { builder, tally }: Workshop): void {
  const source = attributes.get('src') ?? attributes.get('data-src') ?? ''
  if (source === '' || source === 'about:blank') return
  const url = safeUrl(source)
  if (url === null) {
    tally.add('unsafe-link')
    return
  }
  const text = attributes.get('title')?.trim() || url
  builder.endParagraph(place)
  builder.add({ type: 'text', text, marks: { ...place.marks, link: { url } } })
  builder.endParagraph(place)
}

function addImage({ marks }: Place, attributes: Attributes, { builder, tally }: Workshop): void {
  const alt = attributes.get('alt') ?? ''
  if (attributes.get('width') === '1' && attributes.get('height') === '1') return
  const source = attributes.get('src')?.trim() ?? ''
  const isInline = /^data:/i.test(source)
  const url = safeUrl(isInline || source === '' ? (attributes.get('data-src') ?? '') : source)
  if (url !== null) {
    const { text, removed } = cleanCharacters(alt)
    tally.add('invisible-character', removed)
    builder.add({ type: 'image', alt: text.replace(/\s+/gu, ' ').trim(), url, marks })
    return
  }
  if (source !== '') tally.add(isInline ? 'data-uri' : 'unsafe-link')
  builder.add({ type: 'text', text: alt, marks })
}

function isTooDeep(place: Place, indent: number, tally: Tally): boolean {
  if (place.indent + indent <= MAX_INDENT) return false
  tally.add('depth')
  return true
}

function into(place: Place, blocks: Block[]): Place {
  return { ...place, heading: 0, parent: { type: 'blocks', blocks } }
}

function indented(place: Place, columns: number): Place {
  return { ...place, indent: place.indent + columns }
}

function marked(place: Place, marks: Partial<Place['marks']>): Place {
  return { ...place, marks: { ...place.marks, ...marks } }
}

function hasTable(parent: Place['parent']): parent is Place['parent'] & { readonly type: 'table' | 'row' } {
  return parent.type === 'table' || parent.type === 'row'
}

/** `rowspan=0` means down to the end of the section; here of the table, which the caller bounds. */
function spanOf(value: string | undefined, zero: number): number {
  const span = /^\s*\d{1,9}/.exec(value ?? '1')
  if (span === null) return 1
  return Number(span[0]) === 0 ? (zero === 0 ? Number.MAX_SAFE_INTEGER : zero) : Number(span[0])
}

function startOf(attributes: Attributes): number {
  const start = attributes.get('start') ?? '1'
  return /^\d{1,5}$/.test(start) ? Number(start) : 1
}

/** From `class="language-js"`, `data-language="js"` and the brush of older highlighters. */
function languageOf(attributes: Attributes): string {
  const named = attributes.get('data-language') ?? attributes.get('data-lang')
  const classes = /(?:^|\s)(?:language|lang|highlight-source)-([^\s]+)/.exec(attributes.get('class') ?? '')
  const brush = /brush:\s*([^\s;]+)/.exec(
    `${attributes.get('class')} ${attributes.get('data-syntaxhighlighter-params')}`,
  )
  const language = (named ?? classes?.[1] ?? brush?.[1] ?? '').trim()
  return /^[\w.+#/-]{1,40}$/.test(language) ? language : ''
}

function each(names: readonly string[], opening: Opening): [string, Opening][] {
  return names.map((name) => [name, opening])
}
