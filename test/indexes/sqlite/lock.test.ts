/** One writer at a time, by name, among real processes. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { lstatSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { fillSqlite } from '../../../src/indexes/sqlite/fill.ts'
import { openSqlite } from '../../../src/indexes/sqlite/sqlite.ts'
import { putting } from '../../conformance/index-samples.ts'
import { temporaryFolder } from '../temporary-folder.ts'

const WRITER = join(import.meta.dirname, 'writer-process.ts')

test('a writer that waits gets the lock as soon as the holder is dead, and bears its own name', async () => {
  const path = join(temporaryFolder(), 'index.db')
  const holder = await writer(path, 'the first run')

  const waiting = openSqlite(path, { holder: 'the second run', lockTimeoutMs: 60_000 })
  const reader = await openSqlite(path, { mode: 'read' })
  expect(await reader.holder()).toBe('the first run')
  await kill(holder)
  const second = await waiting

  expect(await reader.holder()).toBe('the second run')
  await second.apply(putting('docs', { 'docs:9': 'mine' }))
  await Promise.all([second.close(), reader.close()])
})

test('a writer that waited in vain says so', async () => {
  const path = join(temporaryFolder(), 'index.db')
  const first = await openSqlite(path, { holder: 'the first run' })

  const waited = openSqlite(path, { holder: 'the second run', lockTimeoutMs: 120 })

  await expect(waited).rejects.toMatchObject({ code: 'LOCKED', message: /waiting for 0\.12 s.*the first run/ })
  await first.close()
})

test('the name of who writes is not written over a file that a link leads to', async () => {
  const folder = temporaryFolder()
  const [path, other] = [join(folder, 'index.db'), join(folder, 'other')]
  writeFileSync(other, 'of somebody else')
  symlinkSync(other, `${path}.holder`)
  const first = await openSqlite(path, { holder: 'the first run' })

  expect([readFileSync(other, 'utf8'), await first.holder()]).toEqual(['of somebody else', 'the first run'])
  await first.close()
})

test('nor is the lock file the database that a link leads to', async () => {
  const folder = temporaryFolder()
  const [path, other] = [join(folder, 'index.db'), join(folder, 'other.db')]
  const db = new Database(other)
  db.exec('PRAGMA journal_mode = WAL; CREATE TABLE own (value TEXT)')
  db.close()
  const before = readFileSync(other)
  symlinkSync(other, `${path}.lock`)

  await expect(openSqlite(path)).rejects.toMatchObject({ code: 'INDEX_DAMAGED', message: /is no lock file/ })
  expect(readFileSync(other)).toEqual(before)
})

test('an index has one writer, whichever link leads to it, and it is the index that is replaced', async () => {
  const folder = temporaryFolder()
  const [path, link] = [join(folder, 'index.db'), join(folder, 'current.db')]
  const first = await openSqlite(path, { holder: 'the first run' })
  await first.apply(putting('docs', { 'docs:1': 'old' }))
  symlinkSync(path, link)
  await expect(openSqlite(link)).rejects.toMatchObject({ code: 'LOCKED' })
  await expect(fillSqlite(link, {})).rejects.toMatchObject({ code: 'LOCKED' })
  await first.close()

  const filling = await fillSqlite(link, {})
  const next = await filling.begin('another')
  await next.apply(putting('docs', { 'docs:2': 'new' }))
  await filling.finish()

  expect(lstatSync(link).isSymbolicLink()).toBe(true)
  const reader = await openSqlite(path, { mode: 'read' })
  expect(await reader.ids('docs')).toEqual(['docs:2'])
  await reader.close()
})

test('a wait can be ended', async () => {
  const path = join(temporaryFolder(), 'index.db')
  const first = await openSqlite(path)
  const interrupting = new AbortController()

  const waiting = openSqlite(path, { lockTimeoutMs: 60_000, signal: interrupting.signal })
  interrupting.abort()

  await expect(waiting).rejects.toMatchObject({ code: 'INTERRUPTED' })
  await first.close()
  await (await openSqlite(path)).close()
})

test('the name that a killed process left is shown to nobody', async () => {
  const path = join(temporaryFolder(), 'index.db')
  await kill(await writer(path, 'the run that died'))
  expect(readFileSync(`${path}.holder`, 'utf8')).toBe('the run that died')

  const reader = await openSqlite(path, { mode: 'read' })
  expect(await reader.holder()).toBeNull()

  // A writer that has the lock and not yet written its name.
  const nameless = new Database(`${path}.lock`)
  nameless.exec('BEGIN IMMEDIATE')
  expect(await reader.holder()).toBeNull()
  await expect(openSqlite(path)).rejects.toMatchObject({
    code: 'LOCKED',
    message: expect.not.stringContaining('the run that died'),
  })
  nameless.close()
  await reader.close()
})

test('two writers in one process do not free each other’s lock, and a lock file of before is taken', async () => {
  const path = join(temporaryFolder(), 'index.db')
  const before = new Database(`${path}.lock`)
  before.exec(
    `CREATE TABLE holder (one INTEGER PRIMARY KEY, name TEXT); INSERT INTO holder VALUES (1, 'somebody before')`,
  )
  before.close()
  const first = await openSqlite(path, { holder: 'the first run' })

  await expect(openSqlite(path)).rejects.toMatchObject({ code: 'LOCKED', message: /the first run/ })

  const other = spawn(process.execPath, [WRITER, path, 'another process', '1'], { stdio: ['ignore', 'ignore', 'pipe'] })
  const [code] = await once(other, 'exit')
  expect(code).not.toBe(0)
  await first.close()
})

test('where its name can not be written the lock holds without', async () => {
  const path = join(temporaryFolder(), 'index.db')
  const first = await openSqlite(path, { holder: '' })

  await expect(openSqlite(path)).rejects.toMatchObject({ code: 'LOCKED', message: /left no name/ })

  await first.close()
  writeFileSync(`${path}.holder`, 'left over')
  const reader = await openSqlite(path, { mode: 'read' })
  expect(await reader.holder()).toBeNull()
  await reader.close()
})

async function writer(path: string, holder: string): Promise<ChildProcess> {
  const child = spawn(process.execPath, [WRITER, path, holder], { stdio: ['ignore', 'pipe', 'inherit'] })
  await once(child.stdout as NodeJS.ReadableStream, 'data')
  return child
}

async function kill(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL')
  await once(child, 'exit')
}
