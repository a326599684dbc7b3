/** What every driver must do with what publishing remembers. */
import { afterEach, describe, expect, test } from 'vitest'
import type { Json } from '../../src/core/json.ts'
import type { Notes } from '../../src/core/notes.ts'
import type { Store } from '../../src/core/store.ts'
import { openIndex, openNotes } from '../../src/indexes/registry.ts'
import { putting } from './index-samples.ts'

export interface NotesUnderTest {
  readonly name: string
  /** A location that holds nothing: no two are the same. */
  readonly place: () => string
  /** Whether anything outlives who wrote it. */
  readonly isKept?: boolean
}

/** More than an answer of OpenSearch holds. */
const MANY = 10_500

export function testNotes({ name, place, isKept = true }: NotesUnderTest): void {
  const opened: (Notes | Store)[] = []

  async function open(location: string, mode: 'read' | 'write', holder = 'the test'): Promise<Notes> {
    const notes = await openNotes(location, { mode, holder })
    opened.push(notes)
    return notes
  }

  /** An index that is there and holds a document. */
  async function made(): Promise<string> {
    const location = place()
    const store = await openIndex(location)
    await store.apply(putting('docs', { 'docs:1': 'word' }))
    await store.close()
    return location
  }

  async function keptIn(location: string): Promise<Record<string, Json>> {
    const notes = await openNotes(location, { mode: 'read', holder: 'a reader' })
    const all = Object.fromEntries(notes.all())
    await notes.close()
    return all
  }

  afterEach(async () => {
    for (const each of opened.splice(0).reverse()) await each.close()
  })

  describe(`${name}: notes of publishing`, () => {
    test('what is written is known at once, and nothing else changes it', async () => {
      const notes = await open(await made(), 'write')
      expect(notes.all()).toEqual(new Map())
      const value = { texts: ['one'] }
      await notes.put('a', value)
      value.texts.push('two')
      await notes.put('b', null)
      await notes.put('b', 'text')
      await notes.put('c', 3)
      await notes.remove('c')
      await notes.remove('never there')

      expect(Object.fromEntries(notes.all())).toEqual({ a: { texts: ['one'] }, b: 'text' })
      await notes.replace(new Map<string, Json>([['b', 1]]))
      await notes.put('d', 4)
      expect(Object.fromEntries(notes.all())).toEqual({ b: 1, d: 4 })
    })

    test('once they are closed nothing is noted, and nothing is to be sent', async () => {
      const notes = await open(await made(), 'write')
      notes.check()
      await notes.close()

      await expect(notes.put('a', 1)).rejects.toThrow()
      expect(() => notes.check()).toThrow()
    })

    test('who reads writes nothing', async () => {
      const notes = await open(await made(), 'read')

      for (const write of [notes.put('a', 1), notes.remove('a'), notes.replace(new Map())]) {
        await expect(write).rejects.toMatchObject({ code: 'UNEXPECTED' })
      }
    })
  })

  describe.runIf(isKept)(`${name}: notes of publishing, kept`, () => {
    test('what was put is there for the next, and for who reads beside', async () => {
      const location = await made()
      const first = await open(location, 'write')
      await Promise.all([first.put('a', { n: 1 }), first.put('b', 'text'), first.put('a', { n: 2 }), first.remove('b')])

      expect(await keptIn(location)).toEqual({ a: { n: 2 } })
      await first.replace(new Map<string, Json>([['c', [1]]]))
      await first.close()
      expect(await keptIn(location)).toEqual({ c: [1] })
      const next = await open(location, 'write')
      expect(Object.fromEntries(next.all())).toEqual({ c: [1] })
    })

    test('any text is there as it was', async () => {
      const location = await made()
      const odd: Record<string, Json> = {
        [`page:a:docs:${'long/'.repeat(3000)}`]: 'of a long key',
        'nul\0 and \x1a sub': '\0 \x1a \ud83d\ude00 "quoted" \\ \ud800 alone',
        'É — ⁂': { nested: [{ deep: null }, true, 1.5] },
        long: 'word '.repeat(400_000),
      }
      const notes = await open(location, 'write')
      for (const [key, value] of Object.entries(odd)) await notes.put(key, value)
      await notes.close()

      expect(await keptIn(location)).toEqual(odd)
    })

    test('more than ten thousand are read, and replaced', async () => {
      const location = await made()
      const many = new Map<string, Json>(
        Array.from({ length: MANY }, (_, at) => [`page:docs-public:docs:${at}`, { at }]),
      )
      const notes = await open(location, 'write')
      await notes.replace(many)
      expect(await keptIn(location)).toEqual(Object.fromEntries(many))

      await notes.replace(new Map([...many].slice(0, 3)))

      expect(await keptIn(location)).toEqual(Object.fromEntries([...many].slice(0, 3)))
    })

    test('one publishes at a time, beside who writes the index', async () => {
      const location = await made()
      const sync = await openIndex(location, { holder: 'a sync' })
      opened.push(sync)
      const first = await open(location, 'write', 'the first')

      await expect(open(location, 'write', 'the second')).rejects.toMatchObject({
        code: 'LOCKED',
        message: expect.stringContaining('the first'),
      })
      await first.put('a', 1)
      await sync.apply(putting('docs', { 'docs:2': 'word' }))
      expect(await sync.holder()).toBe('a sync')
      await sync.close()
      const another = await openIndex(location, { holder: 'another sync' })
      await another.apply(putting('docs', { 'docs:3': 'word' }))
      await another.close()
      await first.put('a', 2)
      await first.close()

      const second = await open(location, 'write', 'the second')
      expect(Object.fromEntries(second.all())).toEqual({ a: 2 })
    })

    test('they are of one index', async () => {
      const [here, there] = [await made(), await made()]
      const notes = await open(here, 'write')
      await notes.put('a', 1)
      const beside = await open(there, 'write')

      expect([...beside.all()]).toEqual([])
    })
  })
}
