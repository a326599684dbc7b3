/**
 * HTML source to tags and text, on htmlparser2's tokenizer. Its Parser keeps open elements in an array that it shifts,
 * which is quadratic in the nesting of a hostile page, so nesting is read-html.ts's business.
 */

import { Tokenizer, type TokenizerCallbacks } from 'htmlparser2'
import type { Attributes } from '../core/visibility/hidden.ts'

export interface TokenHandler {
  /** Names are lower case. The first of two attributes with one name holds. */
  open(name: string, attributes: Attributes, selfClosing: boolean): void
  close(name: string): void
  /** Entities are decoded; neighbouring pieces are joined. */
  text(data: string): void
  /** Or what readers take for one, such as a declaration. Offsets in the source; `end` is past it if it is left open. */
  comment(start: number, end: number): void
  /** Inside svg or math, where tags may close themselves and no content is raw. */
  isForeign(): boolean
}

const NONE: Attributes = new Map()

export function readTokens(html: string, handler: TokenHandler): void {
  const tokenizer = new Tokenizer({ decodeEntities: true, recognizeSelfClosing: false }, createCallbacks(html, handler))
  tokenizer.write(html)
  tokenizer.end()
}

function createCallbacks(html: string, handler: TokenHandler): TokenizerCallbacks {
  let name = ''
  let attributes: Map<string, string> | null = null
  let attributeName = ''
  let attributeValue = ''
  let pending = ''

  function flushText() {
    if (pending === '') return
    handler.text(pending)
    pending = ''
  }

  function endTag(selfClosing: boolean) {
    if (name === '') return
    handler.open(name, attributes ?? NONE, selfClosing)
    name = ''
    attributes = null
  }

  return {
    ontext(start, end) {
      pending += html.slice(start, end)
    },
    ontextentity(codePoint) {
      pending += String.fromCodePoint(codePoint)
    },
    onopentagname(start, end) {
      flushText()
      name = html.slice(start, end).toLowerCase()
    },
    onattribname(start, end) {
      attributeName = html.slice(start, end).toLowerCase()
    },
    onattribdata(start, end) {
      attributeValue += html.slice(start, end)
    },
    onattribentity(codePoint) {
      attributeValue += String.fromCodePoint(codePoint)
    },
    onattribend() {
      attributes ??= new Map()
      if (!attributes.has(attributeName)) attributes.set(attributeName, attributeValue)
      attributeValue = ''
    },
    onopentagend() {
      endTag(false)
    },
    onselfclosingtag() {
      endTag(true)
    },
    onclosetag(start, end) {
      flushText()
      handler.close(html.slice(start, end).toLowerCase())
    },
    oncomment(start, end) {
      handler.comment(start - '<!--'.length, end + 1)
    },
    oncdata(start, end, offset) {
      if (handler.isForeign()) pending += html.slice(start, end - offset)
      else handler.comment(start - '<![CDATA['.length, end + 1)
    },
    ondeclaration() {},
    onprocessinginstruction() {},
    onend: flushText,
    isInForeignContext: () => handler.isForeign(),
  }
}
