/**
 * `npm run bench [-- --quick]`: unsilo beside what one would take instead, on the same pages, in turn, each in a process of
 * its own. Prints its figures; ends with 1 when a target is missed. `--quick` takes fewer pages and rounds, and does not
 * judge what only many pages show.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { saveCorpus } from './corpus.ts'
import { GROWTH_CASES, type GrowthCase } from './growth.ts'
import type { Faults } from './judge.ts'
import { alternating, type Cost, inProcess, median, ratios, SIDES, type Side, seconds, spread } from './measure.ts'
import { readCorpus } from './origins.ts'
import { installPeers } from './peers.ts'
import { WARM_UP } from './tasks.ts'
import type { Stage, WholePath } from './whole-path.ts'

const TARGETS = { convert: 2, chunk: 2, whole: 1.5, under20: 0.03, growth: 5, peakMb: 350, peakGrowth: 1.5 }
/** Shorter times are mostly the machine's noise. */
const JUDGED_MS = 50
const PEER_LIMIT_MS = 20_000

const quick = process.argv.includes('--quick')
const sizes = quick
  ? { rounds: 2, convert: 400, chunk: 300, judge: 200, whole: 300, memory: [100, 400] as const }
  : { rounds: 5, convert: 2_800, chunk: 1_500, judge: 2_500, whole: 2_000, memory: [2_000, 20_000] as const }
const misses: string[] = []
const figures: string[] = []

installPeers()
const folder = mkdtempSync(join(tmpdir(), 'unsilo-bench-corpus-'))
const corpus = join(folder, 'corpus.json')
try {
  prepareCorpus()
  compareConversion()
  measureGrowth()
  compareChunking()
  judgeChunks()
  compareWholePath()
  measureMemory()
} finally {
  rmSync(folder, { recursive: true })
}
const summary = misses.length === 0 ? 'all targets met' : `missed: ${misses.join('; ')}`
console.log(`bench: ${figures.join(', ')}${quick ? ' (quick)' : ''}: ${summary}`)
process.exitCode = misses.length === 0 ? 0 : 1

function prepareCorpus(): void {
  const read = readCorpus()
  saveCorpus(read, corpus)
  const { origins } = read
  console.log(`Node ${process.version}, ${cpus().length} cores, load ${loadavg()[0]?.toFixed(1)}`)
  console.log(`pages: seeded copies of ${origins.join(', ')}`)
  console.log(
    `each side is given ${WARM_UP} other pages first; ratios are medians of the rounds, with the lowest and the highest`,
  )
  if (origins.length === 1)
    console.log('  the samples (../shared/samples) are not at hand, so the pages are of one kind')
}

// --- conversion -------------------------------------------------------------------------------------------------

function compareConversion(): void {
  console.log(
    `\nHTML to markdown, ${sizes.rounds} rounds of ${sizes.convert} pages; the peer is turndown with its GFM plugin`,
  )
  const answers = alternating(sizes.rounds, (side, round) =>
    inProcess({ do: 'convert', side, ...pagesOf(round, sizes.convert) }),
  )
  report('conversion', answers, TARGETS.convert)
}

function measureGrowth(): void {
  console.log(`\nTables and depth: CPU time at n and 4n; at most ${TARGETS.growth}x where it is over ${JUDGED_MS} ms`)
  for (const { name, size } of GROWTH_CASES) {
    const { cpuMs, error } = inProcess({ do: 'growth', side: 'unsilo', name, sizes: [size, size * 4] })
    const [small = Number.NaN, large = Number.NaN] = cpuMs
    const grown = large / small
    const isSmall = large <= JUDGED_MS
    const peer = quick ? '' : `; the peer at n: ${peerGrowth(name, size)}`
    const times = `${small.toFixed(0)} and ${large.toFixed(0)} ms, ${grown.toFixed(1)}x${isSmall ? ' (not judged)' : ''}`
    console.log(`  ${name}, n ${size}: ${error ?? times}${peer}`)
    check(error === null && (isSmall || grown <= TARGETS.growth), `${name}: ${error ?? `${grown.toFixed(1)}x for 4x`}`)
  }
}

function peerGrowth(name: GrowthCase, size: number): string {
  try {
    const { cpuMs, error } = inProcess({ do: 'growth', side: 'peer', name, sizes: [size] }, PEER_LIMIT_MS)
    return error ?? `${cpuMs[0]?.toFixed(0)} ms`
  } catch {
    return `over ${PEER_LIMIT_MS / 1000} s for three runs`
  }
}

// --- chunks -----------------------------------------------------------------------------------------------------

function compareChunking(): void {
  console.log(
    `\nChunks of at most 512 tokens, ${sizes.rounds} rounds of ${sizes.chunk} pages; the peer is LangChain's MarkdownTextSplitter`,
  )
  const answers = alternating(sizes.rounds, (side, round) =>
    inProcess({ do: 'chunk', side, ...pagesOf(round, sizes.chunk) }),
  )
  report('chunking', answers, TARGETS.chunk)
}

