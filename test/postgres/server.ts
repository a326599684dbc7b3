/** A Postgres to test against, which holds nothing and is gone when it is closed. */

import type { Remote } from '../conformance/remote.ts'

export interface Server {
  /** For people: what it is, and its version. */
  readonly name: string
  /** Of its database, without parameters. */
  readonly url: string
  readonly hasVectors: boolean
  close(): Promise<void>
}

/** A place for one index: no two are the same. */
export function placeIn({ url }: Server): string {
  places += 1
  return `${url}?schema=unsilo_${places}&pool=3`
}

export function remoteOf(server: Server): Remote {
  return { name: server.name, isAtomic: true, place: () => placeIn(server) }
}

let places = 0
