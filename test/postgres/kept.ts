/** What is kept of an index is bound to a number that it counts its changes by: one that is made anew begins at another. */
import pg from 'pg'
import { expect, test } from 'vitest'
import { openPostgres } from '../../src/indexes/postgres/postgres.ts'
import { fillHeld, testHeld } from '../conformance/index-held.ts'
import { batch, sampleDocument } from '../conformance/index-samples.ts'
import { placeIn, type Server } from './server.ts'

export function testKept(server: Server): void {
  async function opened() {
    const location = placeIn(server)
    const writer = await openPostgres(location)
    return { location, writer, reader: await openPostgres(location, { mode: 'read' }) }
  }

  async function drop(location: string): Promise<void> {
    const client = new pg.Client({ connectionString: server.url })
    await client.connect()
    await client.query(`DROP SCHEMA ${new URL(location).searchParams.get('schema')} CASCADE`)
    await client.end()
  }

  testHeld(server.name, opened)

  test(`${server.name}: an index that is made anew in the place of another is not told what was kept of that one`, async () => {
    const { location, writer, reader } = await opened()
    await fillHeld(writer)
    const held = async () => (await reader.held({ as: [], tokens: ['word'], most: 1000 })).get('word')
    const known = [await held(), (await reader.alike('wrod', 1)).length]

    await writer.close()
    await drop(location)
    const anew = await openPostgres(location)
    await anew.apply(batch('docs', { put: [sampleDocument('docs:1', { access: ['group:staff'], texts: ['other'] })] }))
    known.push(await held(), (await reader.alike('wrod', 1)).length)

    expect(known).toEqual([30, 1, 0, 0])
    await reader.close()
    await anew.close()
  })

  test(`${server.name}: a spelling that goes is gone at once`, async () => {
    const { writer, reader } = await opened()
    await writer.apply(batch('docs', { put: [sampleDocument('docs:1', { texts: ['word wood'] })] }))
    const known: (readonly string[])[] = [(await reader.alike('wrod', 1)).toSorted()]

    await writer.apply(batch('docs', { put: [sampleDocument('docs:1', { texts: ['word'] })] }))
    known.push(await reader.alike('wrod', 1))

    expect(known).toEqual([['wood', 'word'], ['word']])
    await reader.close()
    await writer.close()
  })
}
