/** SIGKILL at random points of a migration and of a repair: real processes on real files. For the part `kills`. */
import { copyFileSync, readdirSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import Database from 'better-sqlite3'
import { openIndex, repairIndex } from '../../../src/indexes/registry.ts'
import { remake } from '../../../src/sync/remake.ts'
import type { Random } from '../../fuzz/random.ts'
import { toThirdSchema } from '../../indexes/sqlite/older-index.ts'
import { killedAfter, start } from './child.ts'
import { contentHash, syncFile, wrongWith } from './pages.ts'

export interface KillReport {
  /** Kills that came before the process was done. */
  readonly kills: number
  /** Processes that were done before their kill. */
  readonly late: number
  readonly missed: readonly string[]
}

/** @param folder to work in, which is the caller's to remove */
export async function killMigrations(folder: string, rounds: number, random: Random): Promise<KillReport> {
  const before = join(folder, 'older.db')
  await syncFile(before, 0, PAGES)
  toThirdSchema(before)
  return await killAll({ task: 'migrate', before, rounds, random }, async (path) => (await openIndex(path)).close())
}

export async function killRepairs(folder: string, rounds: number, random: Random): Promise<KillReport> {
  const before = join(folder, 'damaged.db')
  await syncFile(before, 0, PAGES)
  const db = new Database(before)
  db.exec(
    `UPDATE chunk_text SET text = 'other' WHERE chunk % 7 = 0; UPDATE document_text SET markdown = '' WHERE document = 5`,
  )
  db.close()
  return await killAll({ task: 'repair', before, rounds, random }, async (path) => {
    await repairIndex(path, { remake, now: () => 0 })
  })
}

const PAGES = 60

interface Killing {
  readonly task: 'migrate' | 'repair'
  readonly before: string
  readonly rounds: number
  readonly random: Random
}

async function killAll(
  { task, before, rounds, random }: Killing,
  again: (path: string) => Promise<void>,
): Promise<KillReport> {
  const path = join(dirname(before), 'index.db')
  const { milliseconds, expected } = await undisturbed(task, before, path, again)
  const report = { kills: 0, late: 0, missed: [] as string[] }
  for (let round = 0; round < rounds; round++) {
    startFrom(before, path)
    const delay = random.below(milliseconds * 1.1)
    const { exit } = await killedAfter(start([task, path]), delay)
    if (exit === null) report.kills++
    else report.late++
    const wrong = await wrongAfter(path, expected, again)
    if (wrong !== null) report.missed.push(`${task} killed after ${delay} ms: ${wrong}`)
  }
  return report
}

/** What the file holds in the end, and how long a process takes. */
async function undisturbed(task: string, before: string, path: string, again: (path: string) => Promise<void>) {
  startFrom(before, path)
  const begun = performance.now()
  const { exit } = await killedAfter(start([task, path]), 600_000)
  const milliseconds = performance.now() - begun
  if (exit !== 0) throw new Error(`an undisturbed ${task} ended with ${exit}`)
  await again(path)
  await syncFile(path, 0, PAGES)
  return { milliseconds, expected: await contentHash(path) }
}

/** The file is a sound database of before or after; done again it is the same as if nothing had happened. */
async function wrongAfter(
  path: string,
  expected: string,
  again: (path: string) => Promise<void>,
): Promise<string | null> {
  try {
    const db = new Database(path, { fileMustExist: true })
    const verdict = db.pragma('integrity_check', { simple: true })
    db.close()
    if (verdict !== 'ok') return `integrity check: ${verdict}`
    await again(path)
    const [wrong] = await wrongWith(path)
    if (wrong !== undefined) return wrong
    await syncFile(path, 0, PAGES)
    if ((await contentHash(path)) !== expected) return 'contents differ from an undisturbed one'
    const left = readdirSync(dirname(path)).filter((name) => /^index\.db\.(repair|.*\.part)/.test(name))
    return left.length === 0 ? null : `left behind: ${left.join(', ')}`
  } catch (thrown) {
    return String(thrown)
  }
}

function startFrom(before: string, path: string): void {
  for (const name of readdirSync(dirname(path))) {
    if (name.startsWith(basename(path))) rmSync(join(dirname(path), name), { force: true })
  }
  copyFileSync(before, path)
}
