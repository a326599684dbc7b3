/** Index conformance: vectors of chunks, what they find, and how long they stay. */
import { describe, expect, test } from 'vitest'
import type { Principal } from '../../src/core/access.ts'
import type { IndexedDocument } from '../../src/core/document.ts'
import { passageOf } from '../../src/core/passage.ts'
import type { Store } from '../../src/core/store.ts'
import type { Embedded } from '../../src/core/vectors.ts'
import { openMemory } from '../../src/indexes/memory/memory.ts'
import { batch, sampleDocument } from './index-samples.ts'

const MODEL = 'model:2'

/** Vectors of two numbers by the text of the chunk: `east` is (1, 0), `north` (0, 1), `between` (1, 1). */
const DIRECTIONS: Readonly<Record<string, readonly number[]>> = { east: [1, 0], north: [0, 1], between: [1, 1] }

export function testVectors(name: string, fresh: () => Promise<Store>): void {
  describe(`${name} index: vectors`, () => {
    test('the nearest come first, equals by id and place; what has no vector of this model is not found', async () => {
      const store = await fresh()
      await put(store, document('docs:b', ['north', 'between']), document('docs:a', ['between', 'plain']))
      await embedAll(store)

      expect(await nearest(store, [0, 2])).toEqual(['docs:b#0', 'docs:a#0', 'docs:b#1'])
      expect(await nearest(store, [0, 2], { limit: 2 })).toEqual(['docs:b#0', 'docs:a#0'])
      expect(await store.nearest({ embedder: MODEL, vector: Float32Array.of(0, 2), as: [], limit: 1 })).toMatchObject([
        { document: 'docs:b', ordinal: 0, score: 1 },
      ])
      expect(await nearest(store, [0, 2], { embedder: 'other:2' })).toEqual([])
    })

    test('only what the asker may read is found, and hidden chunks take no place in a limited answer', async () => {
      const store = await fresh()
      const hidden = Array.from({ length: 30 }, (_, at) => document(`docs:${at}`, ['north'], ['group:other']))
      await put(store, ...hidden, document('docs:staff', ['between'], ['group:staff']), document('docs:x', ['east']))
      await embedAll(store)

      expect(await nearest(store, [0, 1], { limit: 1 })).toEqual(['docs:x#0'])
      expect(await nearest(store, [0, 1], { as: ['group:staff'] })).toEqual(['docs:staff#0', 'docs:x#0'])
      expect(await nearest(store, [0, 1], { as: ['group:staff'], sources: ['other'] })).toEqual([])

      await store.apply(batch('docs', { refresh: [document('docs:x', ['east'], []).head] }))
      expect(await nearest(store, [0, 1])).toEqual([])
    })

    test('a vector stays with a text that is put again, wherever it stands then, and goes with one that is not', async () => {
      const store = await fresh()
      await put(store, document('docs:1', ['east', 'north']))
      await embedAll(store)

      await put(store, document('docs:1', ['between', 'north']))
      expect(await nearest(store, [0, 1])).toEqual(['docs:1#1'])
      expect(await waiting(store)).toEqual(['docs:1#0'])

      await put(store, { ...document('docs:1', ['north']), head: document('docs:1', [], 'public', 'Another').head })
      expect(await nearest(store, [0, 1])).toEqual([])

      await store.apply(batch('docs', { remove: ['docs:1'] }))
      await put(store, document('docs:1', ['north']))
      expect(await waiting(store)).toEqual(['docs:1#0'])
    })

    test('another model: everything waits for it, a vector of it replaces the other', async () => {
      const store = await fresh()
      await put(store, document('docs:1', ['east', 'north']))
      await embedAll(store)
      expect(await store.unembeddedCounts(MODEL)).toEqual({ texts: 0, tokens: 0 })
      expect(await store.unembeddedCounts('other:2')).toEqual({ texts: 2, tokens: 14 })

      const [first] = await store.unembedded('other:2', 1)
      if (first !== undefined) await store.embed('other:2', [{ ...first, vector: Float32Array.of(1, 1) }])

      expect(await nearest(store, [1, 0])).toEqual(['docs:1#1'])
      expect(await nearest(store, [1, 0], { embedder: 'other:2' })).toEqual(['docs:1#0'])
    })

    test('what waits is read behind what was read before', async () => {
      const store = await fresh()
      await put(store, document('docs:b', ['east']), document('docs:a', ['east', 'north', 'between']))

      expect(await waiting(store)).toEqual(['docs:a#0', 'docs:a#1', 'docs:a#2', 'docs:b#0'])
      const behind = await store.unembedded(MODEL, 2, { document: 'docs:a', ordinal: 0 })
      expect(behind.map(place)).toEqual(['docs:a#1', 'docs:a#2'])
      expect(behind[0]).toMatchObject({ text: 'Title\n\nGuide > Part 1\n\nnorth', tokens: 7 })
    })

    test('what nobody may read waits for nobody, and once somebody may, it does', async () => {
      const store = await fresh()
      const hidden = document('docs:1', ['east'], [])
      await put(store, hidden, document('docs:2', ['north']))

      expect(await waiting(store)).toEqual(['docs:2#0'])
      expect(await store.unembeddedCounts(MODEL)).toEqual({ texts: 1, tokens: 7 })
      await store.apply(batch('docs', { refresh: [{ ...hidden.head, access: ['user:ann'] }] }))
      expect(await waiting(store)).toEqual(['docs:1#0', 'docs:2#0'])
    })

    test('vectors are read as they are stored, hidden ones too, and stored again they are the same', async () => {
      const [store, other] = [await fresh(), openMemory()]
      const documents = [document('docs:b', ['north'], []), document('docs:a', ['east', 'plain', 'between'])]
      await put(store, ...documents)
      await put(other, ...documents)
      await store.apply(batch('docs', { refresh: [document('docs:b', ['north'], 'public').head] }))
      await embedAll(store)
      await store.apply(batch('docs', { refresh: [document('docs:b', ['north'], []).head] }))
      const asked = ['docs:b', 'docs:gone', 'docs:a']

      const held = await store.embedded(asked)
      await other.embed(MODEL, held)

      expect(held.map(place)).toEqual(['docs:a#0', 'docs:a#2', 'docs:b#0'])
      expect(held.map(({ embedder, vector }) => [embedder, ...vector])).toEqual([
        [MODEL, 127, 0],
        [MODEL, 127, 127],
        [MODEL, 0, 127],
      ])
      expect(held.map(({ hash }) => hash)).toEqual(documents.reverse().flatMap(hashesOf).toSpliced(1, 1))
      expect(await other.embedded(asked)).toEqual(held)
      await other.close()
    })

    test('a vector of a text that was replaced meanwhile is left out', async () => {
      const store = await fresh()
      await put(store, document('docs:1', ['east']))
      const made = await vectorsOfAll(store)
      await put(store, document('docs:1', ['north']))

      await store.embed(MODEL, made)

      expect(await nearest(store, [1, 0])).toEqual([])
      expect(await waiting(store)).toEqual(['docs:1#0'])
    })

    test.for([
      ['another length', [1, 2, 3]],
      ['no number', [Number.NaN, 1]],
    ] as const)('vectors of which one has %s are refused, all of them', async ([, odd]) => {
      const store = await fresh()
      await put(store, document('docs:1', ['east', 'north']))
      const [first, second] = await vectorsOfAll(store)
      if (first === undefined || second === undefined) throw new Error('nothing waits')

      const storing = store.embed(MODEL, [first, { ...second, vector: Float32Array.from(odd) }])

      await expect(storing).rejects.toMatchObject({ code: 'UNEXPECTED' })
      expect(await waiting(store)).toEqual(['docs:1#0', 'docs:1#1'])
    })
  })
}

