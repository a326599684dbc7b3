/**
 * `npm run fuzz [-- --quick] [-- --seed N] [-- --inputs N]`: hostile pages in every format that is converted, made from
 * real ones. Exits 1 when a target is missed. `-- --seed N --input N` shows one input and makes it small.
 */
import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { render, renderAdf } from '../../connectors/confluence/render.ts'
import { toMarkdown } from '../../src/markdown/from-html.ts'
import { check, type Fault, KINDS, type Kind, MOST_MS, type Subject } from './check.ts'
import { FORMATS, type Format, formatAt, inputAt, readCorpus } from './inputs.ts'
import { isTooSteep, LEAST_MS, MOST_GROWTH, SHAPES, type Timing } from './linear.ts'
import { shrink } from './shrink.ts'
import { type Lost, watch } from './watch.ts'
import type { Result, Task } from './worker.ts'

const LONG = { inputs: 200_000, aimMs: 200 }
const QUICK = { inputs: 2_000, aimMs: 50 }
/** By the clock, on a busy machine; what is slow in processor time says so itself. */
const PATIENCE_MS = { inputs: 20_000, shapes: 120_000 }
const MOST_SHOWN = 20

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    seed: { type: 'string', default: '1' },
    inputs: { type: 'string' },
    input: { type: 'string' },
    fixtures: { type: 'boolean', default: false },
  },
})
const form = values.quick ? QUICK : LONG
const seed = wholeNumber(values.seed)
const source = values.fixtures ? 'fixtures' : 'samples'

interface Failure extends Fault {
  readonly index: number
}

interface Counts {
  inputs: number
  characters: number
  exactly: number
  inPart: number
  refused: number
  /** Of those that came to it. */
  stable: number
  settled: number
  slowestMs: number
}

async function main(): Promise<number> {
  const inputs = wholeNumber(values.inputs ?? String(form.inputs))
  const { origin, samples } = readCorpus(source)
  const sizes = FORMATS.map((format) => `${samples[format].length} ${format}`)
  console.log(`seed ${seed}, ${inputs} inputs made from ${origin}: ${sizes.join(', ')}`)

  const started = performance.now()
  const failures = await checkInputs(inputs)
  const seconds = Math.round((performance.now() - started) / 1000)
  printFailures(failures)
  const timings = await timeShapes()
  printTimings(timings)

  const failing = new Set(failures.map(({ index }) => index)).size
  const steep = timings.filter(isTooSteep).length
  const verdict = failing + steep === 0 ? 'all targets met' : `${failing} inputs fail, ${steep} shapes are not linear`
  console.log(`fuzz: ${verdict} over ${inputs} inputs (seed ${seed}, ${seconds} s) and ${timings.length} shapes`)
  return failing + steep === 0 ? 0 : 1
}

function wholeNumber(text: string): number {
  const number = Number(text)
  if (!Number.isSafeInteger(number) || number < 0) throw new Error(`${text} is no whole number`)
  return number
}

/** In two threads. */
async function inHalves(type: Task['type'], count: number, onResult: (result: Result) => void): Promise<Lost[]> {
  const half = availableParallelism() > 1 ? Math.ceil(count / 2) : count
  const task = { type, from: 0, to: half, seed, source, aimMs: form.aimMs } as const
  const tasks = [task, { ...task, from: half, to: count }]
  return (await Promise.all(tasks.map((one) => watch(one, PATIENCE_MS[type], onResult)))).flat()
}

async function checkInputs(inputs: number): Promise<readonly Failure[]> {
  const counts = new Map(FORMATS.map((format) => [format, noCounts()]))
  const failures: Failure[] = []
  let done = 0

  function take({ index, length, verdict }: Result): void {
    const own = counts.get(formatAt(index))
    if (own === undefined || verdict === undefined) return
    own.inputs += 1
    own.characters += length
    own.exactly += Number(verdict.words === 'exactly')
    own.inPart += Number(verdict.words === 'in part')
    own.refused += Number(verdict.words === 'refused')
    own.stable += Number(verdict.isStable === true)
    own.settled += Number(verdict.isStable !== null)
    own.slowestMs = Math.max(own.slowestMs, verdict.ms)
    failures.push(...verdict.faults.map((fault) => ({ index, ...fault })))
    done += 1
    if (done % 10_000 === 0) console.error(`${done} inputs, ${failures.length} failures`)
  }

  const lost = await inHalves('inputs', inputs, take)
  failures.push(...lost.map(({ index, why }) => ({ index, kind: 'slow' as const, detail: why })))
  printCounts(counts)
  return failures.sort((a, b) => a.index - b.index)
}

