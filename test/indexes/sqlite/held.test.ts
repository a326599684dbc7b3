/** Counts are kept from question to question: each reader's by themselves, and none longer than the file stays as it is. */
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
import { asking, batch, sampleDocument } from '../../conformance/index-samples.ts'
import { temporaryFolder } from '../temporary-folder.ts'

const STAFF = { as: ['group:staff'] } as const
const NOBODY = { as: [] } as const

/** 30 for everybody, 30 for staff, and a reader beside the writer. */
async function opened() {
  const path = join(temporaryFolder(), 'index.db')
  const writer = await openSqlite(path)
  const put = Array.from({ length: 60 }, (_, at) =>
    sampleDocument(`docs:${at + 10}`, { access: at < 30 ? 'public' : ['group:staff'], texts: ['word'] }),
  )
  await writer.apply(batch('docs', { put }))
  const reader = await openSqlite(path, { mode: 'read' })
  const held = async (who: { readonly as: readonly `group:${string}`[] }, most: number) =>
    (await reader.held({ ...who, tokens: ['word'], most })).get('word')
  return { writer, reader, held }
}

test('a count up to more is not answered by one up to less, nor the other way round', async () => {
  const { writer, reader, held } = await opened()

  const counts = []
  for (const most of [1, 25, 1000, 25, 1, 0]) counts.push(await held(STAFF, most))

  expect(counts).toEqual([1, 25, 60, 25, 1, 0])
  await reader.close()
  await writer.close()
})

test('no reader is answered by the counts of another', async () => {
  const { writer, reader, held } = await opened()

  expect([await held(STAFF, 1000), await held(NOBODY, 1000), await held(STAFF, 1000)]).toEqual([60, 30, 60])
  expect([await reader.readable(STAFF, 1000), await reader.readable(NOBODY, 1000)]).toEqual([60, 30])
  await reader.close()
  await writer.close()
})

test('what another connection changes is counted at once', async () => {
  const { writer, reader, held } = await opened()
  const before = [await held(NOBODY, 1000), await reader.readable(NOBODY, 1000)]
  await writer.apply(batch('docs', { put: [sampleDocument('docs:10', { access: [], texts: ['word'] })] }))
  await writer.apply(batch('docs', { remove: ['docs:11'] }))

  expect(before).toEqual([30, 30])
  expect([await held(NOBODY, 1000), await reader.readable(NOBODY, 1000)]).toEqual([28, 28])
  await reader.close()
  await writer.close()
})

test('readers who say much of themselves take no more memory, however many ask', async () => {
  const { writer, reader, held } = await opened()
  const asMany = async (readers: number) => {
    for (let at = 0; at < readers; at++) await held({ as: [`group:${at}-${'long'.repeat(5000)}`] }, 1)
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