/** Of a place that can hold none. */
export function testNoVectors(name: string, fresh: () => Promise<Store>): void {
  describe(`${name} index: without vectors`, () => {
    test('whoever wants to embed is told, and nothing waits or is near', async () => {
      const store = await fresh()
      await put(store, document('docs:1', ['east']))
      const made = { document: 'docs:1', ordinal: 0, hash: '', vector: Float32Array.of(1, 0) }

      await expect(store.unembedded(MODEL, 1)).rejects.toMatchObject({ code: 'CONFIG_INVALID' })
      await expect(store.embed(MODEL, [made])).rejects.toMatchObject({ code: 'CONFIG_INVALID' })
      expect(await store.unembeddedCounts(MODEL)).toEqual({ texts: 0, tokens: 0 })
      expect(await nearest(store, [1, 0])).toEqual([])
      expect(await store.embedded(['docs:1'])).toEqual([])
      await put(store, document('docs:1', ['north']))
      expect((await store.chunks('docs:1')).map(({ text }) => text)).toEqual(['north'])
    })
  })
}

function document(
  id: string,
  texts: readonly string[],
  access: 'public' | readonly Principal[] = 'public',
  title = 'Title',
) {
  return sampleDocument(id, { texts, access, title })
}

function hashesOf({ head, chunks }: IndexedDocument): string[] {
  return chunks.map((chunk) => passageOf(head.id, head.title, chunk).hash)
}

async function put(store: Store, ...documents: readonly IndexedDocument[]): Promise<void> {
  await store.apply(batch('docs', { put: documents }))
}

async function vectorsOfAll(store: Store): Promise<Embedded[]> {
  return (await store.unembedded(MODEL, 100)).flatMap((passage) => {
    const direction = DIRECTIONS[passage.text.split('\n').at(-1) ?? '']
    return direction === undefined ? [] : [{ ...passage, vector: Float32Array.from(direction) }]
  })
}

async function embedAll(store: Store): Promise<void> {
  await store.embed(MODEL, await vectorsOfAll(store))
}

async function waiting(store: Store): Promise<string[]> {
  return (await store.unembedded(MODEL, 100)).map(place)
}

async function nearest(store: Store, vector: readonly number[], asked: Partial<Parameters<Store['nearest']>[0]> = {}) {
  const hits = await store.nearest({ embedder: MODEL, vector: Float32Array.from(vector), as: [], limit: 10, ...asked })
  return hits.map(place)
}

function place({ document, ordinal }: { readonly document: string; readonly ordinal: number }): string {
  return `${document}#${ordinal}`
}
