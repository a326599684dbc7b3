/** Notes of publishing: kept when the process is killed, and written by one process at a time. */
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openNotes } from '../../src/indexes/sqlite/notes.ts'

let folder = ''
const path = () => join(folder, 'below', 'notes.db')
const open = (mode: 'read' | 'write') => openNotes(path(), { mode, holder: 'the test' })

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'unsilo-notes-'))
})

afterEach(() => rmSync(folder, { recursive: true }))

test('what was put is there for the next, who may only read it too', async () => {
  const first = await open('write')
  first.put('a', { n: 1 })
  first.put('b', 'text')
  first.put('a', { n: 2 })
  first.remove('b')
  const beside = await open('read')
  expect(beside.all()).toEqual(new Map([['a', { n: 2 }]]))
  expect(() => beside.put('c', 1)).toThrow()
  beside.close()
  first.close()
  expect(statSync(path()).mode & 0o77).toBe(0)
})

test('where there are none, reading makes no file', async () => {
  expect((await open('read')).all().size).toBe(0)
  expect(statSync(path(), { throwIfNoEntry: false })).toBeUndefined()
})

test('a second writer is told who the first is, and another file is left as it is', async () => {
  const first = await open('write')
  await expect(open('write')).rejects.toMatchObject({ code: 'LOCKED', message: expect.stringContaining('the test') })
  first.close()
  writeFileSync(path(), 'something else')
  await expect(open('write')).rejects.toMatchObject({ code: 'INDEX_DAMAGED' })
})
