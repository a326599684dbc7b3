/** What was listed, held in little memory until the listing is complete: a site has many contents that are much alike. */
import { createPackedList } from '../../src/core/packed-list.ts'
import type { Content, Parent, Space } from './answers.ts'

/** A content at its place; what stands above it is the tree's. */
export type Placed = Omit<Content, 'status' | 'parent'> & { readonly space: Space }

/** Each once, in the order in which they were listed first, as they were listed last. */
export interface Contents extends Iterable<Placed> {
  readonly size: number
  /** By id. */
  readonly parents: ReadonlyMap<string, Parent>
  /** The n-th of them. */
  at(place: number): Placed
}

type Packed = Omit<Placed, 'space'> & { readonly space: number }

/** @param spaces all that contents are added of */
export function createContents(spaces: readonly Space[]): Contents & { add(content: Content, space: Space): void } {
  const parents = new Map<string, Parent>()
  const list = createPackedList<Packed>()
  /** What was listed again. */
  const newer = new Map<string, Packed>()
  const shareParent = sharing()

  function placed(packed: Packed, id: string): Placed {
    const latest = newer.get(id) ?? packed
    return { ...latest, id, space: spaces[latest.space] as Space }
  }

  return {
    add(content, space) {
      const { kind, id, title, version, updatedAt, webui, problem } = content
      const packed = { kind, id, title, version, updatedAt, webui, problem, space: spaces.indexOf(space) }
      if (parents.has(id)) newer.set(id, packed)
      else list.push(packed)
      parents.set(id, shareParent(content.parent))
    },
    get size() {
      return parents.size
    },
    parents,
    at(place) {
      const packed = list.at(place)
      if (packed === undefined) throw new RangeError(`There is no content ${place}.`)
      return placed(packed, packed.id)
    },
    *[Symbol.iterator]() {
      // Both are in the same order. The id that is there already is handed out, for whoever keeps it.
      const ids = parents.keys()
      for (const packed of list) yield placed(packed, ids.next().value ?? packed.id)
    },
  }
}

/** The same object for all that stand below the same content. */
function sharing(): (parent: Parent) => Parent {
  const known = new Map<string, Parent>()
  return (parent) => {
    if (parent === null || parent === 'unknown') return parent
    const key = `${parent.type}:${parent.id}`
    const shared = known.get(key) ?? parent
    known.set(key, shared)
    return shared
  }
}
