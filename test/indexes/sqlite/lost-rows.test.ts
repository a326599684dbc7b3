/** Rows that are gone leave traces in other tables: what was lost with them is said, and read again. */
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { repairIndex, verifyIndex } from '../../../src/indexes/registry.ts'
import { openSqlite } from '../../../src/indexes/sqlite/sqlite.ts'
import { remake } from '../../../src/sync/remake.ts'
import { batch, sampleDocument, sampleRun } from '../../conformance/index-samples.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import { alter } from './alter.ts'

const options = { remake, now: () => 0 }

async function indexed(documents: number): Promise<string> {
  const path = join(temporaryFolder(), 'index.db')
  const store = await openSqlite(path)
  const put = Array.from({ length: documents }, (_, at) =>
    sampleDocument(`docs:${at}`, { texts: [`word${at} ${at * 7}`] }),
  )
  await store.apply({ ...batch('docs', { put }), state: { cursor: 1, seen: null, policy: null } })
  await store.apply({ ...batch('docs'), run: sampleRun('run-1', '2026-05-01T00:00:00Z') })
  await store.close()
  return path
}

test('a document whose row is gone is not forgotten: its source is read from the beginning', async () => {
  const path = await indexed(3)
  alter(path, `DELETE FROM document WHERE id = 'docs:1'`)

  const report = await repairIndex(path, options)

  expect(report).toMatchObject({ documents: 2, removed: [], reread: ['docs'] })
  const store = await openSqlite(path, { mode: 'read' })
  expect(await store.state('docs')).toBeNull()
  await store.close()
  expect(await verifyIndex(path)).toEqual([])
})

test('a record of a run that can’t be read is said, and taken out', async () => {
  const path = await indexed(3)
  alter(path, `UPDATE run SET record = record || '}'`)
  expect(await verifyIndex(path)).toEqual([{ what: 'the record of run run-1 cannot be read' }])

  expect(await repairIndex(path, options)).toMatchObject({ documents: 3, reread: [] })

  const store = await openSqlite(path, { mode: 'read' })
  expect(await store.runs('docs', 9)).toEqual([])
  await store.close()
})
