/** The languages that the analyser knows: what tells them, and what their stemmers need. */

export type Language = 'en' | 'fr' | 'de' | 'es' | 'it' | 'pt' | 'nl'

interface Traits {
  /** Its code in ISO 639-3. */
  readonly iso: string
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
    iso: 'eng',
    snowball: 'english',
    marks: setOf('the and of to is be been you your it this that these with for from have has will not can are was by'),
    restore: withoutPluralOfInitials,
    finish: (stem) => stem,
  },
  fr: {
    iso: 'fra',
    snowball: 'french',
    marks: setOf('le les du une et dans pour vous votre vos nous qui pas sur avec ce cette aux est sont'),
    restore: withFrenchEndings,
    finish: withoutFinalI,
  },
  de: {
    iso: 'deu',
    snowball: 'german',
    marks: setOf(
      'der die das und ist nicht ein eine einen mit fur auf von zu dem den sie wir wird werden auch bei oder wenn kann konnen ihre im zum zur',
    ),
    restore: asFolded,
    finish: (stem) => stem,
  },
  es: {
    iso: 'spa',
    snowball: 'spanish',
    marks: setOf('el los las y usted puede este sus pero cuando desde hasta muy hay nuestro tiene porque'),
    restore: withSpanishEndings,
    finish: (stem) => stem,
  },
  it: {
    iso: 'ita',
    snowball: 'italian',
    marks: setOf('il gli della delle dei degli nel nella che di sono questo questa anche piu puo dal dalla'),
    restore: asFolded,
    finish: (stem) => stem,
  },
  pt: {
    iso: 'por',
    snowball: 'portuguese',
    marks: setOf('os uma dos das nao com em voce seu sua ao pelo pela isso sao tambem'),
    restore: withPortugueseEndings,
    finish: (stem) => stem,
  },
  nl: {
    iso: 'nld',
    snowball: 'dutch',
    marks: setOf('het een van voor niet met op dat zijn wordt naar bij ook maar om uw kunt deze'),
    restore: asFolded,
    finish: (stem) => stem,
  },
}

export function allLanguages(): Language[] {
  return Object.keys(LANGUAGES).filter(isLanguage)
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
 * and get the accents of these endings back, written with them or not. It leaves the s of `photos`, `contenus` and
 * `agendas`, which it takes for a part of the word, as it is in `propos`.
 */
function withFrenchEndings(folded: string): string {
  return folded
    .replace(/ee(s?)$/, 'ée$1')
    .replace(/ye(s?)$/, 'yé$1')
    .replace(/ite(s?)$/, 'ité$1')
    .replace(/iere(s|ment)?$/, 'ière$1')
    .replace(/(?<=[a-z]{3}[aou])s$/, '')
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