function noCounts(): Counts {
  return { inputs: 0, characters: 0, exactly: 0, inPart: 0, refused: 0, stable: 0, settled: 0, slowestMs: 0 }
}

async function timeShapes(): Promise<readonly Timing[]> {
  const timings: Timing[] = []
  const lost = await inHalves('shapes', SHAPES.length, ({ timing }) => {
    if (timing !== undefined) timings.push(timing)
  })
  for (const { index, why } of lost) {
    const name = `${JSON.stringify(SHAPES[index])}: ${why}`
    timings.push({ name, length: 0, once: 0, fourfold: Number.POSITIVE_INFINITY })
  }
  return timings.sort((a, b) => (a.name < b.name ? -1 : 1))
}

function printCounts(counts: ReadonlyMap<Format, Counts>): void {
  const columns = ['inputs', 'kB', 'words: exactly', 'in part', 'refused', 'stable at once', 'slowest']
  console.log(`${'format'.padEnd(10)}${columns.map((name) => name.padStart(16)).join('')}`)
  for (const [format, { inputs, characters, exactly, inPart, refused, stable, settled, slowestMs }] of counts) {
    const sizes = [inputs, Math.round(characters / 1000)]
    const words = [share(exactly, inputs), share(inPart, inputs), refused]
    const cells = [...sizes, ...words, share(stable, settled), `${Math.round(slowestMs)} ms`]
    console.log(`${format.padEnd(10)}${cells.map((cell) => String(cell).padStart(16)).join('')}`)
  }
}

function share(part: number, whole: number): string {
  return whole === 0 ? '-' : `${((100 * part) / whole).toFixed(2)} %`
}

const TARGETS: Readonly<Record<Kind, string>> = {
  crash: 'throws, but for a body that is no ADF document: 0 allowed',
  slow: `takes over ${MOST_MS} ms of a processor, or does not end: 0`,
  words: 'shows other words than the page: 0',
  unsettled: 'markdown that changes when read back a second time: 0',
}

function printFailures(failures: readonly Failure[]): void {
  for (const kind of KINDS) {
    const own = failures.filter((failure) => failure.kind === kind)
    const counted = FORMATS.map((format) => `${format} ${own.filter(({ index }) => formatAt(index) === format).length}`)
    console.log(`${TARGETS[kind].padEnd(60)}${counted.join(', ')}`)
    for (const { index, detail } of own.slice(0, MOST_SHOWN)) {
      console.log(`missed: --seed ${seed} --input ${index} (${formatAt(index)}): ${detail}`)
    }
  }
}

function printTimings(timings: readonly Timing[]): void {
  console.log(`\n${'shape, ms at n and at 4n'.padEnd(54)}${'n'.padStart(9)}`)
  for (const { name, length, once, fourfold } of timings) {
    const growth = fourfold <= LEAST_MS ? '-' : `x${(fourfold / once).toFixed(1)}`
    const mark = isTooSteep({ once, fourfold }) ? ' missed' : ''
    const times = `${once.toFixed(1).padStart(10)}${fourfold.toFixed(1).padStart(10)}${growth.padStart(8)}`
    console.log(`${name.padEnd(54)}${String(length).padStart(9)}${times}${mark}`)
  }
  console.log(`linear: at most ${MOST_GROWTH} times as long at 4n; times of less than ${LEAST_MS} ms are not judged`)
}

function showInput(index: number): number {
  const subject: Subject = { toMarkdown, render, renderAdf }
  const { format, text } = inputAt(readCorpus(source), seed, index)
  const { faults } = check(subject, { format, text })
  console.log(text)
  for (const { kind, detail } of faults) {
    const isKind = (fault: Fault) => fault.kind === kind
    const smallest = shrink(text, (smaller) => check(subject, { format, text: smaller }).faults.some(isKind))
    const small = check(subject, { format, text: smallest }).faults.find(isKind)
    console.log(`${kind}: ${detail}\nsmallest: ${small?.detail ?? ''}\n${JSON.stringify(smallest)}`)
  }
  console.log(`fuzz: input ${index} of seed ${seed}, ${format}: ${faults.length} faults`)
  return faults.length === 0 ? 0 : 1
}

process.exitCode = values.input === undefined ? await main() : showInput(wholeNumber(values.input))
