/**
 * `npm run bench:serve [-- --quick] [-- --keep FOLDER]`: what the HTTP API takes while a sync runs, and what HTTP costs
 * beside the same question in-process. The server, each sync, the site that it reads and those who ask are processes of
 * their own. Prints its figures; ends with 1 when a target is missed. `--quick` asks a small index for a short time;
 * `--keep` leaves the index in a folder, and takes the one that it finds there.
 */
import { spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { openSqlite } from '../../../src/indexes/sqlite/sqlite.ts'
import { search } from '../../../src/query/search.ts'
import { randomFrom, saveCorpus } from '../corpus.ts'
import { median } from '../measure.ts'
import { readCorpus } from '../origins.ts'
import { readOriginals } from '../query/corpus.ts'
import { type Asked, asked } from './asked.ts'
import { type Load, openLoop, poissonTimes } from './open-loop.ts'
import { type Served, type Site, serve, site } from './server.ts'

const TARGETS = { p99Ms: 150, growth: 1.1 }
const { quick = false, keep } = parseArgs({
  options: { quick: { type: 'boolean' }, keep: { type: 'string' } },
}).values
const chunks = quick ? 10_000 : 100_000
const rate = 50
const seconds = quick ? 15 : 120
const compared = quick ? 100 : 300
/** Of the site that is synced. */
const pages = quick ? 200 : 400
const SAMPLE_MS = 2000
/** Of half of those who ask; the others read what is public. */
const AS = ['group:staff'] as const
/** What is answered unless told. */
const LIMIT = 10
/** Before that a process still grows into what it needs. */
const WARM_S = quick ? 3 : 20

const misses: string[] = []
const folder = mkdtempSync(join(tmpdir(), 'unsilo-bench-serve-'))
try {
  await measure()
} finally {
  rmSync(folder, { recursive: true })
}

async function measure(): Promise<void> {
  console.log(`Node ${process.version}, ${cpus().length} cores, load ${loadavg()[0]?.toFixed(1)}`)
  const index = join(folder, 'index.db')
  copyFileSync(built(), index)
  // One that was kept may be of an older schema, which a server does not read.
  await (await openSqlite(index)).close()
  const corpus = readCorpus()
  saveCorpus(corpus, join(folder, 'corpus.json'))
  const next = asked(readOriginals(corpus), quick ? 5000 : 20_000)
  const source = await site(index, folder, join(folder, 'corpus.json'), pages)
  source.first()
  const served = await serve(index, folder)
  try {
    const ratio = await compare(index, served, next)
    const warm = await underLoad(served, source, next, WARM_S)
    const figures = await underLoad(served, source, next, seconds)
    tell(figures, ratio, warm.load.errors)
  } finally {
    await served.stop()
    await source.stop()
  }
}

/** The index that is copied: made once where it is kept. */
function built(): string {
  const place = keep ?? folder
  mkdirSync(place, { recursive: true })
  const path = join(place, `${chunks}.db`)
  if (existsSync(path)) return path
  const child = join(import.meta.dirname, '..', 'query', 'child.ts')
  const task = JSON.stringify({ do: 'build', path, chunks })
  const { status } = spawnSync(process.execPath, [child, task], { stdio: ['ignore', 'ignore', 'inherit'] })
  if (status !== 0) throw new Error(`building the index ended with ${status}`)
  return path
}

/** One question at a time, on each side in turn, while nothing else is asked: how much longer the way over HTTP takes. */
async function compare(index: string, served: Served, next: () => Asked): Promise<number> {
  const store = await openSqlite(index, { mode: 'read' })
  const ask = ({ text, label, isUnfinished = false }: Asked) =>
    search(store, { text, isUnfinished, ...(label && { labels: [label] }), as: AS, limit: LIMIT, isBrief: true })
  const [inside, outside]: [number[], number[]] = [[], []]
  for (let at = 0; at < compared; at++) {
    const question = next()
    inside.push(await timed(async () => void (await ask(question))))
    const { url, headers } = requestFor(question, served, true)
    outside.push(await timed(async () => void (await (await fetch(url, { headers })).text())))
  }
  await store.close()
  const ratio = median(outside) / median(inside)
  console.log(
    `one question at a time: in-process p50 ${median(inside).toFixed(1)} p99 ${percentile(inside, 0.99).toFixed(1)} ms, ` +
      `over HTTP p50 ${median(outside).toFixed(1)} p99 ${percentile(outside, 0.99).toFixed(1)} ms: ${ratio.toFixed(2)}x`,
  )
  return ratio
}

interface Figures {
  readonly load: Load
  readonly syncs: { readonly runs: number; readonly failed: readonly (number | null)[] }
  /** That the server used of one. */
  readonly cores: number
  /** Bytes, in the order of time. */
  readonly memory: readonly number[]
}

async function underLoad(served: Served, source: Site, next: () => Asked, forSeconds: number): Promise<Figures> {
  const sync = source.syncing()
  const memory: number[] = []
  const sampling = sampled(served, memory)
  const [before, startedAt] = [await served.figures(), performance.now()]
  let sent = 0
  const load = await openLoop({
    times: poissonTimes(rate, forSeconds, randomFrom(forSeconds)),
    next: () => requestFor(next(), served, sent++ % 2 === 0),
  })
  const cores = ((await served.figures()).cpuSeconds - before.cpuSeconds) / ((performance.now() - startedAt) / 1000)
  await sampling.stop()
  return { load, syncs: await sync.stop(), memory, cores }
}

/** One at a time: a server that is slow is not asked for figures by several at once. */
function sampled(served: Served, memory: number[]): { stop(): Promise<void> } {
  let last: Promise<unknown> | null = null
  const timer = setInterval(() => {
    last ??= served
      .figures()
      .then(({ memory: bytes }) => memory.push(bytes))
      .catch((thrown) => misses.push(`no figures: ${thrown}`))
      .finally(() => {
        last = null
      })
  }, SAMPLE_MS)
  return {
    async stop() {
      clearInterval(timer)
      await last
    },
  }
}

function tell({ load, syncs, memory, cores }: Figures, ratio: number, warmErrors: Load['errors']): void {
  const errors = [...load.errors, ...warmErrors]
  const all = load.answered.map(({ ms }) => ms)
  const [p50, p90, p99, worst] = [0.5, 0.9, 0.99, 1].map((share) => percentile(all, share).toFixed(0))
  const grown = growthOf(memory)
  console.log(
    `${rate} questions a second for ${seconds} s, as they come, while a sync of ${pages} pages ran ${syncs.runs} times:`,
  )
  console.log(
    `  from the planned moment: p50 ${p50}  p90 ${p90}  p99 ${p99}  worst ${worst} ms, p99 at most ${TARGETS.p99Ms}`,
  )
  for (const line of byKind(load)) console.log(`    ${line}`)
  console.log(`  the generator was ${load.lateMs.toFixed(0)} ms late at most, which is counted`)
  console.log(
    `  ${errors.length === 0 ? 'no errors' : `errors: ${errors.map(([what, times]) => `${times} x ${what}`).join(', ')}`}`,
  )
  console.log(`  the server used ${cores.toFixed(2)} cores`)
  console.log(
    `  memory ${megabytes(Math.min(...memory))} to ${megabytes(Math.max(...memory))} MB, last third ${grown.toFixed(2)}x the one before${quick ? '' : `, at most ${TARGETS.growth}`}`,
  )
  check(errors.length === 0, 'errors')
  check(syncs.runs > 0 && syncs.failed.length === 0, `syncs ended with ${syncs.failed.join(', ')}`)
  check(all.length === rate * seconds, `${all.length} of ${rate * seconds} answered`)
  check(Number(p99) <= TARGETS.p99Ms, `p99 ${p99} ms`)
  if (!quick) check(grown <= TARGETS.growth, `memory grew ${grown.toFixed(2)}x`)
  const summary = misses.length === 0 ? 'all targets met' : `missed: ${misses.join('; ')}`
  console.log(
    `bench:serve: ${chunks / 1000}k passages, ${rate}/s, p99 ${p99} of ${TARGETS.p99Ms} ms, ${errors.length === 0 ? 0 : 'some'} errors, ` +
      `HTTP ${ratio.toFixed(2)}x in-process${quick ? ' (quick)' : ''}: ${summary}`,
  )
  process.exitCode = misses.length === 0 ? 0 : 1
}

function byKind({ answered }: Load): readonly string[] {
  return [...Map.groupBy(answered, ({ kind }) => kind)].map(([kind, some]) => {
    const [p50, p99] = [0.5, 0.99].map((share) =>
      percentile(
        some.map(({ ms }) => ms),
        share,
      ).toFixed(0),
    )
    return `${kind}: ${some.length}, p50 ${p50}  p99 ${p99} ms`
  })
}

/** What the process held in the last third of the time, of what it held in the one before. */
function growthOf(memory: readonly number[]): number {
  const third = Math.floor(memory.length / 3)
  return median(memory.slice(-third)) / median(memory.slice(-2 * third, -third))
}

function requestFor({ text, label, isUnfinished, as: kind }: Asked, { url, token }: Served, asStaff: boolean) {
  const parameters = new URLSearchParams({ q: text.slice(0, 500), ...(isUnfinished && { typing: 'true' }) })
  if (label !== undefined) parameters.set('label', label)
  return { kind, url: `${url}/v1/search?${parameters}`, headers: asStaff ? { authorization: `Bearer ${token}` } : {} }
}

async function timed(work: () => Promise<void>): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}

function percentile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.max(0, Math.ceil(values.length * share) - 1)] ?? Number.NaN
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(0)
}

function check(isMet: boolean, miss: string): void {
  if (!isMet) misses.push(miss)
}
