/**
 * Synonyms files, in the text format of Solr and Elasticsearch: `a, b, c` mean the same, `a, b => c` looks c up for a and
 * for b; `#` begins a comment, `\` takes the next sign as it is.
 */
import { dirname, resolve } from 'node:path'
import { z } from 'zod'
import { UnsiloError } from '../core/errors.ts'
import type { SynonymLine } from '../core/synonyms.ts'

/** A file, and the language that it is for; null: every one. */
export interface SynonymFile {
  readonly language: string | null
  readonly path: string
}

const LANGUAGES = ['en', 'fr', 'de', 'es', 'it', 'pt', 'nl'] as const
const MOST_CHARACTERS = 2_000_000
/** Words and phrases of a line: more would make one word of a question a search of its own. */
const MOST_WORDS = 32
/** Of what a line says wrongly. */
const LONGEST_SHOWN = 40

const path = z.string().min(1)

export const synonymsSchema = z
  .union([path, z.partialRecord(z.enum(LANGUAGES), path)])
  .optional()
  .describe(
    'Words that mean the same: a path relative to this file, or one for each language. Lines such as `invoice, bill` and ' +
      '`sso => single sign on`, as Solr and Elasticsearch read them. Read with each question: nothing is indexed anew.',
  )

export function synonymFiles(configured: z.output<typeof synonymsSchema>, config: string): readonly SynonymFile[] {
  const at = (path: string) => resolve(dirname(config), path)
  if (configured === undefined) return []
  if (typeof configured === 'string') return [{ language: null, path: at(configured) }]
  return Object.entries(configured).map(([language, path]) => ({ language, path: at(path) }))
}

/** What can't be read is an error and never an empty list: somebody's answers would change without a word. */
export async function readSynonyms(
  files: readonly SynonymFile[],
  readFile: (path: string) => Promise<string>,
): Promise<readonly SynonymLine[]> {
  const lines: SynonymLine[] = []
  for (const { language, path } of files) {
    const text = await readFile(path).catch((cause) => {
      throw invalid(path, "can't be read", cause)
    })
    for (const line of parseSynonyms(text, path)) lines.push({ language, ...line })
  }
  return lines
}

export function parseSynonyms(text: string, file: string): readonly Omit<SynonymLine, 'language'>[] {
  if (text.length > MOST_CHARACTERS)
    throw invalid(file, `is larger than ${MOST_CHARACTERS} characters; split it by language`)
  if (/[\ufffd\0]/.test(text)) throw invalid(file, 'is not UTF-8; save it as UTF-8')
  return text
    .replace(/^\ufeff/, '')
    .split(/\r\n?|\n/)
    .flatMap((line, at) => (/^\s*(?:#|$)/.test(line) ? [] : [parseLine(line, `${file}:${at + 1}`)]))
}

function parseLine(line: string, place: string): Omit<SynonymLine, 'language'> {
  const sides = splitAt(line, '=>')
  if (sides.length > 2) throw invalid(place, 'has several =>; write one line for each')
  const [left = [], right] = sides.map((side) => wordsOf(side, place))
  if (right === undefined && left.length < 2) {
    throw invalid(place, 'has one word only; put a comma between words that mean the same, or write word => other')
  }
  return { from: left, to: right ?? left }
}

function wordsOf(side: string, place: string): readonly string[] {
  const words = splitAt(side, ',').map((word) => word.replace(/\\(.)/g, '$1').trim())
  if (words.includes('')) throw invalid(place, 'has nothing where a word is due; take the comma or the => out')
  const mute = words.find((word) => !/[\p{L}\p{N}]/u.test(word))
  if (mute !== undefined)
    throw invalid(place, `has no letter in ${JSON.stringify(mute.slice(0, LONGEST_SHOWN))}; nothing is found by it`)
  if (words.length > MOST_WORDS) throw invalid(place, `has more than ${MOST_WORDS} words on a side; split it`)
  return words
}

/** Signs behind a backslash part nothing. */
function splitAt(text: string, sign: ',' | '=>'): readonly string[] {
  const parts = ['']
  for (const [piece] of text.matchAll(sign === ',' ? /\\.|,|[^\\,]+|\\$/gs : /\\.|=>|[^\\=]+|=|\\$/gs)) {
    if (piece === sign) parts.push('')
    else parts.push((parts.pop() ?? '') + piece)
  }
  return parts
}

function invalid(place: string, what: string, cause?: unknown): UnsiloError {
  return new UnsiloError('CONFIG_INVALID', `${place}: ${what}.`, {
    hint: 'Correct the synonyms file, or take it out of `synonyms:` in the configuration. Nothing was read or changed.',
    ...(cause !== undefined && { cause }),
  })
}
