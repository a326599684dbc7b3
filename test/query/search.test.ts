import { expect, test } from 'vitest'
import { chunkAnalyser } from '../../src/analysis/analyse.ts'
import type { Access } from '../../src/core/access.ts'
import type { IndexedDocument } from '../../src/core/document.ts'
import type { Index, LexicalQuery, Store } from '../../src/core/store.ts'
import { openMemory } from '../../src/indexes/memory/memory.ts'
import { search } from '../../src/query/search.ts'
import { batch, sampleDocument } from '../conformance/index-samples.ts'

interface Article {
  readonly title?: string
  /** By text: whose it is, where it is another article's. */
  readonly origins?: Readonly<Record<string, string>>
  readonly texts: readonly string[]
  readonly access?: Access
}

const visitor = { as: [], limit: 10 }

test('a hit says where the passage is from and shows it', async () => {
  const index = await indexOf({ 'docs:1': { title: 'Passwords', texts: ['Click **Reset** to reset your password.'] } })

  const [hit] = await search(index, { ...visitor, text: 'resetting a password' })

  expect(hit).toMatchObject({
    id: 'docs:1',
    source: 'docs',
    title: 'Passwords',
    url: 'https://example.com/docs:1',
    path: ['Space', 'Parent'],
    headings: ['Guide', 'Part 0'],
    kind: 'page',
    updatedAt: '2026-05-01T00:00:00Z',
    chunk: { text: 'Click **Reset** to reset your password.' },
  })
  expect(hit?.snippet.text).toBe('Click Reset to reset your password.')
  expect(hit?.snippet.highlights.map(([start, end]) => hit.snippet.text.slice(start, end))).toEqual([
    'Reset',
    'reset',
    'password',
  ])
})

test('passages with every word come before passages with some, however often', async () => {
  const index = await indexOf({
    'docs:some': { title: 'Invoice invoice', texts: ['invoice invoice invoice'] },
    'docs:all': {
      texts: ['the refund of an invoice, in a long passage with many other words that make it score less'],
    },
    'docs:none': { texts: ['something else'] },
  })

  expect(await idsOf(index, 'invoice refund')).toEqual(['docs:all', 'docs:some'])
  expect(await idsOf(index, 'invoice refund unheardof')).toEqual(['docs:all', 'docs:some'])
})

test('one passage answers for a document, unless more are asked for', async () => {
  const many = { texts: Array.from({ length: 30 }, () => 'printer jam') }
  const index = await indexOf({ 'docs:many': many, 'docs:one': { texts: ['a printer that has other things to say'] } })

  expect(await idsOf(index, 'printer', 2)).toEqual(['docs:many', 'docs:one'])
  const several = await search(index, { ...visitor, text: 'printer', perDocument: 3 })
  expect(several.map((hit) => `${hit.id}#${hit.chunk.ordinal}`)).toEqual([
    'docs:many#0',
    'docs:many#1',
    'docs:many#2',
    'docs:one#0',
  ])
})

test('a text that several documents show answers once, in its own document', async () => {
  const fees = 'fees are due in May'
  const index = await indexOf({
    'docs:guide': { title: 'Fees', texts: [fees, 'something about fees'], origins: { [fees]: 'docs:fees' } },
    'docs:other': { texts: [fees], origins: { [fees]: 'docs:fees' } },
    'docs:fees': { texts: [fees] },
  })

  expect(await idsOf(index, 'fees due')).toEqual(['docs:fees', 'docs:guide'])
  expect((await search(index, { ...visitor, text: 'fees due', perDocument: 3 })).map(({ id }) => id)).toEqual([
    'docs:fees',
    'docs:guide',
  ])
})

test('a text whose own document does not answer answers in the first that includes it', async () => {
  const fees = 'fees are due in May'
  const index = await indexOf({
    'docs:a': { texts: [fees, 'other words'], origins: { [fees]: 'docs:fees' } },
    'docs:b': { texts: [fees], origins: { [fees]: 'docs:fees' } },
    'docs:fees': { texts: [fees], access: ['group:staff'] },
  })

  expect(await idsOf(index, 'fees')).toEqual(['docs:a'])
  expect((await search(index, { ...visitor, text: 'fees', perDocument: 3 })).map(({ id }) => id)).toEqual(['docs:a'])
  const staff = await search(index, { text: 'fees', as: ['group:staff'], limit: 10 })
  expect(staff.map(({ id }) => id)).toEqual(['docs:fees'])
})

test('an included text ranks by its best passage, of which its own document shows the same or none', async () => {
  const fees = 'fees are due in May'
  const guide = { title: 'Guide', texts: [fees], origins: { [fees]: 'docs:fees' } }
  const others = { 'docs:b': { texts: ['guide guide guide'] }, 'docs:c': { texts: ['guide guide'] } }
  const same = await indexOf({
    'docs:guide': guide,
    ...others,
    'docs:fees': { texts: [`${'long '.repeat(200)}${fees}`] },
  })
  const another = await indexOf({
    'docs:guide': guide,
    ...others,
    'docs:fees': { texts: ['what other fees there are'] },
  })

  expect(await idsOf(same, 'guide fees', 2)).toEqual(['docs:fees', 'docs:b'])
  expect(await idsOf(another, 'guide fees')).toEqual(['docs:guide', 'docs:b', 'docs:c'])
})

