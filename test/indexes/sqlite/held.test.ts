/** What SQLite keeps of counts, and what that takes. */
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { type Connection, connect } from '../../../src/indexes/sqlite/connection.ts'
import { countsFor } from '../../../src/indexes/sqlite/held.ts'
import { listingOf } from '../../../src/indexes/sqlite/narrow.ts'
import { lexicalOf } from '../../../src/indexes/sqlite/query.ts'
import { openSqlite } from '../../../src/indexes/sqlite/sqlite.ts'
import { fillHeld, testHeld } from '../../conformance/index-held.ts'
import { asking, batch, sampleDocument } from '../../conformance/index-samples.ts'
import { temporaryFolder } from '../temporary-folder.ts'

/** A reader beside the writer. */
async function opened() {
  const path = join(temporaryFolder(), 'index.db')
  const writer = await openSqlite(path)
  return { writer, reader: await openSqlite(path, { mode: 'read' }) }
}

testHeld('SQLite', opened)

test('readers who say much of themselves take no more memory, however many ask', async () => {
  const { writer, reader } = await opened()
  await fillHeld(writer)
  const asMany = async (readers: number) => {
    for (let at = 0; at < readers; at++) {
      await reader.held({ as: [`group:${at}-${'long'.repeat(5000)}`], tokens: ['word'], most: 1 })
    }
    return heldBytes()
  }
  const few = await asMany(100)
  const many = await asMany(2000)

  expect(many - few).toBeLessThan(10e6)
  await reader.close()
  await writer.close()
})

test('chunks that are listed to count a word are not listed again to rank them', async () => {
  const path = join(temporaryFolder(), 'index.db')
  const writer = await openSqlite(path)
  const document = sampleDocument('docs:1', { texts: Array.from({ length: 300 }, () => 'word') })
  await writer.apply(batch('docs', { put: [{ ...document, head: { ...document.head, labels: ['few'] } }] }))
  const db = connect(path, new Database(path, { readonly: true }))
  let listed = 0
  const watched: Connection = {
    ...db,
    get: (sql, ...values) => {
      if (/FROM fts WHERE fts MATCH \? ORDER BY rowid DESC LIMIT/.test(sql)) listed++
      return db.get(sql, ...values)
    },
  }
  const listing = listingOf(watched)
  const reader = { as: [], labels: ['few'] } as const

  const held = countsFor(watched, listing).held({ ...reader, tokens: ['word'], most: 1000 })
  const hits = lexicalOf(watched, listing)({ ...asking('word'), ...reader, match: 'any', limit: 10 })

  expect([held.get('word'), hits.length, listed]).toEqual([300, 10, 1])
  db.close()
  await writer.close()
})

/** What is in use once garbage is collected. */
function heldBytes(): number {
  setFlagsFromString('--expose-gc')
  const collect: () => void = runInNewContext('gc')
  collect()
  return process.memoryUsage().heapUsed
}
