/**
 * A short version of `npm run test:postgres`, on the machine's own PostgreSQL where there is one: what a batch leaves, who reads
 * what, who may write, and that what is found is what the reference driver finds.
 */
import { afterAll, afterEach, describe, test } from 'vitest'
import type { Store } from '../../src/core/store.ts'
import { openPostgres } from '../../src/indexes/postgres/postgres.ts'
import { testBatches } from '../conformance/index-batches.ts'
import { testAccess } from '../conformance/index-queries.ts'
import { testLease } from '../conformance/remote-lease.ts'
import { checkEqualToMemory } from '../indexes/equal-drivers.ts'
import { startOwnServer } from './own-server.ts'
import { placeIn, remoteOf, type Server } from './server.ts'

const server = await startOwnServer()

if (typeof server === 'string') {
  describe('Postgres index', () => {
    test.skip(`not tested here, but by npm run test:postgres on PGlite: ${server}`, () => undefined)
  })
} else {
  testShortly(server)
}

function testShortly(server: Server): void {
  const opened: Store[] = []

  async function fresh(): Promise<Store> {
    const store = await openPostgres(placeIn(server))
    opened.push(store)
    return store
  }

  afterEach(async () => {
    for (const store of opened.splice(0)) await store.close()
  })
  afterAll(() => server.close())
  testBatches('Postgres', fresh)
  testAccess('Postgres', fresh)
  testLease(remoteOf(server), { stops: false })

  test('Postgres holds and ranks what memory does', async () => {
    await checkEqualToMemory(() => openPostgres(placeIn(server)), 5)
  })
}
