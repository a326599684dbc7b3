/**
 * Markdown files with front matter, and the only use of gray-matter. By default it *evaluates* `---js` front matter,
 * caches broken parses and reads dates with an old js-yaml
 * (https://github.com/jonschlinkert/gray-matter/issues/131, /166, /178), so it is given engines and options of ours.
 */

import matter from 'gray-matter'
import { CORE_SCHEMA, type DumpOptions, dump, load, SCALAR_STYLE, visit } from 'js-yaml'
import { UnsiloError } from '../core/errors.ts'
import type { Json } from '../core/json.ts'

const OPENER = '---\n'
const MAX_FRONT_MATTER = 1_000_000
const MAX_BLANK_LINES = 1_000

/** Reads back as the same data and, byte for byte, the same markdown. Every file gets front matter, if only an empty one. */
export function formatFile(data: Readonly<Record<string, Json>>, markdown: string): string {
  // Not matter.stringify: it adds a line break to the text and copies data in a way that loses a `__proto__` key.
  const yaml = Object.keys(data).length === 0 ? '' : dump(data, DUMP)
  return `${OPENER}${yaml}---\n${markdown}`
}

/** Every string is quoted and on one line, so that no reader takes `0123`, `yes` or `2024-01-02` for something else. */
const DUMP: DumpOptions = {
  forceQuotes: true,
  quoteStyle: 'double',
  lineWidth: -1,
  noRefs: true,
  transform: (documents) =>
    visit(documents, (node, { isKey }) => {
      // A bare key `---x` would end the front matter.
      if (isKey && node.kind === 'scalar' && !/^[a-z_]\w*$/i.test(node.value)) node.style = SCALAR_STYLE.DOUBLE_QUOTED
    }),
}

/**
 * A text that doesn't begin with a line `---`, or has no second one, is all markdown. `name` is the file's, for
 * messages.
 */
export function parseFile(text: string, name: string): { data: Record<string, Json>; markdown: string } {
  const closer = /\n---(?:\r?\n|$)/g
  closer.lastIndex = OPENER.length - 1
  const end = text.startsWith(OPENER) ? closer.exec(text) : null
  if (end === null) return { data: {}, markdown: text }
  const after = end.index + end[0].length
  return { data: readData(text.slice(0, after), name), markdown: text.slice(after) }
}

function readData(front: string, name: string): Record<string, Json> {
  guardSize(front, name)
  const parsed = parseFront(front, name)
  if (parsed.content !== '') throw invalid(name, 'a line of its front matter begins with `---`')
  const data: unknown = parsed.data
  if (!isRecord(data)) throw invalid(name, 'its front matter is not a list of keys and values')
  return data
}

/** gray-matter looks for comments with an expression that is quadratic in blank lines. */
function guardSize(front: string, name: string): void {
  if (front.length > MAX_FRONT_MATTER) throw invalid(name, `its front matter is over ${MAX_FRONT_MATTER} characters`)
  let blank = 0
  for (const line of front.split(/[\n\r\u2028\u2029]/)) {
    blank = line.trim() === '' ? blank + 1 : 0
    if (blank > MAX_BLANK_LINES) throw invalid(name, `its front matter has over ${MAX_BLANK_LINES} blank lines`)
  }
}

function parseFront(front: string, name: string) {
  const refuse = (language: string) => (): never => {
    throw invalid(name, `its front matter is ${language}, and only YAML is read`)
  }
  const yaml = (source: string) => load(source, { schema: CORE_SCHEMA, filename: name, maxAliases: 0 }) as object
  const engines = {
    yaml: { parse: yaml },
    ...Object.fromEntries(
      ['js', 'javascript', 'coffee', 'coffeescript', 'cson', 'json', 'toml'].map((it) => [it, { parse: refuse(it) }]),
    ),
  }
  try {
    // Options, of any kind, keep gray-matter from its cache.
    return matter(front, { language: 'yaml', engines })
  } catch (error) {
    if (error instanceof UnsiloError) throw error
    throw invalid(
      name,
      `its front matter is not YAML (${error instanceof Error ? error.message : String(error)})`,
      error,
    )
  }
}

function isRecord(value: unknown): value is Record<string, Json> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && isJson(value)
}

/** The parser bounds the depth. */
function isJson(value: unknown): boolean {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return true
  if (typeof value === 'number') return Number.isFinite(value)
  return typeof value === 'object' && Object.values(value).every(isJson)
}

function invalid(name: string, reason: string, cause?: unknown): UnsiloError {
  return new UnsiloError('CONFIG_INVALID', `${name}: ${reason}`, {
    hint: 'Front matter stands between two lines `---` at the very beginning and is YAML: one `key: value` a line.',
    cause,
  })
}
