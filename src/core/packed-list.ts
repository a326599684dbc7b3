/**
 * Long lists in little memory: records that are much alike, a few hundred of them packed together, take less than a
 * hundred bytes each.
 */
import { deflateRawSync, inflateRawSync } from 'node:zlib'

/** What is read from it are copies. Items are plain JSON. */
export interface PackedList<T> extends Iterable<T> {
  push(item: T): void
  /** Best asked for in order: a whole block is unpacked for one item. */
  at(place: number): T | undefined
}

/** Items packed together. */
export const BLOCK = 250

export function createPackedList<T>(): PackedList<T> {
  const closed: Uint8Array[] = []
  let open: T[] = []
  /** Whoever asks for one item often asks for the next one then. */
  let last: { readonly block: number; readonly items: readonly T[] } | null = null

  function itemsOf(block: number): readonly T[] {
    const packed = closed[block]
    if (packed === undefined) return block === closed.length ? open : []
    if (last?.block !== block) last = { block, items: unpack(packed) as readonly T[] }
    return last.items
  }

  return {
    push(item) {
      if (open.push(item) < BLOCK) return
      closed.push(pack(open))
      open = []
    },
    at: (place) => itemsOf(Math.floor(place / BLOCK))[place % BLOCK],
    *[Symbol.iterator]() {
      for (const packed of closed) yield* unpack(packed) as readonly T[]
      yield* open
    },
  }
}

/** One item that is large by itself; each call answers with a copy. */
export function held<T>(item: T): () => T {
  const packed = pack([item])
  return () => unpack(packed)[0] as T
}

export function pack(items: readonly unknown[]): Uint8Array {
  // Copied, since zlib answers with a part of a larger buffer.
  return Uint8Array.from(deflateRawSync(JSON.stringify(items), { level: 3 }))
}

export function unpack(packed: Uint8Array): readonly unknown[] {
  return JSON.parse(inflateRawSync(packed).toString())
}
