import { expect, test } from 'vitest'
import { chunkAnalyser } from '../../src/analysis/analyse.ts'
import type { Access } from '../../src/core/access.ts'
import type { Chunk } from '../../src/core/document.ts'
import type { Store } from '../../src/core/store.ts'
import { openMemory } from '../../src/indexes/memory/memory.ts'
import { search } from '../../src/query/search.ts'
import { sectionOf } from '../../src/query/section.ts'
import { batch, passagesFor, sampleDocument } from '../conformance/index-samples.ts'

interface Part extends Partial<Pick<Chunk, 'tokens' | 'origin'>> {
  readonly under: string
  readonly text: string
}

const visitor = { as: [], limit: 10 }
const PRINTER: readonly Part[] = [
  { under: 'Setup', text: 'Unpack the printer.', tokens: 300 },
  { under: 'Repair > Lid', text: 'A printer jam? Of a printer jam, and of a printer jam.', tokens: 300 },
  { under: 'Repair > Noise', text: 'Nothing of it.', tokens: 300 },
  { under: 'Repair > Empty', text: 'After a printer jam, look for an empty tray.', tokens: 300 },
  { under: 'Repair > Also', text: 'Another printer jam is seldom.', tokens: 300 },
  {
    under: 'Repair > Never',
    text: 'A fourth printer jam of a printer that has a very long text around its few words.',
    tokens: 300,
  },
]

test('a document answers once, with what else of it answers nearly as well', async () => {
  const index = await indexOf(
    { 'docs:p': PRINTER, 'docs:q': [{ under: 'x', text: 'a printer', tokens: 300 }] },
    'Printer',
  )

  const [first, second, ...none] = await search(index, { ...visitor, text: 'printer jam' })

  expect([first?.id, second?.id, none]).toEqual(['docs:p', 'docs:q', []])
  expect(first?.headings).toEqual(['Repair', 'Lid'])
  expect(first?.passages.map(({ headings }) => headings.at(-1))).toEqual(['Also', 'Empty'])
  expect(first?.passages[0]?.snippet.highlights.length).toBe(2)
  expect(second?.passages).toEqual([])
})

test('a passage that only stands under the same title is no further one', async () => {
  const [hit] = await search(await indexOf({ 'docs:p': PRINTER.slice(0, 3) }, 'Unpack'), { ...visitor, text: 'unpack' })

  expect(hit?.headings).toEqual(['Setup'])
  expect(hit?.passages).toEqual([])
})

test('a brief answer is the same hits without what else there is of their documents', async () => {
  const index = await indexOf(
    {
      'docs:p': PRINTER,
      'docs:q': [
        { under: 'x', text: 'a printer' },
        { under: 'x', text: 'and its cable' },
      ],
    },
    'Printer',
  )
  const asked = { ...visitor, text: 'printer jam' }

  const whole = await search(index, asked)
  const brief = await search(index, { ...asked, isBrief: true })

  expect(whole.some(({ passages }) => passages.length > 0)).toBe(true)
  expect(whole.some(({ section }) => section !== undefined)).toBe(true)
  expect(brief).toEqual(whole.map(({ section: _, ...hit }) => ({ ...hit, passages: [] })))
})

test('where several passages a document are asked for, each stands for itself', async () => {
  const hits = await search(await indexOf({ 'docs:p': PRINTER }), { ...visitor, text: 'printer jam', perDocument: 3 })

  expect(hits.map(({ headings }) => headings.at(-1))).toEqual(['Lid', 'Also', 'Empty'])
  expect(hits.flatMap(({ passages }) => passages)).toEqual([])
})

test('what a passage includes is no further passage of the text that it is of', async () => {
  const fees = 'fees are due in May'
  const index = await indexOf({
    'docs:fees': [{ under: 'Fees', text: fees }],
    'docs:guide': [
      { under: 'A', text: 'all about fees that are due' },
      { under: 'B', text: fees, origin: 'docs:fees' },
    ],
  })

  const hits = await search(index, { ...visitor, text: 'fees due' })

  expect(hits.map(({ id, passages }) => [id, passages.length])).toEqual([
    ['docs:fees', 0],
    ['docs:guide', 0],
  ])
})

test('a small passage comes with its section: what is around it under the same headings, as far as it fits', async () => {
  const index = await indexOf({
    'docs:p': [
      { under: 'Other', text: 'before' },
      { under: 'Refunds', text: 'first', tokens: 100 },
      { under: 'Refunds', text: 'the zebra', tokens: 100 },
      { under: 'Refunds > Cards', text: 'third', tokens: 100 },
      { under: 'Other', text: 'behind' },
    ],
  })

  const [hit] = await search(index, { ...visitor, text: 'zebra' })

  expect(hit?.section).toEqual({ text: 'first\n\nthe zebra\n\nthird', start: 8, end: 31 })
})

test.each([
  [
    'large',
    [
      { under: 'A', text: 'zebra', tokens: 150 },
      { under: 'A', text: 'next', tokens: 1 },
    ],
    undefined,
  ],
  [
    'alone',
    [
      { under: 'A', text: 'zebra' },
      { under: 'B', text: 'next' },
    ],
    undefined,
  ],
  [
    'too near to large ones',
    [
      { under: 'A', text: 'zebra' },
      { under: 'A', text: 'next', tokens: 394 },
    ],
    undefined,
  ],
  [
    'under no heading',
    [
      { under: '', text: 'zebra' },
      { under: '', text: 'a' },
      { under: 'A', text: 'b' },
    ],
    'zebra\n\na',
  ],
  [
    'beside a longer word',
    [
      { under: 'A', text: 'zebra' },
      { under: 'AB', text: 'next' },
    ],
    undefined,
  ],
] as const)('a passage that is %s', async (_, parts, section) => {
  const [hit] = await search(await indexOf({ 'docs:p': parts }), { ...visitor, text: 'zebra' })

  expect(hit?.section?.text).toBe(section)
})

test('a section is read in the name of who asks, and only of the text that was found', async () => {
  const parts = [
    { under: 'A', text: 'zebra' },
    { under: 'A', text: 'next' },
  ]
  const index = await indexOf({ 'docs:p': parts }, '', ['group:staff'])
  const query = { groups: [['zebra']], match: 'any', as: ['group:staff'], limit: 1 } as const
  const [found] = await passagesFor(index, query)
  if (found === undefined) throw new Error('staff finds it')

  expect((await sectionOf(index, found, { as: ['group:staff'] }))?.text).toBe('zebra\n\nnext')
  expect(await sectionOf(index, found, { as: [] })).toBeNull()
  const changed = { ...found, chunk: { ...found.chunk, id: 'of a text that was there before' } }
  expect(await sectionOf(index, changed, { as: ['group:staff'] })).toBeNull()
})

async function indexOf(
  documents: Readonly<Record<string, readonly Part[]>>,
  title = '',
  access: Access = 'public',
): Promise<Store> {
  const index = openMemory()
  const put = Object.entries(documents).map(([id, parts]) => {
    const document = sampleDocument(id, { title, access, texts: parts.map(({ text }) => text) })
    const analyse = chunkAnalyser(title, 'en')
    const chunks = document.chunks.map((chunk, at) => {
      const { under = '', text: _, ...rest } = parts[at] ?? {}
      const made = { ...chunk, headings: under.split(' > ').filter((heading) => heading !== ''), ...rest }
      return { ...made, terms: analyse(made) }
    })
    return { ...document, chunks }
  })
  await index.apply(batch('docs', { put }))
  return index
}
