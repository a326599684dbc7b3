/** A driver whose indexes are on a server: what its tests ask of it, beside what every driver must do. */
import type { Notes } from '../../src/core/notes.ts'
import type { Store } from '../../src/core/store.ts'
import type { NotesOptions } from '../../src/indexes/kept-notes.ts'
import { openOpenSearchNotes } from '../../src/indexes/opensearch/notes.ts'
import { openOpenSearch } from '../../src/indexes/opensearch/opensearch.ts'
import { openPostgresNotes } from '../../src/indexes/postgres/notes.ts'
import { openPostgres } from '../../src/indexes/postgres/postgres.ts'
import type { RemoteOptions } from '../../src/indexes/remote-lease.ts'

export interface Remote {
  readonly name: string
  /** Whether documents and cursor are stored at once; else documents first. */
  readonly isAtomic: boolean
  /** A location that holds nothing: no two are the same. */
  place(): string
}

/** With a lease that is over sooner than a person would want to wait in a test. */
export async function openRemote(location: string, options: RemoteOptions, leaseMs: number): Promise<Store> {
  return location.startsWith('opensearch:')
    ? await openOpenSearch(location, options, leaseMs)
    : await openPostgres(location, options, leaseMs)
}

/** To be written, with the same. */
export async function openRemoteNotes(
  location: string,
  options: Omit<NotesOptions, 'mode'>,
  leaseMs: number,
): Promise<Notes> {
  const asked = { ...options, mode: 'write' } as const
  return location.startsWith('opensearch:')
    ? await openOpenSearchNotes(location, asked, leaseMs)
    : await openPostgresNotes(location, asked, leaseMs)
}
