/** Whoever asks, and however the vectors are searched: the answer is that of filtering by hand first. */
import { join } from 'node:path'
import Database from 'better-sqlite3'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Access, canRead, type Principal } from '../../src/core/access.ts'
import type { IndexedDocument } from '../../src/core/document.ts'
import type { Candidate, Store } from '../../src/core/store.ts'
import type { VectorQuery } from '../../src/core/vectors.ts'
import { openMemory } from '../../src/indexes/memory/memory.ts'
import { fillCodes } from '../../src/indexes/sqlite/codes.ts'
import { type Connection, connect } from '../../src/indexes/sqlite/connection.ts'
import { candidatesOf } from '../../src/indexes/sqlite/hits.ts'
import { nearestOf } from '../../src/indexes/sqlite/nearest.ts'
import { openSqlite } from '../../src/indexes/sqlite/sqlite.ts'
import { batch, sampleDocument } from '../conformance/index-samples.ts'
import { temporaryFolder } from './temporary-folder.ts'

const MODEL = 'model:3'

const numbers = fc.integer({ min: -3, max: 3 })
const vectors = fc.tuple(numbers, numbers, numbers).filter((vector) => vector.some((value) => value !== 0))
const principals: fc.Arbitrary<Principal> = fc.constantFrom('group:staff', 'user:ann', 'user:bob')
const access: fc.Arbitrary<Access> = fc.oneof(fc.constant('public' as const), fc.uniqueArray(principals))
const sources = fc.constantFrom('p', 'q')

interface Written {
  readonly document: IndexedDocument
  readonly vectors: readonly (readonly number[])[]
}

const corpora = fc
  .uniqueArray(fc.record({ id: fc.nat(99), source: sources, access, vectors: fc.array(vectors, { maxLength: 3 }) }), {
    selector: ({ source, id }) => `${source}:${id}`,
    maxLength: 14,
  })
  .map((all) =>
    all.map(({ source, id, access: readers, vectors: own }): Written => {
      const texts = own.map((_, at) => `text ${at} of ${id}`)
      return { document: sampleDocument(`${source}:${id}`, { access: readers, texts }), vectors: own }
    }),
  )

const queries: fc.Arbitrary<VectorQuery> = fc.record(
  {
    embedder: fc.constant(MODEL),
    vector: vectors.map((vector) => Float32Array.from(vector)),
    as: fc.uniqueArray(principals),
    sources: fc.uniqueArray(sources),
    limit: fc.integer({ min: 0, max: 9 }),
  },
  { requiredKeys: ['embedder', 'vector', 'as', 'limit'] },
)

test('every driver answers what is nearest of what the asker may read', async () => {
  const property = fc.asyncProperty(
    corpora,
    fc.array(queries, { minLength: 1, maxLength: 6 }),
    async (corpus, asked) => {
      const path = join(temporaryFolder(), 'index.db')
      const [memory, sqlite] = [openMemory(), await openSqlite(path)]
      for (const store of [memory, sqlite]) await write(store, corpus)
      const db = connect(path, new Database(path, { readonly: true }))
      const coded = nearestOf(db, candidatesOf(db), 0)
      const filled = fill(path)

      for (const query of asked) {
        const visible = openMemory()
        await write(
          visible,
          corpus.filter(({ document }) => mayAnswer(document, query)),
        )
        const expected = places(await visible.nearest({ ...query, as: ['group:staff', 'user:ann', 'user:bob'] }))

        expect(places(await memory.nearest(query))).toEqual(expected)
        expect(places(await sqlite.nearest(query))).toEqual(expected)
        expect(places(coded(query))).toEqual(expected)
        expect(places(nearestOf(filled, candidatesOf(filled), 0)(query))).toEqual(expected)
      }
      filled.close()
      db.close()
      await sqlite.close()
    },
  )

  await fc.assert(property, { numRuns: 20 })
})

test('codes find what was written and who may read it since they were read', async () => {
  const path = join(temporaryFolder(), 'index.db')
  const store = await openSqlite(path)
  const document = sampleDocument('p:1', { texts: ['one'] })
  await write(store, [{ document, vectors: [[1, 0, 0]] }])
  const db = connect(path, new Database(path, { readonly: true }))
  const coded = nearestOf(db, candidatesOf(db), 0)
  const query: VectorQuery = { embedder: MODEL, vector: Float32Array.of(1, 0, 0), as: [], limit: 5 }
  expect(places(coded(query))).toEqual([['p:1#0', 1]])

  await write(store, [{ document: sampleDocument('p:2', { texts: ['two'] }), vectors: [[1, 0, 0]] }])
  await store.apply(batch('p', { refresh: [{ ...document.head, access: [] }] }))

  expect(places(coded(query))).toEqual([['p:2#0', 1]])
  db.close()
  await store.close()
})

function fill(path: string): Connection {
  const db = connect(path, new Database(path))
  fillCodes(db, 0)
  return db
}

async function write(store: Store, corpus: readonly Written[]): Promise<void> {
  for (const { document } of corpus) await store.apply(batch(document.source, { put: [document] }))
  const byPlace = new Map(
    corpus.flatMap(({ document, vectors: own }) =>
      own.map((vector, at) => [`${document.head.id}#${at}`, vector] as const),
    ),
  )
  const made = (await store.unembedded(MODEL, 1000)).map((passage) => {
    const vector = byPlace.get(`${passage.document}#${passage.ordinal}`) ?? [1, 1, 1]
    return { ...passage, vector: Float32Array.from(vector) }
  })
  await store.embed(MODEL, made)
}

function mayAnswer({ head, source }: IndexedDocument, { as, sources: asked }: VectorQuery): boolean {
  return canRead(head.access, as) && (asked === undefined || asked.includes(source))
}

function places(hits: readonly Candidate[]): [string, number][] {
  return hits.map(({ document, ordinal, score }) => [`${document}#${ordinal}`, score])
}