test('a text that thousands of documents include leaves room for others', async () => {
  const banner = 'contact support'
  const pages = Array.from({ length: 2100 }, (_, at) => [
    `docs:${at}`,
    { title: `Page ${at}`, texts: [banner], origins: { [banner]: 'docs:banner' } },
  ])
  const others = {
    'docs:banner': { texts: [banner] },
    'docs:x': { texts: [`${'long '.repeat(50)} support to contact`] },
  }
  const index = await indexOf({ ...Object.fromEntries(pages), ...others })

  expect(await idsOf(index, 'contact support')).toEqual(['docs:banner', 'docs:x'])
})

test('a document answers once with what it says and what it includes', async () => {
  const fees = 'fees are due in May'
  const index = await indexOf({
    'docs:a': { texts: [fees, 'more about fees'], origins: { [fees]: 'docs:fees' } },
    'docs:fees': { texts: [fees], access: ['group:staff'] },
  })

  expect(await idsOf(index, 'fees')).toEqual(['docs:a'])
})

test('words that are everywhere are not asked for, unless there are no others', async () => {
  const everywhere = Object.fromEntries(
    Array.from({ length: 2100 }, (_, at) => [`docs:${at}`, { texts: ['how do we do'] }]),
  )
  const index = await indexOf({ ...everywhere, 'docs:vpn': { texts: ['vpn settings'] } })
  const asked: LexicalQuery[] = []
  const spied: Index = {
    ...index,
    lexical: (query) => {
      asked.push(query)
      return index.lexical(query)
    },
  }

  expect(await idsOf(spied, 'how do we vpn')).toEqual(['docs:vpn'])
  expect(asked.flatMap((query) => query.groups)).toEqual([['vpn']])
  expect(await idsOf(index, 'how do we')).toHaveLength(10)
})

test.for(['', ' ', '???', '"', '*', '()', '\0', '😀', '\ud800', '-- ; :'])('%j has no hits', async (text) => {
  const index = await indexOf({ 'docs:1': { texts: ['some text 😀 "*"'] } })

  expect(await search(index, { ...visitor, text })).toEqual([])
})

test.for([
  'password" OR "secret',
  'title:password NEAR(secret, 5) NOT x',
  "password'; DROP TABLE document; --",
  `password ${'x '.repeat(100_000)}`,
  `password ${'('.repeat(5000)}`,
  `password ${Array.from({ length: 5000 }, (_, at) => `w${at}`).join(' ')}`,
])('whatever is typed is words: %j', async (text) => {
  const index = await indexOf({
    'docs:1': { texts: ['password'] },
    'docs:2': { texts: ['secret'], access: [] },
    'docs:3': { texts: ['other'] },
  })

  expect(await idsOf(index, text)).toEqual(['docs:1'])
})

test('the limit is taken into 1..100, and is a number', async () => {
  const index = await indexOf(
    Object.fromEntries(Array.from({ length: 120 }, (_, at) => [`docs:${at}`, { texts: ['word'] }])),
  )

  expect(await idsOf(index, 'word', 0)).toHaveLength(1)
  expect(await idsOf(index, 'word', 1000)).toHaveLength(100)
  await expect(idsOf(index, 'word', Number.NaN)).rejects.toMatchObject({ code: 'USAGE' })
})

test('only what the asker may read, of the sources asked for, even from a driver that forgets both', async () => {
  const index = await indexOf({
    'docs:staff': { texts: ['word'], access: ['group:staff'] },
    'docs:public': { texts: ['word'] },
  })
  const all: Index = {
    ...index,
    lexical: (query) =>
      index.lexical({ groups: query.groups, match: query.match, limit: query.limit, as: ['group:staff'] }),
  }

  expect(await idsOf(all, 'word')).toEqual(['docs:public'])
  const staff = { text: 'word', as: ['group:staff'] as const, limit: 10 }
  expect((await search(all, staff)).map((hit) => hit.id)).toEqual(['docs:public', 'docs:staff'])
  expect(await search(all, { ...staff, sources: ['other'] })).toEqual([])
})

async function indexOf(articles: Readonly<Record<string, Article>>): Promise<Store> {
  const index = openMemory()
  await index.apply(batch('docs', { put: Object.entries(articles).map(([id, article]) => documentOf(id, article)) }))
  return index
}

function documentOf(id: string, { title = '', texts, access = 'public', origins }: Article): IndexedDocument {
  const document = sampleDocument(id, { title, texts, access })
  return {
    ...document,
    chunks: document.chunks.map((chunk) => {
      const origin = origins?.[chunk.text]
      return { ...chunk, terms: chunkAnalyser(title, 'en')(chunk), ...(origin !== undefined && { origin }) }
    }),
  }
}

async function idsOf(index: Index, text: string, limit = 10): Promise<string[]> {
  return (await search(index, { as: [], text, limit })).map((hit) => hit.id)
}
