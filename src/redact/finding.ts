/** What the finders say, and the kinds of personal data that there are. */

/** In the order in which they are looked for: what an earlier one found is out of sight of the later ones. */
export const KINDS = [
  'token',
  'iban',
  'card',
  'nir',
  'siret',
  'siren',
  'email',
  'ip',
  'phone',
  'address',
  'person',
] as const

export type Kind = (typeof KINDS)[number]

/** Offsets into the plain reading that the finder was given. */
export interface Finding {
  readonly start: number
  readonly end: number
  /** The same for every spelling of the same thing, so that it gets the same placeholder. */
  readonly value: string
}

/** Stands in the plain reading where a placeholder is, or what an earlier finder found. */
export const TAKEN = '\ufffc'

/** The findings in order, the longest first where several start together, without those that overlap an earlier one. */
export function disjoint(findings: readonly Finding[]): readonly Finding[] {
  const sorted = [...findings].sort((a, b) => a.start - b.start || b.end - a.end)
  const kept: Finding[] = []
  let end = 0
  for (const finding of sorted) {
    if (finding.start < end || finding.end <= finding.start) continue
    kept.push(finding)
    end = finding.end
  }
  return kept
}
