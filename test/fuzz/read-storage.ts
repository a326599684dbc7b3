/**
 * Storage format as a reader sees it, as far as that is certain: text in plain elements, in layouts, links, tasks and in
 * the bodies of well-known macros. What stands elsewhere may be shown or not.
 */
import { decodeHTMLStrict } from 'entities'
import { Parser } from 'htmlparser2'
import type { Reading } from './letters.ts'

/** Show what they hold. */
const PLAIN = new Set(
  `a address article aside b big blockquote caption center cite code dd del details dfn div dl dt em figcaption figure
   footer h1 h2 h3 h4 h5 h6 header i ins kbd li main mark nav ol p pre q s samp section small span strike strong sub
   summary sup table tbody td tfoot th thead tr tt u ul var ac:layout ac:layout-section ac:layout-cell
   ac:inline-comment-marker`.split(/\s+/),
)
/** Hold parts, of which the first of these names is shown. */
const PARTED: ReadonlyMap<string, string> = new Map([
  ['ac:task-list', 'ac:task'],
  ['ac:task', 'ac:task-body'],
  ['ac:link', 'ac:link-body'],
])
const RICH_MACROS = new Set(['info', 'note', 'tip', 'warning', 'panel', 'expand', 'column', 'section'])
const CODE_MACROS = new Set(['code', 'noformat'])
const VOID = new Set('area base br col embed hr img input link meta source wbr'.split(' '))
/** What these show is not in the page, or is written in a way of its own. */
const SAYS_MORE =
  /emoticon|ac:name="(?:status|html|markdown|mohamicorp|plantuml)|ac:adf-|emoji|<time|datetime|<img|ac:image|ri:/i

interface Element {
  readonly name: string
  readonly isSure: boolean
  /** The part that is shown; null in what shows all. */
  part: string | null
}

export function readStorage(storage: string): Reading {
  const texts: { text: string; isSure: boolean }[] = []
  const extras = ['Info', 'Note', 'Tip', 'Success', 'Warning', 'Error', 'Alert']
  const open: Element[] = []
  let isNested = true
  let isBare = true
  let isInCdata = false

  const parser = new Parser(
    {
      onopentag(name, attributes) {
        extras.push(...Object.values(attributes).map(decodeHTMLStrict))
        if (!(PLAIN.has(name) || VOID.has(name)) || Object.keys(attributes).length > 0) isBare = false
        open.push(elementOf(name, attributes, open.at(-1)))
      },
      onclosetag(name, isImplied) {
        if (isImplied && !VOID.has(name)) isNested = false
        open.pop()
      },
      ontext(text) {
        const { isSure = true, part = null } = open.at(-1) ?? {}
        texts.push({ text: isInCdata ? text : decodeHTMLStrict(text), isSure: isSure && part === null })
      },
      oncdatastart() {
        isInCdata = true
      },
      oncdataend() {
        isInCdata = false
      },
    },
    { xmlMode: true, decodeEntities: false },
  )
  parser.write(storage)
  parser.end()
  const isCertain = isNested && !/<!(?!\[CDATA|--)/.test(storage)
  return {
    texts: isCertain ? texts : texts.map(({ text }) => ({ text, isSure: false })),
    isExact: isCertain && isBare && !/<(?:table|t[rdh]|thead|tbody|tfoot|caption|col)\b/.test(storage),
    extras: isCertain && !SAYS_MORE.test(storage) ? extras : null,
    hidden: [],
  }
}

function elementOf(name: string, attributes: Readonly<Record<string, string>>, outer: Element | undefined): Element {
  const isShown = outer === undefined || (outer.isSure && takesPart(outer, name))
  const isSeen = !('style' in attributes || 'hidden' in attributes || 'class' in attributes)
  const part = name === 'ac:structured-macro' ? bodyOf(attributes['ac:name'] ?? '') : (PARTED.get(name) ?? null)
  const isKnown = PLAIN.has(name) || VOID.has(name) || part !== null || outer?.part === '' || isPart(name)
  return { name, isSure: isShown && isSeen && isKnown, part }
}

function isPart(name: string): boolean {
  return ['ac:task-body', 'ac:link-body', 'ac:rich-text-body', 'ac:plain-text-body'].includes(name)
}

/** The first one that fits; a list of tasks has many. */
function takesPart(outer: Element, name: string): boolean {
  if (outer.part === null) return true
  if (outer.part !== name) return false
  if (outer.name !== 'ac:task-list') outer.part = NONE
  return true
}

const NONE = 'none'

function bodyOf(macro: string): string {
  if (RICH_MACROS.has(macro)) return 'ac:rich-text-body'
  return CODE_MACROS.has(macro) ? 'ac:plain-text-body' : NONE
}
