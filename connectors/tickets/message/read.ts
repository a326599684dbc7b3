/**
 * A message's HTML to lines, in time linear in it and without recursion: only text, lists, code, links and emphasis pass,
 * so nothing that a customer writes as HTML reaches the converter as he wrote it.
 */
import { Tokenizer, type TokenizerCallbacks } from 'htmlparser2'
import { isMuted, type Look, PLAIN_LOOK, visibilityOf } from '../../../src/core/visibility/hidden.ts'
import { type StyleSheet, styleSheetOf } from '../../../src/core/visibility/style-sheet.ts'
import { webAddress } from './address.ts'
import {
  type Attributes,
  BLOCKS,
  CLOSES_ITSELF,
  HEADINGS,
  isFrame,
  isPixel,
  isPreheader,
  markOf,
  SILENT,
  VOID,
} from './elements.ts'
import type { Line, Mark, Message, Run } from './line.ts'

/** A longer message is cut here and counted as the loss `cut`. */
const LONGEST_MESSAGE = 1_000_000
/** Elements inside each other; those below count as part of the last one. */
const DEEPEST = 1000
/** How far an end tag looks for its element. */
const LOOK_BACK = 64
const CELLS = new Set(['td', 'th'])
const CELL_BORDER = ' | '

/** An element whose end matters: one that breaks lines, hides or marks what is in it. */
interface Open {
  readonly name: string
  /** Begins and ends a line. */
  readonly breaks: boolean
  readonly inFrame: boolean
  readonly isSilent: boolean
  readonly seen: Look
  readonly marks: ReadonlySet<Mark>
  /** Lists around, the innermost last: is it ordered? */
  readonly lists: readonly boolean[]
  readonly isCode: boolean
  readonly isHeading: boolean
  /** The list's item around, and whether a line of it has begun. */
  readonly item: { hasLine: boolean } | null
}

const ROOT: Open = {
  name: '',
  breaks: true,
  inFrame: false,
  isSilent: false,
  seen: PLAIN_LOOK,
  marks: new Set(),
  lists: [],
  isCode: false,
  isHeading: false,
  item: null,
}

/** Losses: `image` (a picture, of which at most its name stays), `cut`. */
export function readMessage(html: string): Message {
  const isCut = html.length > LONGEST_MESSAGE
  const read = isCut ? html.slice(0, LONGEST_MESSAGE) : html
  const reader = createReader(styleSheetOf(read))
  tokenize(read, reader)
  const { lines, images } = reader.end()
  return { lines, losses: { ...(images > 0 && { image: images }), ...(isCut && { cut: 1 }) } }
}

type Reader = ReturnType<typeof createReader>

