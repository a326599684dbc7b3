/**
 * `npm run bench:query [-- --quick] [-- --keep FOLDER]`: what questions to the index cost, beside what one would take
 * instead, on the same passages. Prints its figures; ends with 1 when a target is missed. `--quick` asks a small index;
 * `--keep` leaves the indexes in a folder, and takes those that it finds there.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { NEW_OBJECTS_MB } from '../../../src/cli/answering.ts'
import { median } from '../measure.ts'
import { PEERS, type Peer, sizeOf } from './engines.ts'
import { installPeers } from './peers.ts'
import { JUDGED, type Kind } from './questions.ts'
import type { Asked, QueryAnswers, QueryTask, Timed } from './tasks.ts'

interface Size {
  readonly chunks: number
  readonly p99Ms: number
  readonly withPeers: boolean
}

const TARGETS = { openMs: 300, memoryMb: 200, recall: 0.98 }
const { quick = false, keep } = parseArgs({
  options: { quick: { type: 'boolean' }, keep: { type: 'string' } },
}).values
const sizes: readonly Size[] = quick
  ? [{ chunks: 10_000, p99Ms: 50, withPeers: true }]
  : [
      { chunks: 100_000, p99Ms: 50, withPeers: true },
      { chunks: 1_000_000, p99Ms: 120, withPeers: false },
    ]
const rounds = quick ? 2 : 3
const questionsEach = quick ? 40 : 300
const peerQuestionsEach = quick ? 10 : 30
/** Of a peer's process, building included, and of what it answers of each kind. */
const PEER_LIMIT_MS = quick ? 60_000 : 420_000
const PEER_KIND_LIMIT_MS = quick ? 1000 : 20_000
/** What stores a corpus holds it all; what asks us is a thread of `unsilo serve`, whose new objects are a third each of what V8 calls so. */
const BUILDING = ['--max-old-space-size=8192']
const OURS = [`--max-semi-space-size=${NEW_OBJECTS_MB / 3}`]
const PEERS_OWN = ['--max-old-space-size=4096']

const misses: string[] = []
const figures: string[] = []
const folder = keep ?? mkdtempSync(join(tmpdir(), 'unsilo-bench-query-'))
const questionFile = join(folder, 'questions.json')
mkdirSync(folder, { recursive: true })
try {
  console.log(`Node ${process.version}, ${cpus().length} cores, load ${loadavg()[0]?.toFixed(1)}`)
  console.log(
    `each of ${questionsEach} questions a kind is asked in ${rounds} processes; its time is the median of them`,
  )
  console.log('milliseconds: the lesser of wall and CPU time, so that another program on the machine is not counted')
  inProcess({ do: 'questions', path: questionFile, each: questionsEach })
  for (const size of sizes) measure(size)
} finally {
  if (keep === undefined) rmSync(folder, { recursive: true })
}
const summary = misses.length === 0 ? 'all targets met' : `missed: ${misses.join('; ')}`
console.log(`bench:query: ${figures.join(', ')}${quick ? ' (quick)' : ''}: ${summary}`)
process.exitCode = misses.length === 0 ? 0 : 1

function measure(size: Size): void {
  const path = indexOf(size.chunks)
  console.log(`\n${size.chunks.toLocaleString('en')} passages, ${(sizeOf(path) / 1e6).toFixed(0)} MB`)
  const asked = Array.from({ length: rounds }, () => askUnsilo(path))
  const ours = new Map(asked[0]?.kinds.map(([kind], at) => [kind, medians(asked, at)]))
  for (const [kind, times] of ours) report(size, kind, times)
  reportProcess(size, asked)
  if (size.withPeers) compare(path, ours)
  if (size.withPeers) reportVectors(path, size.chunks)
}

function indexOf(chunks: number): string {
  const path = join(folder, `${chunks}.db`)
  if (existsSync(path)) return path
  const { seconds } = inProcess({ do: 'build', path, chunks })
  console.log(`\nstored ${chunks.toLocaleString('en')} passages in ${seconds.toFixed(0)} s`)
  return path
}

function report({ chunks, p99Ms }: Size, kind: Kind, times: readonly number[]): void {
  const isJudged = JUDGED.includes(kind)
  const p99 = percentile(times, 0.99)
  const target = isJudged ? `at most ${p99Ms}` : ''
  console.log(
    `  ${kind.padEnd(15)} p50 ${percentile(times, 0.5).toFixed(1).padStart(6)}  p99 ${p99.toFixed(1).padStart(6)}  ${target}`,
  )
  if (!isJudged) return
  check(p99 <= p99Ms, `${kind} at ${chunks}: p99 ${p99.toFixed(0)} ms`)
}

function reportProcess({ chunks, p99Ms }: Size, asked: readonly Asked[]): void {
  const openMs = median(asked.map((answer) => answer.openMs))
  const memoryMb = Math.max(...asked.map((answer) => answer.memoryMb))
  console.log(`  opened and a first question answered in ${openMs.toFixed(0)} ms, at most ${TARGETS.openMs}`)
  console.log(`  ${memoryMb.toFixed(0)} MB of memory for all questions, at most ${TARGETS.memoryMb}`)
  check(openMs <= TARGETS.openMs, `opening ${chunks}: ${openMs.toFixed(0)} ms`)
  check(memoryMb <= TARGETS.memoryMb, `memory at ${chunks}: ${memoryMb.toFixed(0)} MB`)
  const worst = Math.max(...JUDGED.map((kind) => percentile(medians(asked, placeOf(asked, kind)), 0.99)))
  figures.push(
    `p99 ${worst.toFixed(0)} of ${p99Ms} ms at ${chunks / 1000}k, open ${openMs.toFixed(0)} ms, ${memoryMb.toFixed(0)} MB`,
  )
}

