/**
 * `npm run hidden [-- --quick] [-- --json]`: of text that no reader of a page sees, how much is stored, in every kind of
 * source; and how much of what they see is lost, on pages made for it and on real ones. Exits 1 when a target is missed.
 * The whole run takes seconds, so `--quick` is the same run.
 */
import { CASES, faultOf } from './cases.ts'
import { type Loss, lossOfFixtures, lossOfSamples, samplesFolder } from './real-pages.ts'

const LEAST_CASES = 500
const MOST_STORED = 0.01
const MOST_LOST = 0.001
const MOST_NAMED = 20

interface Figure {
  readonly name: string
  readonly of: number
  readonly wrong: number
  readonly isGood: boolean
  readonly target: string
}

function main(): number {
  const judged = CASES.map((each) => ({ ...each, fault: faultOf(each) }))
  const [hidden, seen] = [judged.filter(({ isSeen }) => !isSeen), judged.filter(({ isSeen }) => isSeen)]
  const samples = lossOfSamples()
  const figures = [
    { ...figureOf('hidden texts that are stored', hidden.length, wrongIn(hidden), MOST_STORED) },
    { ...figureOf('seen texts that are lost', seen.length, wrongIn(seen), MOST_LOST) },
    wordsOf('words lost of pages in fixtures', lossOfFixtures()),
    ...(samples === null ? [] : [wordsOf('words lost of pages in the samples', samples)]),
  ]
  const faults = judged.flatMap(({ name, fault }) => (fault === null ? [] : [`${fault}: ${name}`]))
  const isGood = hidden.length >= LEAST_CASES && figures.every((figure) => figure.isGood)
  if (process.argv.includes('--json')) console.log(JSON.stringify({ figures, faults, ok: isGood }))
  else print(figures, [...faults, ...(samples?.examples ?? [])], samples === null, isGood)
  return isGood ? 0 : 1
}

function wrongIn(judged: readonly { readonly fault: string | null }[]): number {
  return judged.filter(({ fault }) => fault !== null).length
}

function figureOf(name: string, of: number, wrong: number, most: number): Figure {
  return { name, of, wrong, isGood: wrong <= of * most, target: `at most ${most * 100} %` }
}

function wordsOf(name: string, { words, lost }: Loss): Figure {
  return figureOf(name, words, lost, MOST_LOST)
}

function print(
  figures: readonly Figure[],
  faults: readonly string[],
  isWithoutSamples: boolean,
  isGood: boolean,
): void {
  for (const fault of faults.slice(0, MOST_NAMED)) console.log(fault)
  for (const { name, of, wrong, target } of figures) {
    console.log(`${name.padEnd(36)} ${String(wrong).padStart(6)} of ${String(of).padEnd(6)} ${target}`)
  }
  if (isWithoutSamples) console.log(`real pages: skipped, there are no samples at ${samplesFolder()}`)
  const said = figures.map(({ of, wrong }) => `${wrong} of ${of}`).join(', ')
  console.log(`hidden: ${CASES.length} cases: ${said} wrong: ${isGood ? 'all targets met' : 'missed'}`)
}

process.exitCode = main()
