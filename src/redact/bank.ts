/** Bank accounts and payment cards. */
import { isIbanChecked, isLuhn, isRibChecked } from './checksums.ts'
import { groupStarts, isGlued, type Window, windowsFrom } from './digits.ts'
import { disjoint, type Finding } from './finding.ts'
import { isThingLabel } from './labels.ts'

/** Characters of a country's IBAN (SWIFT IBAN registry, release 99). */
const IBAN_LENGTHS = new Map(
  (
    'AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29 ES24 ' +
    'FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 ' +
    'LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 ' +
    'RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30 ' +
    // Not in the registry, but used with French lengths and by French banks.
    'BF28 BJ28 CF27 CG27 CI28 CM27 CV25 DZ26 GA27 GF27 GP27 MA28 MG27 ML28 MQ27 NC27 NE28 PF27 PM27 RE27 SN28 TD27 TF27 TG28 WF27 YT27'
  )
    .split(' ')
    .map((entry) => [entry.slice(0, 2), Number(entry.slice(2))]),
)
const IBAN_START = /(?<![\p{L}\d])[a-z]{2}[ -]?\d[ -]?\d/giu

/** A French account as it was written before IBANs, and still is: bank, branch, account, key. */
const RIB = /(?<![\p{L}\d])(\d{5})[ .|-]{1,3}(\d{5})[ .|-]{1,3}([\da-z]{11})[ .|-]{1,3}(\d{2})(?![\p{L}\d])/giu

export function findIbans(text: string): readonly Finding[] {
  const findings: Finding[] = []
  for (const { index } of text.matchAll(IBAN_START)) {
    const length = IBAN_LENGTHS.get(text.slice(index, index + 2).toUpperCase())
    const read = length === undefined ? null : readIban(text, index, length)
    if (read !== null && isIbanChecked(read.value)) findings.push(read)
  }
  return disjoint([...findings, ...findRibs(text)])
}

function findRibs(text: string): readonly Finding[] {
  return [...text.matchAll(RIB)].flatMap((match) => {
    const [whole, bank = '', branch = '', account = '', key = ''] = match
    if (!isRibChecked(bank, branch, account.toUpperCase(), key)) return []
    return [{ start: match.index, end: match.index + whole.length, value: bank + branch + account.toUpperCase() + key }]
  })
}

/** So many letters and digits, with up to three spaces, dots or dashes between any two. */
function readIban(text: string, start: number, length: number): Finding | null {
  let value = ''
  let gap = 0
  let at = start
  for (; value.length < length; at++) {
    const character = text[at] ?? ''
    if (/^[a-z\d]$/i.test(character)) {
      value += character.toUpperCase()
      gap = 0
    } else if (!/^[ .\n|-]$/.test(character) || ++gap > 3) return null
  }
  return isGlued(text, at) ? null : { start, end: at, value }
}

/** First digits and lengths that issuers give out (ISO/IEC 7812; Maestro only where it is not somebody else's). */
const ISSUERS: readonly (readonly [RegExp, number, number])[] = [
  [/^4/, 13, 13],
  [/^4/, 16, 16],
  [/^4/, 19, 19],
  [/^(?:5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)/, 16, 16],
  [/^3[47]/, 15, 15],
  [/^(?:30[0-5]|3095|36|3[89])/, 14, 14],
  [/^(?:6011|64[4-9]|65)/, 16, 19],
  [/^35(?:2[89]|[3-8])/, 16, 19],
  [/^(?:62|81)/, 16, 19],
  [/^(?:5018|5020|5038|5893|6304|6759|676[1-3])/, 12, 19],
  [/^220[0-4]/, 16, 19],
]
const USUAL_GROUPS = new Set([
  '4,4,4,4',
  '4,4,4,4,3',
  '4,6,5',
  '4,6,4',
  '4,4,4,1',
  '4,4,5',
  '8,8',
  '6,13',
  '4,4,4,2',
  '4,4,4,3',
])

export function findCards(text: string): readonly Finding[] {
  const findings: Finding[] = []
  for (const start of groupStarts(text)) {
    const windows = windowsFrom(text, start, 19)
    const card = windows.findLast((window) => isCard(text, window, window === windows.at(-1)))
    if (card !== undefined) findings.push({ start, end: card.end, value: card.digits })
  }
  return disjoint(findings)
}

function isCard(text: string, window: Window, isWhole: boolean): boolean {
  const { digits, start, end } = window
  if (digits.length < 12 || !isIssued(digits) || !isLuhn(digits) || /^(\d)\1*$/.test(digits)) return false
  if (isGlued(text, end) || isFraction(text, start) || isPlaced(text, start)) return false
  return isGrouped(text, window, isWhole)
}

function isIssued(digits: string): boolean {
  return ISSUERS.some(([first, least, most]) => digits.length >= least && digits.length <= most && first.test(digits))
}

/** In one piece or in a card's groups; any other groups, and the short form that few cards have, only where no word says what it is. */
function isGrouped(text: string, { digits, groups, start }: Window, isWhole: boolean): boolean {
  const isUsual = (digits.length > 13 && !groups.includes(',')) || USUAL_GROUPS.has(groups)
  if (isUsual) return true
  return (digits.length === 13 || isWhole) && !continues(text, start) && !isThingLabel(text, start)
}

/** `0.4111111111111111` is no card. */
function isFraction(text: string, start: number): boolean {
  return /[.,]/.test(text[start - 1] ?? '') && /\d/.test(text[start - 2] ?? '')
}

/** In a path, and as the id that an address asks for, digits are an id. */
function isPlaced(text: string, start: number): boolean {
  return /[\p{L}\d_-]\/$|[?&][\w-]{0,20}id=$/iu.test(text.slice(Math.max(0, start - 26), start))
}

/** Does a group of digits stand right in front? */
function continues(text: string, start: number): boolean {
  return /\d[ .-]{1,2}$/.test(text.slice(Math.max(0, start - 3), start))
}
