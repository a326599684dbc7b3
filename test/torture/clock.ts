/**
 * A machine whose clock is wrong: 48 hours off either way, going backwards between runs, in the hour that summer time
 * skips or has twice; and documents that change in the very second at which the last run stopped. Whatever the clock says,
 * a run finds every change and removes nothing that lives. A round is a few changes of one source, told to a run.
 */
import type { Store } from '../../src/core/store.ts'
import { createFetch } from '../../src/http/fetch.ts'
import { openMemory } from '../../src/indexes/memory/memory.ts'
import { type SyncReport, syncSource } from '../../src/sync/sync.ts'
import type { Part, PartOptions, PartReport } from './part.ts'
import { sources } from './sources/all.ts'
import type { TorturedSource } from './sources/source.ts'
import { createWitness } from './witness.ts'

const SOURCE = 'world'
const HOUR = 3_600_000
const TRUE_TIME = Date.parse('2026-03-01T12:00:00.000Z')

/** What the machine believes, one run after the other: each is behind or ahead of the one before. */
const CLOCKS: readonly { readonly name: string; readonly at: number }[] = [
  { name: '48 h ahead', at: TRUE_TIME + 48 * HOUR },
  { name: '48 h behind, after a run that was ahead', at: TRUE_TIME - 48 * HOUR },
  { name: 'in the hour that Europe skips', at: Date.parse('2026-03-29T01:30:00.000Z') },
  { name: 'an hour back', at: Date.parse('2026-03-29T00:30:00.000Z') },
  { name: 'in the hour that Europe has twice', at: Date.parse('2026-10-25T00:30:00.000Z') },
  { name: 'an hour later, at the same hour', at: Date.parse('2026-10-25T01:30:00.000Z') },
  { name: 'before the source was made', at: Date.parse('2025-12-31T23:59:59.000Z') },
  { name: 'as it is', at: TRUE_TIME },
]
/** A listing that overlaps a change may tell of an earlier moment: the next run tells the rest. */
const RUNS = 2

export const part: Part = { name: 'clock', rounds: { full: 280, quick: 56, test: 14 }, run }

interface Figures {
  runs: number
  changes: number
  atOnce: number
  missedUpdates: number
}

async function run({ seed, rounds, log }: PartOptions): Promise<PartReport> {
  const figures: Figures = { runs: 0, changes: 0, atOnce: 0, missedUpdates: 0 }
  const missed: string[] = []
  const names = Object.keys(sources)
  for (const name of names) {
    await live(name, { seed, rounds: Math.ceil(rounds / names.length), figures, missed })
    log(`${name}: ${figures.runs} runs so far`)
  }
  return {
    figures: {
      'runs by a wrong clock': figures.runs,
      'changes at the sources': figures.changes,
      'of these, in the second of the last one': figures.atOnce,
      'rounds with a change missed, or a document removed': figures.missedUpdates,
    },
    missed,
  }
}

interface Lived extends Pick<PartOptions, 'seed' | 'rounds'> {
  readonly figures: Figures
  readonly missed: string[]
}

async function live(name: string, { seed, rounds, figures, missed }: Lived): Promise<void> {
  const source = await sources[name]?.()
  if (source === undefined) return
  const store = openMemory()
  const witness = createWitness(SOURCE, source)
  try {
    witness.look()
    await sync(source, store, TRUE_TIME)
    for (let round = 0; round < rounds; round++) {
      const clock = CLOCKS[(seed + round) % CLOCKS.length]
      if (clock === undefined) return
      figures.changes += change(source, seed + 7 * round, figures)
      witness.look()
      for (let nth = 0; nth < RUNS; nth++) await sync(source, store, clock.at)
      figures.runs += RUNS
      try {
        await witness.checkNothingFalse(store)
        await witness.checkEqual(store)
      } catch (thrown) {
        figures.missedUpdates++
        missed.push(`${name}, ${clock.name}, round ${round}: ${String(thrown)}`)
      }
    }
  } finally {
    await source.close()
  }
}

/** Some usual change, or one in the second of the last. */
function change(source: TorturedSource, number: number, figures: Figures): number {
  const names = Object.keys(source.actions)
  for (const at of [number, number + 3]) source.actions[names[at % names.length] ?? '']?.(at, at + 1)
  if (source.changeAtOnce === undefined || number % 2 === 0) return 2
  source.changeAtOnce(number, number)
  figures.atOnce++
  return 3
}

async function sync(source: TorturedSource, store: Store, at: number): Promise<SyncReport> {
  const { signal } = new AbortController()
  const now = () => at
  return await syncSource({
    ...{ source: SOURCE, connector: source.connector, config: source.connector.config.parse(source.config) },
    ...{ access: source.access, store, signal, now, runId: 'run', full: false, dryRun: false },
    fetch: createFetch({ signal, sleep: async () => {}, now, random: () => 0 }),
    allowed: { deletes: 1000, wider: 1000 },
  })
}
