/** Every driver's suite, and what only this one does, on the machine's own PostgreSQL where there is one. */
import { afterAll, describe, test } from 'vitest'
import { openPostgres } from '../../src/indexes/postgres/postgres.ts'
import { testIndex } from '../conformance/index-driver.ts'
import { testLease } from '../conformance/remote-lease.ts'
import { testChanged } from './damage.ts'
import { testGuests } from './guests.ts'
import { testHeld } from './held.ts'
import { startOwnServer } from './own-server.ts'
import { placeIn, remoteOf } from './server.ts'

const server = await startOwnServer()

if (typeof server === 'string') {
  describe('Postgres index', () => {
    test.skip(`not tested: ${server}`, () => undefined)
  })
} else {
  afterAll(() => server.close())
  testLease(remoteOf(server), { stops: true })
  testGuests(server)
  testChanged(server)
  testHeld(server)
  testIndex({
    name: 'Postgres',
    hasVectors: server.hasVectors,
    place: () => {
      const location = placeIn(server)
      return { write: () => openPostgres(location), read: () => openPostgres(location, { mode: 'read' }) }
    },
  })
}
