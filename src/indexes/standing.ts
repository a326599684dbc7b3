/** Where a document stands among others, as a driver stores it beside the head. */
import { type Access, normalizeAccess } from '../core/access.ts'
import type { Head } from '../core/document.ts'
import { canonicalJson, sha256 } from '../core/ids.ts'
import { articleOf, orderOf, placeOf } from '../core/shelves.ts'

/** What a head says of where it stands. */
export interface Standing {
  readonly place: string
  readonly title: string
  /** The same for documents that the same people may read. */
  readonly readers: string
  readonly article: string | null
}

const DIGITS = 16

export function standingOf(source: string, head: Head): Standing {
  return {
    place: placeOf(source, head.path),
    title: orderOf(head.title),
    readers: readersOf(head.access),
    article: articleOf(source, head),
  }
}

function readersOf(access: Access): string {
  return sha256(canonicalJson(normalizeAccess(access))).slice(0, DIGITS)
}
