/** Index conformance: what is found, by whom, and in which order. */
import { describe, expect, test } from 'vitest'
import type { Access, Principal } from '../../src/core/access.ts'
import type { Reader, Store } from '../../src/core/store.ts'
import { distancesFrom } from '../../src/query/spelling-distance.ts'
import {
  asking,
  batch,
  found,
  listed,
  putting,
  sampleDocument,
  sampleTerms,
  withIncludes,
  wordsOf,
} from './index-samples.ts'

/** A document's access, and who reads it. */
const ACCESS: readonly (readonly [id: string, access: Access])[] = [
  ['docs:nobody', []],
  ['docs:public', 'public'],
  ['docs:staff', ['group:staff']],
  ['docs:two', ['user:ann', 'user:bob']],
]

const READERS: readonly { as: readonly Principal[]; reads: readonly string[] }[] = [
  { as: [], reads: ['docs:public'] },
  { as: ['group:staff'], reads: ['docs:public', 'docs:staff'] },
  { as: ['user:ann'], reads: ['docs:public', 'docs:two'] },
  { as: ['user:bob', 'group:staff'], reads: ['docs:public', 'docs:staff', 'docs:two'] },
  { as: ['user:ANN', 'group:ann', 'group:', 'group:public'] as Principal[], reads: ['docs:public'] },
  { as: ['public', '*', '%', "' OR 1=1 --"] as unknown as Principal[], reads: ['docs:public'] },
]

const ODD_TEXTS: readonly (readonly [name: string, text: string])[] = [
  ['emoji and flags', '👩‍👩‍👧‍👦 🇫🇷 😀'],
  ['right to left', 'שלום ‮evil‬ مرحبا'],
  ['no spaces', '東京都庁舎 ภาษาไทย'],
  ['combining marks', 'e\u0301\u0323 ZA\u0308LGO\u0334\u0337'],
  ['NUL and control characters', 'nul\0inside \u0001 \u007f \ufeff'],
  ['quotes', `"double" 'single' \`tick\` "" "`],
  ['FTS operators', 'AND OR NOT NEAR(a,b) body:x ^start prefix* {title} a-b + -'],
  ['SQL', "'); DROP TABLE document; --"],
  ['encoded looking', '=6100 =s =00 %20 \\u0041'],
  ['halves of characters', 'a\ud800 \udc00b'],
  ['a long word', 'x'.repeat(40_000)],
  ['a megabyte', 'lorem ipsum dolor 😀 '.repeat(50_000).trimEnd()],
]

