/**
 * A disk that fills up at every step of a run, in two ways: SQLite may not have another page, and the operating system
 * lets no file grow further. A round is a run that meets the end of the disk one step later than the one before.
 */
import { copyFileSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { asUnsiloError, type UnsiloError } from '../../src/core/errors.ts'
import type { Part, PartOptions, PartReport } from './part.ts'
import { end, start } from './storage/child.ts'
import { contentHash, syncFile, wrongWith } from './storage/pages.ts'

export const part: Part = { name: 'disk', rounds: { full: 240, quick: 6, test: 2 }, run: runPart }

const PAGES = 30
/** One in so many runs meets the limit of the operating system, in a process of its own. */
const IN_A_PROCESS = 6

interface Stage {
  readonly folder: string
  /** Edition 0, and edition 1 on top of it. */
  readonly before: string
  readonly expected: string
  readonly pages: readonly [from: number, to: number]
}

interface Tally {
  stopped: number
  untouched: number
  readonly missed: string[]
}

async function runPart({ rounds }: PartOptions): Promise<PartReport> {
  const folder = mkdtempSync(join(tmpdir(), 'unsilo-torture-'))
  try {
    const stage = await setUp(folder)
    const [pages, blocks, fresh] = [newTally(), newTally(), newTally()]
    const inProcess = Math.max(1, Math.floor(rounds / IN_A_PROCESS))
    for (let round = 0; round < rounds; round++) await fullAtPage(stage, round / rounds, pages)
    for (let round = 0; round < inProcess; round++) await fullAtSize(stage, round / inProcess, blocks, true)
    for (let round = 0; round < inProcess; round++) await fullAtSize(stage, round / inProcess, fresh, false)
    return reportOf({ 'no more pages': pages, 'file size limit': blocks, 'file size limit, first run': fresh })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function setUp(folder: string): Promise<Stage> {
  const before = join(folder, 'before.db')
  const after = join(folder, 'after.db')
  await syncFile(before, 0, PAGES)
  copyFileSync(before, after)
  await syncFile(after, 1, PAGES)
  return { folder, before, expected: await contentHash(after), pages: [pagesOf(before), pagesOf(after)] }
}

function pagesOf(path: string): number {
  return statSync(path).size / 8192
}

async function fullAtPage(stage: Stage, share: number, tally: Tally): Promise<void> {
  const path = join(stage.folder, 'index.db')
  fresh(stage, path, true)
  const [from, to] = stage.pages
  const limit = Math.round(from + share * (to - from) * 1.2)
  const error = await withMostPages(limit, () => outcome(path))
  await judge(stage, path, error, `${limit} pages`, tally)
}

async function outcome(path: string): Promise<UnsiloError | null> {
  try {
    return (await syncFile(path, 1, PAGES)).error
  } catch (thrown) {
    return asUnsiloError(thrown)
  }
}

/** The limit holds for a connection, so it is set on each that is opened to write an index. */
async function withMostPages<T>(limit: number, work: () => Promise<T>): Promise<T> {
  const { exec } = Database.prototype
  Database.prototype.exec = function limited(this: Database.Database, sql: string) {
    const done = exec.call(this, sql)
    if (sql.includes('journal_mode = WAL')) this.pragma(`max_page_count = ${limit}`)
    return done
  }
  try {
    return await work()
  } finally {
    Database.prototype.exec = exec
  }
}

async function fullAtSize(stage: Stage, share: number, tally: Tally, isThere: boolean): Promise<void> {
  const path = join(stage.folder, 'index.db')
  fresh(stage, path, isThere)
  const blocks = Math.max(1, Math.floor((share * stage.pages[1] * 8192 * 1.1) / 512))
  const { exit, code } = await end(start(['sync', path, '1', String(PAGES)], blocks))
  const error = exit === 0 ? null : { code: code ?? 'none', exit: exit ?? -1 }
  await judge(stage, path, error, `${blocks} blocks`, tally)
}

function fresh({ before }: Stage, path: string, isThere: boolean): void {
  for (const companion of ['', '-wal', '-shm', '.lock', '.holder']) rmSync(path + companion, { force: true })
  if (isThere) copyFileSync(before, path)
}

/** It ended with 6 or well; the file opens and is sound; the next run brings what an undisturbed one does. */
async function judge(
  { expected }: Stage,
  path: string,
  error: { readonly code: string; readonly exit: number } | null,
  where: string,
  tally: Tally,
): Promise<void> {
  if (error === null) tally.untouched++
  else tally.stopped++
  if (error !== null && error.exit !== 6)
    tally.missed.push(`${where}: ended with ${error.exit} ${error.code}, not with 6`)
  const wrong = await wrongWith(path)
  if (wrong.length > 0) tally.missed.push(`${where}: afterwards ${wrong[0]}`)
  const next = await outcome(path)
  if (next !== null) tally.missed.push(`${where}: the next run ended with ${next.code}`)
  else if ((await contentHash(path)) !== expected) tally.missed.push(`${where}: the next run left other contents`)
}

function newTally(): Tally {
  return { stopped: 0, untouched: 0, missed: [] }
}

function reportOf(tallies: Readonly<Record<string, Tally>>): PartReport {
  const figures: Record<string, number> = {}
  const missed: string[] = []
  for (const [name, tally] of Object.entries(tallies)) {
    figures[`${name}: runs stopped by it`] = tally.stopped
    figures[`${name}: runs that had room`] = tally.untouched
    missed.push(...tally.missed.map((miss) => `${name}: ${miss}`))
    if (tally.stopped === 0) missed.push(`${name}: no run was stopped, so nothing was shown`)
  }
  return { figures, missed }
}
