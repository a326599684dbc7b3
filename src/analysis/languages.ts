/** The languages that the analyser knows: how a text is recognised as one, and what its stemmer needs. */

import { fold } from './fold.ts'
import { wordsOf } from './words.ts'

export type Language = 'en' | 'fr' | 'de' | 'es' | 'it' | 'pt' | 'nl'

interface Traits {
  /** The name of its stemmer at https://snowballstem.org. */
  readonly snowball: string
  /** Frequent function words, folded, none of them frequent in another language here. */
  readonly marks: ReadonlySet<string>
  /** Puts back what folding took from a word and the stemmer wants. */
  readonly restore: (folded: string) => string
  /** Makes stems equal that the stemmer leaves apart. */
  readonly finish: (stem: string) => string
}

export const LANGUAGES: Readonly<Record<Language, Traits>> = {
  en: {
    snowball: 'english',
    marks: setOf('the and of to is be been you your it this that these with for from have has will not can are was by'),
    restore: withoutPluralOfInitials,
    finish: (stem) => stem,
  },
  fr: {
    snowball: 'french',
    marks: setOf('le les du une et dans pour vous votre vos nous qui pas sur avec ce cette aux est sont'),
    restore: withFrenchEndings,
    finish: withoutFinalI,
  },
  de: {
    snowball: 'german',
    marks: setOf(
      'der die das und ist nicht ein eine einen mit fur auf von zu dem den sie wir wird werden auch bei oder wenn kann konnen ihre im zum zur',
    ),
    restore: asFolded,
    finish: (stem) => stem,
  },
  es: {
    snowball: 'spanish',
    marks: setOf('el los las y usted puede este sus pero cuando desde hasta muy hay nuestro tiene porque'),
    restore: withSpanishEndings,
    finish: (stem) => stem,
  },
  it: {
    snowball: 'italian',
    marks: setOf('il gli della delle dei degli nel nella che di sono questo questa anche piu puo dal dalla'),
    restore: asFolded,
    finish: (stem) => stem,
  },
  pt: {
    snowball: 'portuguese',
    marks: setOf('os uma dos das nao com em voce seu sua ao pelo pela isso sao tambem'),
    restore: withPortugueseEndings,
    finish: (stem) => stem,
  },
  nl: {
    snowball: 'dutch',
    marks: setOf('het een van voor niet met op dat zijn wordt naar bij ook maar om uw kunt deze'),
    restore: asFolded,
    finish: (stem) => stem,
  },
}

const DEFAULT: Language = 'en'
const LOOKED_AT = 2000

/** By the locale where it names a known language, else by the function words in the text's first 2,000 characters. */
export function languageOf(locale: string | undefined, text: string): Language {
  const named = locale?.toLowerCase().split(/[-_]/)[0] ?? ''
  return isLanguage(named) ? named : detected(text.slice(0, LOOKED_AT))
}

export function allLanguages(): Language[] {
  return Object.keys(LANGUAGES).filter(isLanguage)
}

function detected(text: string): Language {
  const words = wordsOf(text).map(fold)
  let best = DEFAULT
  let most = share(words, best)
  for (const language of allLanguages()) {
    const found = share(words, language)
    if (found <= most) continue
    most = found
    best = language
  }
  return best
}

function share(words: readonly string[], language: Language): number {
  const { marks } = LANGUAGES[language]
  let found = 0
  for (const word of words) if (marks.has(word)) found++
  return found
}

export function isLanguage(text: string): text is Language {
  return Object.hasOwn(LANGUAGES, text)
}

/** `pdfs`, `sdks`: the English stemmer takes an s off only behind a vowel. */
function withoutPluralOfInitials(folded: string): string {
  return /^[b-df-hj-np-tv-xz]{3,}s$/.test(folded) && !folded.endsWith('ss') ? folded.slice(0, -1) : folded
}

/**
 * The French stemmer tells endings apart by their accents, and people ask without them. So all words are folded first
 * and get the accents of these endings back, written with them or not.
 */
function withFrenchEndings(folded: string): string {
  return folded
    .replace(/ee(s?)$/, 'ée$1')
    .replace(/ye(s?)$/, 'yé$1')
    .replace(/ite(s?)$/, 'ité$1')
    .replace(/iere(s|ment)?$/, 'ière$1')
}

/** `facturación`, whose plural has no accent. */
function withSpanishEndings(folded: string): string {
  return folded.replace(/([cs])ion$/, '$1ión')
}

/** `configuração`, `configurações`. */
function withPortugueseEndings(folded: string): string {
  return folded.replace(/cao$/, 'ção').replace(/coes$/, 'ções')
}

function asFolded(folded: string): string {
  return folded
}

/** All that is left between the stems of `salarié` and `salariée`. */
function withoutFinalI(stem: string): string {
  return stem.length > 4 && stem.endsWith('i') ? stem.slice(0, -1) : stem
}

function setOf(words: string): ReadonlySet<string> {
  return new Set(words.split(' '))
}
