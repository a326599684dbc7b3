/**
 * Whatever there is and whoever asks what, of either driver: the answers are those of an index that never held what the
 * asker may not read. How rare a word is may be counted over all documents, so the order may differ, but nothing else.
 */
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { chunkAnalyser } from '../../src/analysis/analyse.ts'
import { canRead } from '../../src/core/access.ts'
import type { Access, IndexedDocument, Principal, Store } from '../../src/core/types.ts'
import { openMemory } from '../../src/indexes/memory.ts'
import { openSqlite } from '../../src/indexes/sqlite.ts'
import { type SearchQuery, search } from '../../src/query/search.ts'
import { batch, sampleDocument } from '../conformance/index-samples.ts'
import { temporaryFolder } from '../indexes/temporary-folder.ts'

const WORDS = [
  'invoice',
  'invoices',
  'invioce',
  'refund',
  'refunded',
  'merger',
  'merge',
  'remboursement',
  'ERR_4042',
  'alphabex',
  'alphabyy',
  'été',
]
const TYPED = [...WORDS, 'invoce', 'refnud', 'mergr', 'remb', 'inv', 'ref', 'err', 'nothing', 'alphabez', '4042']

const principals: fc.Arbitrary<Principal> = fc.constantFrom('group:staff', 'user:ann', 'user:bob')
const access: fc.Arbitrary<Access> = fc.oneof(fc.constant('public' as const), fc.uniqueArray(principals))
const text = fc.array(fc.constantFrom(...WORDS), { minLength: 1, maxLength: 5 }).map((words) => words.join(' '))
const document = fc.record({ title: text, texts: fc.array(text, { minLength: 1, maxLength: 3 }), access })
const source = fc.constantFrom('p', 'q')
const corpus = fc.array(fc.tuple(source, document), { minLength: 1, maxLength: 12 })
const query: fc.Arbitrary<SearchQuery> = fc.record(
  {
    text: fc.array(fc.constantFrom(...TYPED), { minLength: 1, maxLength: 3 }).map((words) => words.join(' ')),
    as: fc.uniqueArray(principals),
    sources: fc.uniqueArray(source, { minLength: 1 }),
    limit: fc.constant(100),
    perDocument: fc.constantFrom(1, 5),
    isUnfinished: fc.boolean(),
  },
  { requiredKeys: ['text', 'as', 'limit'] },
)

test('what is hidden leaves no trace in what is found', async () => {
  const property = fc.asyncProperty(corpus, fc.array(query, { minLength: 1, maxLength: 6 }), async (written, asked) => {
    const documents = written.map(([source, sample], at) => documentOf(source, `${source}:${at}`, sample))
    const memory = await filled(openMemory(), documents)
    const sqlite = await filled(await openSqlite(join(temporaryFolder(), 'index.db')), documents)
    for (const each of asked) {
      const readable = await filled(
        openMemory(),
        documents.filter((document) => isAsked(document, each)),
      )
      const expected = await passages(readable, each)

      expect(await passages(memory, each)).toEqual(expected)
      expect(await passages(sqlite, each)).toEqual(expected)
    }
    await sqlite.close()
  })

  await fc.assert(property, { numRuns: 60 })
})

/** With the words that are marked in them, which tell what was looked for. */
async function passages(index: Store, query: SearchQuery): Promise<readonly string[]> {
  const hits = await search(index, query)
  const shown = hits.map(
    ({ id, chunk, snippet }) => `${id}#${query.perDocument === 5 ? chunk.ordinal : ''} ${marks(snippet)}`,
  )
  return query.perDocument === 5 ? shown.sort() : [...new Set(hits.map(({ id }) => id))].sort()
}

function marks({ text, highlights }: { text: string; highlights: readonly (readonly [number, number])[] }): string {
  return highlights.map(([start, end]) => text.slice(start, end)).join()
}

function isAsked({ head, source }: IndexedDocument, { as, sources }: SearchQuery): boolean {
  return canRead(head.access, as) && (sources === undefined || sources.includes(source))
}

function documentOf(
  source: string,
  id: string,
  sample: { title: string; texts: string[]; access: Access },
): IndexedDocument {
  const made = sampleDocument(id, sample)
  const analyse = chunkAnalyser(sample.title, 'en')
  return { ...made, source, chunks: made.chunks.map((chunk) => ({ ...chunk, terms: analyse(chunk) })) }
}

async function filled(store: Store, documents: readonly IndexedDocument[]): Promise<Store> {
  for (const source of ['p', 'q']) {
    await store.apply(batch(source, { put: documents.filter((document) => document.source === source) }))
  }
  return store
}