function compare(path: string, ours: ReadonlyMap<Kind, readonly number[]>): void {
  if (!installPeers()) {
    console.log('  not compared: the peers could not be installed; unsilo alone was measured and judged')
    return
  }
  for (const peer of PEERS) {
    const answer = attempted(() => askPeer(peer, path))
    if (typeof answer === 'string') console.log(`  ${peer}: ${answer}`)
    else comparePeer(peer, answer, ours)
  }
}

function comparePeer(peer: Peer, answer: Asked, ours: ReadonlyMap<Kind, readonly number[]>): void {
  const { builtMs, openMs, memoryMb, kinds, cannot } = answer
  const built = `${(builtMs / 1000).toFixed(1)} s to build, a first question ${openMs.toFixed(0)} ms, ${memoryMb.toFixed(0)} MB`
  console.log(`  ${peer}: ${built}; has no ${cannot.join(', ')}`)
  const ratios: number[] = []
  for (const [kind, times] of kinds) {
    const own = (ours.get(kind) ?? []).slice(0, times.length)
    const theirs = times.map(least)
    const ratio = percentile(theirs, 0.5) / percentile(own, 0.5)
    ratios.push(ratio)
    const found = times.filter(({ hits }) => hits > 0).length
    console.log(
      `    ${kind.padEnd(15)} p50 ${percentile(theirs, 0.5).toFixed(1).padStart(6)}  p99 ${percentile(theirs, 0.99).toFixed(1).padStart(6)}  ${ratio.toFixed(2)}x ours, ${times.length} asked, ${found} answered`,
    )
  }
  figures.push(`${peer} ${median(ratios).toFixed(1)}x ours`)
}

function askPeer(peer: Peer, path: string): Asked {
  const of = { engine: peer, path, folder: join(folder, 'lance'), questions: questionFile }
  const limits = { each: peerQuestionsEach, kindLimitMs: PEER_KIND_LIMIT_MS }
  return inProcess({ do: 'ask', ...of, ...limits }, { ms: PEER_LIMIT_MS, flags: PEERS_OWN })
}

function reportVectors(path: string, count: number): void {
  const { recall, openMs, memoryMb, codesMb, ms, ...of } = inProcess({ do: 'vectors', path, count })
  console.log(
    `  vectors: ${of.count.toLocaleString('en')} x 384, recall@50 ${recall.toFixed(4)} of comparing with all, at least ${TARGETS.recall}`,
  )
  console.log(
    `    p50 ${percentile(ms, 0.5).toFixed(1)}  p99 ${percentile(ms, 0.99).toFixed(1)}, opened and a first one answered in ${openMs.toFixed(0)} ms, ${memoryMb.toFixed(0)} MB, of which the codes ${codesMb.toFixed(0)}`,
  )
  check(recall >= TARGETS.recall, `recall@50 ${recall.toFixed(4)}`)
  check(memoryMb - codesMb <= TARGETS.memoryMb, `memory beside the codes: ${(memoryMb - codesMb).toFixed(0)} MB`)
  figures.push(`recall@50 ${recall.toFixed(3)}`)
}

function askUnsilo(path: string): Asked {
  const task = { do: 'ask', engine: 'unsilo', path, folder, questions: questionFile, each: questionsEach } as const
  return inProcess(task, { flags: OURS })
}

function medians(asked: readonly Asked[], at: number): readonly number[] {
  const all = asked.map(({ kinds }) => kinds[at]?.[1].map(least) ?? [])
  return (all[0] ?? []).map((_, question) => median(all.map((times) => times[question] ?? Number.NaN)))
}

function placeOf(asked: readonly Asked[], kind: Kind): number {
  return asked[0]?.kinds.findIndex(([name]) => name === kind) ?? -1
}

function least({ wallMs, cpuMs }: Timed): number {
  return Math.min(wallMs, cpuMs)
}

function percentile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.max(0, Math.ceil(values.length * share) - 1)] ?? Number.NaN
}

function attempted<T>(work: () => T): T | string {
  try {
    return work()
  } catch (thrown) {
    return `no answer (${thrown instanceof Error ? thrown.message.slice(0, 120) : String(thrown)})`
  }
}

function inProcess<K extends keyof QueryAnswers>(
  task: QueryTask & { readonly do: K },
  limits: { readonly ms?: number; readonly flags: readonly string[] } = { flags: BUILDING },
): QueryAnswers[K] {
  const { status, stdout, error } = spawnSync(
    process.execPath,
    ['--expose-gc', ...limits.flags, join(import.meta.dirname, 'child.ts'), JSON.stringify(task)],
    {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
      maxBuffer: 64_000_000,
      ...(limits.ms && { timeout: limits.ms }),
    },
  )
  if (error !== undefined) throw error
  if (status !== 0) throw new Error(`the process for ${task.do} ended with ${status}`)
  return JSON.parse(stdout) as QueryAnswers[K]
}

function check(isMet: boolean, miss: string): void {
  if (!isMet) misses.push(miss)
}
