/** Index conformance: what stands where, in which order, and that nobody is told of what they may not read. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Access, Principal } from '../../src/core/access.ts'
import type { Head, IndexedDocument } from '../../src/core/document.ts'
import type { Shelved } from '../../src/core/shelves.ts'
import type { Store } from '../../src/core/store.ts'
import { openMemory } from '../../src/indexes/memory/memory.ts'
import { batch, sampleDocument } from './index-samples.ts'

const LIMIT = 10

export function testShelves(name: string, fresh: () => Promise<Store>): void {
  describe(`${name} index: where documents stand`, () => {
    test('a collection counts what is in it and below it, in the order of names', async () => {
      const store = await filled(fresh, {
        'docs:1': { path: [] },
        'docs:2': { path: ['Guide'] },
        'docs:3': { path: ['Guide', 'Part 10'] },
        'docs:4': { path: ['Guide', 'part 2', 'Deep'] },
        'docs:5': { path: ['Guide', 'part 2'] },
        'docs:6': { path: ['Élan'] },
        'docs:7': { path: ['guide'] },
        'docs:8': { path: ['Guideline'] },
        'other:1': { path: ['Guide'] },
      })
      const counts = (...path: readonly string[]) => store.counts({ as: [], source: 'docs', path })

      expect(await counts()).toEqual({
        documents: 1,
        collections: [
          { name: 'Élan', documents: 1 },
          { name: 'Guide', documents: 4 },
          { name: 'guide', documents: 1 },
          { name: 'Guideline', documents: 1 },
        ],
      })
      expect(await counts('Guide')).toEqual({
        documents: 1,
        collections: [
          { name: 'part 2', documents: 2 },
          { name: 'Part 10', documents: 1 },
        ],
      })
      expect(await counts('Guide', 'part 2', 'Deep')).toEqual({ documents: 1, collections: [] })
      for (const path of [['Guid'], ['Guide', 'Part'], ['', 'Guide'], ['nothing']]) {
        expect(await counts(...path)).toEqual({ documents: 0, collections: [] })
      }
      expect(await store.counts({ as: [], source: 'nothing', path: [] })).toEqual({ documents: 0, collections: [] })
    })

    test('the documents of a collection come by title, a few at a time, and go on where a known one was', async () => {
      const store = await filled(fresh, {
        'docs:1': { path: ['A'], title: 'Step 10' },
        'docs:2': { path: ['A'], title: 'step 2' },
        'docs:3': { path: ['A'], title: 'Été' },
        'docs:4': { path: ['A'], title: 'ete' },
        'docs:5': { path: ['A', 'B'], title: 'Step 1' },
      })
      const read = async (limit: number, after?: { title: string; id: string }) =>
        idsOf(await store.shelf({ as: [], source: 'docs', path: ['A'], limit, ...(after && { after }) }))

      expect(await read(9)).toEqual(['docs:3', 'docs:4', 'docs:2', 'docs:1'])
      expect(await read(2)).toEqual(['docs:3', 'docs:4'])
      expect(await read(2, { title: 'ete', id: 'docs:4' })).toEqual(['docs:2', 'docs:1'])
      expect(await read(9, { title: 'Étè', id: 'docs:3' })).toEqual(['docs:4', 'docs:2', 'docs:1'])
      expect(await read(9, { title: 'step 3', id: 'gone' })).toEqual(['docs:1'])
      expect(await read(0)).toEqual([])
    })

    test('beside a document stand its neighbours in its source, and the same in other languages', async () => {
      const store = await filled(fresh, {
        'docs:1': { path: ['A'], title: 'a', group: 'g', locale: 'en' },
        'docs:2': { path: ['A'], title: 'b' },
        'docs:3': { path: ['A', 'B'], title: 'a', group: 'g', locale: 'fr' },
        'docs:4': { path: ['Z'], title: 'a', access: ['group:staff'], group: 'g', locale: 'de' },
        'docs:5': { path: ['Z'], title: 'b', group: 'h' },
        'other:1': { path: ['A'], title: 'a', group: 'g' },
      })
      const beside = async (id: string, as: readonly Principal[] = []) => {
        const found = await store.beside(id, as)
        const { previous, next, translations } = found ?? { previous: null, next: null, translations: null }
        return [previous?.head.id ?? null, next?.head.id ?? null, translations && idsOf(translations)]
      }

      expect(await beside('docs:1')).toEqual([null, 'docs:2', ['docs:3']])
      expect(await beside('docs:2')).toEqual(['docs:1', 'docs:3', []])
      expect(await beside('docs:3')).toEqual(['docs:2', 'docs:5', ['docs:1']])
      expect(await beside('docs:3', ['group:staff'])).toEqual(['docs:2', 'docs:4', ['docs:1', 'docs:4']])
      expect(await beside('docs:5')).toEqual(['docs:3', null, []])
      expect(await beside('docs:4')).toEqual([null, null, null])
      expect(await beside('docs:9')).toEqual([null, null, null])
    })

    test('names may hold anything, and are told as they are', async () => {
      const names = [
        '',
        ' ',
        '/',
        'a/b',
        'nul\0',
        '\u0001\u0002\u0003',
        '\u00030',
        '%',
        '東京',
        '😀',
        'a\u0301',
        'á',
        '"',
        '￿',
      ]
      const store = await filled(
        fresh,
        Object.fromEntries(names.map((name, at) => [`docs:${at}`, { path: [name, name], title: name, group: name }])),
      )

      const { collections } = await store.counts({ as: [], source: 'docs', path: [] })
      expect(collections.map((one) => one.name).sort()).toEqual([...names].sort())
      for (const [at, name] of names.entries()) {
        expect(await store.counts({ as: [], source: 'docs', path: [name] })).toEqual({
          documents: 0,
          collections: [{ name, documents: 1 }],
        })
        expect(idsOf(await store.shelf({ as: [], source: 'docs', path: [name, name], limit: 9 }))).toEqual([
          `docs:${at}`,
        ])
        expect((await store.beside(`docs:${at}`, []))?.translations).toEqual([])
      }
    })

    test('a document that moved, or went, stands where it stands now', async () => {
      const store = await filled(fresh, {
        'docs:1': { path: ['Old'], group: 'g' },
        'docs:2': { path: ['Old'], group: 'g' },
      })
      const { head } = document('docs:1', { path: ['New'], title: 'New', access: ['user:ann'] })
      await store.apply(batch('docs', { refresh: [head] }))
      const names = async (as: readonly Principal[]) =>
        (await store.counts({ as, source: 'docs', path: [] })).collections.map((one) => one.name)

      expect(await names([])).toEqual(['Old'])
      expect(await names(['user:ann'])).toEqual(['New', 'Old'])
      expect((await store.beside('docs:2', ['user:ann']))?.translations).toEqual([])
      await store.apply(batch('docs', { remove: ['docs:1'] }))
      expect(await names(['user:ann'])).toEqual(['Old'])
    })

    test('whoever asks is told just what an index without all that they may not read would tell', async () => {
      const property = fc.asyncProperty(fc.array(stories, { maxLength: 12 }), readers, async (told, as) => {
        const heads = told.map((head, at) => document(`docs:${at}`, head))
        const whole = await fresh()
        const allowed = openMemory()
        await whole.apply(batch('docs', { put: heads }))
        await allowed.apply(batch('docs', { put: heads.filter(({ head }) => mayRead(head.access, as)) }))

        expect(await everything(whole, as, heads)).toEqual(await everything(allowed, as, heads))
      })

      await fc.assert(property, { numRuns: 15 })
    })
  })
}

const principals: fc.Arbitrary<Principal> = fc.constantFrom('group:staff', 'user:ann', 'user:bob')
const readers = fc.uniqueArray(principals)
const access: fc.Arbitrary<Access> = fc.oneof(fc.constant('public' as const), fc.uniqueArray(principals))
const stories = fc.record({
  path: fc.array(fc.constantFrom('a', 'B', 'b', 'é'), { maxLength: 3 }),
  title: fc.constantFrom('x', 'X', 'y 10', 'y 9'),
  access,
  group: fc.constantFrom('g', 'h'),
})

/** Said again here, so that it is not the program that judges itself. */
function mayRead(access: Access, as: readonly Principal[]): boolean {
  return access === 'public' || as.some((principal) => access.includes(principal))
}

