/**
 * Every connector over sockets, while three in ten of its requests are spoilt. A round is one source under one seed: a
 * first pass, then changes at the source and another. After at most three runs each the index is the one that an
 * undisturbed run makes; nothing that is still there was removed; and the source's limit, which the front counts, holds.
 */
import type { Batch, Store } from '../../src/core/store.ts'
import { createFetch } from '../../src/http/fetch.ts'
import { openNetwork } from '../../src/http/network.ts'
import { openMemory } from '../../src/indexes/memory/memory.ts'
import { syncSource } from '../../src/sync/sync.ts'
import { createFastTime, type FastTime } from './fast-time.ts'
import { type Front, type Saying, startFront } from './front.ts'
import type { Part, PartOptions, PartReport } from './part.ts'
import { sources } from './sources/all.ts'
import type { TorturedSource } from './sources/source.ts'
import { spoilShare } from './spoils.ts'

const SOURCE = 'world'
const NOW = Date.parse('2026-03-01T12:00:00.000Z')
const SHARE = 0.3
/** Of few requests fewer may be drawn; far fewer would show little. */
const LEAST_SHARE = 0.2
const RUNS = 3
const MOST_REQUESTS = 1.6
const TIMES_FASTER = 50
const [LIMIT, WINDOW_MS] = [12, 10_000]
/** Real milliseconds, far above what a busy machine takes to answer. */
const TIMEOUTS = { headers: 500, idle: 500, total: 1_200 }

/** What the service of a source publishes, where it does. Answers say what is true of the account. */
const PUBLISHED: Readonly<Record<string, number>> = {
  docs: LIMIT,
  'intercom-help': 5 * LIMIT,
  'intercom-tickets': 5 * LIMIT,
  'zendesk-help': 5 * LIMIT,
  'zendesk-tickets': 5 * LIMIT,
}

/** As the service behind each source says it. */
const SAYINGS: Readonly<Record<string, Saying>> = {
  cloud: 'iso',
  'data-center': 'tokens',
  docs: 'nothing',
  'intercom-help': 'unix',
  'intercom-tickets': 'unix',
  'zendesk-help': 'to-go',
  'zendesk-tickets': 'to-go',
}

export const part: Part = {
  name: 'faults',
  rounds: { full: 140, quick: 7, test: 3 },
  run,
}

interface Round {
  readonly name: string
  readonly seed: number
  readonly requests: { spoilt: number; clean: number }
  readonly passes: { once: number; all: number }
  readonly most: { window: number; stretch: number }
  readonly done: ReadonlyMap<string, number>
  readonly wronglyRemoved: number
  readonly missed: readonly string[]
}

async function run({ seed, rounds, log }: PartOptions): Promise<PartReport> {
  const names = Object.keys(sources)
  const results: Round[] = []
  for (let from = 0; from < rounds; from += names.length) {
    const due = names.map((_, at) => names[(seed + at) % names.length] as string).slice(0, rounds - from)
    results.push(...(await Promise.all(due.map((name) => oneRound(name, seed + from / names.length)))))
    log(`${results.length} rounds`)
  }
  return report(results)
}

function report(results: readonly Round[]): PartReport {
  const sum = (of: (round: Round) => number) => results.reduce((total, round) => total + of(round), 0)
  const [spoilt, clean] = [sum(({ requests }) => requests.spoilt), sum(({ requests }) => requests.clean)]
  const kinds = new Map<string, number>()
  for (const { done } of results) for (const [kind, times] of done) kinds.set(kind, (kinds.get(kind) ?? 0) + times)
  const faults = [...kinds.values()].reduce((total, times) => total + times, 0)
  const ratio = spoilt / clean
  return {
    figures: {
      'requests spoilt': `${faults} of ${spoilt}, ${kinds.size} kinds`,
      'passes whole after one run': `${sum(({ passes }) => passes.once)} of ${sum(({ passes }) => passes.all)}`,
      'wrong removals': sum(({ wronglyRemoved }) => wronglyRemoved),
      'requests, against undisturbed runs': ratio.toFixed(2),
      'most in a window of the limit': `${Math.max(...results.map(({ most }) => most.window))} of ${LIMIT}`,
      'most in any stretch of its length, where it is published': Math.max(
        ...results.map(({ name, most }) => (PUBLISHED[name] === undefined ? 0 : most.stretch)),
      ),
    },
    missed: [
      ...results.flatMap(({ missed }) => missed),
      ...(faults < LEAST_SHARE * spoilt ? [`only ${faults} of ${spoilt} requests were spoilt`] : []),
      ...(ratio > MOST_REQUESTS ? [`${ratio.toFixed(2)} times the requests of undisturbed runs`] : []),
    ],
  }
}

