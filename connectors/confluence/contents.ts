/** What was listed, held in little memory until the listing is complete: a site has many contents that are much alike. */
import { createIdMap } from '../../src/core/id-map.ts'
import { createPackedList } from '../../src/core/packed-list.ts'
import type { Content, Parent, Space } from './answers.ts'

/** A content at its place; what stands above it is the tree's. */
export type Placed = Omit<Content, 'status' | 'parent'> & { readonly space: Space }

/** Each once, in the order in which they were listed first, as they were listed last. */
export interface Contents extends Iterable<Placed> {
  readonly size: number
  readonly parents: Parents
  /** Best asked for in the order of the listing. */
  get(id: string): Placed | undefined
}

/** What stands right above each content. */
export interface Parents {
  has(id: string): boolean
  get(id: string): Parent | undefined
  /** Each of them once. */
  distinct(): Iterable<Parent>
}

type Packed = Omit<Placed, 'space'> & { readonly space: number }

/** @param spaces all that contents are added of */
export function createContents(spaces: readonly Space[]): Contents & { add(content: Content, space: Space): void } {
  /** By id, their place in the listing. */
  const places = createIdMap()
  const list = createPackedList<Packed>()
  const parents = createParents()
  /** What was listed again. */
  const newer = new Map<string, Packed>()

  function placed(packed: Packed): Placed {
    const latest = newer.get(packed.id) ?? packed
    return { ...latest, space: spaces[latest.space] as Space }
  }

  return {
    add(content, space) {
      const { kind, id, title, version, updatedAt, webui, problem } = content
      const packed = { kind, id, title, version, updatedAt, webui, problem, space: spaces.indexOf(space) }
      const known = places.get(id)
      if (known !== undefined) newer.set(id, packed)
      else {
        places.set(id, places.size)
        list.push(packed)
      }
      parents.set(id, content.parent)
    },
    get size() {
      return places.size
    },
    parents,
    get(id) {
      const packed = list.at(places.get(id) ?? -1)
      return packed && placed(packed)
    },
    *[Symbol.iterator]() {
      for (const packed of list) yield placed(packed)
    },
  }
}

/** Most contents share theirs with others. */
function createParents(): Parents & { set(id: string, parent: Parent): void } {
  const numbers = createIdMap()
  const known: Parent[] = []
  const numberOf = new Map<string | null, number>()

  return {
    set(id, parent) {
      const key = parent === null || parent === 'unknown' ? parent : `${parent.type}:${parent.id}`
      const number = numberOf.get(key) ?? known.push(parent) - 1
      numberOf.set(key, number)
      numbers.set(id, number)
    },
    has: numbers.has,
    get(id) {
      const number = numbers.get(id)
      return number === undefined ? undefined : known[number]
    },
    *distinct() {
      const used = new Uint8Array(known.length)
      for (const id of numbers) used[numbers.get(id) ?? -1] = 1
      for (const [number, parent] of known.entries()) if (used[number] === 1) yield parent
    },
  }
}
