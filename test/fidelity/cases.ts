/**
 * `npm run fidelity -- --cases [--quick] [--json]`: what other converters' own tests expect of the same inputs. At least
 * 95 % must hold before any exception is taken off, and each that doesn't must be listed with its reason.
 */
import { render, renderAdf } from '../../connectors/confluence/render.ts'
import { toMarkdown } from '../../src/markdown/from-html.ts'
import { caseExceptions } from './case-exceptions.ts'
import { type Case, readCases } from './case-inputs.ts'
import { judge, type Verdict } from './case-judge.ts'
import { type PassedOver, passedOver } from './case-scope.ts'
import { caseSite } from './case-site.ts'
import { SAMPLES } from './inputs.ts'

const TARGET = 0.95

interface Reason {
  readonly entry: PassedOver
  /** How many asserts it passes over, and how many of those hold. */
  readonly count: number
  readonly held: number
}

interface Judged extends Verdict {
  readonly origin: string
  readonly name: string
  /** Null for what is judged. */
  readonly passedOver: PassedOver | null
}

export function runCases(isJson: boolean): number {
  const cases = readCases()
  if (cases === null) {
    console.log(`fidelity of cases: skipped, there are no samples at ${SAMPLES}`)
    return 0
  }
  const all = cases.flatMap(judgeCase)
  const reasons = passedOver.map((entry) => reasonOf(entry, all))
  const judged = all.filter((one) => one.passedOver === null)
  const faults = faultsOf(judged, reasons)
  const origins = figuresOf(judged)
  const total = figureOf('all', judged)
  const ok = faults.length === 0
  const failing = judged.filter(({ missing }) => missing.length > 0)
  if (isJson) console.log(JSON.stringify({ cases: cases.length, origins, total, reasons, failing, faults, ok }))
  else print(cases.length, [...origins, total], reasons, failing, faults)
  return ok ? 0 : 1
}

function judgeCase({ origin, name, about, inputs, asserts }: Case): readonly Judged[] {
  const markdown = inputs.map(convert).join('\n\n')
  const verdicts = asserts.flatMap((assert) => judge(assert, markdown))
  return verdicts.map((verdict) => ({
    ...verdict,
    origin,
    name,
    passedOver:
      passedOver.find(({ test, text }) => test.test(`${origin} ${about}`) && (text?.test(verdict.text) ?? true)) ??
      null,
  }))
}

function convert({ format, text }: Case['inputs'][number]): string {
  return toMarkdown(format === 'adf' ? renderAdf(text, caseSite) : render(text, caseSite)).markdown
}

function reasonOf(entry: PassedOver, all: readonly Judged[]): Reason {
  const over = all.filter((one) => one.passedOver === entry)
  return { entry, count: over.length, held: over.filter(({ missing }) => missing.length === 0).length }
}

function figuresOf(judged: readonly Judged[]) {
  const origins = [...new Set(judged.map(({ origin }) => origin))]
  return origins.map((origin) =>
    figureOf(
      origin,
      judged.filter((one) => one.origin === origin),
    ),
  )
}

function figureOf(origin: string, judged: readonly Judged[]) {
  const held = judged.filter(({ missing }) => missing.length === 0)
  return {
    origin,
    cases: new Set(judged.map(({ name }) => name)).size,
    asserts: judged.length,
    held: held.length,
    verbatim: held.filter(({ verbatim }) => verbatim).length,
    share: judged.length === 0 ? 1 : held.length / judged.length,
  }
}

function faultsOf(judged: readonly Judged[], reasons: readonly Reason[]): readonly string[] {
  const failing = judged.filter(({ missing }) => missing.length > 0)
  const unlisted = failing.filter((one) => exceptionFor(one) === undefined)
  const idle = caseExceptions.filter((exception) => !failing.some((one) => exceptionFor(one) === exception))
  const { share } = figureOf('all', judged)
  return [
    ...(share < TARGET ? [`${percent(share)} of the asserts hold, the target is ${percent(TARGET)}`] : []),
    ...unlisted.map(({ name, what }) => `${name}: ${what} does not hold and is not listed`),
    ...idle.map(({ name, what }) => `the exception for ${what} of ${name} is not needed`),
    ...reasons.flatMap(({ entry, count }) => (count === 0 ? [`nothing is passed over by ${entry.test}`] : [])),
  ]
}

function exceptionFor({ name, what }: Judged) {
  return caseExceptions.find((exception) => exception.name === name && exception.what === what)
}

function print(
  cases: number,
  figures: readonly ReturnType<typeof figureOf>[],
  reasons: readonly Reason[],
  failing: readonly Judged[],
  faults: readonly string[],
): void {
  console.log(`${'origin'.padEnd(30)}${['cases', 'asserts', 'held', 'verbatim', 'share'].map(right).join('')}`)
  for (const { origin, share, ...counts } of figures) {
    const columns = [counts.cases, counts.asserts, counts.held, counts.verbatim, percent(share)]
    console.log(`${origin.padEnd(30)}${columns.map(String).map(right).join('')}`)
  }
  printPassedOver(reasons)
  for (const one of failing) {
    const shown = one.missing.slice(0, 4).map((text) => JSON.stringify(text.slice(0, 160)))
    console.log(`\n${one.name}: ${one.what}\n  ${exceptionFor(one)?.reason ?? 'NOT LISTED'}`)
    console.log(`  missing ${one.missing.length}: ${shown.join(' ')}`)
  }
  for (const fault of faults) console.log(`missed: ${fault}`)
  const all = figures.at(-1)
  const [over, overHeld] = [sum(reasons.map(({ count }) => count)), sum(reasons.map(({ held }) => held))]
  const verdict = faults.length === 0 ? 'target met' : `${faults.length} missed`
  console.log(
    `fidelity of cases: ${verdict}, ${all?.held} of ${all?.asserts} asserts hold (${percent(all?.share ?? 0)}) over ${all?.cases} of ${cases} cases, ${failing.length} listed with a reason; ${over} asserts about other steps passed over, of which ${overHeld} hold`,
  )
}

function printPassedOver(reasons: readonly Reason[]): void {
  for (const reason of new Set(reasons.map(({ entry }) => entry.reason))) {
    const own = reasons.filter(({ entry }) => entry.reason === reason)
    const [count, held] = [sum(own.map((one) => one.count)), sum(own.map((one) => one.held))]
    console.log(`passed over, ${count} (${held} hold): ${reason}`)
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}

function right(text: string): string {
  return text.padStart(10)
}

function percent(share: number): string {
  return `${(Math.floor(share * 10_000) / 100).toFixed(2)} %`
}
