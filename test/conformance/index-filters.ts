/** Index conformance: of which documents a reader asks, on every path, before ranking and limits. */
import { describe, expect, test } from 'vitest'
import type { Head, IndexedDocument } from '../../src/core/document.ts'
import type { Reader, Store } from '../../src/core/store.ts'
import { asking, batch, found, sampleDocument } from './index-samples.ts'

const MODEL = 'model:2'

const DOCUMENTS: Readonly<Record<string, { readonly head: Partial<Head>; readonly language?: string }>> = {
  'docs:1': {
    head: { kind: 'page', locale: 'en-GB', labels: ['billing', 'refund'], updatedAt: '2026-01-31T23:59:59Z' },
  },
  'docs:2': { head: { kind: 'article', locale: 'fr', labels: [], updatedAt: '2026-02-01T00:00:00.000Z' } },
  'docs:3': { head: { kind: 'ticket', labels: ['Billing'], updatedAt: '2026-02-01T01:00:00+02:00' }, language: 'fr' },
  'docs:4': { head: { kind: 'page', locale: 'EN', updatedAt: 'long ago' } },
  'docs:5': { head: { kind: 'page', locale: 'eng', labels: ['refund', '%'], updatedAt: '2026-03-01T00:00:00Z' } },
}

const CASES: readonly (readonly [filter: Omit<Reader, 'as'>, found: readonly number[]])[] = [
  [{}, [1, 2, 3, 4, 5]],
  [{ kinds: ['page'] }, [1, 4, 5]],
  [{ kinds: ['ticket', 'article'] }, [2, 3]],
  [{ kinds: ['doc'] }, []],
  [{ kinds: [] }, []],
  [{ locales: ['en'] }, [1, 4]],
  [{ locales: ['en-gb'] }, [1]],
  [{ locales: ['FR', 'en-US'] }, [2, 3]],
  [{ locales: ['e', '', '%'] }, []],
  [{ locales: [] }, []],
  [{ labels: ['refund'] }, [1, 5]],
  [{ labels: ['billing', '%'] }, [1, 5]],
  [{ labels: ['bill'] }, []],
  [{ labels: [] }, []],
  [{ updatedSince: '2026-02-01' }, [2, 5]],
  [{ updatedSince: '2026-01-31T23:00:00Z' }, [1, 2, 3, 5]],
  [{ updatedSince: '2026-03-01T00:00:00.001Z' }, []],
  [{ updatedSince: 'soon' }, []],
  [{ kinds: ['page'], locales: ['en'], labels: ['refund'], updatedSince: '2026-01-01', sources: ['docs'] }, [1]],
  [{ kinds: ['page'], sources: ['other'] }, []],
]

export function testFilters(name: string, fresh: () => Promise<Store>, hasVectors: boolean): void {
  const embedded = hasVectors ? putEmbedded : putAlone
  describe(`${name} index: filters`, () => {
    test.for(CASES)('%j finds %j, on every path', async ([filter, expected]) => {
      const store = await fresh()
      await embedded(store, allDocuments())
      const ids = expected.map((at) => `docs:${at}#0`)
      const reader: Reader = { as: [], ...filter }

      expect(await found(store, { ...asking('word'), ...filter })).toEqual(ids)
      expect(await nearest(store, reader)).toEqual(hasVectors ? ids : [])
      expect((await store.held({ tokens: ['word'], ...reader, most: 9 })).get('word')).toBe(ids.length)
      const languages = expected.map((at) => DOCUMENTS[`docs:${at}`]?.language ?? 'en')
      expect(await store.languages(reader)).toEqual([...new Set(languages)].sort())
    })

    test('what is left out takes no place in a limited answer, and what may not be read is not found by any filter', async () => {
      const store = await fresh()
      const others = Array.from({ length: 30 }, (_, at) => document(`docs:${at}`, { kind: 'ticket' }))
      const hidden = document('docs:hidden', { access: ['group:other'], labels: ['x'] })
      await embedded(store, [...others, hidden, document('docs:seen', { labels: ['x'] })])

      expect(await found(store, { ...asking('word'), limit: 1, kinds: ['page'] })).toEqual(['docs:seen#0'])
      expect(await nearest(store, { as: [], labels: ['x'] }, 1)).toEqual(hasVectors ? ['docs:seen#0'] : [])
    })

    test('a refreshed head is found by what it says now', async () => {
      const store = await fresh()
      const old = document('docs:1', { labels: ['old', 'both'], locale: 'en' })
      await embedded(store, [old])
      const { locale: _, ...head } = old.head
      const next: Head = { ...head, kind: 'doc', labels: ['both', 'new', 'new'], updatedAt: '2027-01-01T00:00:00Z' }
      await store.apply(batch('docs', { refresh: [next] }))

      const finds = async (filter: Omit<Reader, 'as'>) =>
        (await found(store, { ...asking('word'), ...filter })).length +
        (await nearest(store, { as: [], ...filter })).length
      for (const filter of [{ labels: ['old'] }, { kinds: ['page'] }] as const) expect(await finds(filter)).toBe(0)
      for (const filter of [
        { labels: ['new'] },
        { labels: ['both'] },
        { kinds: ['doc'] },
        { locales: ['en'] },
        { updatedSince: '2027-01-01' },
      ] as const)
        expect(await finds(filter)).toBe(hasVectors ? 2 : 1)

      await store.apply(batch('docs', { remove: ['docs:1'] }))
      expect(await finds({})).toBe(0)
    })
  })
}

function document(id: string, head: Partial<Head>, language = 'en'): IndexedDocument {
  const sample = sampleDocument(id, { texts: ['word'] })
  const { labels: _, ...rest } = sample.head
  return { ...sample, language, head: { ...rest, ...head } }
}

function allDocuments(): readonly IndexedDocument[] {
  return Object.entries(DOCUMENTS).map(([id, { head, language }]) => document(id, head, language))
}

async function putAlone(store: Store, put: readonly IndexedDocument[]): Promise<void> {
  await store.apply(batch('docs', { put }))
}

async function putEmbedded(store: Store, put: readonly IndexedDocument[]): Promise<void> {
  await putAlone(store, put)
  const vector = Float32Array.of(1, 0)
  await store.embed(
    MODEL,
    (await store.unembedded(MODEL, 100)).map((passage) => ({ ...passage, vector })),
  )
}

async function nearest(store: Store, reader: Reader, limit = 10): Promise<string[]> {
  const hits = await store.nearest({ ...reader, embedder: MODEL, vector: Float32Array.of(1, 0), limit })
  return hits.map(({ document, ordinal }) => `${document}#${ordinal}`)
}
