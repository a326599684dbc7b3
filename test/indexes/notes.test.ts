/** Notes of publishing in memory and in a file beside the index. */
import { spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openIndex, openNotes } from '../../src/indexes/registry.ts'
import { testNotes } from '../conformance/index-notes.ts'
import { temporaryFolder } from './temporary-folder.ts'

testNotes({ name: 'memory', place: () => 'memory:', isKept: false })
testNotes({ name: 'SQLite', place: () => join(temporaryFolder(), 'index.db') })

let folder = ''
const index = () => join(folder, 'below', 'index.db')
const path = () => `${index()}.intercom.db`
const open = (mode: 'read' | 'write') => openNotes(index(), { mode, holder: 'the test' })

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'unsilo-notes-'))
})

afterEach(() => rmSync(folder, { recursive: true }))

test('the file is for its owner alone; where there is none, reading makes none', async () => {
  expect((await open('read')).all().size).toBe(0)
  expect(existsSync(path())).toBe(false)
  await (await open('write')).close()

  expect(statSync(path()).mode & 0o77).toBe(0)
})

test.each([
  ['a text', 'is no index of unsilo'],
  ['an index', 'holds no notes of publishing'],
])('another file is left as it is: %s', async (what, message) => {
  await (await openIndex(index())).close()
  if (what === 'an index') copyFileSync(index(), path())
  else writeFileSync(path(), 'something else')
  const before = readFileSync(path())

  for (const mode of ['read', 'write'] as const) {
    await expect(open(mode)).rejects.toMatchObject({
      code: 'INDEX_DAMAGED',
      message: expect.stringContaining(message),
    })
  }
  expect(readFileSync(path())).toEqual(before)
})

test('what a process that was killed left half written is in the way of nobody who reads', async () => {
  const notes = await open('write')
  await notes.put('a', 1)
  await notes.close()
  const killed = `
    const db = new (require('better-sqlite3'))(process.argv[1])
    db.exec('PRAGMA cache_size = 2; BEGIN IMMEDIATE')
    for (let at = 0; at < 50; at += 1) db.prepare('INSERT INTO note VALUES (?, ?)').run('b' + at, '"' + 'x'.repeat(4000) + '"')
    process.kill(process.pid, 'SIGKILL')`
  spawnSync(process.execPath, ['-e', killed, path()], { cwd: import.meta.dirname })
  expect(existsSync(`${path()}-journal`)).toBe(true)

  expect(Object.fromEntries((await open('read')).all())).toEqual({ a: 1 })
})
