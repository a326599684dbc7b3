/**
 * `npm run bench:serve [-- --quick] [-- --keep FOLDER]`: what the HTTP API takes while a sync runs, and what HTTP costs
 * beside the same question in-process. Prints its figures; ends with 1 when a target is missed. `--quick` asks a small
 * index for a short time; `--keep` leaves the index in a folder, and takes the one that it finds there.
 */
import { spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { openSqlite } from '../../../src/indexes/sqlite.ts'
import { median } from '../measure.ts'
import { readOriginals } from '../query/corpus.ts'
import { openUnsilo } from '../query/engines.ts'
import { type Question, questions } from '../query/questions.ts'
import { type Load, openLoop } from './open-loop.ts'
import { type Served, serve, syncing } from './server.ts'

const TARGETS = { p99Ms: 150, growth: 1.1 }
const { quick = false, keep } = parseArgs({
  options: { quick: { type: 'boolean' }, keep: { type: 'string' } },
}).values
const chunks = quick ? 10_000 : 100_000
const rate = 50
const seconds = quick ? 15 : 120
const compared = quick ? 100 : 400
const SAMPLE_MS = 2000
/** Before that a process still grows into what it needs. */
const WARM_S = quick ? 2 : 20

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
  const asked = shuffled([...questions(readOriginals(), quick ? 20 : 100).values()].flat())
  const served = await serve(index, folder)
  try {
    const ratio = await compare(index, served, asked.slice(0, compared))
    const warm = await underLoad(served, index, asked, WARM_S)
    const figures = await underLoad(served, index, asked, seconds)
    tell(figures, ratio, warm.load.errors)
  } finally {
    await served.stop()
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
async function compare(index: string, served: Served, asked: readonly Question[]): Promise<number> {
  const ask = await openUnsilo(index)
  const [inside, outside]: [number[], number[]] = [[], []]
  for (const question of asked) {
    inside.push(await timed(async () => void (await ask(question))))
    const { url, headers } = requestFor(question, served, true)
    outside.push(await timed(async () => void (await (await fetch(url, { headers })).text())))
  }
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
  /** Bytes, in the order of time. */
  readonly memory: readonly number[]
}

async function underLoad(
  served: Served,
  index: string,
  asked: readonly Question[],
  forSeconds: number,
): Promise<Figures> {
  const sync = syncing(index)
  const memory: number[] = []
  const sampling = sampled(served, memory)
  const load = await openLoop({
    ...{ rate, seconds: forSeconds },
    ask: (at) => requestFor(asked[at % asked.length] as Question, served, at % 2 === 0),
  })
  await sampling.stop()
  return { load, syncs: await sync.stop(), memory }
}

/** One at a time: a server that is slow is not asked for figures by several at once. */
function sampled(served: Served, memory: number[]): { stop(): Promise<void> } {
  let last: Promise<unknown> | null = null
  const timer = setInterval(() => {
    last ??= served
      .memory()
      .then((bytes) => memory.push(bytes))
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

function tell({ load, syncs, memory }: Figures, ratio: number, warmErrors: Load['errors']): void {
  const errors = [...load.errors, ...warmErrors]
  const [p50, p90, p99, worst] = [0.5, 0.9, 0.99, 1].map((share) => percentile(load.ms, share).toFixed(0))
  const grown = growthOf(memory)
  console.log(`${rate} questions a second for ${seconds} s, while a sync ran ${syncs.runs} times:`)
  console.log(
    `  from the planned moment: p50 ${p50}  p90 ${p90}  p99 ${p99}  worst ${worst} ms, p99 at most ${TARGETS.p99Ms}`,
  )
  console.log(`  the generator was ${load.lateMs.toFixed(0)} ms late at most, which is counted`)
  console.log(
    `  ${errors.length === 0 ? 'no errors' : `errors: ${errors.map(([what, times]) => `${times} x ${what}`).join(', ')}`}`,
  )
  console.log(
    `  memory ${megabytes(Math.min(...memory))} to ${megabytes(Math.max(...memory))} MB, last third ${grown.toFixed(2)}x the one before${quick ? '' : `, at most ${TARGETS.growth}`}`,
  )
  check(errors.length === 0, 'errors')
  check(syncs.runs > 0 && syncs.failed.length === 0, `syncs ended with ${syncs.failed.join(', ')}`)
  check(load.ms.length === rate * seconds, `${load.ms.length} of ${rate * seconds} answered`)
  check(Number(p99) <= TARGETS.p99Ms, `p99 ${p99} ms`)
  if (!quick) check(grown <= TARGETS.growth, `memory grew ${grown.toFixed(2)}x`)
  const summary = misses.length === 0 ? 'all targets met' : `missed: ${misses.join('; ')}`
  console.log(
    `bench:serve: ${chunks / 1000}k passages, ${rate}/s, p99 ${p99} of ${TARGETS.p99Ms} ms, ${errors.length === 0 ? 0 : 'some'} errors, ` +
      `HTTP ${ratio.toFixed(2)}x in-process${quick ? ' (quick)' : ''}: ${summary}`,
  )
  process.exitCode = misses.length === 0 ? 0 : 1
}

/** What the process held in the last third of the time, of what it held in the one before. */
function growthOf(memory: readonly number[]): number {
  const third = Math.floor(memory.length / 3)
  return median(memory.slice(-third)) / median(memory.slice(-2 * third, -third))
}

function requestFor({ text, label, isUnfinished }: Question, { url, token }: Served, asStaff: boolean) {
  const parameters = new URLSearchParams({ q: text.slice(0, 500), ...(isUnfinished && { typing: 'true' }) })
  if (label !== undefined) parameters.set('label', label)
  return { url: `${url}/v1/search?${parameters}`, headers: asStaff ? { authorization: `Bearer ${token}` } : {} }
}

async function timed(work: () => Promise<void>): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}

/** The same order each time, the kinds mixed. */
function shuffled(all: readonly Question[]): readonly Question[] {
  return all
    .map((question, at) => ({ question, order: (at * 7919) % all.length }))
    .sort((a, b) => a.order - b.order)
    .map(({ question }) => question)
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
