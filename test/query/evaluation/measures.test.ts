/** `trec-eval/expected.json` is what trec_eval itself says of the two files beside it; questions it left out count as 0. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { inOrder, meanOf, measureOf, valuesOf } from '../../../src/query/evaluation/measures.ts'
import { compare } from '../../../src/query/evaluation/significance.ts'
import { formatRun, parseQrels, parseRun } from '../../../src/query/evaluation/trec.ts'

interface Expected {
  readonly mean: Readonly<Record<string, number>>
  readonly questions: Readonly<Record<string, Readonly<Record<string, number>>>>
}

const folder = join(import.meta.dirname, 'trec-eval')
const read = (name: string) => readFileSync(join(folder, name), 'utf8')
const qrels = parseQrels(read('qrels.txt'), 'qrels.txt')
const run = parseRun(read('made.run'), 'made.run')
const expected: Expected = JSON.parse(read('expected.json'))

test.for(Object.keys(expected.mean))(
  '%s is what trec_eval counts, with ties, grades and what was not found',
  (name) => {
    const values = valuesOf(measureOf(name), qrels, run)

    expect(values.size).toBe(14)
    for (const [query, value] of values) expect(value, query).toBeCloseTo(expected.questions[query]?.[name] ?? 0, 5)
    expect(meanOf(values.values())).toBeCloseTo(expected.mean[name] ?? Number.NaN, 5)
  },
)

test('a run that was written is read as the same one', () => {
  const written = parseRun(formatRun(run, 'made'), 'again')

  expect(written).toEqual(run)
})

test('of equal scores the greater id comes first, by its bytes as trec_eval compares them', () => {
  const ids = ['a', 'B', 'é', '\u{fb01}', '\u{1d4b3}']
  const scored = ids.map((id) => ({ id, score: 16_777_216 + (id === 'a' ? 1 : 0) }))

  expect(inOrder(scored).map(({ id }) => id)).toEqual(['\u{1d4b3}', '\u{fb01}', 'é', 'a', 'B'])
})

test.for(['ndcg@0', 'ndcg@', 'precision', 'ndcg@1.5', ''])('%j is no measure', (name) => {
  expect(() => measureOf(name)).toThrow(expect.objectContaining({ code: 'USAGE' }))
})

test('a difference is told from chance', () => {
  const first = Array.from({ length: 40 }, (_, at) => (at % 7) / 7)
  const better = first.map((value, at) => value + (at % 4 === 0 ? -0.05 : 0.1))
  const noise = first.map((value, at) => value + (at % 2 === 0 ? 0.1 : -0.1))

  expect(compare(first, first)).toEqual({ difference: 0, p: 1, better: 0, worse: 0, same: 40 })
  expect(compare(first, better)).toMatchObject({ better: 30, worse: 10, same: 0 })
  expect(compare(first, better).p).toBeLessThan(0.001)
  expect(compare(first, noise).p).toBeGreaterThan(0.9)
  expect(compare(first, better)).toEqual(compare(first, better))
})

test('of five questions that all got better, chance does as much in 2 of 32 draws', () => {
  expect(compare([0, 0, 0, 0, 0], [1, 1, 1, 1, 1]).p).toBeCloseTo(2 / 32, 1)
})
