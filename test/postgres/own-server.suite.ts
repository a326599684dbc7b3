/** Every driver's suite, and what only this one does, on the machine's own PostgreSQL: `npm run test:postgres` runs it where there is one. */
import { afterAll } from 'vitest'
import { openPostgres } from '../../src/indexes/postgres/postgres.ts'
import { testIndex } from '../conformance/index-driver.ts'
import { testNotes } from '../conformance/index-notes.ts'
import { testLease } from '../conformance/remote-lease.ts'
import { testPublishers } from '../conformance/remote-notes.ts'
import { testChanged } from './damage.ts'
import { testGuests } from './guests.ts'
import { testInTheWay } from './in-the-way.ts'
import { testKept } from './kept.ts'
import { startOwnServer } from './own-server.ts'
import { testReplaced } from './replaced.ts'
import { placeIn, remoteOf } from './server.ts'
import { testUpkeep } from './upkeep.ts'

const server = await startOwnServer()

if (typeof server === 'string') throw new Error(`It is run where there is a PostgreSQL alone: ${server}`)

afterAll(() => server.close())
testLease(remoteOf(server), { stops: true })
testPublishers(remoteOf(server))
testNotes({ name: 'Postgres', place: () => placeIn(server) })
testGuests(server)
testChanged(server)
testKept(server)
testInTheWay(server)
testReplaced(server)
testUpkeep(server)
testIndex({
  name: 'Postgres',
  hasVectors: server.hasVectors,
  place: () => {
    const location = placeIn(server)
    return { write: () => openPostgres(location), read: () => openPostgres(location, { mode: 'read' }) }
  },
})
