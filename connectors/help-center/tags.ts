/** Finds the tags of HTML where they stand, so that one can be changed and everything around it left as it is. */
import { decodeHTMLAttribute } from 'entities'
import { Tokenizer, type TokenizerCallbacks } from 'htmlparser2'

/** Offsets into the source: `[start, end)`. */
export interface Range {
  readonly start: number
  readonly end: number
}

export interface StartTag {
  /** Lower case. */
  readonly element: string
  readonly name: Range
  /** By lower-case name, the first of each; those without a value are left out. */
  readonly attributes: ReadonlyMap<string, AttributeValue>
  /** Where what follows the tag begins. */
  readonly end: number
}

/** Where the value stands, quotes excluded, and what it says, entities decoded. */
export interface AttributeValue extends Range {
  readonly text: string
}

export interface TagVisitor {
  start(tag: StartTag): void
  /** @param element lower case */
  end(element: string, name: Range): void
}

/** In the order of the source, in time linear in it. Text, comments, scripts and styles hold no tags. */
export function visitTags(source: string, visitor: TagVisitor): void {
  let name: Range = { start: 0, end: 0 }
  let attributes = new Map<string, AttributeValue>()
  let attribute = ''
  let value: Range | null = null

  function endOfStartTag(at: number): void {
    visitor.start({ element: lowerCase(source, name), name, attributes, end: at + 1 })
  }

  const tokenizer = new Tokenizer(
    { decodeEntities: false },
    {
      ...NOTHING,
      onopentagname: (start, end) => {
        name = { start, end }
        attributes = new Map()
      },
      onattribname: (start, end) => {
        attribute = lowerCase(source, { start, end })
        value = null
      },
      onattribdata: (start, end) => {
        value = { start: value?.start ?? start, end }
      },
      onattribend: () => {
        if (value === null || attributes.has(attribute)) return
        attributes.set(attribute, { ...value, text: decodeHTMLAttribute(source.slice(value.start, value.end)) })
      },
      onopentagend: endOfStartTag,
      onselfclosingtag: endOfStartTag,
      onclosetag: (start, end) => visitor.end(lowerCase(source, { start, end }), { start, end }),
    },
  )
  tokenizer.write(source)
  tokenizer.end()
}

function lowerCase(source: string, { start, end }: Range): string {
  return source.slice(start, end).toLowerCase()
}

const NOTHING: TokenizerCallbacks = {
  onattribdata: () => {},
  onattribend: () => {},
  onattribentity: () => {},
  onattribname: () => {},
  oncdata: () => {},
  onclosetag: () => {},
  oncomment: () => {},
  ondeclaration: () => {},
  onend: () => {},
  onopentagend: () => {},
  onopentagname: () => {},
  onprocessinginstruction: () => {},
  onselfclosingtag: () => {},
  ontext: () => {},
  ontextentity: () => {},
}
