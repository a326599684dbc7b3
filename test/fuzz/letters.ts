/** How texts are held against each other: by their letters and signs, whatever is between them or can't be seen. */

const UNSEEN = /[\s\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u2028\u2029\uFFFD\u2610\u2611]/gu

/** Without white space, characters that nobody sees, what stands for a broken one, and the boxes of tasks. */
export function lettersOf(text: string): string {
  return text.toWellFormed().replace(UNSEEN, '')
}

/** A page as somebody reads it who knows for certain of some text that it is seen, and of other text only that it may be. */
export interface Reading {
  /** In the order of the page. */
  readonly texts: readonly { readonly text: string; readonly isSure: boolean }[]
  /** All texts are sure, and are read in this order and once: the words must be these and no others. */
  readonly isExact: boolean
  /** What may be said besides: names, addresses. Null where anything may. */
  readonly extras: readonly string[] | null
  /** What must not be said, unless the page says it elsewhere. */
  readonly hidden: readonly string[]
}

/** Null if `words`, what a reader of the output sees, agree with the page; else what is wrong. */
export function disagreement(page: Reading, words: readonly string[]): string | null {
  const said = lettersOf(words.join(''))
  const all = lettersOf(page.texts.map(({ text }) => text).join(''))
  if (page.isExact) return said === all ? null : firstDifference(all, said)
  return lost(page, said) ?? leaked(page, all, said) ?? invented(page, all, words)
}

function lost({ texts }: Reading, said: string): string | null {
  for (const { text, isSure } of texts) {
    if (isSure && !said.includes(lettersOf(text))) return `lost ${shown(lettersOf(text))}`
  }
  return null
}

/** Short words may stand anywhere by chance. */
const SHORTEST_SECRET = 8

function leaked({ hidden, extras }: Reading, all: string, said: string): string | null {
  const open = [all, ...(extras ?? []).map(lettersOf)]
  for (const text of hidden) {
    const secret = lettersOf(text)
    const isTold = open.some((letters) => letters.includes(secret))
    if (secret.length >= SHORTEST_SECRET && !isTold && said.includes(secret)) return `shows the hidden ${shown(secret)}`
  }
  return null
}

function invented({ texts, extras }: Reading, all: string, words: readonly string[]): string | null {
  if (extras === null) return null
  const sure = lettersOf(texts.flatMap(({ text, isSure }) => (isSure ? [text] : [])).join(''))
  const known = [all, sure, ...extras.map(lettersOf)]
  for (const word of words.map(lettersOf)) {
    // Signs of lists in cells; names of columns and states are set off by a colon and by brackets.
    if (/^(?:-|\d{1,9}\.)?$/.test(word)) continue
    const bare = word.replace(/^\[|:$|\]$/g, '')
    const isKnown = known.some((letters) => letters.includes(word) || letters.includes(bare))
    if (!isKnown && !isWithin(word, all)) return `invented ${shown(word)}`
  }
  return null
}

/** Its letters stand in this order, with what is not seen between them. */
function isWithin(word: string, all: string): boolean {
  let at = 0
  for (const letter of word) {
    at = all.indexOf(letter, at) + 1
    if (at === 0) return false
  }
  return word.length > 0 && word.length <= 400
}

function firstDifference(expected: string, said: string): string {
  let at = 0
  while (at < expected.length && expected[at] === said[at]) at += 1
  const from = Math.max(0, at - 12)
  return `expected ${shown(expected.slice(from))}, got ${shown(said.slice(from))}`
}

function shown(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text)
}
