/** What is kept from one question to the next, for as long as nobody writes to the file. */
import type { Connection } from './connection.ts'
import { fileVersion } from './counts.ts'

/** Inside a transaction, `kept()` is of the same moment as what is read: what `make` made, or made anew. */
export function keptOf<T>(db: Connection, make: () => T): () => T {
  let version = ''
  let kept: T | null = null
  return () => {
    const next = fileVersion(db)
    if (kept === null || next !== version) kept = make()
    version = next
    return kept
  }
}

/** Lists of numbers by what they are of, the oldest of which go where they are more than so many numbers and signs together. */
export interface Lists {
  of(asked: string, make: () => Uint32Array): Uint32Array
}

/** Shorter ones are quickly made again. */
const SHORT = 200

export function listsOf(most: number): Lists {
  const lists = new Map<string, Uint32Array>()
  let held = 0

  function forget(room: number): void {
    for (const [asked, list] of lists) {
      if (held <= room) return
      lists.delete(asked)
      held -= list.length + asked.length
    }
  }

  return {
    of: (asked, make) => {
      const known = lists.get(asked)
      if (known !== undefined) return known
      const list = make()
      if (list.length < SHORT) return list
      forget(most - list.length - asked.length)
      lists.set(asked, list)
      held += list.length + asked.length
      return list
    },
  }
}
