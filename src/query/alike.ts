/**
 * Groups of texts that say nearly the same, in time that grows with their number: MinHash finds the few that a text may
 * be like (https://en.wikipedia.org/wiki/MinHash), their shared features then decide.
 */
import { analyse, languageOf } from '../analysis/analyse.ts'

/** What a text is told by: its words and pairs of words. */
export type Features = ReadonlySet<number>

/** Of all features of both texts, the share that both have. */
const ALIKE = 0.5
/** Bands of a signature's rows: texts with one band in common are compared. Those that share half usually have one. */
const BANDS = 16
const ROWS = 3
const MOST_FEATURES = 400
/** Texts of one band that another is compared with. */
const MOST_COMPARED = 40

export function featuresOf(text: string, locale?: string): Features {
  const tokens = analyse(text, languageOf(locale, text))
  const features = new Set<number>()
  for (const [at, token] of tokens.entries()) {
    if (features.size >= MOST_FEATURES) break
    features.add(hash(token))
    if (at > 0) features.add(hash(`${tokens[at - 1]} ${token}`))
  }
  return features
}

/** Each text goes to the group whose first text it is most like, or begins one. Texts without any word are by themselves. */
export function groupAlike<T>(items: readonly T[], featuresOf: (item: T) => Features): readonly (readonly T[])[] {
  const groups: { readonly features: Features; readonly items: T[] }[] = []
  const buckets = new Map<number, number[]>()
  for (const item of items) {
    const features = featuresOf(item)
    const bands = bandsOf(features)
    const best = mostAlike(features, new Set(bands.flatMap((band) => buckets.get(band) ?? [])), groups)
    if (best !== null) {
      groups[best]?.items.push(item)
      continue
    }
    for (const band of bands) {
      const bucket = buckets.get(band) ?? []
      if (bucket.length < MOST_COMPARED) bucket.push(groups.length)
      buckets.set(band, bucket)
    }
    groups.push({ features, items: [item] })
  }
  return groups.map((group) => group.items)
}

function mostAlike(
  features: Features,
  candidates: ReadonlySet<number>,
  groups: readonly { readonly features: Features }[],
): number | null {
  let best: number | null = null
  let most = ALIKE
  for (const candidate of candidates) {
    const other = groups[candidate]?.features
    const shared = other === undefined ? 0 : likeness(features, other)
    if (shared < most || (shared === most && best !== null)) continue
    best = candidate
    most = shared
  }
  return best
}

/** The Jaccard index. */
function likeness(a: Features, b: Features): number {
  let shared = 0
  for (const feature of a) if (b.has(feature)) shared += 1
  return shared / (a.size + b.size - shared)
}

function bandsOf(features: Features): readonly number[] {
  if (features.size === 0) return []
  return Array.from({ length: BANDS }, (_, band) => {
    let key = band
    for (let row = 0; row < ROWS; row++) key = mixed(key, least(features, band * ROWS + row))
    return key
  })
}

/** The least of the features under the n-th reordering of all numbers. */
function least(features: Features, n: number): number {
  let smallest = 0xffffffff
  for (const feature of features) {
    const moved = mixed(feature, n)
    if (moved < smallest) smallest = moved
  }
  return smallest
}

/** FNV-1a, 32 bits (http://www.isthe.com/chongo/tech/comp/fnv/). */
function hash(text: string): number {
  let value = 0x811c9dc5
  for (let at = 0; at < text.length; at++) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193)
  return value >>> 0
}

/** The finalizer of MurmurHash3 over both: equal numbers give equal ones, all others anything. */
function mixed(a: number, b: number): number {
  let value = a ^ Math.imul(b + 1, 0x9e3779b1)
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b)
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35)
  return (value ^ (value >>> 16)) >>> 0
}
