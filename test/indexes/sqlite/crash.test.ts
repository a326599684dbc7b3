/** What a killed process leaves: whole batches, and a free lock. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openSqlite } from '../../../src/indexes/sqlite/sqlite.ts'
import { asking, found } from '../../conformance/index-samples.ts'
import { temporaryFolder } from '../temporary-folder.ts'

const WRITER = join(import.meta.dirname, 'writer-process.ts')
const DOCUMENTS = [0, 1, 2, 3, 4].map((at) => `docs:${at}`)

test('a killed writer leaves whole batches, a cursor that fits them, and a free lock', async () => {
  const path = join(temporaryFolder(), 'index.db')
  let before = 0

  for (const delay of [1, 3, 7, 12]) {
    const applied = await killedAfter(path, delay)
    const reader = await openSqlite(path, { mode: 'read' })
    const cursor = Number((await reader.state('docs'))?.cursor)
    expect(cursor).toBeGreaterThanOrEqual(applied)
    expect(await found(reader, asking(`round${cursor}`))).toEqual(DOCUMENTS.map((id) => `${id}#0`))
    expect(await reader.ids('docs')).toEqual(DOCUMENTS)
    expect(await reader.stats('docs')).toEqual({ documents: 5, chunks: 10 })
    await reader.close()
    expect(cursor).toBeGreaterThan(before)
    before = cursor
  }

  const next = await openSqlite(path)
  expect(await next.ids('docs')).toEqual(DOCUMENTS)
  await next.close()
})

test('a second writer is refused at once and told who holds the lock', async () => {
  const path = join(temporaryFolder(), 'index.db')
  const holder = startWriter(path, 'unsilo sync docs (process 4711)')
  await firstLine(holder)

  const second = openSqlite(path)

  await expect(second).rejects.toMatchObject({
    code: 'LOCKED',
    exit: 10,
    message: expect.stringContaining('process 4711'),
  })
  await kill(holder)
  await (await openSqlite(path)).close()
})

/** Kills the writer some milliseconds after its first batch; returns the last batch it reported. */
async function killedAfter(path: string, milliseconds: number): Promise<number> {
  const child = startWriter(path, 'writer')
  const lines: string[] = []
  child.stdout?.on('data', (data) => lines.push(...String(data).trim().split('\n')))
  await firstLine(child)
  await new Promise((resolve) => setTimeout(resolve, milliseconds))
  await kill(child)
  return Number(lines.at(-1))
}

function startWriter(path: string, holder: string): ChildProcess {
  return spawn(process.execPath, [WRITER, path, holder], { stdio: ['ignore', 'pipe', 'inherit'] })
}

async function firstLine(child: ChildProcess): Promise<void> {
  if (child.stdout) await once(child.stdout, 'data')
}

async function kill(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL')
  await once(child, 'exit')
}
