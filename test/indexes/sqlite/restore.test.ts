/** Every older schema is brought up to date with a copy, and the copy put back by hand is an index again. */
import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { verifyIndex } from '../../../src/indexes/registry.ts'
import { backUp } from '../../../src/indexes/sqlite/backup.ts'
import { connect } from '../../../src/indexes/sqlite/connection.ts'
import { migrations } from '../../../src/indexes/sqlite/schema/migrations.ts'
import { openSqlite } from '../../../src/indexes/sqlite/sqlite.ts'
import {
  asking,
  batch,
  contents,
  found,
  sampleDocument,
  sampleRun,
  withIncludes,
} from '../../conformance/index-samples.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import { asOfSchema } from './older-index.ts'

const at = '2026-05-01T00:00:00Z'

async function current(path: string): Promise<void> {
  const store = await openSqlite(path)
  const put = [
    sampleDocument('docs:1', { texts: ['first words', 'second words'] }),
    sampleDocument('docs:2', { access: ['group:staff'], texts: ['secret words'] }),
    withIncludes(sampleDocument('docs:3', { texts: ['third words', 'taken words'] })),
  ]
  const failed = [{ id: 'docs:4', code: 'DOCUMENT_UNREADABLE', reason: 'no text', at }]
  await store.apply({ ...batch('docs', { put, failed }), state: { cursor: { at: 7 }, seen: ['docs:1'], policy: null } })
  await store.apply({ ...batch('docs'), run: sampleRun('run-1', at) })
  await store.close()
}

async function readAll(path: string) {
  const store = await openSqlite(path, { mode: 'read' })
  const answers = [
    await found(store, asking('words')),
    await found(store, { ...asking('words'), as: ['group:staff'] }),
    await found(store, { ...asking('words'), kinds: ['page'], labels: ['one'] }),
    await store.languages({ as: [] }),
  ]
  const all = await contents(store, ['docs'])
  await store.close()
  return { answers, all }
}

test('a copy that does not hold what the index holds is none', async () => {
  const folder = temporaryFolder()
  const [path, other] = [join(folder, 'index.db'), join(folder, 'other.db')]
  await current(path)
  await (await openSqlite(other)).close()
  const db = connect(path, new Database(path))
  const openOther = () => connect(other, new Database(other, { readonly: true }))

  expect(() => backUp(db, 3, openOther)).toThrow('a copy of it holds fewer documents')

  db.close()
  expect(readdirSync(folder).filter((name) => name.includes('backup'))).toEqual([])
})

const OLDER = Array.from({ length: migrations.length - 1 }, (_, before) => before + 1)

test.each(OLDER)('an index of schema %i, its copy, and the copy put back', async (version) => {
  const folder = temporaryFolder()
  const [now, path] = [join(folder, 'now.db'), join(folder, 'index.db')]
  await current(now)
  const expected = await readAll(now)
  asOfSchema(now, path, version)
  await expect(openSqlite(path, { mode: 'read' })).rejects.toMatchObject({ code: 'INDEX_OLDER' })

  await (await openSqlite(path)).close()

  expect(await readAll(path)).toEqual(expected)
  expect(await verifyIndex(path)).toEqual([])
  const backup = `${path}.backup-v${version}`
  expect(existsSync(backup)).toBe(true)

  for (const name of readdirSync(folder)) if (/^index\.db(-wal|-shm|-journal)?$/.test(name)) rmSync(join(folder, name))
  renameSync(backup, path)
  await (await openSqlite(path)).close()
  expect(await readAll(path)).toEqual(expected)
  expect(await verifyIndex(path)).toEqual([])
})
