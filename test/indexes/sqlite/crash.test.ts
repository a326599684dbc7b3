/** What a killed process leaves: whole batches, and a free lock. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { fillSqlite } from '../../../src/indexes/sqlite/fill.ts'
import { openSqlite, verifySqlite } from '../../../src/indexes/sqlite/sqlite.ts'
import { reopening } from '../../../src/serve/reopening.ts'
import { asking, found, putting } from '../../conformance/index-samples.ts'
import { leaveHalf } from '../half-written.ts'
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

test('what a killed process had begun to write is taken back by who reads next, and by who reads already', async () => {
  const folder = temporaryFolder()
  const [path, left] = [join(folder, 'index.db'), join(folder, 'left.db')]
  const writer = await openSqlite(path)
  await writer.apply(putting('docs', { 'docs:1': 'word' }))
  await writer.close()
  copyFileSync(path, left)
  const kept = await reopening(() => openSqlite(left, { mode: 'read' }))
  leaveHalf(path, left)

  expect(await found(kept, asking('word'))).toEqual(['docs:1#0'])
  await kept.close()
  leaveHalf(path, left)
  const reader = await openSqlite(left, { mode: 'read' })
  expect(await found(reader, asking('word'))).toEqual(['docs:1#0'])
  expect(existsSync(`${left}-journal`)).toBe(false)
  await reader.close()
})

test('what was begun in a file that is gone is not written into the one that takes its place', async () => {
  const folder = temporaryFolder()
  const [path, left] = [join(folder, 'index.db'), join(folder, 'left.db')]
  const writer = await openSqlite(path)
  await writer.apply(putting('docs', { 'docs:1': 'old' }))
  await writer.close()
  leaveHalf(path, left)
  rmSync(left)

  const filling = await fillSqlite(left, {})
  const next = await filling.begin('another')
  const larger = Array.from({ length: 100_000 }, (_, at) => `word${at}`).join(' ')
  await next.apply(putting('docs', { 'docs:2': larger }))
  await filling.finish()

  expect(await verifySqlite(left)).toEqual([])
  const reader = await openSqlite(left, { mode: 'read' })
  expect(await reader.ids('docs')).toEqual(['docs:2'])
  await reader.close()
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
