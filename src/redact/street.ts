/** Street addresses, French and English: a number, a kind of street, its name, and the town with its code behind it. */
import { disjoint, type Finding } from './finding.ts'
import { fold } from './fold.ts'

const NUMBER =
  '(?<![\\p{L}\\d.,#/-])\\d{1,5}(?:[ ,-]{0,2}(?:bis|ter|quater|[a-d])(?![\\p{L}\\d]))?(?: ?[-/] ?\\d{1,4})?'
/** Whose name may be in lower case: nothing else is counted in them. */
const CLEAR =
  'rue|avenue|av\\.?|ave\\.?|boulevard|boul\\.?|bd\\.?|bld\\.?|blvd\\.?|impasse|imp\\.?|chemin|ch\\.|chem\\.|faubourg|fbg\\.?|allée|allee|all\\.|ruelle|rond[- ]point|esplanade|sentier|venelle'
/** Also everyday words: the name must begin with a capital, or the town's code follow. */
const UNCLEAR =
  'place|pl\\.|r\\.|cours|passage|route|rte\\.?|quai|square|sq\\.|voie|villa|lotissement|résidence|rés\\.|hameau|lieu-dit|cité|clos|mail|promenade|parvis|montée|traverse|domaine|quartier|za|zi|zac'
const FRENCH = new RegExp(`${NUMBER}[ ,\\n]{0,3}(?:(${CLEAR})|(${UNCLEAR}))(?![\\p{L}\\d])`, 'giu')
/** Without a number, what makes it somebody's is the town's code behind it. */
const UNNUMBERED =
  /(?<![\p{L}\d])(?:rue|avenue|boulevard|bd|impasse|chemin|allée|allee|lieu[- ]dit|résidence|residence|hameau|lotissement|quartier|domaine|ferme|villa|za|zi|zac) /giu
