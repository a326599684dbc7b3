/**
 * Style sheets that come with a page, as far as one element alone tells whether a rule is for it: an element's name, a
 * class or an id. What depends on where it stands, on the device or on a pointer is not read, since it may not hold.
 */
import { parseStyle, type Style } from './styles.ts'

/** What is said of an element by its name, classes and id; null where nothing is. */
export type StyleSheet = (name: string, attributes: ReadonlyMap<string, string>) => Style | null

/** In UTF-16 code units, of all sheets of a page. */
const LONGEST = 200_000
const MOST_CLASSES = 20
const LONGEST_TAG = 1000
const MEDIA = /\smedia\s*=\s*["']?([^"'>]*)/
const SIMPLE = /^(?:[a-z][\w-]*)?(?:[.#][\w-]+)?$/i

export const NO_SHEET: StyleSheet = () => null

export function styleSheetOf(html: string): StyleSheet {
  const text = /<style/i.test(html) ? sheetsOf(html) : ''
  if (text === '') return NO_SHEET
  const rules = new Map<string, Style>()
  for (const { selectors, block } of rulesOf(withoutComments(text))) {
    const style = parseStyle(block)
    for (const selector of selectors) rules.set(selector, new Map([...(rules.get(selector) ?? []), ...style]))
  }
  return rules.size === 0 ? NO_SHEET : (name, attributes) => merged(keysOf(name, attributes), rules)
}

/** Those for every device. One that is left open is none: a browser would take all that follows for a part of it. */
function sheetsOf(html: string): string {
  const plain = html.toLowerCase()
  let text = ''
  for (let at = plain.indexOf('<style'); at !== -1; at = plain.indexOf('<style', at)) {
    const start = plain.indexOf('>', at) + 1
    const end = start === 0 ? -1 : plain.indexOf('</style', start)
    if (end === -1 || text.length + end - start > LONGEST) return text
    const media = MEDIA.exec(plain.slice(at, Math.min(start, at + LONGEST_TAG)))?.[1]?.trim() ?? ''
    if (media === '' || media === 'all' || media === 'screen') text += `${html.slice(start, end)}\n`
    at = end
  }
  return text
}

function withoutComments(text: string): string {
  let kept = ''
  let from = 0
  for (let start = text.indexOf('/*'); start !== -1; start = text.indexOf('/*', from)) {
    const end = text.indexOf('*/', start + 2)
    kept += text.slice(from, start)
    if (end === -1) return kept
    from = end + 2
  }
  return kept + text.slice(from)
}

interface Rule {
  readonly selectors: readonly string[]
  readonly block: string
}

/** Rules inside of others are passed over. */
function* rulesOf(text: string): Generator<Rule> {
  let depth = 0
  let start = 0
  let head = ''
  for (const { 0: brace, index } of text.matchAll(/[{}]/g)) {
    if (brace === '{') {
      if (depth === 0) {
        const before = text.slice(start, index)
        head = before.slice(before.lastIndexOf(';') + 1)
        start = index + 1
      }
      depth++
      continue
    }
    depth = Math.max(0, depth - 1)
    if (depth > 0) continue
    const selectors = head.split(',').map((selector) => selector.trim())
    const simple = selectors.filter((selector) => selector !== '' && SIMPLE.test(selector))
    if (simple.length > 0) yield { selectors: simple, block: text.slice(start, index) }
    start = index + 1
  }
}

/** From what says least of an element to what says most. */
function keysOf(name: string, attributes: ReadonlyMap<string, string>): readonly string[] {
  const classes = (attributes.get('class') ?? '').split(/\s+/).filter(Boolean).slice(0, MOST_CLASSES)
  const id = attributes.get('id')
  return [
    name,
    ...classes.map((each) => `.${each}`),
    ...classes.map((each) => `${name}.${each}`),
    ...(id === undefined || id === '' ? [] : [`#${id}`, `${name}#${id}`]),
  ]
}

function merged(keys: readonly string[], rules: ReadonlyMap<string, Style>): Style | null {
  const styles = keys.flatMap((key) => rules.get(key) ?? [])
  return styles.length === 0 ? null : new Map(styles.flatMap((style) => [...style]))
}