async function oneRound(name: string, seed: number): Promise<Round> {
  const source = (await sources[name]?.()) as TorturedSource
  const time = createFastTime(NOW, TIMES_FASTER)
  const spoiling = spoilShare(seed, SHARE)
  const target = /http:\/\/127\.0\.0\.1:\d+/.exec(JSON.stringify(source.config))?.[0] ?? ''
  const common = { target, time, limit: LIMIT, windowMs: WINDOW_MS, saying: SAYINGS[name] ?? 'nothing' }
  const clean = await startFront(common)
  const spoilt = await startFront({ ...common, spoil: spoiling.spoil })
  const world: World = { name, seed, source, time, clean, spoilt, stores: [openMemory(), openMemory()], missed: [] }
  const passes = { once: 0, all: 0 }
  let wronglyRemoved = 0
  try {
    for (let pass = 0; pass < 2; pass += 1) {
      if (pass > 0) change(world)
      const { runs, removed } = await onePass(world)
      passes.all += 1
      if (runs === 1) passes.once += 1
      wronglyRemoved += removed
    }
  } finally {
    await Promise.all([source.close(), clean.close(), spoilt.close()])
  }
  const most = spoilt.most()
  if (PUBLISHED[name] !== undefined && most.stretch > LIMIT) {
    world.missed.push(
      `${name}, seed ${seed}: ${most.stretch} requests in a stretch of the length of a window of ${LIMIT}`,
    )
  }
  if (most.window > LIMIT) world.missed.push(`${name}, seed ${seed}: ${most.window} requests in a window of ${LIMIT}`)
  if (wronglyRemoved > 0) world.missed.push(`${name}, seed ${seed}: ${wronglyRemoved} wrong removals`)
  const requests = { spoilt: spoilt.requests(), clean: clean.requests() }
  return { name, seed, requests, passes, most, wronglyRemoved, done: spoiling.done, missed: world.missed }
}

interface World {
  readonly name: string
  readonly seed: number
  readonly source: TorturedSource
  readonly time: FastTime
  readonly clean: Front
  readonly spoilt: Front
  /** Of undisturbed runs, and of the others. */
  readonly stores: readonly [Store, Store]
  readonly missed: string[]
}

/** @returns how many runs it took, and removals of what is still there */
async function onePass(world: World): Promise<{ readonly runs: number; readonly removed: number }> {
  const { stores, clean, spoilt, name, seed } = world
  const quiet = await sync(world, clean, stores[0])
  if (quiet.problem !== null) world.missed.push(`${name}, seed ${seed}: undisturbed, ${quiet.problem}`)
  const wanted = await contentOf(stores[0])
  let removed = 0
  let problem: string | null = null
  for (let runs = 1; runs <= RUNS; runs += 1) {
    const spoiltRun = await sync(world, spoilt, stores[1])
    removed += spoiltRun.removed.filter((id) => wanted.has(id)).length
    const found = await contentOf(stores[1])
    if (JSON.stringify([...found]) === JSON.stringify([...wanted])) return { runs, removed }
    problem = spoiltRun.problem ?? firstDifference(found, wanted)
  }
  world.missed.push(`${name}, seed ${seed}: not whole after ${RUNS} runs: ${problem}`)
  return { runs: RUNS, removed }
}

function firstDifference(found: ReadonlyMap<string, string>, wanted: ReadonlyMap<string, string>): string {
  const ids = new Set([...found.keys(), ...wanted.keys()])
  const id = [...ids].find((each) => found.get(each) !== wanted.get(each))
  return `${id} is ${found.get(id ?? '')} and not ${wanted.get(id ?? '')}`
}

async function sync(world: World, front: Front, store: Store) {
  const { source, time } = world
  const removed: string[] = []
  const { signal } = new AbortController()
  const network = openNetwork()
  // A run knows nothing of the one before it: they are at least a window apart.
  await time.sleep(WINDOW_MS)
  const requests = PUBLISHED[world.name]
  const published = requests === undefined ? [] : [{ name: 'account', requests, perMs: WINDOW_MS }]
  const { error, failed } = await syncSource({
    ...{ source: SOURCE, connector: source.connector, config: source.connector.config.parse(source.config) },
    ...{ access: source.access, store: watched(store, removed), signal, now: () => NOW, runId: 'run' },
    fetch: createFetch({
      ...{ signal, sleep: time.sleep, now: time.now, elapsed: time.elapsed, timeouts: TIMEOUTS },
      limits: () => published,
      fetch: (input, init) => network(`${front.url}${addressOf(input)}`, init),
    }),
    ...{ full: false, dryRun: false, allowed: { deletes: 1000, wider: 1000 } },
  })
  return { removed, problem: error?.message ?? failed[0]?.reason ?? null }
}

function addressOf(input: string | URL | Request): string {
  const { pathname, search } = new URL(input instanceof Request ? input.url : input)
  return pathname + search
}

function watched(store: Store, removed: string[]): Store {
  const apply = async (batch: Batch) => {
    removed.push(...batch.remove)
    await store.apply(batch)
  }
  return { ...store, apply }
}

/** By id, all that is stored of a document. */
async function contentOf(store: Store): Promise<ReadonlyMap<string, string>> {
  const ids = (await store.ids(SOURCE)).toSorted()
  const stored = await store.stored(ids)
  return new Map(
    await Promise.all(
      ids.map(async (id): Promise<[string, string]> => [id, JSON.stringify([stored.get(id), await store.chunks(id)])]),
    ),
  )
}

/** The same for the same seed: what people do between two passes. */
function change({ source, seed }: World): void {
  const actions = Object.entries(source.actions)
  for (const [at, [, action]] of actions.entries()) action(seed + at, seed * 7 + at * 3)
}
