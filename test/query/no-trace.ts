/**
 * Whatever there is and whoever asks what, of any driver and by any retriever: the answers, their order included, are
 * those of an index that never held what the asker may not read.
 */
import { deepStrictEqual } from 'node:assert'
import fc from 'fast-check'
import { chunkAnalyser } from '../../src/analysis/analyse.ts'
import { type Access, canRead, type Principal } from '../../src/core/access.ts'
import type { IndexedDocument } from '../../src/core/document.ts'
import type { Store } from '../../src/core/store.ts'
import { openMemory } from '../../src/indexes/memory/memory.ts'
import type { Arm } from '../../src/query/arms.ts'
import { RANKING } from '../../src/query/score.ts'
import { type Hit, type SearchQuery, search } from '../../src/query/search.ts'
import { batch, sampleDocument } from '../conformance/index-samples.ts'
import { vectorOf } from '../embed/embedding-server.ts'

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
const EMBEDDER = 'words-1'
const TYPED = [...WORDS, 'invoce', 'refnud', 'mergr', 'remb', 'inv', 'ref', 'err', 'nothing', 'alphabez', '4042']

const principals: fc.Arbitrary<Principal> = fc.constantFrom('group:staff', 'user:ann', 'user:bob')
const access: fc.Arbitrary<Access> = fc.oneof(fc.constant('public' as const), fc.uniqueArray(principals))
const text = fc.array(fc.constantFrom(...WORDS), { minLength: 1, maxLength: 5 }).map((words) => words.join(' '))
const document = fc.record({ title: text, texts: fc.array(text, { minLength: 1, maxLength: 9 }), access })
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

export const ARMS = ['words', 'nearest', 'fused'] as const

/**
 * Throws where a driver's answers tell of what is hidden. `drivers` open places that hold nothing; by vectors nothing is
 * asked where they can't be stored.
 */
export async function checkNoTrace(
  drivers: readonly (() => Promise<Store>)[],
  arm: (typeof ARMS)[number],
  numRuns: number,
): Promise<void> {
  const property = fc.asyncProperty(corpus, fc.array(query, { minLength: 1, maxLength: 6 }), async (written, asked) => {
    const documents = written.map(([source, sample], at) => documentOf(source, `${source}:${at}`, sample))
    const stores = await Promise.all(
      drivers.map(async (open) => await filled(await open(), documents, arm !== 'words')),
    )
    try {
      for (const each of asked) {
        const readable = documents.filter((document) => isAsked(document, each))
        const expected = await answers(await filled(openMemory(), readable, arm !== 'words'), each, arm)
        for (const store of stores) deepStrictEqual(await answers(store, each, arm), expected)
      }
    } finally {
      for (const store of stores) await store.close()
    }
  })
  await fc.assert(property, { numRuns })
}

async function answers(index: Store, query: SearchQuery, arm: (typeof ARMS)[number]): Promise<readonly Hit[]> {
  if (arm === 'words') return await search(index, query)
  const nearest: Arm = (reader) =>
    index.nearest({ ...reader, embedder: EMBEDDER, vector: Float32Array.from(vectorOf(query.text)), limit: 100 })
  return await search(index, arm === 'fused' ? query : { ...query, text: '' }, RANKING, [nearest])
}

function isAsked({ head, source }: IndexedDocument, { as, sources }: SearchQuery): boolean {
  return canRead(head.access, as) && (sources === undefined || sources.includes(source))
}

export function documentOf(
  source: string,
  id: string,
  sample: { title: string; texts: string[]; access: Access },
): IndexedDocument {
  const made = sampleDocument(id, sample)
  const analyse = chunkAnalyser(sample.title, 'en')
  return { ...made, source, chunks: made.chunks.map((chunk) => ({ ...chunk, terms: analyse(chunk) })) }
}

export async function filled(store: Store, documents: readonly IndexedDocument[], withVectors = true): Promise<Store> {
  for (const source of ['p', 'q']) {
    await store.apply(batch(source, { put: documents.filter((document) => document.source === source) }))
  }
  if (!withVectors) return store
  const passages = await store.unembedded(EMBEDDER, 10_000)
  const made = passages.map((passage) => ({ ...passage, vector: Float32Array.from(vectorOf(passage.text)) }))
  await store.embed(EMBEDDER, made)
  return store
}
