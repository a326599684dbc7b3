/** The stems of words, through snowball-stemmers: fast only because each word is stemmed once. */
import { createRequire } from 'node:module'
import { LANGUAGES, type Language } from './languages.ts'

interface Stemmer {
  stem(word: string): string
}

const STEMMABLE = /^[a-z]{3,}$/

const require = createRequire(import.meta.url)
const stemmers = new Map<Language, Stemmer>()

/** Of a folded word. What is not all Latin letters comes back as it is. The same with and without accents. */
export function stem(folded: string, language: Language): string {
  if (!STEMMABLE.test(folded)) return folded
  const { restore, finish } = LANGUAGES[language]
  return finish(
    stemmer(language)
      .stem(restore(folded))
      .normalize('NFD')
      .replace(/[\u0300-\u036f]/g, ''),
  )
}

function stemmer(language: Language): Stemmer {
  const known = stemmers.get(language)
  if (known !== undefined) return known
  const snowball: { newStemmer(name: string): Stemmer } = require('snowball-stemmers')
  const made = snowball.newStemmer(LANGUAGES[language].snowball)
  stemmers.set(language, made)
  return made
}
