/**
 * Random histories of a source: edits, moves, deletions, restores, changed permissions, crashes and faults, against a
 * model of the truth. A round is one history of a source in this process, in memory or in SQLite.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { UnsiloError } from '../../src/core/errors.ts'
import type { Store } from '../../src/core/types.ts'
import { openMemory } from '../../src/indexes/memory.ts'
import { openSqlite } from '../../src/indexes/sqlite.ts'
import { syncSource } from '../../src/sync/sync.ts'
import { histories, live, type Redaction, type SourceShape } from '../sync/history.ts'
import type { Part, PartOptions, PartReport } from './part.ts'

const SHAPES: readonly SourceShape[] = ['feed', 'list']
const REDACTIONS: readonly Redaction[] = ['never', 'always', 'changing']
const WORLDS = SHAPES.flatMap((shape) => REDACTIONS.map((redaction) => ({ shape, redaction })))
/** One in so many is lived in a file: a file costs what ten histories in memory do. */
const IN_A_FILE = 20

export const part: Part = { name: 'histories', rounds: { full: 20_000, quick: 600, test: 120 }, run }

async function run(options: PartOptions): Promise<PartReport> {
  const folder = mkdtempSync(join(tmpdir(), 'unsilo-torture-'))
  const figures: Record<string, number> = {}
  const missed: string[] = []
  for (const [at, { shape, redaction }] of WORLDS.entries()) {
    const numRuns = Math.ceil(options.rounds / WORLDS.length)
    let lived = 0
    const property = fc.asyncProperty(histories, (history) =>
      onStore(++lived % IN_A_FILE === 0 ? join(folder, `${at}-${lived}.db`) : null, (store) =>
        live(history, shape, store, { syncSource, UnsiloError }, {}, redaction),
      ),
    )
    const details = await fc.check(property, { numRuns, seed: options.seed })
    const name = `${shape}, redacted ${redaction}`
    figures[`${name}: histories without divergence`] = details.numRuns - Number(details.failed)
    if (details.failed) missed.push(`${name}: ${fc.defaultReportMessage(details)}`)
    options.log(`${name}: ${details.numRuns} histories`)
  }
  rmSync(folder, { recursive: true })
  return { figures, missed }
}

async function onStore(path: string | null, use: (store: Store) => Promise<void>): Promise<void> {
  if (path === null) return await use(openMemory())
  const store = await openSqlite(path, { mode: 'write' })
  await use(store).finally(() => store.close())
  rmSync(path)
}
