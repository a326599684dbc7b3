/**
 * Whatever there is and whoever asks what, of either driver and by any retriever: the answers, their order included, are
 * those of an index that never held what the asker may not read.
 */
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { chunkAnalyser } from '../../src/analysis/analyse.ts'
import { type Access, canRead, type Principal } from '../../src/core/access.ts'
import type { IndexedDocument } from '../../src/core/document.ts'
import type { Store } from '../../src/core/store.ts'
import { openMemory } from '../../src/indexes/memory.ts'
import { openSqlite } from '../../src/indexes/sqlite.ts'
import type { Arm } from '../../src/query/arms.ts'
import { RANKING } from '../../src/query/score.ts'
import { type Hit, type SearchQuery, search } from '../../src/query/search.ts'
import { batch, sampleDocument } from '../conformance/index-samples.ts'
import { vectorOf } from '../embed/embedding-server.ts'
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

const ARMS = ['words', 'nearest', 'fused'] as const

test.each(ARMS)('what is hidden leaves no trace in what is found: %s', async (arm) => {
  const property = fc.asyncProperty(corpus, fc.array(query, { minLength: 1, maxLength: 6 }), async (written, asked) => {
    const documents = written.map(([source, sample], at) => documentOf(source, `${source}:${at}`, sample))
    const memory = await filled(openMemory(), documents)
    const sqlite = await filled(await openSqlite(join(temporaryFolder(), 'index.db')), documents)
    for (const each of asked) {
      const readable = await filled(
        openMemory(),
        documents.filter((document) => isAsked(document, each)),
      )
      const expected = await answers(readable, each, arm)

      expect(await answers(memory, each, arm)).toEqual(expected)
      expect(await answers(sqlite, each, arm)).toEqual(expected)
    }
    await sqlite.close()
  })

  await fc.assert(property, { numRuns: arm === 'words' ? 40 : 15 })
})

test('a word that hidden documents are full of is looked up for whoever has it in few', async () => {
  const hidden = Array.from({ length: 30 }, (_, at) =>
    documentOf('p', `p:hidden${at}`, { title: 'x', texts: Array(90).fill('merger'), access: [] }),
  )
  const seen = [
    documentOf('p', 'p:1', { title: 'about', texts: ['refund'], access: 'public' }),
    documentOf('p', 'p:2', { title: 'about', texts: ['refund'], access: 'public' }),
    documentOf('p', 'p:3', { title: 'about', texts: ['merger'], access: 'public' }),
  ]
  const index = await filled(openMemory(), [...hidden, ...seen])
  const asked = { text: 'merger refund', as: [], limit: 10 }

  expect(await search(index, asked)).toEqual(await search(await filled(openMemory(), seen), asked))
  expect((await search(index, asked)).map(({ id }) => id)).toEqual(['p:3', 'p:1', 'p:2'])
})

test('hidden documents have no say in which passages of a document are looked at', async () => {
  const hidden = Array.from({ length: 40 }, (_, at) =>
    documentOf('p', `p:hidden${at}`, { title: 'x', texts: ['merger '.repeat(9)], access: [] }),
  )
  const texts = ['refund x', 'refund y', 'merger', 'merger', 'merger', 'refund z', 'invoice', 'refund', 'merger merger']
  const seen = [documentOf('p', 'p:1', { title: 'about', texts, access: 'public' })]
  for (const fresh of [async () => openMemory(), () => openSqlite(join(temporaryFolder(), 'index.db'))]) {
    const [index, readable] = [await filled(await fresh(), [...hidden, ...seen]), await filled(await fresh(), seen)]
    for (const text of ['merger refund', 'refund merger invoice', 'merger']) {
      const asked = { text, as: [], limit: 10, perDocument: 1 }
      expect(await search(index, asked)).toEqual(await search(readable, asked))
    }
    await Promise.all([index.close(), readable.close()])
  }
})

test.each([
  ['another spelling', 'alphabez', false],
  ['what it begins', 'alphab', true],
])('hidden words never take the place of one that may be read: %s', async (_, text, isUnfinished) => {
  const letters = [...'bcdefghijklmnopqrstuvwxy']
  const words = [...letters.map((last) => `alphabe${last}`), ...letters.map((last) => `alphab${last}`)]
  const documents = [
    documentOf('p', 'p:hidden', { title: 'x', texts: [words.join(' ')], access: [] }),
    documentOf('p', 'p:seen', { title: 'y', texts: ['alphabxx'], access: 'public' }),
  ]
  const asked = { text, as: [], limit: 10, isUnfinished }

  expect((await search(await filled(openMemory(), documents), asked)).map(({ id }) => id)).toEqual(['p:seen'])
})

async function answers(index: Store, query: SearchQuery, arm: (typeof ARMS)[number]): Promise<readonly Hit[]> {
  if (arm === 'words') return await search(index, query)
  const nearest: Arm = (reader) =>
    index.nearest({ ...reader, embedder: EMBEDDER, vector: Float32Array.from(vectorOf(query.text)), limit: 100 })
  return await search(index, arm === 'fused' ? query : { ...query, text: '' }, RANKING, [nearest])
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
  const passages = await store.unembedded(EMBEDDER, 10_000)
  const made = passages.map((passage) => ({ ...passage, vector: Float32Array.from(vectorOf(passage.text)) }))
  await store.embed(EMBEDDER, made)
  return store
}
