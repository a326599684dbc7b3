/**
 * What every index driver must do. A driver's own test is a call of `testIndex` and what only that driver does. Each
 * test gets a fresh place; a durable driver also opens it again and reads it beside the writer.
 */
import { afterEach, describe, expect, test } from 'vitest'
import type { Access, Principal, Store } from '../../src/core/types.ts'
import {
  asking,
  batch,
  contents,
  found,
  listed,
  putting,
  sampleDocument,
  sampleHead,
  sampleRun,
  wordsOf,
} from './index-samples.ts'

export interface IndexPlace {
  write(): Promise<Store>
  /** A second opener beside the writer; absent where nothing is kept outside the process. */
  readonly read?: () => Promise<Store>
}

export interface IndexUnderTest {
  readonly name: string
  /** A place that holds nothing yet. */
  readonly place: () => IndexPlace
}

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

export function testIndex({ name, place }: IndexUnderTest): void {
  const opened: Store[] = []

  async function kept(store: Promise<Store>): Promise<Store> {
    opened.push(await store)
    return store
  }

  async function fresh(): Promise<Store> {
    return kept(place().write())
  }

  afterEach(async () => {
    for (const store of opened.splice(0)) await store.close()
  })

  describe(`${name} index: batches`, () => {
    test('what is put can be read back whole', async () => {
      const store = await fresh()
      const document = sampleDocument('docs:1', { title: 'Printers', texts: ['first part', 'second part'] })

      await store.apply(batch('docs', { put: [document] }))

      const { chunks, ...stored } = document
      expect(await store.stored(['docs:1', 'docs:2'])).toEqual(new Map([['docs:1', stored]]))
      expect(await store.document('docs:1', [])).toEqual(stored)
      expect(await store.chunks('docs:1')).toEqual(chunks.map(({ terms: _, ...chunk }) => chunk))
      expect(await store.heads('docs', ['docs:2', 'docs:1'])).toEqual(
        new Map([['docs:1', { head: document.head, recipe: document.recipe }]]),
      )
      const [hit] = await store.lexical(asking('second'))
      expect(hit?.document).toEqual({ source: 'docs', head: document.head, recipe: document.recipe })
      expect(hit?.chunk).toEqual((await store.chunks('docs:1'))[1])
      expect(hit?.score).toBeGreaterThan(0)
    })

    test('a second put replaces the document and all its chunks', async () => {
      const store = await fresh()
      await store.apply(
        batch('docs', { put: [sampleDocument('docs:1', { texts: ['old one', 'old two', 'old three'] })] }),
      )

      await store.apply(
        batch('docs', { put: [sampleDocument('docs:1', { texts: ['new one'], access: ['group:staff'] })] }),
      )

      expect((await store.chunks('docs:1')).map((chunk) => chunk.text)).toEqual(['new one'])
      expect(await found(store, { ...asking('old'), as: ['group:staff'] })).toEqual([])
      expect(await found(store, { ...asking('one'), as: ['group:staff'] })).toEqual(['docs:1#0'])
      expect(await found(store, asking('one'))).toEqual([])
      expect(await store.stats('docs')).toEqual({ documents: 1, chunks: 1 })
    })

    test('a removed document is gone from every answer', async () => {
      const store = await fresh()
      await store.apply(putting('docs', { 'docs:1': 'gone', 'docs:2': 'stays' }))

      await store.apply(batch('docs', { remove: ['docs:1', 'docs:unknown'] }))

      expect(await store.ids('docs')).toEqual(['docs:2'])
      expect(await store.document('docs:1', [])).toBeNull()
      expect(await store.chunks('docs:1')).toEqual([])
      expect(await found(store, asking('gone'))).toEqual([])
      expect(await store.frequencies(['gone', 'stays'])).toEqual({
        chunks: 1,
        of: new Map([
          ['gone', 0],
          ['stays', 1],
        ]),
      })
      expect(await listed(store.documents([]))).toEqual(['docs:2'])
    })

    test('a refresh replaces the head and keeps text and chunks; an unknown id is ignored', async () => {
      const store = await fresh()
      await store.apply(putting('docs', { 'docs:1': 'same words' }))
      const chunks = await store.chunks('docs:1')
      const head = { ...sampleHead('docs:1', ['group:staff'], 'Renamed'), path: ['Elsewhere'] }

      await store.apply(batch('docs', { refresh: [head, sampleHead('docs:unknown')] }))

      expect((await store.heads('docs', ['docs:1'])).get('docs:1')?.head).toEqual(head)
      expect(await store.chunks('docs:1')).toEqual(chunks)
      expect(await store.ids('docs')).toEqual(['docs:1'])
      expect(await found(store, asking('same'))).toEqual([])
      expect(await found(store, { ...asking('same'), as: ['group:staff'] })).toEqual(['docs:1#0'])
    })

    test('a batch applied twice equals the batch applied once', async () => {
      const store = await fresh()
      await store.apply(putting('docs', { 'docs:old': 'old', 'docs:kept': 'kept' }))
      const second = batch('docs', {
        put: [sampleDocument('docs:new', { texts: ['new', 'words'] })],
        refresh: [sampleHead('docs:kept', [], 'Kept')],
        remove: ['docs:old'],
        failed: [{ id: 'docs:bad', code: 'DOCUMENT_UNREADABLE', reason: 'no body', at: '2026-05-01T00:00:00Z' }],
        state: { cursor: { page: 2 }, seen: ['docs:new'] },
        run: sampleRun('r1', '2026-05-01T00:00:00Z'),
      })

      await store.apply(second)
      const once = await contents(store, ['docs'])
      const hits = await store.lexical(asking('new'))
      await store.apply(second)

      expect(await contents(store, ['docs'])).toEqual(once)
      expect(await store.lexical(asking('new'))).toEqual(hits)
    })

    test.for([
      [
        'a document of another source',
        { put: [sampleDocument('docs:2'), sampleDocument('other:1'), sampleDocument('docs:3')] },
      ],
      [
        'access for something that is no principal',
        { put: [sampleDocument('docs:2', { access: ['public'] as never })] },
      ],
      ['a refresh of another source', { refresh: [sampleHead('docs:1', []), sampleHead('other:1')] }],
      ['a removal of another source', { remove: ['docs:1', 'other:1'] }],
      ['a run of another source', { run: sampleRun('r1', '2026-05-01T00:00:00Z', 'other') }],
    ] as const)('a batch with %s leaves nothing behind', async ([, bad]) => {
      const store = await fresh()
      await store.apply(putting('docs', { 'docs:1': 'first' }))
      await store.apply(putting('other', { 'other:1': 'first' }))
      const before = await contents(store, ['docs', 'other'])

      const applied = store.apply(batch('docs', { ...bad, state: { cursor: 9, seen: null } }))

      await expect(applied).rejects.toMatchObject({ code: 'UNEXPECTED' })
      expect(await contents(store, ['docs', 'other'])).toEqual(before)
    })

    test('what the caller changes afterwards does not reach the index', async () => {
      const store = await fresh()
      const state = { cursor: { page: 1 }, seen: ['docs:1'] }
      await store.apply(batch('docs', { state }))

      state.cursor.page = 2
      state.seen.push('docs:2')

      expect(await store.state('docs')).toEqual({ cursor: { page: 1 }, seen: ['docs:1'] })
    })
  })

  describe(`${name} index: sources, states, runs`, () => {
    test('the state is null until it is stored, and stays where it is when a batch has none', async () => {
      const store = await fresh()
      expect(await store.state('docs')).toBeNull()

      await store.apply(putting('docs', { 'docs:1': 'text' }))
      expect(await store.state('docs')).toBeNull()

      await store.apply(batch('docs', { state: { cursor: { b: [1, null], a: 'é' }, seen: [] } }))
      await store.apply(putting('docs', { 'docs:2': 'text' }))
      expect(await store.state('docs')).toEqual({ cursor: { a: 'é', b: [1, null] }, seen: [] })

      await store.apply(batch('docs', { state: { cursor: null, seen: null } }))
      expect(await store.state('docs')).toEqual({ cursor: null, seen: null })
    })

    test('two sources do not see each other', async () => {
      const store = await fresh()
      await store.apply(batch('a', { ...putting('a', { 'a:1': 'shared word' }), state: { cursor: 1, seen: null } }))
      await store.apply(
        batch('b', { ...putting('b', { 'b:1': 'shared word' }), run: sampleRun('r', '2026-01-01', 'b') }),
      )

      expect(await store.sources()).toEqual(['a', 'b'])
      expect([await store.ids('a'), await store.ids('b'), await store.ids('c')]).toEqual([['a:1'], ['b:1'], []])
      expect([await store.state('a'), await store.state('b')]).toEqual([{ cursor: 1, seen: null }, null])
      expect(await store.heads('a', ['b:1'])).toEqual(new Map())
      expect(await store.runs('a', 10)).toEqual([])
      expect(await store.stats('a')).toEqual({ documents: 1, chunks: 1 })
      expect(await store.stats('c')).toEqual({ documents: 0, chunks: 0 })
      expect(await found(store, { ...asking('shared'), sources: ['b'] })).toEqual(['b:1#0'])
      expect(await found(store, { ...asking('shared'), sources: [] })).toEqual([])
      expect(await listed(store.documents([], ['a']))).toEqual(['a:1'])
      expect(await listed(store.documents([], []))).toEqual([])
    })

    test('a failure is kept until a later batch puts, refreshes or removes its id', async () => {
      const store = await fresh()
      const failure = (id: string, reason = 'broken') => ({
        id,
        code: 'DOCUMENT_UNREADABLE',
        reason,
        at: '2026-05-01T00:00:00Z',
      })
      const ids = ['', 'docs:1', 'docs:2', 'docs:3', 'docs:4']
      await store.apply(batch('docs', { failed: ids.map((id) => failure(id)) }))
      await store.apply(batch('other', { failed: [failure('other:1')] }))

      await store.apply(
        batch('docs', { refresh: [sampleHead('docs:4', [])], failed: [failure('docs:4', 'still broken')] }),
      )
      expect(await store.quarantine('docs')).toEqual([
        ...ids.slice(0, 4).map((id) => failure(id)),
        failure('docs:4', 'still broken'),
      ])

      await store.apply(
        batch('docs', { put: [sampleDocument('docs:1')], refresh: [sampleHead('docs:2')], remove: ['', 'docs:3'] }),
      )
      expect(await store.quarantine('docs')).toEqual([failure('docs:4', 'still broken')])
      expect(await store.quarantine('other')).toEqual([failure('other:1')])
    })

    test('runs come newest first, and the same id replaces', async () => {
      const store = await fresh()
      const [first, second, third] = ['2026-05-01', '2026-05-03', '2026-05-02'].map((day, at) =>
        sampleRun(`r${at}`, `${day}T00:00:00Z`),
      )
      for (const run of [first, second, third]) await store.apply(batch('docs', run && { run }))
      const failed = {
        ...sampleRun('r0', '2026-05-01T00:00:00Z'),
        outcome: 'failed',
        error: { code: 'DISK', message: 'full' },
      } as const

      await store.apply(batch('docs', { run: failed }))

      expect(await store.runs('docs', 10)).toEqual([second, third, failed])
      expect(await store.runs('docs', 1)).toEqual([second])
    })
  })

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

    test('a title weighs more than a heading, a heading more than text, a rare word more than a common one', async () => {
      const store = await fresh()
      const filler = Array.from({ length: 20 }, (_, at) => sampleDocument(`docs:filler${at}`, { texts: ['common'] }))
      const inHeading = sampleDocument('docs:b-heading', { texts: ['one two'] })
      const [chunk] = inHeading.chunks
      const terms = { title: [], headings: ['printer', 'part'], body: ['one', 'two'] }
      const put = [
        ...filler,
        sampleDocument('docs:c-body', { texts: ['printer one'] }),
        ...(chunk ? [{ ...inHeading, chunks: [{ ...chunk, terms }] }] : []),
        sampleDocument('docs:a-title', { title: 'printer', texts: ['one'] }),
        sampleDocument('docs:rare', { texts: ['unusual'] }),
      ]
      await store.apply(batch('docs', { put }))

      expect(await found(store, asking('printer'))).toEqual(['docs:a-title#0', 'docs:b-heading#0', 'docs:c-body#0'])
      expect((await found(store, { ...asking('common', 'unusual'), match: 'any' }))[0]).toBe('docs:rare#0')
    })

    test('equal scores are ordered by document id, then ordinal, whatever the order of writing', async () => {
      const store = await fresh()
      const ids = ['docs:b', 'docs:é', 'docs:a', 'docs:\u{1f600}', 'docs:\uff5e', 'docs:B']
      for (const id of ids) await store.apply(batch('docs', { put: [sampleDocument(id, { texts: ['tie', 'tie'] })] }))
      const sorted = ['docs:B', 'docs:a', 'docs:b', 'docs:é', 'docs:\uff5e', 'docs:\u{1f600}']
      const chunks = sorted.flatMap((id) => [`${id}#0`, `${id}#1`])

      expect(await store.ids('docs')).toEqual(sorted)
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

    test('tokens are matched as they are: no folding, no splitting, no prefixes', async () => {
      const store = await fresh()
      await store.apply(putting('docs', { 'docs:1': 'err_conn-40.42 éte ß' }))
      const near = ['err', 'conn', 'err_conn', 'err_conn-40.4', 'ERR_CONN-40.42', 'ete', 'ÉTE', 'ss', 'é', 'guid', '']

      for (const word of near) expect(await found(store, asking(word))).toEqual([])
      expect(await found(store, asking('err_conn-40.42', 'éte', 'ß'))).toEqual(['docs:1#0'])
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
        store.document('docs:1', []),
        store.frequencies(['text']),
        listed(store.documents([])),
        store.sources(),
      ]
      for (const use of uses)
        await expect(use).rejects.toMatchObject({ code: 'UNEXPECTED', message: expect.stringMatching(/closed/) })
    })
  })

  describe.skipIf(place().read === undefined)(`${name} index: kept outside the process`, () => {
    test('everything survives closing and opening again', async () => {
      const somewhere = place()
      const first = await kept(somewhere.write())
      await first.apply(
        batch('docs', {
          put: [sampleDocument('docs:1', { texts: ['kept words'] })],
          failed: [{ id: 'docs:2', code: 'DOCUMENT_UNREADABLE', reason: 'no body', at: '2026-05-01T00:00:00Z' }],
          state: { cursor: { page: 3 }, seen: ['docs:1'] },
          run: sampleRun('r1', '2026-05-01T00:00:00Z'),
        }),
      )
      const before = await contents(first, ['docs'])
      await first.close()

      const second = await kept(somewhere.write())

      expect(await contents(second, ['docs'])).toEqual(before)
      expect(await found(second, asking('kept'))).toEqual(['docs:1#0'])
    })

    test('a reader beside the writer sees each batch whole or not at all', async () => {
      const somewhere = place()
      const writer = await kept(somewhere.write())
      await writer.apply(putting('docs', { 'docs:1': 'old' }))
      const reader = await kept(somewhere.read?.() ?? Promise.reject(new Error('no reader')))
      expect(await found(reader, asking('old'))).toEqual(['docs:1#0'])

      const writing = writer.apply(
        batch('docs', { ...putting('docs', { 'docs:1': 'new', 'docs:2': 'new' }), state: { cursor: 2, seen: null } }),
      )
      const during = [await reader.ids('docs'), (await reader.state('docs'))?.cursor]
      await writing

      expect([
        [['docs:1'], undefined],
        [['docs:1', 'docs:2'], 2],
      ]).toContainEqual(during)
      expect(await found(reader, asking('old'))).toEqual([])
      expect(await found(reader, asking('new'))).toEqual(['docs:1#0', 'docs:2#0'])
      expect((await reader.frequencies(['new'])).of.get('new')).toBe(2)
      await expect(reader.apply(batch('docs'))).rejects.toThrow(/reading/)
    })
  })
}
