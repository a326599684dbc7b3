/**
 * Listings that lie: empty, halved, doubled, ended early, looping, with an expired cursor, with wrong counts. Of every
 * connector over a socket, and of a made-up source without any check of its own: whatever it is told, a run removes
 * nothing that lives, and the next honest run finds all as it is. A round is one lie of one source.
 */
import type { Store } from '../../src/core/store.ts'
import { createFetch } from '../../src/http/fetch.ts'
import { openMemory } from '../../src/indexes/memory/memory.ts'
import { type SyncReport, syncSource } from '../../src/sync/sync.ts'
import { createLiar, LIAR_NAMES } from './liars.ts'
import { lieInProcess, MODEL_LIES } from './lying-model.ts'
import type { Part, PartOptions, PartReport } from './part.ts'
import { sources } from './sources/all.ts'
import type { TorturedSource } from './sources/source.ts'
import { createWitness } from './witness.ts'

const SOURCE = 'world'
const NOW = Date.parse('2026-03-01T12:00:00.000Z')
/** So many that half of any source's are too many to go: what the guard lets pass, nobody can tell from a lie. */
const DOCUMENTS = 64

/** A full one: all lies of all sources, from the stored position and from the beginning. */
export const part: Part = { name: 'lies', rounds: { full: 128, quick: 16, test: 8 }, run }

interface Figures {
  rounds: number
  lies: number
  removals: number
  /** Lies that changed an answer of some source: one that no source understands would show nothing. */
  readonly told: Set<string>
  /** How the runs that were lied to ended, by code. */
  readonly endings: Map<string, number>
}

async function run({ seed, rounds, log }: PartOptions): Promise<PartReport> {
  const figures: Figures = { rounds: 0, lies: 0, removals: 0, told: new Set(), endings: new Map() }
  const missed: string[] = []
  const names = [...Object.keys(sources), 'model']
  const each = Math.ceil(rounds / names.length)
  for (const [at, name] of names.entries()) {
    const miss = (lie: string, what: unknown) => void missed.push(`${name}, ${lie}: ${String(what)}`)
    if (name === 'model') await lieToModel(figures, miss)
    else await lieToConnector(name, { first: seed + at, rounds: each, figures, miss })
    log(`${name}: ${figures.rounds} rounds so far`)
  }
  const untold = each < LIAR_NAMES.length ? [] : LIAR_NAMES.filter((lie) => !figures.told.has(lie))
  missed.push(...untold.map((lie) => `${lie}: no source was told it, so nothing was shown`))
  const endings = [...figures.endings].sort(([a], [b]) => (a < b ? -1 : 1))
  return {
    figures: {
      'runs that were lied to': figures.rounds,
      'answers that lied': figures.lies,
      'documents removed that live': figures.removals,
      'how those runs ended': endings.map(([code, count]) => `${code} ${count}`).join(', '),
    },
    missed,
  }
}

interface Told {
  /** Which lie comes first. */
  readonly first: number
  readonly rounds: number
  readonly figures: Figures
  readonly miss: (lie: string, what: unknown) => void
}

async function lieToConnector(name: string, { first, rounds, figures, miss }: Told): Promise<void> {
  const source = await sources[name]?.(DOCUMENTS)
  if (source === undefined) return
  for (let at = 0; at < DOCUMENTS; at++) source.actions['add']?.(0, 6 * at + 1)
  const store = openMemory()
  const witness = createWitness(SOURCE, source)
  witness.look()
  await sync(source, store, { fetch, full: true })
  try {
    for (let round = 0; round < rounds; round++) {
      const lie = LIAR_NAMES[(first + round) % LIAR_NAMES.length] ?? ''
      const full = Math.floor((first + round) / LIAR_NAMES.length) % 2 === 0
      const before = await store.ids(SOURCE)
      const liar = createLiar(name, lie)
      const report = await sync(source, store, { fetch: liar.fetch, full })
      note(figures, report, liar.lies())
      if (liar.lies() > 0) figures.told.add(lie)
      const now = new Set(await store.ids(SOURCE))
      const lost = before.filter((id) => !now.has(id))
      figures.removals += lost.length
      if (lost.length > 0) miss(lie, `${lost.length} of ${before.length} removed`)
      if (liar.isEndless()) miss(lie, 'the listing was read for ever')
      await sync(source, store, { fetch, full: true })
      await witness.checkEqual(store).catch((thrown: unknown) => miss(lie, thrown))
    }
  } finally {
    await source.close()
  }
}

async function lieToModel(figures: Figures, miss: (lie: string, what: unknown) => void): Promise<void> {
  for (const lie of MODEL_LIES) {
    const { report, lost } = await lieInProcess(lie)
    note(figures, report, 1)
    figures.removals += lost
    if (lost > 0) miss(lie, `${lost} removed`)
  }
}

function note(figures: Figures, { error }: SyncReport, lies: number): void {
  figures.rounds++
  figures.lies += lies
  const ending = error?.code ?? 'ok'
  figures.endings.set(ending, (figures.endings.get(ending) ?? 0) + 1)
}

async function sync(
  source: TorturedSource,
  store: Store,
  { fetch: network, full }: { readonly fetch: typeof fetch; readonly full: boolean },
): Promise<SyncReport> {
  const { signal } = new AbortController()
  const now = () => NOW
  return await syncSource({
    ...{ source: SOURCE, connector: source.connector, config: source.connector.config.parse(source.config) },
    ...{ access: source.access, store, signal, now, runId: 'run', full, dryRun: false },
    fetch: createFetch({ signal, fetch: network, sleep: async () => {}, now, random: () => 0 }),
    allowed: { deletes: 0, wider: 0 },
  })
}