export function testAccess(name: string, fresh: () => Promise<Store>): void {
  describe(`${name} index: access`, () => {
    test.for(READERS)('$as reads $reads, on every path', async ({ as, reads }) => {
      const store = await fresh()
      const put = ACCESS.map(([id, access]) => sampleDocument(id, { access, title: 'word', texts: ['word', 'other'] }))
      await store.apply(batch('docs', { put }))

      for (const match of ['all', 'any'] as const) {
        expect(await found(store, { groups: [['word', 'none']], match, as, limit: 10 })).toEqual([
          ...reads.map((id) => `${id}#0`),
          ...reads.map((id) => `${id}#1`),
        ])
      }
      expect(await listed(store.documents(as))).toEqual(reads)
      expect(await listed(store.documents(as, ['docs']))).toEqual(reads)
      for (const [id] of ACCESS)
        expect((await store.document(id, as))?.head.id).toBe(reads.includes(id) ? id : undefined)
      for (const [document] of ACCESS) {
        const chunks = await store.neighbours({ document, ordinal: 0, most: 9, as })
        expect(chunks.map(({ id }) => id)).toEqual(reads.includes(document) ? [`${document}#0`, `${document}#1`] : [])
      }
      const places = ACCESS.map(([document]) => ({ document, ordinal: 1 }))
      expect((await store.passages(places, { as })).map(({ document }) => document.head.id)).toEqual(reads)
    })

    test('passages are those of the places, in their order, as far as there are any for the reader', async () => {
      const store = await fresh()
      const put = [sampleDocument('docs:1', { texts: ['a', 'b'] }), sampleDocument('docs:2', { texts: ['c'] })]
      await store.apply(batch('docs', { put }))
      const read = async (places: readonly (readonly [string, number])[], reader: Partial<Reader> = {}) => {
        const asked = places.map(([document, ordinal]) => ({ document, ordinal }))
        return (await store.passages(asked, { as: [], ...reader })).map(({ chunk }) => chunk.text)
      }

      expect(
        await read([
          ['docs:2', 0],
          ['docs:1', 1],
          ['docs:1', 2],
          ['docs:3', 0],
          ['docs:1', 0],
        ]),
      ).toEqual(['c', 'b', 'a'])
      expect(await read([['docs:1', 0]], { sources: ['other'] })).toEqual([])
      expect(await read([['docs:1', 0]], { labels: ['none'] })).toEqual([])
    })

    test('neighbours are the chunks around a place, in order, of one document', async () => {
      const store = await fresh()
      const document = withIncludes(sampleDocument('docs:1', { texts: ['a', 'b', 'c', 'd', 'e'] }))
      await store.apply(batch('docs', { put: [document, sampleDocument('docs:2', { texts: ['f', 'g'] })] }))
      const around = (ordinal: number, most: number) => store.neighbours({ document: 'docs:1', ordinal, most, as: [] })

      expect(await around(2, 1)).toEqual((await store.chunks('docs:1')).slice(1, 4))
      expect((await around(0, 1)).map(({ text }) => text)).toEqual(['a', 'b'])
      expect((await around(4, 2)).map(({ text }) => text)).toEqual(['c', 'd', 'e'])
      expect(await around(9, 1)).toEqual([])
      expect(await store.neighbours({ document: 'docs:3', ordinal: 0, most: 1, as: [] })).toEqual([])
    })

    test('hidden chunks take no place in a limited answer', async () => {
      const store = await fresh()
      const hidden = Array.from({ length: 30 }, (_, at) =>
        sampleDocument(`docs:${at}`, { access: [], title: 'word', texts: ['word'] }),
      )
      await store.apply(
        batch('docs', { put: [...hidden, sampleDocument('docs:seen', { texts: ['word and many more of them'] })] }),
      )

      expect(await found(store, { ...asking('word'), limit: 1 })).toEqual(['docs:seen#0'])
    })
  })
}

