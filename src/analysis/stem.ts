/** The stems of words, through snowball-stemmers: fast only because each word is stemmed once. */
import { createRequire } from 'node:module'
import { rememberSlices } from '../core/slice-memory.ts'
import { LANGUAGES, type Language } from './languages.ts'

interface Stemmer {
  stem(word: string): string
}

const STEMMABLE = /^[a-z]{3,}$/

const LONGEST_REMEMBERED = 40
const MOST_REMEMBERED = 30_000

const require = createRequire(import.meta.url)
const stemmers = new Map<Language, Stemmer>()

/** Of a folded word. What is not all Latin letters comes back as it is. The same with and without accents. */
export function stem(folded: string, language: Language): string {
  return STEMMABLE.test(folded) ? stemmer(language).stem(folded) : folded
}

function stemmer(language: Language): Stemmer {
  const known = stemmers.get(language)
  if (known !== undefined) return known
  const made = createStemmer(language)
  stemmers.set(language, made)
  return made
}

/** It remembers beside what the analyser does: a word is met in several spellings. */
function createStemmer(language: Language): Stemmer {
  const { snowball, restore, finish } = LANGUAGES[language]
  const library: { newStemmer(name: string): Stemmer } = require('snowball-stemmers')
  const stemmer = library.newStemmer(snowball)
  const stemOf = rememberSlices(MOST_REMEMBERED, LONGEST_REMEMBERED, (text, start, end) =>
    finish(withoutAccents(stemmer.stem(restore(text.slice(start, end))))),
  )
  return { stem: (folded) => stemOf(folded, 0, folded.length) }
}

function withoutAccents(stem: string): string {
  return stem.normalize('NFD').replace(/[\u0300-\u036f]/g, '')
}
