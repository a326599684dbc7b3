/** Files and folders that may not be written: always a disk error, also for root, who first becomes nobody. */
import { spawnSync } from 'node:child_process'
import { chmodSync, chownSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openSqlite } from '../../../src/indexes/sqlite/sqlite.ts'
import { asking, batch, found, sampleDocument } from '../../conformance/index-samples.ts'
import { leaveHalf } from '../half-written.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import { olderIndex } from './older-index.ts'

const ROOT = join(import.meta.dirname, '../../..')
const NOBODY = 65_534

/** What is imported is imported first: nobody may not be able to read this project. */
const SCRIPT = `
  import { openSqlite } from '${ROOT}/src/indexes/sqlite/sqlite.ts'
  import { asking, batch, found, sampleDocument } from '${ROOT}/test/conformance/index-samples.ts'
  const [task, path] = process.argv.slice(1)
  await (await openSqlite(process.env.WARM)).close()
  if (process.getuid() === 0) { process.setgid(${NOBODY}); process.setuid(${NOBODY}) }
  const tasks = {
    read: async () => console.log(await found(await openSqlite(path, { mode: 'read' }), asking('words'))),
    write: async () => {
      const store = await openSqlite(path)
      await store.apply(batch('docs', { put: [sampleDocument('docs:2')] }))
      await store.close()
    },
  }
  await tasks[task]().then(() => console.log('done'), ({ code, exit }) => console.log(code, exit))`

function asNobody(task: 'read' | 'write', path: string): string {
  const env = { ...process.env, WARM: join(temporaryFolder(), 'warm.db') }
  const args = ['--input-type=module', '-e', SCRIPT, task, path]
  return spawnSync(process.execPath, args, { encoding: 'utf8', env }).stdout.trim()
}

/** The folder is nobody's own, in one that everybody may enter. */
async function indexed(make: (path: string) => Promise<void>) {
  const outer = temporaryFolder()
  chmodSync(outer, 0o755)
  const folder = join(outer, 'own')
  const path = join(folder, 'index.db')
  mkdirSync(folder)
  await make(path)
  const own = [folder, path, `${path}.lock`]
  if (process.getuid?.() === 0) for (const each of own) chownSync(each, NOBODY, NOBODY)
  return { folder, path }
}

async function one(path: string): Promise<void> {
  const store = await openSqlite(path)
  await store.apply(batch('docs', { put: [sampleDocument('docs:1', { texts: ['words'] })] }))
  await store.close()
}

const SHUT = {
  'the folder': ({ folder }) => chmodSync(folder, 0o500),
  'the file': ({ path }) => chmodSync(path, 0o400),
  'the lock file': ({ path }) => chmodSync(`${path}.lock`, 0o400),
} as const satisfies Record<string, (index: { folder: string; path: string }) => void>

test.each(Object.keys(SHUT) as (keyof typeof SHUT)[])(
  'where %s may not be written a writer says so and changes nothing, and readers read on',
  async (name) => {
    const index = await indexed(one)
    SHUT[name](index)

    expect(asNobody('write', index.path)).toBe('DISK 6')
    expect(asNobody('read', index.path)).toBe("[ 'docs:1#0' ]\ndone")

    chmodSync(index.folder, 0o700)
    for (const each of [index.path, `${index.path}.lock`]) chmodSync(each, 0o600)
    expect(asNobody('write', index.path)).toBe('done')
    const store = await openSqlite(index.path, { mode: 'read' })
    expect(await found(store, asking('words'))).toEqual(['docs:1#0'])
    expect(await store.ids('docs')).toEqual(['docs:1', 'docs:2'])
    await store.close()
  },
)

test('what a killed process had begun to write is a disk error for who may not take it back', async () => {
  const index = await indexed(async (path) => {
    await one(`${path}.whole`)
    await one(path)
    leaveHalf(`${path}.whole`, path)
  })
  chmodSync(index.path, 0o400)

  expect(asNobody('read', index.path)).toBe('DISK 6')

  chmodSync(index.path, 0o600)
  chmodSync(`${index.path}-journal`, 0o666)
  expect(asNobody('read', index.path)).toBe("[ 'docs:1#0' ]\ndone")
})

test('where there may be no copy of an older index it is not touched', async () => {
  const index = await indexed(
    async (path) => await olderIndex(path, batch('docs', { put: [sampleDocument('docs:1')] })),
  )
  chmodSync(index.folder, 0o500)

  expect(asNobody('write', index.path)).toBe('DISK 6')

  chmodSync(index.folder, 0o700)
  expect(asNobody('write', index.path)).toBe('done')
})

test('a folder that can’t be made is a disk error', () => {
  const outer = temporaryFolder()
  writeFileSync(join(outer, 'file'), '')
  chmodSync(outer, 0o555)

  expect(asNobody('write', join(outer, 'none', 'index.db'))).toBe('DISK 6')
  expect(asNobody('write', join(outer, 'file', 'index.db'))).toBe('DISK 6')
  chmodSync(outer, 0o755)
})
