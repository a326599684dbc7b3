/** Another way to cut passages, as a new version of unsilo brings it: made of what is stored, however often it is killed. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openIndex } from '../../src/indexes/registry.ts'
import { syncSource } from '../../src/sync/sync.ts'
import { plant } from './planted.ts'
import { listing, PAGES } from './rebuilt-pages.ts'

const CHILD = join(import.meta.dirname, 'rebuild-process.ts')
const edit = { file: 'chunk/chunk.ts', find: "CHUNKER = 'chunk-1'", replace: "CHUNKER = 'chunk-of-tomorrow'" }

test('a rebuild that is killed goes on where it was, and never asks the source for a body', {
  timeout: 60_000,
}, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'unsilo-rebuild-'))
  const file = join(folder, 'index.db')
  const tomorrow = await plant([edit])
  const store = await openIndex(file, { mode: 'write' })
  await syncSource(listing(store, async (id) => ({ html: `<h1>Page ${id}</h1><p>Text of page ${id}.</p>` })))
  const before = await texts()
  await store.close()

  const killed = [1, 1].map((write) => sync(write).signal)
  const halfway = await made()
  const last = sync()

  expect(killed).toEqual(['SIGKILL', 'SIGKILL'])
  expect([...halfway.keys()].sort()).toEqual(['chunk-1', 'chunk-of-tomorrow'])
  expect(JSON.parse(last.stdout)).toEqual({ outcome: 'ok', refreshed: halfway.get('chunk-1'), asked: 0 })
  expect([...(await made())]).toEqual([['chunk-of-tomorrow', PAGES]])
  expect(await texts()).toEqual(before)
  expect(JSON.parse(sync().stdout)).toEqual({ outcome: 'ok', refreshed: 0, asked: 0 })
  tomorrow.remove()
  rmSync(folder, { recursive: true })

  function sync(lastWrite = 0) {
    return spawnSync(process.execPath, [CHILD, tomorrow.folder, file, String(lastWrite)], { encoding: 'utf8' })
  }

  /** How many documents each way of cutting passages has made. */
  async function made(): Promise<ReadonlyMap<string, number>> {
    const all = await documents()
    return new Map(
      [...Map.groupBy(all, ({ recipe }) => recipe.chunker)].map(([chunker, some]) => [chunker, some.length]),
    )
  }

  async function texts() {
    return (await documents()).map(({ head, markdown }) => [head, markdown])
  }

  async function documents() {
    const reader = await openIndex(file, { mode: 'read' })
    const all = [...(await reader.stored(await reader.ids('s'))).values()]
    await reader.close()
    return all
  }
})
