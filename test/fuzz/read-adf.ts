/** ADF as a reader sees it, as far as that is certain: text where the editor would put it. */
import type { Reading } from './letters.ts'

/** Show what they hold, wherever they stand. */
const PLAIN = new Set(
  `doc paragraph heading blockquote bulletList orderedList listItem panel layoutSection layoutColumn table tableRow
   tableHeader tableCell expand nestedExpand codeBlock`.split(/\s+/),
)
/** These hold text itself. */
const TEXT_HOLDERS = new Set(['paragraph', 'heading', 'codeBlock'])
const LABELS = ['Info', 'Note', 'Tip', 'Success', 'Warning', 'Error', 'Alert', '@Person']
/** These are shown in words of their own. */
const SAYS_MORE =
  /isNumberColumnEnabled|"(?:date|emoji|mention|status|extension|cxhtml|adf|storage|extensionKey|media|inlineCard|blockCard|embedCard|decision\w*)"|Extension"/

/** Null for what is no document. */
export function readAdf(json: string): Reading | null {
  const root = parsed(json)
  if (field(root, 'type') !== 'doc' || !Array.isArray(field(root, 'content'))) return null
  const texts: { text: string; isSure: boolean }[] = []
  const extras = [...LABELS]
  const open: { readonly value: unknown; readonly isSure: boolean; readonly parent: string }[] = [
    { value: root, isSure: true, parent: '' },
  ]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value, isSure, parent } = next
    const type = field(value, 'type')
    const text = field(value, 'text')
    if (typeof text === 'string') texts.push({ text, isSure: type === 'text' && isSure && TEXT_HOLDERS.has(parent) })
    else {
      extras.push(...stringsIn(text))
      texts.push({ text: stringsIn(field(field(value, 'attrs'), 'text')).join(' '), isSure: false })
    }
    extras.push(...stringsIn(field(value, 'attrs')))
    const content = field(value, 'content')
    if (type === 'text' || !Array.isArray(content)) continue
    const isPlain = isSure && typeof type === 'string' && PLAIN.has(type) && parent !== 'codeBlock'
    for (const inner of content.toReversed())
      open.push({ value: inner, isSure: isPlain, parent: typeof type === 'string' ? type : '' })
  }
  return { texts, isExact: false, extras: SAYS_MORE.test(json) ? null : extras, hidden: [] }
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return null
  }
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? Reflect.get(value, name)
    : undefined
}

function stringsIn(value: unknown): string[] {
  const found: string[] = []
  const open = [value]
  for (let left = 1; left > 0; left = open.length) {
    const next = open.pop()
    if (typeof next === 'string' || typeof next === 'number') found.push(String(next))
    if (typeof next === 'object' && next !== null) for (const inner of Object.values(next)) open.push(inner)
  }
  return found
}
