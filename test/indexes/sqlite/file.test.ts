/** The file itself: what is refused, what it reveals, what is written and what is not. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { m001Documents } from '../../../src/indexes/sqlite/schema/m001-documents.ts'
import { APPLICATION_ID } from '../../../src/indexes/sqlite/schema/migrations.ts'
import { openSqlite } from '../../../src/indexes/sqlite/sqlite.ts'
import {
  asking,
  batch,
  found,
  putting,
  sampleDocument,
  sampleHead,
  sampleRun,
} from '../../conformance/index-samples.ts'
import { temporaryFolder } from '../temporary-folder.ts'

test.runIf(process.platform === 'linux')('a folder that can’t be made is an error at once, not a loop', async () => {
  await expect(openSqlite('/proc/unsilo/index.db')).rejects.toMatchObject({ code: 'DISK', exit: 6 })
})

test('folder, file and its companions are for their owner only', async () => {
  const folder = join(temporaryFolder(), 'new', 'deep')
  const store = await openSqlite(join(folder, 'index.db'))
  await store.apply(putting('docs', { 'docs:1': 'text' }))

  const modes = readdirSync(folder).map((name) => [name, permissions(join(folder, name))])
  await store.close()

  expect(permissions(folder)).toBe('700')
  expect(Object.fromEntries(modes)).toEqual({
    'index.db': '600',
    'index.db-shm': '600',
    'index.db-wal': '600',
    'index.db.holder': '600',
    'index.db.lock': '600',
  })
})

test('a reader creates nothing: not where no index is, and not beside one', async () => {
  const folder = temporaryFolder()
  const path = join(folder, 'index.db')
  const missing = {
    code: 'NOT_FOUND',
    hint: expect.stringContaining('unsilo sync'),
    message: expect.stringContaining(path),
  }

  await expect(openSqlite(path, { mode: 'read' })).rejects.toMatchObject(missing)
  await expect(openSqlite(join(folder, 'no', 'index.db'), { mode: 'read' })).rejects.toMatchObject({
    code: 'NOT_FOUND',
  })
  expect(readdirSync(folder)).toEqual([])

  await filled(path, { 'docs:1': 'text' })
  const before = readdirSync(folder)
  const reader = await openSqlite(path, { mode: 'read' })
  expect(await found(reader, asking('text'))).toEqual(['docs:1#0'])
  expect(readdirSync(folder)).toEqual(before)
  await reader.close()
  expect(readdirSync(folder)).toEqual(before)
})

test('a writer comes and goes while a reader stays open', async () => {
  const path = join(temporaryFolder(), 'index.db')
  await filled(path, { 'docs:1': 'one' })
  const reader = await openSqlite(path, { mode: 'read' })

  for (const word of ['two', 'three']) {
    await filled(path, { 'docs:1': word })
    expect(await found(reader, asking(word))).toEqual(['docs:1#0'])
  }

  await reader.close()
})

test('an index of the first schema is brought up to date, and none of its documents was redacted', async () => {
  const path = join(temporaryFolder(), 'index.db')
  const first = new Database(path)
  first.exec(`${m001Documents}; PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = 1`)
  const { head, recipe } = sampleDocument('docs:1')
  const { redactor: _, ...before } = recipe
  first.exec("INSERT INTO source (name) VALUES ('docs')")
  first
    .prepare("INSERT INTO document (id, source, head, recipe, language) VALUES ('docs:1', 'docs', ?, ?, 'en')")
    .run(JSON.stringify(head), JSON.stringify(before))
  first.close()
  await expect(openSqlite(path, { mode: 'read' })).rejects.toMatchObject({ code: 'INDEX_OLDER', message: /older/ })

  const store = await openSqlite(path, { mode: 'write' })

  expect((await store.heads('docs', ['docs:1'])).get('docs:1')).toEqual({
    head,
    recipe: { ...before, redactor: 'off' },
  })
  await store.close()
})

test('a newer schema is refused by reader and writer, and left as it is', async () => {
  const path = join(temporaryFolder(), 'index.db')
  await filled(path, { 'docs:1': 'text' })
  alter(path, 'PRAGMA user_version = 999')
  const before = readFileSync(path)

  for (const mode of ['read', 'write'] as const) {
    await expect(openSqlite(path, { mode })).rejects.toMatchObject({ code: 'INDEX_NEWER', exit: 12, message: /999/ })
  }

  expect(readFileSync(path).equals(before)).toBe(true)
})

test.for(['read', 'write'] as const)(
  'opened to %s, a file that is no index of ours is refused and left as it is',
  async (mode) => {
    const folder = temporaryFolder()
    const text = join(folder, 'notes.md')
    writeFileSync(text, '# Notes\n'.repeat(1000))
    const other = join(folder, 'other.db')
    alter(other, 'CREATE TABLE mine (x)')
    const before = [text, other].map((path) => readFileSync(path))

    for (const path of [text, other]) {
      const [message, hint] = [path, 'Nothing was changed'].map((words) => expect.stringContaining(words))
      const refused = { code: 'INDEX_DAMAGED', exit: 12, message, hint }
      await expect(openSqlite(path, { mode })).rejects.toMatchObject(refused)
    }

    expect([text, other].map((path) => readFileSync(path))).toEqual(before)
  },
)

test('damage inside the file is named when it is met', async () => {
  const path = join(temporaryFolder(), 'index.db')
  await filled(
    path,
    Object.fromEntries(Array.from({ length: 200 }, (_, at) => [`docs:${at}`, `text ${'word '.repeat(200)}`])),
  )
  truncateSync(path, 5 * 8192)

  const use = openSqlite(path, { mode: 'read' }).then((store) =>
    store.stored(['docs:1', 'docs:199']).finally(() => store.close()),
  )

  await expect(use).rejects.toMatchObject({ code: 'INDEX_DAMAGED', message: expect.stringContaining(path) })
})

test('a place that cannot be written is a disk error that names the path', async () => {
  const folder = temporaryFolder()
  const file = join(folder, 'file')
  writeFileSync(file, '')
  const asFolder = join(folder, 'folder.db')
  mkdirSync(asFolder)

  for (const path of [join(file, 'index.db'), asFolder]) {
    await expect(openSqlite(path)).rejects.toMatchObject({
      code: 'DISK',
      exit: 6,
      message: expect.stringContaining(path),
    })
  }
})

test('a full disk is a disk error, and the index keeps what it had', async () => {
  const path = join(temporaryFolder(), 'index.db')
  const script = `
    import { openSqlite } from '${join(import.meta.dirname, '../../../src/indexes/sqlite/sqlite.ts')}'
    import { putting } from '${join(import.meta.dirname, '../../conformance/index-samples.ts')}'
    const store = await openSqlite(process.argv[1])
    await store.apply(putting('docs', { 'docs:1': 'first' }))
    await store.apply(putting('docs', { 'docs:1': 'second ' + 'x'.repeat(5e6) })).catch((error) => console.log(error.code, error.exit, error.message))`
  const shell = `trap '' XFSZ; ulimit -f 2000; exec "$0" --input-type=module -e "$1" "$2"`

  const { stdout } = spawnSync('sh', ['-c', shell, process.execPath, script, path], { encoding: 'utf8' })

  expect(stdout).toMatch(/^DISK 6 /)
  expect(stdout).toContain(path)
  const store = await openSqlite(path)
  expect((await store.document('docs:1', []))?.markdown).toBe('first')
  await store.close()
})

test('no file descriptor left is a disk error, to open and in the middle of work, and passes with its cause', () => {
  const path = join(temporaryFolder(), 'index.db')
  const script = `
    import { closeSync, openSync } from 'node:fs'
    import { openSqlite } from '${join(import.meta.dirname, '../../../src/indexes/sqlite/sqlite.ts')}'
    import { putting } from '${join(import.meta.dirname, '../../conformance/index-samples.ts')}'
    const taken = []
    const take = () => { try { for (;;) taken.push(openSync('/dev/null', 'r')) } catch (error) { return error.code } }
    const free = () => { for (const one of taken.splice(0)) closeSync(one) }
    const told = (error) => console.log(error.code, error.exit)
    await (await openSqlite(process.argv[1])).close()
    console.log(take())
    await openSqlite(process.argv[1]).catch(told)
    free()
    const store = await openSqlite(process.argv[1])
    await store.apply(putting('docs', { 'docs:1': 'first' }))
    take()
    await openSqlite(process.argv[1], { mode: 'read' }).catch(told)
    await store.apply(putting('docs', { 'docs:2': 'second' })).catch(told)
    free()
    await store.apply(putting('docs', { 'docs:3': 'third' }))
    await store.close()
    console.log((await (await openSqlite(process.argv[1], { mode: 'read' })).ids('docs')).includes('docs:3'))`
  const shell = `ulimit -n 200; exec "$0" --input-type=module -e "$1" "$2"`

  const { stdout } = spawnSync('sh', ['-c', shell, process.execPath, script, path], { encoding: 'utf8' })

  expect(stdout.split('\n').filter((line) => line !== '')).toEqual(['EMFILE', 'DISK 6', 'DISK 6', 'true'])
})

test('an error in the middle of a batch leaves nothing of it', async () => {
  const path = join(temporaryFolder(), 'index.db')
  const store = await openSqlite(path)
  await store.apply(putting('docs', { 'docs:1': 'kept' }))
  const broken = sampleDocument('docs:2', { texts: ['one', 'two'] })
  const chunks = broken.chunks.map((chunk) => ({ ...chunk, tokens: chunk.ordinal === 1 ? 0.5 : 1 }))
  const put = [sampleDocument('docs:1', { texts: ['replaced'] }), { ...broken, chunks }]

  await expect(store.apply(batch('docs', { put, state: { cursor: 1, seen: null, policy: null } }))).rejects.toThrow(
    /REAL/,
  )

  expect(await store.ids('docs')).toEqual(['docs:1'])
  expect(await found(store, asking('kept'))).toEqual(['docs:1#0'])
  expect(await found(store, { ...asking('replaced', 'one'), match: 'any' })).toEqual([])
  expect(await store.state('docs')).toBeNull()
  await store.close()
})

test('what is equal is not written again', async () => {
  const path = join(temporaryFolder(), 'index.db')
  const store = await openSqlite(path)
  const state = { cursor: { b: 1, a: 2 }, seen: ['docs:1'], policy: null }
  const head = { ...sampleHead('docs:1', ['group:staff', 'user:ann']), labels: ['x'] }
  await store.apply(batch('docs', { put: [{ ...sampleDocument('docs:1'), head }], state }))
  const size = () => statSync(`${path}-wal`).size
  const before = size()

  const { id, ...rest } = head
  await store.apply(
    batch('docs', { refresh: [{ ...rest, id }], state: { policy: null, seen: ['docs:1'], cursor: { a: 2, b: 1 } } }),
  )
  expect(size()).toBe(before)

  await store.apply(batch('docs', { refresh: [{ ...head, title: 'Other' }] }))
  expect(size()).toBeGreaterThan(before)
  await store.close()
})

test('removed and replaced text leaves the file when the writer closes, even after a writer that did not close', async () => {
  const path = join(temporaryFolder(), 'index.db')
  const secret = 'zq7secretzq7'
  const put = Array.from({ length: 40 }, (_, at) =>
    sampleDocument(`docs:${at}`, {
      title: `${secret} title`,
      texts: [`a${secret}${at} words`, 'harmless '.repeat(300)],
    }),
  )
  const first = await openSqlite(path)
  await first.apply(batch('docs', { put, run: sampleRun('r1', '2026-05-01T00:00:00Z') }))
  await first.close()
  expect(occurrences(path, secret)).toBeGreaterThan(80)

  const second = await openSqlite(path)
  const ids = put.map((document) => document.head.id)
  await second.apply(batch('docs', { remove: ids.slice(0, 20) }))
  await second.apply(batch('docs', { put: ids.slice(20).map((id) => sampleDocument(id, { texts: ['clean'] })) }))
  await second.close()

  expect(occurrences(path, secret)).toBe(0)
  expect(readdirSync(join(path, '..')).sort()).toEqual(['index.db', 'index.db.lock'])
})

test('the file is an SQLite database of ours, with large pages, in a mode that needs no second file', async () => {
  const path = join(temporaryFolder(), 'index.db')
  await filled(path, { 'docs:1': 'text' })

  const db = new Database(path, { readonly: true })
  const [application, pages, mode, integrity] = ['application_id', 'page_size', 'journal_mode', 'integrity_check'].map(
    (name) => db.pragma(name, { simple: true }),
  )
  db.close()

  expect([application, pages, mode, integrity]).toEqual([0x756e7369, 8192, 'delete', 'ok'])
})

async function filled(path: string, texts: Readonly<Record<string, string>>): Promise<void> {
  const store = await openSqlite(path)
  await store.apply(putting('docs', texts))
  await store.close()
}

function alter(path: string, sql: string): void {
  const db = new Database(path)
  db.exec(sql)
  db.close()
}

function permissions(path: string): string {
  return (statSync(path).mode & 0o777).toString(8)
}

function occurrences(path: string, text: string): number {
  return readFileSync(path, 'latin1').split(text).length - 1
}