function judgeChunks(): void {
  console.log(`\nThe chunks of ${sizes.judge} pages, as marked reads them`)
  for (const side of quick ? (['unsilo'] as const) : SIDES) {
    const faults = inProcess({ do: 'judge', side, ...pagesOf(0, sizes.judge) })
    console.log(`  ${side.padEnd(6)} ${faultsText(faults)}`)
    if (side === 'unsilo') checkFaults(faults)
  }
}

function faultsText(faults: Faults): string {
  const { chunks, splitFences, splitRows, lostHeadings, overLimit, under20, shortPages, elsewhere, tooLarge } = faults
  return [
    `${chunks} chunks: ${splitFences} split fences, ${splitRows} split rows, ${lostHeadings} lost heading paths`,
    `${overLimit} over the limit, ${under20} (${((100 * under20) / chunks).toFixed(1)} %) under 20 tokens`,
    `beside ${shortPages} whole pages that are (nothing to join them with)`,
    `${elsewhere} not in the text; ${tooLarge} code blocks and rows larger than a chunk`,
  ].join(', ')
}

function checkFaults(faults: Faults): void {
  const { chunks, splitFences, splitRows, lostHeadings, overLimit, under20, elsewhere } = faults
  const sum = splitFences + splitRows + lostHeadings + overLimit + elsewhere
  figures.push(`${sum} faults in ${chunks} chunks`)
  check(sum === 0, `${sum} faults in chunks`)
  check(under20 < chunks * TARGETS.under20, `${under20} of ${chunks} chunks are under 20 tokens`)
}

// --- the whole path ---------------------------------------------------------------------------------------------

function compareWholePath(): void {
  console.log(
    `\nHTML to an index on disk, one thread, ${sizes.rounds} rounds of ${sizes.whole} pages; the peer is a script of turndown, MarkdownTextSplitter and FTS5`,
  )
  const answers = alternating(sizes.rounds, (side, round) =>
    inProcess({ do: 'whole', side, ...pagesOf(round, sizes.whole) }),
  )
  report('whole path', answers, TARGETS.whole)
  for (const side of SIDES) {
    const stage = (name: Stage) => `${name} ${seconds(median(answers[side].map((answer) => stageMs(answer, name))))}`
    const { chunks, indexMb } = answers[side][0] ?? { chunks: 0, indexMb: 0 }
    const stages = [
      stage('convert'),
      stage('chunk'),
      side === 'peer' ? 'analyse in write' : stage('analyse'),
      stage('write'),
    ]
    console.log(`  ${side.padEnd(6)} CPU: ${stages.join(', ')}; ${chunks} chunks, index ${indexMb.toFixed(1)} MB`)
  }
}

/** A stage's share of the wall time, of the CPU time. */
function stageMs({ cpuMs, stages }: WholePath, name: Stage): number {
  const all = stages.convert + stages.chunk + stages.analyse + stages.write
  return (cpuMs * stages[name]) / all
}

function measureMemory(): void {
  const [few, many] = sizes.memory
  console.log(`\nPeak memory of a process that converts, chunks and indexes ${few} and ${many} documents, one thread`)
  const small = inProcess({ do: 'memory', corpus, count: few })
  const large = inProcess({ do: 'memory', corpus, count: many })
  for (const [count, { peakMb, htmlMb, chunks }] of [
    [few, small],
    [many, large],
  ] as const) {
    console.log(`  ${count} documents, ${htmlMb.toFixed(0)} MB of HTML, ${chunks} chunks: ${peakMb.toFixed(0)} MB`)
  }
  const growth = large.peakMb / small.peakMb
  console.log(`  ${growth.toFixed(2)}x${quick ? ' (too few documents to judge)' : ''}`)
  figures.push(`${large.peakMb.toFixed(0)} MB for ${many} documents`)
  if (quick) return
  check(large.peakMb <= TARGETS.peakMb, `${large.peakMb.toFixed(0)} MB at ${many} documents, ${TARGETS.peakMb} allowed`)
  check(growth <= TARGETS.peakGrowth, `memory grows ${growth.toFixed(2)}x, ${TARGETS.peakGrowth}x allowed`)
}

// --- reporting --------------------------------------------------------------------------------------------------

/** Every round has pages of its own. */
function pagesOf(round: number, count: number): { corpus: string; from: number; count: number } {
  return { corpus, from: round * count, count }
}

function report(name: string, answers: Record<Side, readonly Cost[]>, target: number): void {
  for (const side of SIDES) {
    const cpu = median(answers[side].map(({ cpuMs }) => cpuMs))
    const wall = median(answers[side].map(({ wallMs }) => wallMs))
    console.log(`  ${side.padEnd(6)} ${seconds(cpu)} CPU, ${seconds(wall)} wall`)
  }
  const gained = ratios(answers, ({ cpuMs }) => cpuMs)
  console.log(
    `  ${spread(gained)} by CPU time, ${spread(ratios(answers, ({ wallMs }) => wallMs))} by wall time; at least ${target}x by CPU`,
  )
  figures.push(`${name} ${median(gained).toFixed(2)}x`)
  check(median(gained) >= target, `${name} is ${median(gained).toFixed(2)}x, ${target}x wanted`)
}

function check(met: boolean, what: string): void {
  if (!met) misses.push(what)
}