/** All that there is to be seen by looking around. */
async function everything(
  store: Store,
  as: readonly Principal[],
  documents: readonly IndexedDocument[],
): Promise<unknown> {
  const paths = new Set(
    documents.flatMap(({ head }) => head.path.map((_, at) => JSON.stringify(head.path.slice(0, at + 1)))),
  )
  const shelves = [[], ...[...paths].map((path) => JSON.parse(path) as string[])].map((path) => ({
    as,
    source: 'docs',
    path,
  }))
  const collections = await Promise.all(shelves.map((shelf) => store.counts(shelf)))
  const inThem = await Promise.all(shelves.map((shelf) => store.shelf({ ...shelf, limit: LIMIT })))
  const beside = await Promise.all(documents.map(({ head }) => store.beside(head.id, as)))
  return { collections, inThem, beside }
}

async function filled(fresh: () => Promise<Store>, heads: Readonly<Record<string, Partial<Head>>>): Promise<Store> {
  const store = await fresh()
  const put = Object.entries(heads).map(([id, head]) => document(id, head))
  for (const source of ['docs', 'other']) {
    await store.apply(batch(source, { put: put.filter((one) => one.source === source) }))
  }
  return store
}

function document(id: string, head: Partial<Head>): IndexedDocument {
  const sample = sampleDocument(id)
  return { ...sample, head: { ...sample.head, ...head } }
}

function idsOf(documents: readonly Shelved[]): readonly string[] {
  return documents.map(({ head }) => head.id)
}
