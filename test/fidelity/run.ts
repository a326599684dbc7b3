/**
 * `npm run fidelity [-- --quick] [-- --json]`: how much of what a Confluence page shows is in its markdown, over real
 * pages and macros; with `--cases`, what other converters' tests expect. Exits 1 when a target is missed. The whole run
 * takes seconds, so `--quick` is the same run.
 */
import { render } from '../../connectors/confluence/render.ts'
import { toMarkdown } from '../../src/markdown/from-html.ts'
import { runCases } from './cases.ts'
import { compare, MEASURES, type Measure, type Scores } from './compare.ts'
import { type Exception, exceptions } from './exceptions.ts'
import { type Input, readInputs, SAMPLES } from './inputs.ts'
import { readMarkdown } from './read-markdown.ts'
import { readStorage } from './read-storage.ts'
import { site } from './site.ts'

const TARGETS: Readonly<Record<Measure, number>> = {
  words: 1,
  headings: 0.99,
  items: 0.99,
  cells: 0.99,
  code: 0.99,
  links: 0.99,
  images: 0.99,
  unseen: 1,
}
const LABELS: Readonly<Record<Measure, string>> = {
  words: 'words a reader sees',
  headings: 'headings, with level',
  items: 'list items',
  cells: 'table cells',
  code: 'code, with language',
  links: 'link targets',
  images: 'image sources',
  unseen: 'unseen values kept out',
}
const MOST_EXCEPTED = 0.02

interface Judged {
  readonly input: Input
  readonly scores: Scores
}

function main(): number {
  const isJson = process.argv.includes('--json')
  const read = readInputs()
  if (read === null) {
    console.log(`fidelity: skipped, there are no samples at ${SAMPLES}`)
    return 0
  }
  const judged = read.inputs.map(judge)
  const figures = MEASURES.map((measure) => figureOf(measure, judged))
  const faults = [...figures.flatMap(({ fault }) => fault), ...faultsOfExceptions(judged)]
  if (isJson)
    console.log(JSON.stringify({ inputs: judged.length, figures, exceptions, faults, ok: faults.length === 0 }))
  else print(judged, read.passedOver.length, figures, faults)
  return faults.length === 0 ? 0 : 1
}

function judge(input: Input): Judged {
  const { html, losses } = render(input.storage, site)
  const { markdown } = toMarkdown({ html, losses })
  return { input, scores: compare(readStorage(input.storage), readMarkdown(markdown)) }
}

function figureOf(measure: Measure, judged: readonly Judged[]) {
  const counted = judged.filter(({ input }) => !isExcepted(input, measure))
  const expected = sum(counted.map(({ scores }) => scores[measure].expected))
  const kept = sum(counted.map(({ scores }) => scores[measure].kept))
  const share = expected === 0 ? 1 : kept / expected
  const target = TARGETS[measure]
  const fault = share < target ? [`${LABELS[measure]}: ${percent(share)}, the target is ${percent(target)}`] : []
  return { measure, expected, kept, share, target, excepted: judged.length - counted.length, fault }
}

function isExcepted(input: Input, measure: Measure): boolean {
  return exceptions.some((exception) => exception.input === input.name && exception.measure === measure)
}

function faultsOfExceptions(judged: readonly Judged[]): readonly string[] {
  const inputs = new Set(exceptions.map(({ input }) => input))
  const idle = exceptions.filter((exception) => !isNeeded(exception, judged))
  const faults = idle.map(({ input, measure }) => `the exception for ${measure} of ${input} is not needed`)
  const share = inputs.size / judged.length
  if (share <= MOST_EXCEPTED) return faults
  return [...faults, `${percent(share)} of the inputs are excepted, at most ${percent(MOST_EXCEPTED)} may be`]
}

function isNeeded(exception: Exception, judged: readonly Judged[]): boolean {
  const found = judged.find(({ input }) => input.name === exception.input)
  return found !== undefined && found.scores[exception.measure].wrong.length > 0
}

function print(
  judged: readonly Judged[],
  passedOver: number,
  figures: readonly ReturnType<typeof figureOf>[],
  faults: readonly string[],
): void {
  console.log(
    `${'measure'.padEnd(24)}${'expected'.padStart(9)}${'kept'.padStart(9)}${'share'.padStart(10)}${'target'.padStart(9)}`,
  )
  for (const { measure, expected, kept, share, target } of figures) {
    const columns = [String(expected).padStart(9), String(kept).padStart(9), percent(share).padStart(10)]
    console.log(`${LABELS[measure].padEnd(24)}${columns.join('')}${percent(target).padStart(9)}`)
  }
  printWorst(judged)
  for (const { input, measure, reason } of exceptions) console.log(`excepted: ${measure} of ${input}: ${reason}`)
  for (const fault of faults) console.log(`missed: ${fault}`)
  const excepted = new Set(exceptions.map(({ input }) => input)).size
  const verdict = faults.length === 0 ? 'all targets met' : `${faults.length} missed`
  console.log(
    `fidelity: ${verdict} over ${judged.length} inputs (${excepted} excepted, ${passedOver} texts that are no storage format passed over)`,
  )
}

/** Each input that misses anything, the worst first, with the first things that it misses. */
function printWorst(judged: readonly Judged[]): void {
  const missing = judged
    .map(({ input, scores }) => ({
      input,
      scores,
      count: sum(MEASURES.map((measure) => scores[measure].wrong.length)),
    }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count)
  for (const { input, scores } of missing.slice(0, 20)) {
    console.log(`\n${input.name}`)
    for (const measure of MEASURES) {
      const { wrong } = scores[measure]
      const shown = wrong.slice(0, 4).map((one) => JSON.stringify(one.slice(0, 120)))
      if (wrong.length > 0) console.log(`  ${LABELS[measure]}, ${wrong.length}: ${shown.join(' ')}`)
    }
  }
  console.log(`\n${missing.length} of ${judged.length} inputs miss something`)
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}

function percent(share: number): string {
  return `${(Math.floor(share * 10_000) / 100).toFixed(2)} %`
}

process.exitCode = process.argv.includes('--cases') ? runCases(process.argv.includes('--json')) : main()
