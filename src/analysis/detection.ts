/**
 * Which language a text is in: by its function words, and where these are few by franc (https://github.com/wooorm/franc),
 * which compares letters in threes. Short texts have hardly any function words; on long ones franc costs more than it tells.
 */
import { createRequire } from 'node:module'
import { fold } from './fold.ts'
import { allLanguages, isLanguage, LANGUAGES, type Language } from './languages.ts'
import { wordsOf } from './words.ts'

/** Languages by how near a text is to them: 1 is nearest. `und` is none: of less than ten letters it tells nothing. */
type Franc = (text: string, options: { only: string[] }) => readonly (readonly [string, number])[]

const DEFAULT: Language = 'en'
const LOOKED_AT = 2000
/** Function words more than any other language has: enough to tell. */
const CLEAR = 3
/** What a text of function words only would count, beside franc's 1 for the nearest language. */
const MARKED = 3
/** Words of which letters tell the language: of fewer, any of them is taken for any other. */
const TELLING = 4
/** Fenced, to its end or the text's: of no natural language. */
const CODE = /^(`{3,}|~{3,})[\s\S]*?(?:^\1|$(?![\s\S]))/gm
/** `row2`, `ERR_CONN`: of none either. */
const IDENTIFIER = /[\p{N}_]/u

const require = createRequire(import.meta.url)

/** By the locale where it names a known language, else by the text's first 2,000 characters. */
export function languageOf(locale: string | undefined, text: string): Language {
  const named = locale?.toLowerCase().split(/[-_]/)[0] ?? ''
  return isLanguage(named) ? named : detected(text.slice(0, LOOKED_AT).replace(CODE, ''))
}

/** Whether so short a text as a question tells its language: it has a function word of it, or is of some words. */
export function isTold(language: Language, text: string): boolean {
  const words = wordsOf(text.slice(0, LOOKED_AT))
  return words.filter((word) => !IDENTIFIER.test(word)).length >= TELLING || marksIn(words.map(fold), language) > 0
}

function detected(text: string): Language {
  const words = wordsOf(text)
  const folded = words.map(fold)
  const marked = new Map(allLanguages().map((language) => [language, marksIn(folded, language)]))
  const [most = 0, next = 0] = [...marked.values()].sort((a, b) => b - a)
  return most - next >= CLEAR ? highest(marked) : highest(likeness(words, marked))
}

function marksIn(words: readonly string[], language: Language): number {
  const { marks } = LANGUAGES[language]
  let found = 0
  for (const word of words) if (marks.has(word)) found++
  return found
}

/** Nothing for a text of other letters than Latin ones, and for one that is too short. */
function likeness(words: readonly string[], marked: ReadonlyMap<Language, number>): ReadonlyMap<Language, number> {
  const near = new Map(nearness(words.filter((word) => !IDENTIFIER.test(word)).join(' ')))
  const share = (language: Language) => (marked.get(language) ?? 0) / Math.max(1, words.length)
  return new Map(
    allLanguages().map((language) => [language, (near.get(LANGUAGES[language].iso) ?? 0) + MARKED * share(language)]),
  )
}

/** Loaded only here: what needs no language told does not wait for it. */
function nearness(text: string): ReturnType<Franc> {
  const { francAll }: { francAll: Franc } = require('franc-min')
  return francAll(text, { only: allLanguages().map((language) => LANGUAGES[language].iso) })
}

/** The first of equals, and English where nothing counts. */
function highest(values: ReadonlyMap<Language, number>): Language {
  let best = DEFAULT
  for (const [language, value] of values) if (value > (values.get(best) ?? 0)) best = language
  return best
}