export function testRetrieval(name: string, fresh: () => Promise<Store>): void {
  describe(`${name} index: retrieval`, () => {
    test('every group or any group, and the members of a group are alternatives', async () => {
      const store = await fresh()
      await store.apply(
        putting('docs', { 'docs:1': 'reset password', 'docs:2': 'reset router', 'docs:3': 'passwords', 'docs:4': 'x' }),
      )
      const groups = [['reset'], ['password', 'passwords']]
      const ask = async (match: 'all' | 'any', of = groups) =>
        (await found(store, { groups: of, match, as: [], limit: 10 })).sort()

      expect(await ask('all')).toEqual(['docs:1#0'])
      expect(await ask('any')).toEqual(['docs:1#0', 'docs:2#0', 'docs:3#0'])
      expect(await ask('all', [])).toEqual([])
      expect(await ask('any', [])).toEqual([])
      expect(await ask('all', [['reset'], []])).toEqual([])
      expect(await ask('any', [['reset'], []])).toEqual(['docs:1#0', 'docs:2#0'])
      expect(await found(store, { ...asking('reset'), limit: 0 })).toEqual([])
    })

    test('a title weighs more than a heading, a heading more than text, a word by the weight it is asked with', async () => {
      const store = await fresh()
      const filler = Array.from({ length: 20 }, (_, at) => sampleDocument(`docs:filler${at}`, { texts: ['common'] }))
      const inHeading = sampleDocument('docs:b-heading', { texts: ['one two'] })
      const [chunk] = inHeading.chunks
      const terms = sampleTerms({ title: [], headings: ['printer', 'part'], body: ['one', 'two'] })
      const put = [
        ...filler,
        sampleDocument('docs:c-body', { texts: ['printer one'] }),
        ...(chunk ? [{ ...inHeading, chunks: [{ ...chunk, terms }] }] : []),
        sampleDocument('docs:a-title', { title: 'printer', texts: ['one'] }),
        sampleDocument('docs:rare', { texts: ['unusual'] }),
      ]
      await store.apply(batch('docs', { put }))

      expect(await found(store, asking('printer'))).toEqual(['docs:a-title#0', 'docs:b-heading#0', 'docs:c-body#0'])
      const both = { ...asking('common', 'unusual'), match: 'any' as const }
      expect((await found(store, { ...both, weights: [1, 2] }))[0]).toBe('docs:rare#0')
      expect((await found(store, { ...both, weights: [2, 1] }))[0]).toBe('docs:filler0#0')
    })

    test('what the asker may not read has no part in a score', async () => {
      const store = await fresh()
      const seen = [sampleDocument('docs:1', { texts: ['word'] }), sampleDocument('docs:2', { texts: ['other word'] })]
      await store.apply(batch('docs', { put: seen }))
      const asked = { ...asking('word', 'other'), match: 'any' as const }
      const scores = async () => (await store.lexical(asked)).map(({ score }) => score)
      const before = await scores()
      const hidden = Array.from({ length: 20 }, (_, at) =>
        sampleDocument(`docs:hidden${at}`, { access: [], texts: ['word '.repeat(50)] }),
      )
      await store.apply(batch('docs', { put: hidden }))

      expect(await scores()).toEqual(before)
    })

    test('equal scores are ordered by document id, then ordinal, whatever the order of writing', async () => {
      const store = await fresh()
      const ids = ['docs:b', 'docs:é', 'docs:a', 'docs:\u{1f600}', 'docs:\uff5e', 'docs:B']
      for (const id of ids) await store.apply(batch('docs', { put: [sampleDocument(id, { texts: ['tie', 'tie'] })] }))
      const sorted = ['docs:B', 'docs:a', 'docs:b', 'docs:é', 'docs:\uff5e', 'docs:\u{1f600}']
      const chunks = sorted.flatMap((id) => [`${id}#0`, `${id}#1`])

      expect(await store.ids('docs')).toEqual(sorted)
      expect(await store.ids('docs', { limit: 2 })).toEqual(sorted.slice(0, 2))
      expect(await store.ids('docs', { after: 'docs:c', limit: 2 })).toEqual(sorted.slice(3, 5))
      expect(await store.ids('docs', { after: 'docs:\u{1f600}', limit: 2 })).toEqual([])
      expect(await listed(store.documents([]))).toEqual(sorted)
      expect(await found(store, { ...asking('tie'), limit: 12 })).toEqual(chunks)
      expect(await found(store, { ...asking('tie'), limit: 5 })).toEqual(chunks.slice(0, 5))
    })

    test.for(ODD_TEXTS)('odd text is stored, found by its words and by nothing else: %s', async ([, text]) => {
      const store = await fresh()
      await store.apply(
        batch('docs', {
          put: [sampleDocument('docs:odd', { title: text.slice(0, 50), texts: [text] }), sampleDocument('docs:1')],
        }),
      )
      const words = [...new Set(wordsOf(text))]

      expect((await store.document('docs:odd', []))?.markdown === text.toWellFormed()).toBe(true)
      for (const word of words) expect(await found(store, asking(word))).toEqual(['docs:odd#0'])
      expect(await found(store, asking(...words))).toEqual(['docs:odd#0'])
      expect((await store.frequencies(words)).of).toEqual(new Map(words.map((word) => [word, 1])))
      expect(await found(store, asking(`${words[0]}zz`))).toEqual([])
    })

    test('a text that others include is found in its own document only, where that is asked for', async () => {
      const store = await fresh()
      const including = ['docs:1', 'docs:2'].map((id) => withIncludes(sampleDocument(id, { texts: ['own', 'own'] })))
      await store.apply(batch('docs', { put: [...including, sampleDocument('docs:9', { texts: ['own'] })] }))

      expect(await found(store, asking('own'))).toEqual(['docs:1#0', 'docs:1#1', 'docs:2#0', 'docs:2#1', 'docs:9#0'])
      const inPlace = { ...asking('own'), onlyInPlace: ['docs:8', 'docs:9'], limit: 3 }
      expect(await found(store, inPlace)).toEqual(['docs:1#0', 'docs:2#0', 'docs:9#0'])
      expect(await found(store, { ...inPlace, onlyInPlace: [], limit: 2 })).toEqual(['docs:1#0', 'docs:1#1'])
    })

    test('of one document no more chunks than told are found, its best, and others take their place', async () => {
      const store = await fresh()
      const texts = ['word', 'word word', 'word and others', 'word word word']
      await store.apply(
        batch('docs', {
          put: [sampleDocument('docs:1', { texts }), sampleDocument('docs:2', { texts: ['word x y z'] })],
        }),
      )

      const all = await found(store, asking('word'))
      const ofFirst = all.filter((place) => place.startsWith('docs:1'))
      expect(await found(store, { ...asking('word'), perDocument: 4 })).toEqual(all)
      expect(await found(store, { ...asking('word'), perDocument: 2, limit: 3 })).toEqual([
        ...ofFirst.slice(0, 2),
        'docs:2#0',
      ])
      expect(await found(store, { ...asking('word'), perDocument: 1, limit: 1 })).toEqual(ofFirst.slice(0, 1))
    })

    test('tokens are matched as they are: no folding, no splitting, no prefixes', async () => {
      const store = await fresh()
      await store.apply(putting('docs', { 'docs:1': 'err_conn-40.42 éte ß' }))
      const near = ['err', 'conn', 'err_conn', 'err_conn-40.4', 'ERR_CONN-40.42', 'ete', 'ÉTE', 'ss', 'é', 'guid', '']

      for (const word of near) expect(await found(store, asking(word))).toEqual([])
      expect(await found(store, asking('err_conn-40.42', 'éte', 'ß'))).toEqual(['docs:1#0'])
    })

    test('tokens of letters are listed by their beginning, and counted as far as a reader may read them', async () => {
      const store = await fresh()
      const put = [
        sampleDocument('docs:1', { title: 'alpha', texts: ['alpine beta', 'alpha al-1'] }),
        sampleDocument('docs:2', { access: ['group:staff'], title: 'x', texts: ['alpaca alpha été'] }),
      ]
      await store.apply(batch('docs', { put }))

      expect(await store.tokens('al', 10)).toEqual(['alpaca', 'alpha', 'alpine'])
      expect(await store.tokens('', 9)).toEqual(['alpaca', 'alpha', 'alpine', 'beta', 'guide', 'part', 'x', 'été'])
      expect(await store.tokens('al', 2)).toEqual(['alpaca', 'alpha'])
      expect(await store.tokens('ét', 10)).toEqual(['été'])
      expect(await store.tokens('al"', 10)).toEqual([])
      expect(await store.alike('alhpa', 1)).toContain('alpha')
      expect(await store.alike('lpin', 2)).toContain('alpine')
      expect(await store.alike('alpina', 1)).not.toContain('alpha')
      expect(await store.alike('éte', 1)).toContain('été')
      expect(await store.alike('al-', 2)).not.toContain('al-1')
      const held = async (as: readonly Principal[], most: number, sources?: readonly string[]) => {
        const tokens = ['alpha', 'alpaca', 'none']
        return [...(await store.held({ tokens, as, most, ...(sources && { sources }) })).values()]
      }
      expect(await held([], 9)).toEqual([2, 0, 0])
      expect(await held(['group:staff'], 9)).toEqual([3, 1, 0])
      expect(await held(['group:staff'], 2)).toEqual([2, 1, 0])
      expect(await held([], 9, ['other'])).toEqual([0, 0, 0])
      expect(await store.readable({ as: [] }, 9)).toBe(2)
      expect(await store.readable({ as: ['group:staff'] }, 9)).toBe(3)
      expect(await store.readable({ as: ['group:staff'] }, 1)).toBe(1)
      expect(await store.readable({ as: [], sources: ['other'] }, 9)).toBe(0)
    })

    test('all words of which another is a spelling by so many changes are told, wherever the changes are', async () => {
      const store = await fresh()
      const words = [
        'alpine',
        'lpine',
        'pine',
        'aplnie',
        'xalpine',
        'xylpine',
        'alpin',
        'alpi',
        'alpinexy',
        'lapinx',
        'apline',
      ]
      const others = ['a', 'ab', 'abc', '𐐨𐐩𐐪𐐫', '𐐩𐐪𐐫', '𐐨𐐪𐐩𐐫', 'été', 'ete', 'alpine2', 'alpine-x']
      for (const [at, text] of [...words, ...others].entries())
        await store.apply(putting('docs', { [`docs:${at}`]: text }))
      const tokens = await store.tokens('', 1000)
      expect(tokens).toEqual(expect.arrayContaining(words))

      for (const word of [...words, ...others, 'xlpinex', '_alpine', 'a.*']) {
        for (const changes of [1, 2] as const) {
          const distanceOf = distancesFrom(word, changes)
          const near = tokens.filter((other) => distanceOf(other) > 0 && distanceOf(other) <= changes)
          const alike = await store.alike(word, changes)
          expect(alike, `${word}, ${changes}`).toEqual(expect.arrayContaining(near))
          expect(tokens, `${word}, ${changes}`).toEqual(expect.arrayContaining([...alike]))
        }
      }
    })

    test('languages are those of documents that a reader may read', async () => {
      const store = await fresh()
      const of = (id: string, language: string, access: Access = 'public') => ({
        ...sampleDocument(id, { access }),
        language,
      })
      const put = [
        of('docs:1', 'fr'),
        of('docs:2', 'de', []),
        of('docs:3', 'en'),
        of('docs:4', 'en'),
        of('docs:5', 'it', ['group:staff']),
      ]
      expect(await store.languages({ as: [] })).toEqual([])
      await store.apply(batch('docs', { put }))

      expect(await store.languages({ as: [] })).toEqual(['en', 'fr'])
      expect(await store.languages({ as: ['group:staff'] })).toEqual(['en', 'fr', 'it'])
      expect(await store.languages({ as: [], sources: ['other'] })).toEqual([])
    })

    test('documents come whole and once, while others are written and removed', async () => {
      const store = await fresh()
      const ids = Array.from({ length: 70 }, (_, at) => `docs:${String(at).padStart(3, '0')}`)
      await store.apply(batch('docs', { put: ids.map((id) => sampleDocument(id)) }))
      const seen: string[] = []

      for await (const { head } of store.documents([])) {
        seen.push(head.id)
        if (seen.length === 30)
          await store.apply(batch('docs', { remove: ['docs:000', 'docs:005'], put: [sampleDocument('docs:0001')] }))
      }

      expect(seen).toEqual(ids)
    })

    test('a closed index says so, and closing it again is harmless', async () => {
      const store = await fresh()
      await store.apply(putting('docs', { 'docs:1': 'text' }))
      await store.close()
      await store.close()

      const uses = [
        store.state('docs'),
        store.apply(batch('docs')),
        store.lexical(asking('text')),
        store.passages([{ document: 'docs:1', ordinal: 0 }], { as: [] }),
        store.document('docs:1', []),
        store.frequencies(['text']),
        store.tokens('te', 1),
        store.alike('text', 1),
        store.languages({ as: [] }),
        store.held({ tokens: ['text'], as: [], most: 1 }),
        store.readable({ as: [] }, 1),
        listed(store.documents([])),
        store.sources(),
      ]
      for (const use of uses)
        await expect(use).rejects.toMatchObject({ code: 'UNEXPECTED', message: expect.stringMatching(/closed/) })
    })
  })
}
