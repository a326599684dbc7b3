/** Memory is the reference: whatever is written and asked, a driver answers the same, in the same order. */
import { deepStrictEqual } from 'node:assert'
import fc from 'fast-check'
import type { Access, Principal } from '../../src/core/access.ts'
import type { IndexedDocument } from '../../src/core/document.ts'
import { readerOf } from '../../src/core/reader.ts'
import type { Batch, Candidate, LexicalQuery, Store } from '../../src/core/store.ts'
import { openMemory } from '../../src/indexes/memory/memory.ts'
import { batch, contents, sampleDocument, sampleTerms } from '../conformance/index-samples.ts'

const words = fc.constantFrom('a', 'b', 'c', 'd', 'été', 'x-1', 'A', '"', '東京', '😀', '=61')
const tokens = fc.array(words, { maxLength: 8 })
const sources = fc.constantFrom('p', 'q')
const principals: fc.Arbitrary<Principal> = fc.constantFrom('group:staff', 'user:ann', 'user:bob')
const access: fc.Arbitrary<Access> = fc.oneof(fc.constant('public' as const), fc.uniqueArray(principals))
const terms = fc.record({ title: tokens, headings: tokens, body: tokens }).map(sampleTerms)
const chunks = fc.array(terms, { maxLength: 3 })
const ids = fc.integer({ min: 0, max: 9 })
/** By ids. */
const LABELS = [[], ['x'], ['y'], ['x', 'y']] as const
const labels = fc.constantFrom('x', 'y', 'z')

const batches: fc.Arbitrary<Batch> = fc
  .record({
    source: sources,
    puts: fc.array(fc.tuple(ids, access, chunks), { maxLength: 6 }),
    refreshes: fc.array(fc.tuple(ids, access)),
    removes: fc.array(ids, { maxLength: 3 }),
  })
  .map(({ source, puts, refreshes, removes }) =>
    batch(source, {
      put: puts.map(([id, access, chunks]) =>
        withTerms(labelled(sampleDocument(`${source}:${id}`, { access }), id), chunks),
      ),
      refresh: refreshes.map(([id, access]) => sampleDocument(`${source}:${id}`, { access }).head),
      remove: removes.map((id) => `${source}:${id}`),
    }),
  )

const queries: fc.Arbitrary<LexicalQuery> = fc.record(
  {
    groups: fc.array(fc.array(words, { maxLength: 3 }), { maxLength: 4 }),
    match: fc.constantFrom('all' as const, 'any' as const),
    as: fc.uniqueArray(principals),
    sources: fc.uniqueArray(sources),
    labels: fc.uniqueArray(labels),
    weights: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 4, maxLength: 4 }),
    perDocument: fc.integer({ min: 1, max: 3 }),
    limit: fc.integer({ min: 0, max: 12 }),
  },
  { requiredKeys: ['groups', 'match', 'as', 'limit'] },
)

/**
 * Throws where a driver differs.
 *
 * @param open a place that holds nothing
 * @param keeps it keeps something from one question to the next, so it is asked between writes too, and what it counts
 */
export async function checkEqualToMemory(open: () => Promise<Store>, numRuns: number, keeps = false): Promise<void> {
  const property = fc.asyncProperty(
    fc.array(batches, { minLength: 1, maxLength: 4 }),
    fc.array(queries, { minLength: 1, maxLength: 8 }),
    async (written, asked) => {
      const memory = openMemory()
      const other = await open()
      try {
        for (const item of written) {
          await Promise.all([memory.apply(item), other.apply(item)])
          if (keeps) for (const query of asked) await checkCounts(memory, other, query)
        }
        deepStrictEqual(await contents(other, ['p', 'q']), await contents(memory, ['p', 'q']))
        for (const query of asked) await checkAnswers(memory, other, query)
      } finally {
        await other.close()
      }
    },
  )
  await fc.assert(property, { numRuns })
}

async function checkAnswers(memory: Store, other: Store, query: LexicalQuery): Promise<void> {
  const [expected, actual] = [await memory.lexical(query), await other.lexical(query)]
  deepStrictEqual(actual.map(told), expected.map(told))
  const reader = readerOf(query)
  deepStrictEqual(await other.passages(expected, reader), await memory.passages(expected, reader))
  const all = query.groups.flat()
  deepStrictEqual(await other.frequencies(all), await memory.frequencies(all))
}

/** What it answers, and how much of what the reader may read it counts. */
async function checkCounts(memory: Store, other: Store, query: LexicalQuery): Promise<void> {
  await checkAnswers(memory, other, query)
  const [reader, tokens] = [readerOf(query), query.groups.flat()]
  for (const most of [1, 30]) {
    const asked = { ...reader, tokens, most }
    deepStrictEqual(await other.held(asked), await memory.held(asked))
    deepStrictEqual(await other.readable(reader, most), await memory.readable(reader, most))
  }
}

function labelled(document: IndexedDocument, id: number): IndexedDocument {
  return { ...document, head: { ...document.head, labels: LABELS[id % LABELS.length] ?? [] } }
}

function withTerms(
  document: IndexedDocument,
  all: readonly IndexedDocument['chunks'][number]['terms'][],
): IndexedDocument {
  const [sample] = document.chunks
  if (sample === undefined) return document
  return {
    ...document,
    chunks: all.map((terms, ordinal) => ({ ...sample, ordinal, id: `${document.head.id}#${ordinal}`, terms })),
  }
}

/** Scores to a millionth: sums of another order differ in their last bits. */
function told({ score, words, ...candidate }: Candidate): unknown {
  return { ...candidate, words: Uint8Array.from(words ?? []), score: score.toFixed(6) }
}
