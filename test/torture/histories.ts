/**
 * Random histories of a source: edits, moves, deletions, restores, changed permissions, crashes and faults, against a
 * model of the truth. A round is one history of a source in this process; for each forty, a real connector lives one over
 * a socket. Some are lived in SQLite, most in memory.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { UnsiloError } from '../../src/core/errors.ts'
import type { Store } from '../../src/core/store.ts'
import { openMemory } from '../../src/indexes/memory/memory.ts'
import { openSqlite } from '../../src/indexes/sqlite/sqlite.ts'
import { syncSource } from '../../src/sync/sync.ts'
import { histories, live } from '../sync/history.ts'
import type { Redaction, SourceShape } from '../sync/life.ts'
import type { Part, PartOptions, PartReport } from './part.ts'
import { liveOnSocket, socketHistories } from './socket-history.ts'
import { sources } from './sources/all.ts'

const SHAPES: readonly SourceShape[] = ['feed', 'list']
const REDACTIONS: readonly Redaction[] = ['never', 'always', 'changing']
/** One in so many is lived in a file: a file costs what ten histories in memory do. */
const IN_A_FILE = 20
const ON_A_SOCKET = 40

export const part: Part = { name: 'histories', rounds: { full: 20_000, quick: 300, test: 42 }, run }

interface Kind {
  readonly name: string
  readonly check: () => Promise<{ readonly numRuns: number; readonly failed: boolean; readonly message: string }>
}

async function run({ seed, rounds, log }: PartOptions): Promise<PartReport> {
  const folder = mkdtempSync(join(tmpdir(), 'unsilo-torture-'))
  const figures: Record<string, number> = {}
  const missed: string[] = []
  for (const { name, check } of [...inProcess(seed, rounds, folder), ...onSockets(seed, rounds, folder)]) {
    const { numRuns, failed, message } = await check()
    figures[`${name}: histories without divergence`] = numRuns - Number(failed)
    if (failed) missed.push(`${name}: ${message}`)
    log(`${name}: ${numRuns} histories`)
  }
  rmSync(folder, { recursive: true })
  return { figures, missed }
}

function inProcess(seed: number, rounds: number, folder: string): readonly Kind[] {
  const worlds = SHAPES.flatMap((shape) => REDACTIONS.map((redaction) => ({ shape, redaction })))
  return worlds.map(({ shape, redaction }) => ({
    name: `in this process, a ${shape}, redacted ${redaction}`,
    check() {
      const onStore = storesIn(folder)
      const loop = { syncSource, UnsiloError }
      return checkAll(histories, { seed, numRuns: Math.ceil(rounds / worlds.length) }, (history) =>
        onStore((store) => live(history, shape, store, loop, {}, redaction)),
      )
    },
  }))
}

function onSockets(seed: number, rounds: number, folder: string): readonly Kind[] {
  const numRuns = Math.ceil(rounds / ON_A_SOCKET / Object.keys(sources).length)
  return Object.entries(sources).map(([name, start]) => ({
    name: `over a socket, ${name}`,
    check() {
      const onStore = storesIn(folder)
      return checkAll(socketHistories, { seed, numRuns }, async (history) => {
        const source = await start()
        await onStore((store) => liveOnSocket(history, source, store)).finally(source.close)
      })
    },
  }))
}

async function checkAll<History>(
  some: fc.Arbitrary<History>,
  parameters: { readonly seed: number; readonly numRuns: number },
  check: (history: History) => Promise<void>,
) {
  const details = await fc.check(fc.asyncProperty(some, check), parameters)
  const { numRuns, failed, errorInstance } = details
  return { numRuns, failed, message: failed ? `${errorInstance} ${fc.defaultReportMessage(details)}` : '' }
}

/** One store after another, each empty. */
function storesIn(folder: string): (use: (store: Store) => Promise<void>) => Promise<void> {
  let opened = 0
  return async (use) => {
    opened += 1
    if (opened % IN_A_FILE !== 0) return await use(openMemory())
    const path = join(folder, `${opened}.db`)
    const store = await openSqlite(path, { mode: 'write' })
    await use(store).finally(() => store.close())
    rmSync(path)
  }
}