function createReader(sheet: StyleSheet) {
  const open: Open[] = [ROOT]
  const lines: Line[] = []
  const look = { strong: 0, em: 0, code: 0 }
  let href: string | null = null
  let runs: Run[] = []
  let isApart = true
  let images = 0

  const top = () => open.at(-1) ?? ROOT

  function flush(): void {
    const { marks, lists, isCode, isHeading, item } = top()
    if (runs.at(-1)?.text === CELL_BORDER) runs.pop()
    const text = plainText(runs)
    if (text === '' && !isCode) {
      runs = []
      return
    }
    const startsItem = item !== null && !item.hasLine
    if (item !== null) item.hasLine = true
    lines.push({
      kind: isCode ? 'code' : item ? 'item' : isHeading ? 'heading' : 'text',
      level: lists.length,
      isOrdered: lists.at(-1) ?? false,
      isApart: item ? startsItem : isApart,
      runs,
      text,
      marks,
    })
    runs = []
    isApart = false
  }

  /** A line break that follows a line break is an empty line. */
  function breakLine(): void {
    if (plainText(runs) === '') isApart = true
    flush()
  }

  function push(name: string, attributes: Attributes): void {
    const around = top()
    const { gone, look: seen } = visibilityOf(name, attributes, around.seen, sheet)
    const isSilent = around.isSilent || SILENT.has(name) || gone || isPreheader(attributes)
    const inFrame = around.inFrame || isFrame(attributes)
    const mark = inFrame && name === 'blockquote' ? 'history' : markOf(name, attributes)
    const isBlock = BLOCKS.has(name)
    const isSame = isSilent === around.isSilent && seen === around.seen && inFrame === around.inFrame
    if (!isBlock && mark === null && isSame) return
    if (mark !== null || (isBlock && !CELLS.has(name))) breakBlock()
    if (CLOSES_ITSELF.has(name) && top().name === name) open.pop()
    if (open.length > DEEPEST) return
    const { marks, lists, isCode, isHeading, item } = top()
    open.push({
      name,
      breaks: isBlock || mark !== null,
      inFrame,
      isSilent: isSilent || top().isSilent,
      seen,
      marks: mark === null ? marks : new Set([...marks, mark]),
      lists: name === 'ul' || name === 'ol' ? [...lists, name === 'ol'].slice(-6) : lists,
      isCode: isCode || name === 'pre',
      isHeading: isHeading || HEADINGS.has(name),
      item: name === 'li' ? { hasLine: false } : item,
    })
  }

  function breakBlock(): void {
    flush()
    isApart = true
  }

  return {
    start(name: string, attributes: Attributes): void {
      if (name === 'br') breakLine()
      else if (name === 'img') image(attributes)
      else if (name === 'hr') breakBlock()
      else if (!VOID.has(name)) {
        inline(name, attributes, 1)
        push(name, attributes)
      }
    },
    stop(name: string): void {
      inline(name, new Map(), -1)
      for (let at = open.length - 1; at > 0 && at >= open.length - LOOK_BACK; at -= 1) {
        if (open[at]?.name !== name) continue
        if (CELLS.has(name)) addBorder()
        else if (open[at]?.breaks) breakBlock()
        open.length = at
        break
      }
    },
    text(data: string): void {
      if (top().isSilent || isMuted(top().seen)) return
      const pieces = top().isCode ? data.split(/\r\n|\r|\n/) : [data]
      for (const [index, piece] of pieces.entries()) {
        if (index > 0) flush()
        add(piece)
      }
    },
    end() {
      flush()
      return { lines: withoutEmptyEnds(lines), images }
    },
  }

  function inline(name: string, attributes: Attributes, by: 1 | -1): void {
    if (name === 'b' || name === 'strong') look.strong = Math.max(0, look.strong + by)
    if (name === 'i' || name === 'em') look.em = Math.max(0, look.em + by)
    if (name === 'code' || name === 'kbd' || name === 'tt') look.code = Math.max(0, look.code + by)
    if (name === 'a') href = by === 1 ? webAddress(attributes.get('href') ?? '') : null
  }

  function add(text: string): void {
    if (text === '') return
    runs.push({ text, isStrong: look.strong > 0, isEmphasis: look.em > 0, isCode: look.code > 0, href })
  }

  function image(attributes: Attributes): void {
    if (top().isSilent || isPixel(attributes) || visibilityOf('img', attributes, top().seen, sheet).gone) return
    images += 1
    add('[image]')
  }

  /** Cells of a row stay on its line, unless they hold lines of their own. */
  function addBorder(): void {
    if (runs.length > 0) add(CELL_BORDER)
  }
}

function tokenize(html: string, reader: Reader): void {
  let name = ''
  let attributes = new Map<string, string>()
  let attribute = ''
  let value = ''
  const callbacks: TokenizerCallbacks = {
    ontext: (start, end) => reader.text(html.slice(start, end)),
    ontextentity: (code) => reader.text(String.fromCodePoint(code)),
    onopentagname: (start, end) => {
      name = html.slice(start, end).toLowerCase()
      attributes = new Map()
    },
    onattribname: (start, end) => {
      attribute = html.slice(start, end).toLowerCase()
      value = ''
    },
    onattribdata: (start, end) => {
      value += html.slice(start, end)
    },
    onattribentity: (code) => {
      value += String.fromCodePoint(code)
    },
    onattribend: () => {
      if (!attributes.has(attribute)) attributes.set(attribute, value)
    },
    onopentagend: () => reader.start(name, attributes),
    onselfclosingtag: () => reader.start(name, attributes),
    onclosetag: (start, end) => reader.stop(html.slice(start, end).toLowerCase()),
    oncdata: () => {},
    oncomment: () => {},
    ondeclaration: () => {},
    onend: () => {},
    onprocessinginstruction: () => {},
  }
  const tokenizer = new Tokenizer({ decodeEntities: true }, callbacks)
  tokenizer.write(html)
  tokenizer.end()
}

function plainText(runs: readonly Run[]): string {
  return runs
    .map(({ text }) => text)
    .join('')
    .replace(/[\u200b-\u200f\u2060\ufeff\u00ad]/g, '')
    .replace(/\s+/g, ' ')
    .trim()
}

/** Of code blocks, whose empty lines are lines. */
function withoutEmptyEnds(lines: readonly Line[]): readonly Line[] {
  return lines.filter(({ kind, text }, at) => {
    if (kind !== 'code' || text !== '') return true
    return lines[at - 1]?.kind === 'code' && lines[at + 1]?.kind === 'code'
  })
}
