/**
 * HTML as a reader sees it, on htmlparser2's parser and not on the converter's. Where tags are not well nested, nobody can
 * say what a hidden element hides or which row a cell is in: from there on texts are only known to be there or not.
 */
import { Parser } from 'htmlparser2'
import type { Reading } from './letters.ts'

/** Never shown. */
const GONE = new Set(
  'script style template head title noscript noembed noframes svg iframe audio video datalist'.split(' '),
)
/** Shown by some, or read in a way of their own. */
const UNSURE = new Set(
  'object canvas applet map annotation annotation-xml math dialog xmp plaintext listing textarea frameset'.split(' '),
)
const TABLE_PARTS = new Set(['table', 'thead', 'tbody', 'tfoot', 'tr', 'colgroup'])
/** In a cell, these get a sign of their own or make the table a list. */
const NO_CELL_TEXT = new Set(
  'caption ul ol li menu dir dl dt dd pre listing xmp hr table embed iframe video audio'.split(' '),
)
const VOID = new Set(
  'area base basefont br col command embed frame hr image img input isindex keygen link meta param source track wbr'.split(
    ' ',
  ),
)
const CELLS = new Set(['td', 'th', 'caption'])
const EMBEDDED = new Set(['img', 'image', 'embed', 'iframe', 'video', 'audio'])
/** Where these belong; elsewhere they end what they stand in. */
const PARENTS: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ['li', new Set(['ul', 'ol', 'menu', 'dir'])],
  ['dt', new Set(['dl'])],
  ['dd', new Set(['dl'])],
  ['tr', new Set(['table', 'thead', 'tbody', 'tfoot'])],
  ['td', new Set(['tr'])],
  ['th', new Set(['tr'])],
  ['thead', new Set(['table'])],
  ['tbody', new Set(['table'])],
  ['tfoot', new Set(['table'])],
  ['option', new Set(['select', 'optgroup', 'datalist'])],
])
/** An open paragraph ends where one of these begins, and with it all that is open in it. */
const ENDS_PARAGRAPH = new Set(
  `address article aside blockquote body center details dialog dir div dl dd dt fieldset figcaption figure footer form h1 h2
   h3 h4 h5 h6 header hgroup hr html legend li listing main menu nav ol optgroup option p plaintext pre search section
   select summary table textarea ul xmp`.split(/\s+/),
)
const DOUBTFUL_STYLE =
  /visibility|opacity|position|indent|font|color|overflow|mso|height|left|top|background|display|\\/i

type Attributes = Readonly<Record<string, string>>

interface Element {
  readonly name: string
  readonly seen: 'yes' | 'maybe' | 'no'
}

export function readHtml(html: string): Reading {
  const found: { text: string; seen: Element['seen']; isAfterHiding: boolean }[] = []
  const extras: string[] = []
  const open: Element[] = []
  const names = new Set<string>()
  let isNested = true
  let isPlain = true
  let hides = false

  const parser = new Parser({
    onopentag(name, attributes) {
      const seen = seenOf(name, attributes, open.at(-1)?.seen ?? 'yes')
      const isInTable = open.some((element) => element.name === 'table')
      const parent = open.at(-1)?.name ?? ''
      names.add(name)
      if (!(PARENTS.get(name)?.has(parent) ?? true) || endsSomething(name, open)) isNested = false
      if (TABLE_PARTS.has(parent) && !PARENTS.get(name)?.has(parent)) isPlain = false
      hides ||= seen !== 'yes'
      if (isInTable && (NO_CELL_TEXT.has(name) || 'colspan' in attributes || 'rowspan' in attributes)) isPlain = false
      if (EMBEDDED.has(name) && !isSafeImage(name, attributes)) {
        isPlain = false
        extras.push(...Object.values(attributes))
        found.push({ text: attributes['alt'] ?? '', seen: 'maybe', isAfterHiding: hides })
      }
      open.push({ name, seen })
    },
    onclosetag(name, isImplied) {
      if (isImplied && !VOID.has(name)) isNested = false
      open.pop()
    },
    ontext(text) {
      const { name = '', seen = 'yes' } = open.at(-1) ?? {}
      if (TABLE_PARTS.has(name) && text.trim() !== '') isPlain = false
      found.push({ text, seen, isAfterHiding: hides })
    },
  })
  parser.write(html)
  parser.end()

  const read = isNested ? found.filter(({ seen }) => seen !== 'no') : found
  const texts = read.map(({ text, seen, isAfterHiding }) => ({
    text,
    isSure: seen === 'yes' && (isNested || !isAfterHiding),
  }))
  const isOrdered = isNested || ![...names].some((name) => TABLE_PARTS.has(name) || CELLS.has(name))
  return {
    texts,
    isExact: isPlain && isOrdered && texts.every(({ isSure }) => isSure),
    extras,
    hidden: isNested ? found.flatMap(({ text, seen }) => (seen === 'no' ? [text] : [])) : [],
  }
}

function endsSomething(name: string, open: readonly Element[]): boolean {
  return open.some((above) => {
    if (above.name === 'p') return ENDS_PARAGRAPH.has(name)
    return /^h[1-6]$/.test(name) && /^h[1-6]$/.test(above.name)
  })
}

function seenOf(name: string, attributes: Attributes, outer: Element['seen']): Element['seen'] {
  if (outer === 'no' || GONE.has(name) || 'hidden' in attributes) return 'no'
  const style = attributes['style'] ?? ''
  if (/^\s*display\s*:\s*none\s*;?\s*$/i.test(style)) return 'no'
  return outer === 'maybe' || UNSURE.has(name) || DOUBTFUL_STYLE.test(style) ? 'maybe' : 'yes'
}

/** One that stands as an image, its alternative text out of sight. */
function isSafeImage(name: string, { src = '' }: Attributes): boolean {
  return name === 'img' && src.length < 2_000 && /^https?:\/\/[\w.-]+[\w./-]*$/.test(src)
}