const PARTICLE = /[ ,\n]{0,2}(?:(?:de la|de l'|de|du|des|la|le|les|l'|d'|aux?|sur|sous|en|à la)(?![\p{L}\d])|[ld]')/iuy
/** `rue du 8 mai 1945`. */
const DAY_NAME =
  / ?\d{1,2}(?:er)? (?:janvier|février|fevrier|mars|avril|mai|juin|juillet|ao[ûu]t|septembre|octobre|novembre|décembre|decembre)(?: \d{4}(?!\d))?/iuy
const NAME_WORD = /[ -]{0,2}(?:[\p{L}\d]['\p{L}\d.-]{0,30})/uy
const STOP = new Set(
  (
    'a au aux est et ou pour merci dans en je j il elle on nous vous qui que avec mais car donc or ni sur chez par sans depuis pendant svp cordialement ' +
    'mon ma mes votre vos notre nos ce cette ces the and is are was at in on for to my your please thanks thank with from but so we i you he she they ' +
    'appartement appt apt bat batiment etage escalier porte digicode interphone tel telephone mobile email mail code cp ville paris si comme quand ' +
    'cela pas ne y lors puis voici voila hier demain aujourd livraison facturation domicile adresse'
  ).split(' '),
)
const UNIT =
  /[ ,\n-]{1,3}(?:app(?:artemen)?t\.?|apt\.?|b[âa]t(?:iment)?\.?|b[âa]t\.?|esc(?:alier)?\.?|porte|hall|(?:\d{1,2} ?(?:e|er|[èe]me|nd|rd|th|st) )?(?:étage|etage|floor)|suite|ste\.?|unit|flat|room|#|no\.?|n°)(?: ?(?:[a-z]?\d{1,5}[a-z]?|[a-z])(?![\p{L}\d]))?/iuy
const FRENCH_TOWN =
  /[ ,\n-]{1,3}(?:f-?|l-?|b-?|ch-?)?(?:\d{5}|\d{2} \d{3}|(?<=[lbch]-?)\d{4})[ ,\n]{1,2}(?:St\.? |Ste\.? )?\p{L}[\p{L}'-]{1,30}(?:[ -](?:(?:sur|sous|en|les|le|la|lès|de|du|des|d'|l'|aux)(?![\p{L}\d])|\p{Lu}[\p{L}'-]{1,30})){0,4}(?: cedex(?: \d{1,2})?)?/iuy
const CEDEX_OR_COUNTRY = /[ ,\n]{1,2}(?:cedex(?: \d{1,2})?|france|belgique|suisse|luxembourg)(?![\p{L}\d])/iuy

export function findAddresses(text: string): readonly Finding[] {
  const french = [...text.matchAll(FRENCH)].flatMap((match) => frenchFrom(text, match))
  const unnumbered = [...text.matchAll(UNNUMBERED)].flatMap((match) => unnumberedFrom(text, match))
  return disjoint([...french, ...unnumbered, ...findEnglish(text)])
}

function frenchFrom(text: string, match: RegExpExecArray): readonly Finding[] {
  const typeEnd = match.index + match[0].length
  const name = nameEnd(text, typeEnd)
  const units = repeated(UNIT, text, name.end, 3)
  const town = after(FRENCH_TOWN, text, units)
  const isStreet = match[1] !== undefined ? name.end > typeEnd : name.isCapital || town > units
  if (!isStreet) return []
  const end = town > units ? after(CEDEX_OR_COUNTRY, text, town) : units
  return [finding(text, match.index, end)]
}

function unnumberedFrom(text: string, match: RegExpExecArray): readonly Finding[] {
  const typeEnd = match.index + match[0].length - 1
  const name = nameEnd(text, typeEnd)
  const town = after(FRENCH_TOWN, text, name.end)
  return name.end > typeEnd && town > name.end ? [finding(text, match.index, after(CEDEX_OR_COUNTRY, text, town))] : []
}

/** Particles, then words: capitals as long as they come, else up to three that are no sentence's. */
function nameEnd(text: string, from: number): { end: number; isCapital: boolean } {
  let at = repeated(PARTICLE, text, from, 3)
  const first = at
  const day = after(DAY_NAME, text, at)
  if (day > at) return { end: day, isCapital: true }
  let isCapital = false
  for (let words = 0; words < 6; words++) {
    const start = words === 0 ? at : repeated(PARTICLE, text, at, 2)
    const end = after(NAME_WORD, text, start)
    const word = text.slice(start, end).replace(/^[ -]+/, '')
    if (end === start || STOP.has(fold(word).replace(/[^a-z].*$/, '')) || /^(?!1[789]\d\d$)\d{4,}/.test(word)) break
    const isUpper = /^[\p{Lu}\d]/u.test(word)
    if (words === 0) isCapital = isUpper
    if (!isUpper && (isCapital || words > 2)) break
    at = end
    if (/\.$/.test(word) && word.length > 4) return { end: at - 1, isCapital }
  }
  return { end: at === first ? from : at, isCapital }
}

const EN_CLEAR =
  'street|str?\\.?|road|rd\\.?|avenue|ave\\.?|boulevard|blvd\\.?|lane|ln\\.?|terrace|crescent|parkway|pkwy\\.?|highway|hwy\\.?|gardens|mews|alley'
const EN_UNCLEAR =
  'drive|dr\\.?|court|ct\\.?|way|place|pl\\.?|close|square|sq\\.?|circle|cir\\.?|trail|row|walk|hill|green|grove|park|broadway|loop|plaza|wharf|quay'
const EN_WORD = "(?:\\p{L}[\\p{L}'.-]{0,20}|\\d{1,3}(?:st|nd|rd|th))"
const ENGLISH = new RegExp(
  `(?<![\\p{L}\\d.,#/-])\\d{1,5}[a-z]?,? {1,2}((?:${EN_WORD} ){1,4}?)(?:(${EN_CLEAR})|(${EN_UNCLEAR}))(?![\\p{L}\\d'-])`,
  'giu',
)
/** Words that no street is called after a number: `5 minutes down the road`, `2 Google Drive accounts`. */
const NOT_ENGLISH =
  /(?<!\p{L})(?:the|down|of|on|in|to|for|my|a|an|this|your|same|next|per|by|from|at|is|are|was|and|or|with|up|minutes?|hours?|days?|weeks?|months?|years?|miles?|km|blocks?|google|shared|team|hard|disk|flash|pen|usb|easy|half|two|three|other|different|more|new|fois|sur|de|du|des|la|le|les|et|ou|jours?|heures?|ans|mois|semaines?|pour|dans|en|par|avec|au|aux|un|une|mon|ma|mes|nos|vos|notre|votre|items?|people|users?|step|times?|cars?)(?!\p{L})/iu
const EN_TOWN =
  /(?:[ ,\n]{1,3}(?:\p{Lu}[\p{L}'.-]{1,20}(?: \p{Lu}[\p{L}'.-]{1,20}){0,2}),?){0,2}[ ,\n]{1,3}(?:[A-Z]{2},? \d{5}(?:-\d{4})?|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}|[A-Z]{2,3} \d{4})(?![\p{L}\d])/uy
const PO_BOX = /(?<![\p{L}\d])(?:p\.? ?o\.? ?box|bo[îi]te postale|BP)(?: n°)? ?\d{1,6}(?![\p{L}\d])/giu

function findEnglish(text: string): readonly Finding[] {
  const streets = [...text.matchAll(ENGLISH)].flatMap((match) => {
    const [whole, words = '', clear] = match
    const isTitled = words
      .trim()
      .split(' ')
      .every((word) => /^[\p{Lu}\d]/u.test(word))
    if (NOT_ENGLISH.test(words) || (!isTitled && (clear === undefined || words.trim().includes('  ')))) return []
    if (!isTitled && words.trim().split(' ').length > 2) return []
    const units = repeated(UNIT, text, match.index + whole.length, 2)
    return [finding(text, match.index, after(EN_TOWN, text, units))]
  })
  const boxes = [...text.matchAll(PO_BOX)].map((match) => finding(text, match.index, match.index + match[0].length))
  return [...streets, ...boxes]
}

function finding(text: string, start: number, end: number): Finding {
  return { start, end, value: fold(text.slice(start, end)).replace(/[^\p{L}\d]+/gu, ' ') }
}

/** Where the sticky pattern's match at `at` ends, or `at`. */
function after(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at
  return at + (pattern.exec(text)?.[0].length ?? 0)
}

function repeated(pattern: RegExp, text: string, from: number, most: number): number {
  let at = from
  for (let i = 0; i < most; i++) at = after(pattern, text, at)
  return at
}
