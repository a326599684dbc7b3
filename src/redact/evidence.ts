/** Is a word that is an everyday word as well somebody's name in this place? */
import type { Word } from './known-people.ts'

export interface Evidence {
  readonly text: string
  readonly words: readonly Word[]
  /** The first and the last word of the name. */
  readonly from: number
  readonly to: number
}

/** In front of a name in any case, folded. */
const ADDRESSED =
  /(?:^|[^\p{L}])(?:bonjour|bonsoir|salut|coucou|hello|hi|hey|dear|cher|chere|chers|mr|mrs|ms|miss|mme|mlle|monsieur|madame|mademoiselle|coll[eè]gue|merci|thx|bise|bises|bisous|amicalement|cordialement|cdt|cdlt|sign[ée])[ ,.\n]{1,3}$/iu
/** Only with a capital: `M. Petit`, `Dr Long`, `Me Blanc`. */
const TITLED =
  /(?:^|[^\p{L}])(?:M|MM|Dr|Pr|Me|Prof|Sir|Thanks|Thank you|Regards|Cordialement|Cdlt|Bien à vous|Best|Cheers|Sincerely),?\.? ?\n{0,2}[- ]{0,2}$/u
/** What only people do, behind a name that begins a sentence; no noun stands there without an article in French. */
const ACTS =
  /^ (?:a |m'a |t'a |nous |vous |m'|est |sera |va |vient |souhaite |demande |dit |said |told |wrote |called |replied |asked |mentioned |confirmed |(?:has|had) (?:said|told|written|called|replied|asked|mentioned|confirmed|been) |from )/iu
/** What is said of months, seasons and places. */
const OF_TIME =
  /(?:^|[^\p{L}])(?:in|since|until|till|by|this|next|last|every|early|late|mid|end of|en|depuis|mois de|fin|début|mi|jusqu'en|jusqu'à|jusqu'au|d'ici|\d{1,2}(?:er|st|nd|rd|th)?) $/iu
const TIMES = new Set([
  'may',
  'april',
  'june',
  'august',
  'avril',
  'mai',
  'juin',
  'summer',
  'autumn',
  'winter',
  'spring',
  'noel',
  'toussaint',
  'christmas',
  'france',
  'paris',
  'florence',
  'north',
  'south',
  'east',
  'west',
])

export function isName(evidence: Evidence): boolean {
  const { text, words, from, to } = evidence
  const start = words[from]?.start ?? 0
  const end = words[to]?.end ?? 0
  const before = text.slice(Math.max(0, start - 24), start)
  const after = text.slice(end, end + 16)
  if (ADDRESSED.test(before) && !/^ [a-z]+ (?:it|you|have)/i.test(after)) return true
  if (!isCapital(text, words, from)) return false
  if (TITLED.test(before)) return true
  const folded = words[from]?.folded ?? ''
  if (TIMES.has(folded) && (OF_TIME.test(before) || /^ \d/.test(after))) return false
  if (/^ ?(?:n°|#)? ?\d/.test(after)) return false
  if (isSentenceStart(before)) return /^(?:[ *_]*(?:\n|$)|,| ?[!:;]|'s?\b| ?\(|\.)/.test(after) || ACTS.test(after)
  return true
}

/** `Rose`, and `ROSE` where the words around are not in capitals too. */
function isCapital(text: string, words: readonly Word[], at: number): boolean {
  const word = wordOf(text, words[at])
  if (!/^\p{Lu}/u.test(word)) return false
  if (word.length === 1 || !isUpper(word)) return true
  return ![words[at - 1], words[at + 1]].some((neighbour) => isUpper(wordOf(text, neighbour)))
}

function isUpper(word: string): boolean {
  return word.length > 1 && /\p{Lu}/u.test(word) && word === word.toUpperCase()
}

function wordOf(text: string, word: Word | undefined): string {
  return word === undefined ? '' : text.slice(word.start, word.end)
}

function isSentenceStart(before: string): boolean {
  const said = before.replace(/[\s*_"'«“([>#|-]+$/, (gap) => (gap.includes('\n') ? '\n' : ''))
  return said === '' || /[.!?:;…\n]$|\n\d{1,3}[.)]$/.test(said)
}
