/** Every driver's suite, on PGlite, and what becomes of vectors that are copied over others. */
import { afterAll } from 'vitest'
import { openPostgres } from '../../src/indexes/postgres/postgres.ts'
import { testIndex } from '../conformance/index-driver.ts'
import { testNotes } from '../conformance/index-notes.ts'
import { testMovedVectors } from './moved-vectors.ts'
import { startPglite } from './pglite-server.ts'
import { placeIn } from './server.ts'

const server = await startPglite()
afterAll(() => server.close())
testMovedVectors(server)
testNotes({ name: server.name, place: () => placeIn(server) })
testIndex({
  name: server.name,
  place: () => {
    const location = placeIn(server)
    return { write: () => openPostgres(location), read: () => openPostgres(location, { mode: 'read' }) }
  },
})
