/**
 * Random histories of a real connector's source, behind a socket: it changes between runs and in the middle of them,
 * requests fail, and every run may die before or after any write. After each run a witness holds the index against all
 * that ever was true; left alone, the index must become what is true now, and then stay untouched.
 */
import fc from 'fast-check'
import type { Batch, Store } from '../../src/core/store.ts'
import { createFetch } from '../../src/http/fetch.ts'
import { type SyncReport, syncSource } from '../../src/sync/sync.ts'
import type { Fault } from '../emulators/faults.ts'
import type { TorturedSource } from './sources/source.ts'
import { createWitness } from './witness.ts'

interface Operation {
  /** Which action, by its place among those that there are. */
  readonly what: number
  readonly one: number
  readonly other: number
}

interface Death {
  readonly at: number
  readonly when: 'before' | 'after'
}

interface Accidents {
  readonly faults: readonly Fault[]
  readonly dies: Death | null
  /** Operations in the middle of the run, before its n-th request. */
  readonly meanwhile: readonly { readonly at: number; readonly operations: readonly Operation[] }[]
}

interface Step extends Accidents {
  readonly operations: readonly Operation[]
  readonly full: boolean
}

export type SocketHistory = readonly Step[]

const SOURCE = 'world'
const NOW = Date.parse('2026-03-01T12:00:00.000Z')
const QUIET: Accidents = { faults: [], dies: null, meanwhile: [] }
/** A listing that was resumed after a crash tells of an earlier moment, so the first of them may not see all. */
const QUIET_RUNS = 2

const operation = fc.record({ what: fc.nat(1000), one: fc.nat(1000), other: fc.nat(1000) })
const fault: fc.Arbitrary<Fault> = fc.record({
  kind: fc.constantFrom(
    'status' as const,
    'truncated-json' as const,
    'html' as const,
    'reset' as const,
    'cut' as const,
  ),
  status: fc.constantFrom(500, 502, 503, 504, 429, 401),
  after: fc.nat(15),
  times: fc.constantFrom(1, 2, 5, 12),
})
export const socketHistories: fc.Arbitrary<SocketHistory> = fc.array(
  fc.record({
    operations: fc.array(operation, { maxLength: 4 }),
    full: fc.nat(9).map((number) => number === 0),
    faults: fc.array(fault, { maxLength: 2 }),
    dies: fc.option(fc.record({ at: fc.nat(3), when: fc.constantFrom('before' as const, 'after' as const) })),
    meanwhile: fc.array(fc.record({ at: fc.nat(20), operations: fc.array(operation, { maxLength: 3 }) }), {
      maxLength: 2,
    }),
  }),
  { minLength: 1, maxLength: 5 },
)

/** Throws when the index is ever wrong, or does not settle on the truth. */
export async function liveOnSocket(history: SocketHistory, source: TorturedSource, store: Store): Promise<void> {
  const witness = createWitness(SOURCE, source)
  const life: Life = { source, store, look: witness.look }
  witness.look()
  for (const { operations, full, ...accidents } of history) {
    for (const operation of operations) act(life, operation, [])
    await run(life, accidents, full)
    await witness.checkNothingFalse(store)
  }
  for (let quiet = 0; quiet < QUIET_RUNS; quiet++) await runQuietly(life)
  await witness.checkNothingFalse(store)
  await witness.checkEqual(store)
  for (const { put, refresh, remove, failed } of await runQuietly(life)) {
    const written = [...put.map(({ head }) => head.id), ...refresh.map(({ id }) => id), ...remove, ...failed]
    if (written.length > 0) throw new Error(`a run without changes wrote ${JSON.stringify(written)}`)
  }
}

interface Life {
  readonly source: TorturedSource
  readonly store: Store
  readonly look: () => void
}

/** @returns the name of what was done */
function act({ source, look }: Life, { what, one, other }: Operation, without: readonly string[]): string {
  const names = Object.keys(source.actions).filter((name) => !without.includes(name))
  const name = names[what % names.length] ?? ''
  source.actions[name]?.(one, other)
  look()
  return name
}

async function runQuietly(life: Life): Promise<readonly Batch[]> {
  const { batches, report } = await run(life, QUIET)
  if (report.error !== null) throw report.error
  if (report.failed.length > 0) throw new Error(`undisturbed, ${report.failed[0]?.id}: ${report.failed[0]?.reason}`)
  return batches
}

async function run(
  life: Life,
  accidents: Accidents,
  full = false,
): Promise<{ readonly batches: readonly Batch[]; readonly report: SyncReport }> {
  const { source, store } = life
  const batches: Batch[] = []
  const { signal } = new AbortController()
  for (const each of accidents.faults) source.fail(each)
  const report = await syncSource({
    ...{ source: SOURCE, connector: source.connector, config: source.connector.config.parse(source.config) },
    ...{ access: source.access, store: mortal(store, accidents.dies, batches), signal, now: () => NOW, runId: 'run' },
    fetch: createFetch({ signal, fetch: acting(life, accidents), sleep: async () => {}, now: () => NOW }),
    ...{ full, dryRun: false, allowed: { deletes: 1000, wider: 1000 } },
  })
  source.heal()
  return { batches, report }
}

function acting(life: Life, { meanwhile }: Accidents): typeof fetch {
  const { onlyBetweenRuns, notTogether } = life.source
  const without = new Set(onlyBetweenRuns)
  let requests = 0
  return (input, init) => {
    const due = meanwhile.filter(({ at }) => at === requests).flatMap(({ operations }) => operations)
    for (const operation of due) {
      const done = act(life, operation, [...without])
      if (notTogether.includes(done)) for (const name of notTogether) if (name !== done) without.add(name)
    }
    requests += 1
    return fetch(input, init)
  }
}

/** A store whose process dies at the chosen write: nothing that comes after it happens. */
function mortal(store: Store, dies: Death | null, batches: Batch[]): Store {
  let dead = false
  return {
    ...store,
    async apply(batch) {
      if (dead) throw new Error('dead')
      dead = dies?.at === batches.length
      batches.push(batch)
      if (dead && dies?.when === 'before') throw new Error('dies')
      await store.apply(batch)
      if (dead) throw new Error('dies')
    },
  }
}
