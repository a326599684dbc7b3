/** French social security numbers (NIR), and companies' numbers (SIREN, SIRET), which are a person's where one works alone. */
import { isLuhn, isNirChecked, isSiretChecked } from './checksums.ts'
import { groupStarts, isGlued, windowsFrom } from './digits.ts'
import { disjoint, type Finding } from './finding.ts'
import { labelled } from './labels.ts'

const GAP = '[ .\\n/-]{0,3}'
/** Sex, year, month (or the codes for an unknown one), department, commune, order, key. */
const NIR = new RegExp(
  `(?<![\\p{L}\\d])[1-478]${GAP}\\d{2}${GAP}(?:0[1-9]|1[0-2]|[2-9]\\d)${GAP}(?:\\d{2}|2[ab])${GAP}\\d{3}${GAP}\\d{3}(?:${GAP}(?:cl[eé] ?:? ?)?\\(?\\d{2})?(?![\\p{L}\\d])`,
  'giu',
)
const isNirLabel = labelled(
  "nir|insee|s[ée]cu|(?:num[ée]ro |n° ?|no )?(?:de |d')?s[ée]curit[ée] sociale|s[ée]cu sociale|ss|social security(?: number| no)?|immatriculation|carte vitale|vitale|assur[ée]e? sociale?",
)
const isCompanyLabel = labelled(
  'siren|siret|siren/siret|siret/siren|rcs(?: [\\p{L}-]{1,20}){0,3}|r\\.c\\.s\\.(?: [\\p{L}-]{1,20}){0,3}|insee|rna|kbis|naf',
)
const isVatLabel = labelled('tva|vat|tva intracommunautaire|tva intracom|vat (?:number|no|id)|intracommunautaire')

/** The key must be right; thirteen characters without one must be labelled. */
export function findNirs(text: string): readonly Finding[] {
  const findings: Finding[] = []
  for (const match of text.matchAll(NIR)) {
    const value = match[0].replace(/cl[eé]|[^\dab]/gi, '').toUpperCase()
    const isOne = value.length === 15 && isLikely(match[0]) ? isNirChecked(value) : isNirLabel(text, match.index)
    if (isOne) findings.push({ start: match.index, end: match.index + match[0].length, value })
  }
  return findings
}

/** Numbers of the rare kinds (3, 4, 7, 8) are written like a telephone's IMEI: these need groups, or a label. */
function isLikely(written: string): boolean {
  return /^[12]/.test(written) || /[ .-]/.test(written)
}

export function findSirets(text: string): readonly Finding[] {
  return findCompanies(text, 14, isSiretChecked)
}

/** A French VAT number (FR, two characters, SIREN) holds one too. */
export function findSirens(text: string): readonly Finding[] {
  return disjoint([...findCompanies(text, 9, isLuhn), ...findVats(text)])
}

/** A number counts as labelled too where it follows one that is, as in `SIREN 732 829 320 / SIRET …, 732 829 320 00074`. */
function findCompanies(text: string, length: number, isChecked: (digits: string) => boolean): readonly Finding[] {
  const findings: Finding[] = []
  for (const start of groupStarts(text)) {
    const window = windowsFrom(text, start, length + 1).findLast(({ digits }) => digits.length === length)
    if (window === undefined || isGlued(text, window.end) || !isChecked(window.digits)) continue
    if (!isCompanyLabel(text, start)) continue
    findings.push({ start, end: window.end, value: window.digits })
  }
  return disjoint(findings)
}

const VAT = /(?<![\p{L}\d])FR[ .-]?[\dA-HJ-NP-Z]{2}[ .-]?\d{3}[ .-]?\d{3}[ .-]?\d{3}(?![\p{L}\d])/giu

function findVats(text: string): readonly Finding[] {
  return [...text.matchAll(VAT)].flatMap((match) => {
    const compact = match[0].replace(/[ .-]/g, '')
    const siren = compact.slice(4)
    const key = String((12 + 3 * (Number(siren) % 97)) % 97).padStart(2, '0')
    const isOne = isLuhn(siren) && (compact.slice(2, 4) === key || isVatLabel(text, match.index))
    return isOne ? [{ start: match.index, end: match.index + match[0].length, value: siren }] : []
  })
}
