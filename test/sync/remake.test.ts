/** A stored document's search form without its source: the same as when it was made. */
import { expect, test } from 'vitest'
import type { Head } from '../../src/core/document.ts'
import { fromText, withIncludes } from '../../src/sync/prepare.ts'
import { remake } from '../../src/sync/remake.ts'

const MAKING = { source: 's', redact: null }
const HEAD: Head = {
  id: 's:1',
  version: '7',
  title: 'Réglages de l’imprimante',
  url: 'https://e.com/1',
  updatedAt: '2026-05-01T00:00:00Z',
  path: ['Aide'],
  kind: 'page',
  access: ['group:staff'],
}
const TEXT = `# Encre\n\n${'Les cartouches vides sont reprises. '.repeat(120)}\n\n## Papier\n\n${'Le bac contient du papier. '.repeat(120)}\n`

test('from its chunks, and from its text alone, a document is what it was, whatever it was made with', () => {
  const made = {
    ...fromText(MAKING, HEAD, { markdown: TEXT, losses: { equation: 1 }, references: [], excerpts: [] }),
    listed: 'abc',
  }
  const { chunks, ...stored } = made
  expect(chunks.length).toBeGreaterThan(1)

  expect(
    remake(
      stored,
      chunks.map(({ terms: _, ...chunk }) => chunk),
    ),
  ).toEqual(made)
  expect(remake(stored, null)).toEqual(made)
})

test('what was redacted, and how it was converted, is not said to be otherwise', () => {
  const { chunks, ...made } = fromText(MAKING, HEAD, { markdown: TEXT, losses: {}, references: [], excerpts: [] })
  const stored = { ...made, recipe: { converter: 'old-1', redactor: 'old-2', chunker: 'old-3', analyser: 'old-4' } }

  expect(remake(stored, null).recipe).toEqual({ ...made.recipe, converter: 'old-1', redactor: 'old-2' })
  expect(remake(stored, chunks).recipe).toEqual({ ...stored.recipe, analyser: made.recipe.analyser })
})

test('included texts stay with their chunks, and without these links stand there until the next run', () => {
  const link = '[2](https://e.com/2)'
  const own = {
    markdown: `own\n\n${link}\n`,
    losses: {},
    references: [{ target: '2', part: null, start: 5, end: 25 }],
    excerpts: [],
  }
  const full = { markdown: 'own\n\ntaken\n', inclusions: [{ origin: 's:2', start: 5, end: 10 }] }
  const edges = { targets: ['s:2'], state: 'abc' }
  const made = { ...withIncludes(MAKING, HEAD, own, full), edges }
  const { chunks, ...stored } = made

  expect(
    remake(
      stored,
      chunks.map(({ terms: _, ...chunk }) => chunk),
    ),
  ).toEqual(made)
  const bare = remake(stored, null)
  expect([bare.markdown, bare.edges, bare.template]).toEqual([own.markdown, undefined, stored.template])
})
