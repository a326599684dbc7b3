/** Bringing an older file up to date: after a copy of it, in one step, or not at all. */
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { verifyIndex } from '../../../src/indexes/registry.ts'
import { migrations } from '../../../src/indexes/sqlite/schema/migrations.ts'
import { openSqlite } from '../../../src/indexes/sqlite/sqlite.ts'
import { asking, batch, found, sampleDocument } from '../../conformance/index-samples.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import { olderIndex } from './older-index.ts'

const IDS = Array.from({ length: 60 }, (_, at) => `docs:${String(at).padStart(2, '0')}`)

test('an older index is copied, for its owner only, and then brought up to date with checksums for all it holds', async () => {
  const path = await older()

  const store = await openSqlite(path)
  await store.close()

  expect(readdirSync(join(path, '..')).sort()).toEqual(['index.db', 'index.db.backup-v3', 'index.db.lock'])
  expect((statSync(`${path}.backup-v3`).mode & 0o777).toString(8)).toBe('600')
  expect(versionOf(`${path}.backup-v3`)).toEqual([3, 60, 'ok'])
  expect(await verifyIndex(path)).toEqual([])
  const reader = await openSqlite(path, { mode: 'read' })
  expect(await reader.ids('docs')).toEqual(IDS)
  expect(await found(reader, asking('docs:07'))).toEqual(['docs:07#0'])
  const filter = { kinds: ['page'], locales: ['en'], labels: ['one'], updatedSince: '2026-05-01' } as const
  expect(await found(reader, { ...asking('docs:07'), ...filter })).toEqual(['docs:07#0'])
  expect(await reader.state('docs')).toEqual({ cursor: 1, seen: null, policy: null })
  expect((await reader.stored(['docs:07'])).get('docs:07')?.markdown).toContain('docs:07')
  await reader.close()
})

test('the copy goes with the first text that is removed, and leftovers of others with the next copy', async () => {
  const path = await older()
  writeFileSync(`${path}.backup-v2`, 'older')
  writeFileSync(`${path}.backup-v1.part`, 'unfinished')
  writeFileSync(`${path}.backup-by-hand`, 'mine')
  await (await openSqlite(path)).close()
  expect(backups(path)).toEqual(['index.db.backup-by-hand', 'index.db.backup-v3'])

  const adding = await openSqlite(path)
  await adding.apply(batch('docs', { put: [sampleDocument('docs:new')] }))
  await adding.close()
  expect(backups(path)).toEqual(['index.db.backup-by-hand', 'index.db.backup-v3'])

  const removing = await openSqlite(path)
  await removing.apply(batch('docs', { remove: ['docs:07'] }))
  await removing.close()
  expect(backups(path)).toEqual(['index.db.backup-by-hand'])
})

test('an older index that is damaged is neither copied nor changed', async () => {
  const path = await older()
  const db = new Database(path)
  db.pragma('foreign_keys = OFF')
  db.unsafeMode(true)
  db.pragma('writable_schema = ON')
  db.exec(`UPDATE sqlite_schema SET rootpage = 3 WHERE name = 'access'`)
  db.close()
  const before = readFileSync(path)

  await expect(openSqlite(path)).rejects.toMatchObject({ code: 'INDEX_DAMAGED' })

  expect(backups(path)).toEqual([])
  expect(versionOf(path)[0]).toBe(3)
  expect(readFileSync(path).length).toBe(before.length)
})

test('without room for the copy it is a disk error, and the old file is usable', async () => {
  const path = await older()
  const outcomes = [0.5, 0.9].map((share) => [
    openedWithin(path, share),
    versionOf(path),
    existsSync(`${path}.backup-v3.part`),
  ])

  expect(outcomes).toEqual([
    ['DISK 6', [3, 60, 'ok'], false],
    ['DISK 6', [3, 60, 'ok'], false],
  ])
  await (await openSqlite(path)).close()
  expect(await verifyIndex(path)).toEqual([])
})

test('without room for the migration behind the copy it is a disk error, the old file is usable, and the copy is one', async () => {
  // What is added to each document is as much as what it says.
  const path = await older(10)
  const outcome = openedWithin(path, 1.02)

  expect(outcome).toBe('DISK 6')
  expect(backups(path)).toEqual(['index.db.backup-v3'])
  expect(versionOf(`${path}.backup-v3`)).toEqual([3, 60, 'ok'])
  expect(versionOf(path).slice(1)).toEqual([60, 'ok'])
  await (await openSqlite(path)).close()
  expect(await verifyIndex(path)).toEqual([])
  expect(versionOf(path)).toEqual([migrations.length, 60, 'ok'])
  expect(backups(path)).toEqual(['index.db.backup-v3'])
})

/** How it ends to open the index where no file may grow beyond a share of what the index has. */
function openedWithin(path: string, share: number): string {
  const script = `
    import { openSqlite } from '${join(import.meta.dirname, '../../../src/indexes/sqlite/sqlite.ts')}'
    await openSqlite(process.argv[1]).then((store) => store.close()).catch((error) => console.log(error.code, error.exit))`
  const blocks = Math.floor((statSync(path).size * share) / 512)
  const shell = `trap '' XFSZ; ulimit -f ${blocks}; exec "$0" --input-type=module -e "$1" "$2"`
  return spawnSync('sh', ['-c', shell, process.execPath, script, path], { encoding: 'utf8' }).stdout.trim()
}

async function older(words = 500): Promise<string> {
  const path = join(temporaryFolder(), 'index.db')
  const put = IDS.map((id) => sampleDocument(id, { texts: [`${id} ${'words '.repeat(words)}`] }))
  await olderIndex(path, batch('docs', { put, state: { cursor: 1, seen: null, policy: null } }))
  return path
}

function backups(path: string): string[] {
  return readdirSync(join(path, '..'))
    .filter((name) => name.includes('.backup'))
    .sort()
}

function versionOf(path: string): unknown[] {
  const db = new Database(path, { readonly: true })
  const documents = db.prepare('SELECT count(*) FROM document').pluck().get()
  const found = [db.pragma('user_version', { simple: true }), documents, db.pragma('integrity_check', { simple: true })]
  db.close()
  return found
}
