/** An index in Postgres, whose lease can be over sooner than a person would want to wait in a test. */
import pg from 'pg'
import { placeIn, type Server } from '../../postgres/server.ts'
import type { RemoteIndex } from './kills.ts'

export function remoteIndexIn(server: Server): RemoteIndex {
  const location = placeIn(server)
  return { location, expire: () => expireLeases(server, location) }
}

/** As a minute after their holders were killed, or stood still. */
export async function expireLeases(server: Server, location: string): Promise<void> {
  const client = new pg.Client({ connectionString: server.url })
  await client.connect()
  await client.query(`UPDATE "${new URL(location).searchParams.get('schema')}".lease SET expires = now()`)
  await client.end()
}
