import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fuse } from '../../src/query/fuse.ts'
import type { Ranked } from '../../src/query/ranked.ts'
import { fewPerDocument } from '../../src/query/selection.ts'

test('what both answers have comes before what one has, and the first answer decides between equals', () => {
  expect(placesOf(fuse([hits('a#0', 'b#0', 'c#0'), hits('b#0', 'd#0')]))).toEqual(['b#0', 'a#0', 'd#0', 'c#0'])
  expect(placesOf(fuse([hits('a#0'), hits('b#0')]))).toEqual(['a#0', 'b#0'])
  expect(placesOf(fuse([hits('b#0'), hits('a#0')]))).toEqual(['b#0', 'a#0'])
})

test('a document that both find by other chunks counts as found by both', () => {
  expect(placesOf(fuse([hits('x#0', 'a#0'), hits('y#0', 'a#7')]))[0]).toBe('a#0')
})

test('many chunks of one document do not set back the documents behind it', () => {
  const fused = fuse([hits('a#0', 'a#1', 'a#2', 'a#3', 'b#0'), hits('c#0', 'b#0')])

  expect(placesOf(fused).slice(0, 1)).toEqual(['b#0'])
})

test('one answer alone keeps its order of documents, nothing is lost, nothing stands twice', () => {
  const places = fc.uniqueArray(fc.tuple(fc.constantFrom('a', 'b', 'c', 'd'), fc.nat(3)), { selector: String })
  fc.assert(
    fc.property(places, places, (one, other) => {
      const [first, second] = [hits(...one.map(asPlace)), hits(...other.map(asPlace))]

      const alone = fuse([first, []]).map(({ document }) => document)
      expect([...new Set(alone)]).toEqual([...new Set(first.map(({ document }) => document))])
      const both = placesOf(fuse([first, second]))
      expect(both.toSorted()).toEqual([...new Set([...placesOf(first), ...placesOf(second)])].sort())
    }),
  )
})

test('whatever is fused, a document shows once by its best chunk, and equals stand as the first answer has them', () => {
  const place = fc.tuple(fc.constantFrom('a', 'b', 'c', 'd', 'e'), fc.nat(3))
  const answer = fc.uniqueArray(place, { selector: String })
  fc.assert(
    fc.property(fc.array(answer, { minLength: 1, maxLength: 4 }), (answers) => {
      const fused = fuse(answers.map((places) => hits(...places.map(asPlace))))
      const shown = fewPerDocument(fused, 1)

      const documents = shown.map(({ document }) => document)
      expect(documents).toEqual([...new Set(fused.map(({ document }) => document))])
      const first = placesOf(answers.flatMap((places) => hits(...places.map(asPlace))))
      for (const [at, hit] of fused.entries()) {
        const next = fused[at + 1]
        if (next?.score !== hit.score) continue
        const [here, there] = placesOf([hit, next])
        const isOnce = [hit, next].every(({ document }) => countOf(fused, document) === 1)
        if (isOnce) expect(first.indexOf(here ?? '')).toBeLessThan(first.indexOf(there ?? ''))
      }
    }),
  )
})

function countOf(fused: readonly Ranked[], id: string): number {
  return fused.filter(({ document }) => document === id).length
}

test('scores go down from first to last', () => {
  const scores = fuse([hits('a#0', 'a#1', 'b#0'), hits('b#1', 'a#0')]).map(({ score }) => score)

  expect(scores).toEqual(scores.toSorted((a, b) => b - a))
})

function hits(...places: readonly string[]): Ranked[] {
  return places.map((place) => {
    const [document = '', ordinal = '0'] = place.split('#')
    return { document, ordinal: Number(ordinal), updated: null, words: new Uint8Array(8), score: 1 }
  })
}

function placesOf(found: readonly Ranked[]): string[] {
  return found.map(({ document, ordinal }) => `${document}#${ordinal}`)
}

function asPlace([id, ordinal]: readonly [string, number]): string {
  return `${id}#${ordinal}`
}
