/** What stands where, found by looking at every document. */
import { canRead, type Principal } from '../../core/access.ts'
import type { IndexedDocument } from '../../core/document.ts'
import {
  articleOf,
  type Beside,
  countsOf,
  orderOf,
  placeEnd,
  placeOf,
  type Shelf,
  type ShelfCounts,
  type ShelfQuery,
  type Shelved,
} from '../../core/shelves.ts'
import { byUtf8 } from '../utf8.ts'

interface Placed {
  readonly place: string
  readonly order: string
  readonly document: IndexedDocument
}

export function countShelf(documents: readonly IndexedDocument[], { as, source, path }: Shelf): ShelfCounts {
  const place = placeOf(source, path)
  const below = placedFor(documents, as).filter((placed) => isWithin(placed.place, place))
  return countsOf(
    place,
    below.map((placed) => [placed.place, 1]),
  )
}

export function readShelf(documents: readonly IndexedDocument[], query: ShelfQuery): readonly Shelved[] {
  const { as, source, path, after, limit } = query
  const place = placeOf(source, path)
  const known = after && { order: orderOf(after.title), id: after.id }
  return placedFor(documents, as)
    .filter((placed) => placed.place === place)
    .filter(({ order, document }) => {
      return known === undefined || (byUtf8(order, known.order) || byUtf8(document.head.id, known.id)) > 0
    })
    .slice(0, Math.max(0, limit))
    .map(shelved)
}

export function readBeside(documents: readonly IndexedDocument[], id: string, as: readonly Principal[]): Beside | null {
  const placed = placedFor(documents, as)
  const own = placed.find(({ document }) => document.head.id === id)
  if (own === undefined) return null
  const { source, head } = own.document
  const siblings = placed.filter(({ document }) => document.source === source)
  const at = siblings.indexOf(own)
  const article = articleOf(source, head)
  const translations = siblings
    .filter((other) => other !== own && article !== null && articleOf(source, other.document.head) === article)
    .sort((a, b) => byUtf8(a.document.head.id, b.document.head.id))
  const [previous, next] = [siblings[at - 1], siblings[at + 1]]
  return {
    previous: previous === undefined ? null : shelved(previous),
    next: next === undefined ? null : shelved(next),
    translations: translations.map(shelved),
  }
}

function placedFor(documents: readonly IndexedDocument[], as: readonly Principal[]): readonly Placed[] {
  return documents
    .filter(({ head }) => canRead(head.access, as))
    .map((document) => ({
      place: placeOf(document.source, document.head.path),
      order: orderOf(document.head.title),
      document,
    }))
    .sort(
      (a, b) => byUtf8(a.place, b.place) || byUtf8(a.order, b.order) || byUtf8(a.document.head.id, b.document.head.id),
    )
}

function isWithin(place: string, outer: string): boolean {
  return byUtf8(place, outer) >= 0 && byUtf8(place, placeEnd(outer)) < 0
}

function shelved({ document: { head, source, language } }: Placed): Shelved {
  return structuredClone({ head, source, language })
}
