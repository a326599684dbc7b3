/** What a chunk is worth by where its words stand and how often, and that looking no further than it can be worth is right. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { LexicalQuery } from '../../src/core/store.ts'
import { MOST_BY_COUNT, scoreOfOne, wordsScorer } from '../../src/indexes/lexical-score.ts'
import { asking, sampleTerms } from '../conformance/index-samples.ts'

type Fields = Readonly<Record<'title' | 'headings' | 'body', readonly string[]>>

function worth(fields: Partial<Fields>, query: Partial<LexicalQuery> = {}): number {
  const { words } = sampleTerms({ title: [], headings: [], body: [], ...fields })
  return wordsScorer({ ...asking('one', 'two'), match: 'any', ...query })(words)
}

test.each(['any', 'all'] as const)(
  'a word of the title is worth more than one of the headings, which is more than one of the body: %s',
  (match) => {
    const [title, headings, body] = [{ title: ['one'] }, { headings: ['one'] }, { body: ['one'] }].map((fields) =>
      worth(fields, { match }),
    )
    expect(title).toBeGreaterThan(headings ?? 0)
    expect(headings).toBeGreaterThan(body ?? 0)
    expect(body).toBeGreaterThan(0)
  },
)

test('where any word is enough each occurrence counts, and where all must match each field once', () => {
  const [once, twice] = [{ body: ['one', 'x'] }, { body: ['one', 'one'] }]

  expect(worth(twice)).toBeGreaterThan(worth(once))
  expect(worth(twice, { match: 'all' })).toBe(worth(once, { match: 'all' }))
  expect(worth({ ...once, headings: ['one'] }, { match: 'all' })).toBeGreaterThan(worth(once, { match: 'all' }))
})

test('a word counts by its weight, and alternatives as one word', () => {
  expect(worth({ body: ['two'] }, { weights: [1, 3] })).toBe(3 * worth({ body: ['one'] }, { weights: [1, 3] }))
  expect(worth({ body: ['one', 'two'] }, { groups: [['one', 'two']] })).toBe(worth({ body: ['one', 'one'] }))
})

test('nothing is worth more than its words can be that stand there at all', () => {
  const field = fc.array(fc.constantFrom<string>('one', 'two', 'x'), { maxLength: 30 })
  const weights = fc.tuple(fc.double({ min: 0.1, max: 9, noNaN: true }), fc.double({ min: 0.1, max: 9, noNaN: true }))
  fc.assert(
    fc.property(
      field,
      field,
      field,
      weights,
      fc.constantFrom<LexicalQuery['match']>('any', 'all'),
      (title, headings, body, weights, match) => {
        const all = [...title, ...headings, ...body]
        const most = ['one', 'two'].reduce((sum, word, at) => {
          return all.includes(word) ? sum + scoreOfOne(weights[at] ?? 0, title.includes(word)) : sum
        }, 0)

        expect(worth({ title, headings, body }, { weights, match })).toBeLessThanOrEqual(most * MOST_BY_COUNT + 1e-9)
      },
    ),
  )
})
