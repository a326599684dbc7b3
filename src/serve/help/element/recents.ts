/** What a reader read lately, on this device alone. Another reader's is dropped, never shown. */
import type { Reader } from './identity.ts'
import { store, stored } from './storage.ts'

export interface Recent {
  readonly id: string
  readonly title: string
}

export interface Recents {
  list(): readonly Recent[]
  add(recent: Recent): void
  remove(id: string): void
  clear(): void
}

const MOST = 8

interface Kept {
  readonly reader: string
  readonly until: number | null
  readonly items: readonly Recent[]
}

export function recentsOf(name: string, reader: Reader, now: () => number): Recents {
  let items = read()

  function read(): readonly Recent[] {
    const kept = stored(name)
    if (!isKept(kept)) return []
    if (kept.reader === reader.key && (kept.until ?? Number.POSITIVE_INFINITY) > now()) return kept.items.slice(0, MOST)
    store(name, null)
    return []
  }

  function write(next: readonly Recent[]): void {
    items = next
    const { key, until } = reader
    const kept: Kept = { reader: key, until: Number.isFinite(until) ? until : null, items }
    store(name, items.length === 0 ? null : kept)
  }

  return {
    list: () => items,
    add: ({ id, title }) => write([{ id, title }, ...items.filter((item) => item.id !== id)].slice(0, MOST)),
    remove: (id) => write(items.filter((item) => item.id !== id)),
    clear: () => write([]),
  }
}

function isKept(value: unknown): value is Kept {
  const kept = value as Partial<Kept> | null
  return typeof kept?.reader === 'string' && Array.isArray(kept.items) && kept.items.every(isRecent)
}

function isRecent(value: unknown): value is Recent {
  const recent = value as Partial<Recent> | null
  return typeof recent?.id === 'string' && typeof recent.title === 'string'
}
