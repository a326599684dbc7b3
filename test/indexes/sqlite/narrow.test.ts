/** A list of keys is cut to what a reader may read of what a label chooses, and of what is there now. */
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import type { IndexedDocument } from '../../../src/core/document.ts'
import type { Reader } from '../../../src/core/store.ts'
import { connect } from '../../../src/indexes/sqlite/connection.ts'
import { narrowIn } from '../../../src/indexes/sqlite/narrow.ts'
import { openSqlite } from '../../../src/indexes/sqlite/sqlite.ts'
import { batch, sampleDocument } from '../../conformance/index-samples.ts'
import { temporaryFolder } from '../temporary-folder.ts'

const put = [
  labelled(['few'], sampleDocument('docs:1', { texts: ['one', 'two'] })),
  labelled(['few'], sampleDocument('docs:2', { access: ['group:staff'], texts: ['three'] })),
  labelled(['few', 'other'], sampleDocument('docs:3', { access: [], texts: ['four'] })),
  labelled(['other'], sampleDocument('docs:4', { texts: ['five'] })),
]

function labelled(labels: readonly string[], document: IndexedDocument): IndexedDocument {
  return { ...document, head: { ...document.head, labels } }
}

async function opened(most?: number) {
  const path = join(temporaryFolder(), 'index.db')
  const writer = await openSqlite(path)
  await writer.apply(batch('docs', { put }))
  const db = connect(path, new Database(path, { readonly: true }))
  const narrow = narrowIn(db, most)
  const keysFor = (reader: Reader) => db.reading(() => narrow(reader)?.(Uint32Array.of(5, 4, 3, 2, 1)) ?? null)
  const close = async () => {
    db.close()
    await writer.close()
  }
  return { writer, keysFor, close }
}

test('by label and by reader, in their order; not where no label is asked for', async () => {
  const { keysFor, close } = await opened()

  expect([...(keysFor({ as: ['group:staff'], labels: ['few'] }) ?? [])]).toEqual([3, 2, 1])
  expect([...(keysFor({ as: [], labels: ['few'] }) ?? [])]).toEqual([2, 1])
  expect([...(keysFor({ as: [], labels: ['few', 'other'] }) ?? [])]).toEqual([5, 2, 1])
  expect([...(keysFor({ as: [], labels: [] }) ?? [])]).toEqual([])
  expect(keysFor({ as: [] })).toBe(null)
  await close()
})

test('a label of too many chunks chooses none of few', async () => {
  const { keysFor, close } = await opened(2)

  expect(keysFor({ as: ['group:staff'], labels: ['few'] })).toBe(null)
  expect([...(keysFor({ as: [], labels: ['few'] }) ?? [])]).toEqual([2, 1])
  await close()
})

test('what another connection changes is seen at once', async () => {
  const { writer, keysFor, close } = await opened()
  const before = [...(keysFor({ as: [], labels: ['few'] }) ?? [])]
  await writer.apply(batch('docs', { remove: ['docs:1'] }))

  expect(before).toEqual([2, 1])
  expect([...(keysFor({ as: [], labels: ['few'] }) ?? [])]).toEqual([])
  await close()
})
