/** The port of looking around: collections inside each other, and the documents in them, in the same order everywhere. */
import type { Principal } from './access.ts'
import type { Head, StoredDocument } from './document.ts'

/** A collection of a source; `path: []` is the source itself. */
export interface Shelf {
  readonly as: readonly Principal[]
  readonly source: string
  readonly path: readonly string[]
}

export interface ShelfCounts {
  /** Right in it. */
  readonly documents: number
  /** The collections right inside it, in order, each with what is in it and anywhere below it. None is without any. */
  readonly collections: readonly { readonly name: string; readonly documents: number }[]
}

export interface ShelfQuery extends Shelf {
  /** The last document that is known already. It need not be there any more. */
  readonly after?: { readonly title: string; readonly id: string }
  readonly limit: number
}

export type Shelved = Pick<StoredDocument, 'head' | 'source' | 'language'>

/** What stands beside a document: each of them the nearest that may be read. */
export interface Beside {
  readonly previous: Shelved | null
  readonly next: Shelved | null
  /** The same in other languages, by id. */
  readonly translations: readonly Shelved[]
}

/** Every query sees only what `as` may read. Documents are in order of path, then title, then id. */
export interface Shelves {
  counts(shelf: Shelf): Promise<ShelfCounts>
  /** The documents right in it. */
  shelf(query: ShelfQuery): Promise<readonly Shelved[]>
  /** Null where `as` may not read the document. */
  beside(id: string, as: readonly Principal[]): Promise<Beside | null>
}

const LONGEST_KEY = 200
/** Behind a name's key, and behind the name: less than whatever names hold. */
const BEHIND_KEY = '\u0001'
const BEHIND_NAME = '\u0002'
const ESCAPE = '\u0003'

/** What decides where a title stands: case and accents don't, and 2 is before 10. To be compared by UTF-8 bytes. */
export function orderOf(text: string): string {
  return text
    .slice(0, LONGEST_KEY)
    .normalize('NFKD')
    .replace(/[\p{M}\p{Cc}\p{Cf}\p{Cs}]/gu, '')
    .toLowerCase()
    .replace(/\d+/g, (digits) => digits.padStart(9, '0'))
}

/** A source and a path as one text: collections by their names' order, and everything below one right behind it. */
export function placeOf(source: string, path: readonly string[]): string {
  return [source, ...path].map((name) => `${orderOf(name)}${BEHIND_KEY}${escaped(name)}${BEHIND_NAME}`).join('')
}

/** What is in a collection, or anywhere below it, is from `placeOf` up to here. */
export function placeEnd(place: string): string {
  return place.slice(0, -BEHIND_NAME.length) + ESCAPE
}

/** The source, then the path. */
export function namesIn(place: string): readonly string[] {
  return place
    .split(BEHIND_NAME)
    .slice(0, -1)
    .map((name) =>
      name.slice(name.indexOf(BEHIND_KEY) + 1).replace(/\u0003(.)/g, (_, digit) => String.fromCharCode(digit)),
    )
}

/** The documents of one group are the same in other languages. */
export function articleOf(source: string, { group }: Pick<Head, 'group'>): string | null {
  return group === undefined ? null : placeOf(source, [group])
}

/** Out of the places of documents that may be read, and how many stand at each. */
export function countsOf(place: string, found: Iterable<readonly [place: string, documents: number]>): ShelfCounts {
  const depth = namesIn(place).length
  const inside = new Map<string, number>()
  let own = 0
  for (const [other, documents] of found) {
    const name = namesIn(other)[depth]
    if (name === undefined) own += documents
    else inside.set(name, (inside.get(name) ?? 0) + documents)
  }
  return { documents: own, collections: [...inside].map(([name, documents]) => ({ name, documents })) }
}

function escaped(name: string): string {
  return name.toWellFormed().replace(/[\0-\u0003]/g, (control) => `${ESCAPE}${control.charCodeAt(0)}`)
}
