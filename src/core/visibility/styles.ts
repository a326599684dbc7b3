/** Declarations of CSS: what is said of an element, by its own attribute and by style sheets that come with the page. */

/** By property, in lower case as the values are, without `!important`. */
export type Style = ReadonlyMap<string, string>

const LONGEST_STYLE = 4_096
const DISPLAYS =
  /^(?:none|contents|block|inline|flow-root|run-in|list-item|flex|grid|ruby|math|table|inherit|initial|unset|revert|(?:inline|table|ruby)-[\w-]+|(?:block|inline) [\w -]+|-[\w-]+)$/
/** Of the shorthand: size, perhaps with a line height behind it, then the family. */
const FONT_SIZE = /(?:^|\s)([+-]?[\d.]+(?:[a-z]+|%)?)(?:\s*\/\s*\S+)?\s+\S/
const COMMENT = /\/\*.*?\*\//gs
const ESCAPE = /\\(?:([0-9a-f]{1,6})\s?|([^\n]))/gi

/** As a browser takes it: the last declaration that is one holds, but for important ones. */
export function parseStyle(text: string): Style {
  if (text.length > LONGEST_STYLE) return new Map()
  const properties = new Map<string, string>()
  const important = new Set<string>()
  for (const declaration of text.replace(COMMENT, '').split(';')) {
    const colon = declaration.indexOf(':')
    if (colon === -1) continue
    const name = unescaped(declaration.slice(0, colon)).trim().toLowerCase()
    const written = unescaped(declaration.slice(colon + 1)).toLowerCase()
    const value = written
      .replace(/!\s*important\s*$/, '')
      .replace(/\s+/g, ' ')
      .trim()
    const isImportant = /!\s*important\s*$/.test(written)
    if (!isValid(name, value) || (important.has(name) && !isImportant)) continue
    if (isImportant) important.add(name)
    put(properties, name, value)
  }
  return properties
}

function put(properties: Map<string, string>, name: string, value: string): void {
  properties.set(name, value)
  const size = name === 'font' ? FONT_SIZE.exec(value)?.[1] : undefined
  if (size !== undefined) properties.set('font-size', size)
}

/** Of what nothing stands for, the declaration before it holds. */
function isValid(name: string, value: string): boolean {
  if (value === '') return false
  return name !== 'display' || DISPLAYS.test(value)
}

function unescaped(text: string): string {
  if (!text.includes('\\')) return text
  return text.replace(ESCAPE, (_, hex: string | undefined, other: string | undefined) => {
    if (hex === undefined) return other ?? ''
    const code = Number.parseInt(hex, 16)
    return code > 0x10ffff ? '\uFFFD' : String.fromCodePoint(code)
  })
}
