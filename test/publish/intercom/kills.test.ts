/** A short version of `npm run test:publish`. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startPglite } from '../../postgres/pglite-server.ts'
import type { Server } from '../../postgres/server.ts'
import { killPublishing } from './kills.ts'
import { remoteIndexIn } from './remote-index.ts'

/** Of a server in WebAssembly, on a machine that has much to do. */
const STARTING_MS = 120_000
let server: Server

beforeAll(async () => {
  server = await startPglite()
}, STARTING_MS)

afterAll(() => server.close())

test('whenever publishing is killed, nothing is there twice, and the next run makes it whole', async () => {
  const found = await killPublishing({ kills: 5, seed: 3 })

  expect(found).toMatchObject({ kills: 5, duplicates: 0, plansNotEmpty: 0, wrong: [] })
})

test('so from an index on a server, by processes of which none finds a file of another', async () => {
  const found = await killPublishing({ kills: 5, seed: 4, remote: remoteIndexIn(server) })

  expect(found).toMatchObject({ kills: 5, duplicates: 0, plansNotEmpty: 0, wrong: [] })
})
