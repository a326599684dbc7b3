import { expect, test } from 'vitest'
import type { Access } from '../../src/core/access.ts'
import type { Body, IndexedDocument } from '../../src/core/document.ts'
import { UnsiloError } from '../../src/core/errors.ts'
import type { Store } from '../../src/core/store.ts'
import { openMemory } from '../../src/indexes/memory/memory.ts'
import { type Page, run } from './pages.ts'

const ENG: Access = ['group:eng']
const BOTH: Access = ['group:eng', 'group:staff']

/** `html` may hold `{2}`, which includes page 2, and `{2#fees}`, which includes its excerpt. */
function page(id: string, html: string, rest: Omit<Page, 'id' | 'load'> = {}): Page {
  const written = html.replace(/\{(\w+)(?:#(\w*))?\}/g, (_, target: string, part?: string) => {
    const attributes = `target="${target}"${part === undefined ? '' : ` part="${part}"`}`
    return `<unsilo-include ${attributes}><a href="https://e.com/${target}">${target}</a></unsilo-include>`
  })
  return { id, load: async () => ({ html: written }), ...rest }
}

async function textOf(store: Store, id: string): Promise<string> {
  return (await store.stored([`s:${id}`])).get(`s:${id}`)?.markdown.trim().replaceAll('\n\n', ' / ') ?? '(none)'
}

const link = (id: string) => `[${id}](https://e.com/${id})`
const excerpts = '<p>a</p><unsilo-excerpt name="fees"><p>b</p><ul><li>c</li></ul></unsilo-excerpt><p>d</p>'

const SETTLED: readonly (readonly [what: string, pages: readonly Page[], text: string])[] = [
  ['a page', [page('1', '<p>a</p>{2}<p>b</p>'), page('2', '<h2>T</h2><p>t</p>')], 'a / ## T / t / b'],
  ['a page, twice', [page('1', '{2}{2}'), page('2', 't')], 't / t'],
  ['an excerpt', [page('1', '{2#fees}'), page('2', excerpts)], 'b / - c'],
  ['the first excerpt', [page('1', '{2#}'), page('2', excerpts)], 'b / - c'],
  ['no excerpt of another name', [page('1', '{2#other}'), page('2', excerpts)], link('2')],
  ['no page without text', [page('1', '{2}'), page('2', '')], link('2')],
  ['no page that is not there', [page('1', 'a{2}')], `a / ${link('2')}`],
  ['what the included page includes', [page('1', '{2}'), page('2', 'b{3}'), page('3', 'c')], 'b / c'],
  [
    'of an excerpt only what it includes itself',
    [page('1', '{2#x}'), page('2', '{3}<unsilo-excerpt name="x">{3}b</unsilo-excerpt>{3}'), page('3', 'c')],
    'c / b',
  ],
  ['no page inside itself', [page('1', 'a{2}'), page('2', 'b{1}')], `a / b / ${link('1')}`],
  ['not itself', [page('1', '<unsilo-excerpt name="x">a</unsilo-excerpt>{1#x}')], `a / ${link('1')}`],
  ['what everybody may read', [page('1', '{2}'), page('2', 't', { access: 'public' })], 't'],
  [
    'for everybody, nothing that only some may read',
    [page('1', '{2}', { access: 'public' }), page('2', 't')],
    link('2'),
  ],
  ['for two groups, nothing for one of them', [page('1', '{2}', { access: BOTH }), page('2', 't')], link('2')],
  ['for one group, what two may read', [page('1', '{2}'), page('2', 't', { access: BOTH })], 't'],
  ['for nobody, what somebody may read', [page('1', '{2}', { access: [] }), page('2', 't')], 't'],
  [
    'inside an included page, nothing that the readers of the outer one may not read',
    [page('1', '{2}', { access: BOTH }), page('2', 'b{3}', { access: BOTH }), page('3', 'c', { access: ENG })],
    `b / ${link('3')}`,
  ],
]

test.each(SETTLED)('a page includes %s', async (_, pages, text) => {
  const store = openMemory()

  await run(store, pages)

  expect(await textOf(store, '1')).toBe(text)
})

const CHANGES: readonly (readonly [what: string, before: readonly Page[], after: readonly Page[], text: string])[] = [
  ['edited', [page('2', 'old')], [page('2', 'new', { version: '2' })], 'new'],
  ['deleted', [page('2', 't')], [], link('2')],
  ['restricted', [page('2', 't')], [page('2', 't', { access: ENG })], link('2')],
  ['opened', [page('2', 't', { access: ENG })], [page('2', 't', { access: BOTH })], 't'],
  ['added', [], [page('2', 't')], 't'],
  ['given another title', [page('2', 't')], [page('2', 't', { title: 'New' })], 't'],
]

test.each(CHANGES)('an includer follows when what it includes is %s', async (_, before, after, text) => {
  const store = openMemory()
  const others = [page('1', '{2}'), page('3', 'x'), page('4', 'x')]
  await run(store, [...others, ...before])

  await run(store, [...others, ...after])

  expect(await textOf(store, '1')).toBe(text)
  expect((await store.chunks('s:1'))[0]?.text).toBe(text)
})

test('an includer follows what is included by what it includes', async () => {
  const store = openMemory()
  const outer = [page('1', '{2}'), page('2', 'b{3}')]
  await run(store, [...outer, page('3', 'old')])

  await run(store, [...outer, page('3', 'new', { version: '2' })])

  expect(await textOf(store, '1')).toBe('b / new')
})

test('a page that more people may read loses what they may not, in one write', async () => {
  const store = openMemory()
  await run(store, [page('1', '{2}'), page('2', 't'), page('3', 'x')])
  const seen: unknown[] = []
  const watched: Store = {
    ...store,
    apply: async (batch) => {
      await store.apply(batch)
      seen.push([(await store.heads('s', ['s:1'])).get('s:1')?.head.access, await textOf(store, '1')])
    },
  }

  await run(watched, [page('1', '{2}', { access: 'public' }), page('2', 't'), page('3', 'x')])

  expect(new Set(seen.map((each) => JSON.stringify(each)))).toEqual(new Set([JSON.stringify(['public', link('2')])]))
})

test.each([
  ['restricted', [page('2', 't', { access: ENG })]],
  ['deleted', []],
])('text that is %s has left its includers before it is so, whenever the run dies', async (_, after) => {
  for (let writes = 1; writes <= 3; writes++) {
    const store = openMemory()
    const others = [page('1', '{2}'), page('3', 'x'), page('4', 'x')]
    await run(store, [...others, page('2', 't')])

    await run(mortal(store, writes), [...others, ...after])

    expect(await textOf(store, '1')).toBe(link('2'))
    await run(store, [...others, ...after])
    expect(await textOf(store, '1')).toBe(link('2'))
  }
})

test('text that more people may read is not included for them before they may read it, whenever the run dies', async () => {
  for (let writes = 0; writes <= 3; writes++) {
    const store = openMemory()
    const before = [page('1', '{2}', { access: BOTH }), page('2', 't'), page('3', 'x')]
    const after = [page('1', '{2}', { access: BOTH }), page('2', 't', { access: BOTH }), page('3', 'x')]
    await run(store, before)

    await run(mortal(store, writes), after)

    const access = (await store.heads('s', ['s:2'])).get('s:2')?.head.access
    if ((await textOf(store, '1')) === 't') expect(access).toEqual(BOTH)
    await run(store, after)
    expect(await textOf(store, '1')).toBe('t')
  }
})

test('a text that another converter made is still loaded anew after something was put into it', async () => {
  const store = openMemory()
  const others = [page('2', 't'), page('3', 'x')]
  await run(store, [page('1', 'old{2}'), ...others])
  await run({ ...store, apply: (batch) => store.apply({ ...batch, put: batch.put.map(fromOtherConverter) }) }, [
    page('1', 'old{2}', { version: '2' }),
    ...others,
  ])
  const fails = async (): Promise<Body> => Promise.reject(new UnsiloError('DOCUMENT_UNREADABLE', 'broken'))
  const failing = { ...page('1', '', { version: '2' }), load: fails }
  await run(store, [failing, page('2', 'new', { version: '2' }), page('3', 'x')])
  expect(await textOf(store, '1')).toBe('old / new')

  await run(store, [page('1', 'converted{2}', { version: '2' }), page('2', 'new', { version: '2' }), page('3', 'x')])

  expect(await textOf(store, '1')).toBe('converted / new')
})

test('text that is restricted leaves its includers although the listing fails behind it', async () => {
  const store = openMemory()
  await run(store, [page('2', 't'), page('1', '{2}')])

  const report = await run(store, [page('2', 't', { access: ENG })], {
    throws: new UnsiloError('SOURCE_UNAVAILABLE', 'down'),
  })

  expect(report.error?.code).toBe('SOURCE_UNAVAILABLE')
  expect(await textOf(store, '1')).toBe(link('2'))
})

test('what a run that died left undone, the next one mends without loading anything', async () => {
  const store = openMemory()
  const deadAtPut: Store = {
    ...store,
    apply: (batch) =>
      batch.put.some(({ edges }) => edges !== undefined) ? Promise.reject(new Error('dead')) : store.apply(batch),
  }
  const pages = [page('1', '{2}'), page('2', 't')]
  await run(deadAtPut, pages)
  expect(await textOf(store, '1')).toBe(link('2'))

  const never = async (): Promise<Body> => Promise.reject(new Error('asked'))
  const report = await run(
    store,
    pages.map((each) => ({ ...each, load: never })),
  )

  expect(report.run.outcome).toBe('ok')
  expect(await textOf(store, '1')).toBe('t')
})

test('a run without changes writes nothing for includers', async () => {
  const store = openMemory()
  const pages = [page('1', '{2}{9}'), page('2', 't{1}')]
  await run(store, pages)
  const batches: unknown[] = []
  const watched: Store = { ...store, apply: async (batch) => void batches.push(batch) }

  await run(watched, pages)

  expect(batches).toEqual([{ source: 's', put: [], refresh: [], remove: [], failed: [], run: expect.anything() }])
})

test('an includer that failed stays in quarantine when only what it includes is new', async () => {
  const store = openMemory()
  const fails = async (): Promise<Body> => Promise.reject(new UnsiloError('DOCUMENT_UNREADABLE', 'broken'))
  const broken = { ...page('1', '{2}', { version: '2' }), load: fails }
  await run(store, [page('1', '{2}'), page('2', 'old')])

  await run(store, [broken, page('2', 'new', { version: '2' })])

  expect(await textOf(store, '1')).toBe('new')
  expect(await store.quarantine('s')).toMatchObject([{ id: 's:1', reason: 'broken' }])
})

test('pages that include each other many times stay small, and say that they were cut', async () => {
  const store = openMemory()
  const levels = Array.from({ length: 14 }, (_, at) => page(`${at + 1}`, `a${`{${at + 2}}`.repeat(9)}`))
  const chain = Array.from({ length: 14 }, (_, at) => page(`c${at}`, `a{c${at + 1}}`))
  const large = page('large', `<p>${'word '.repeat(150_000)}</p>`)

  await run(store, [...levels, ...chain, large, page('fan', '{large}{large}{large}')])

  const stored = await store.stored(['s:1', 's:14', 's:fan'])
  expect(stored.get('s:1')?.markdown.length).toBeLessThan(2_000_000)
  expect(stored.get('s:1')?.losses['include:cut']).toBeGreaterThan(0)
  expect(stored.get('s:14')?.losses).toEqual({})
  expect(await textOf(store, 'c0')).toBe(`${'a / '.repeat(11)}${link('c11')}`)
  expect(stored.get('s:fan')?.losses).toEqual({ 'include:cut': 1 })
})

test('a page into which nothing can be put keeps its links, and the run goes on', async () => {
  const store = openMemory()
  const noText = 42 as unknown as string
  const damaged: Store = {
    ...store,
    stored: async (ids) =>
      new Map([...(await store.stored(ids))].map(([id, it]) => [id, id === 's:2' ? { ...it, markdown: noText } : it])),
  }

  const report = await run(damaged, [page('1', '{2}'), page('2', 't'), page('3', '{4}'), page('4', 'u')])

  expect(report.run.outcome).toBe('ok')
  expect(await textOf(store, '1')).toBe(link('2'))
  expect((await store.stored(['s:1'])).get('s:1')?.losses).toEqual({ 'include:failed': 1 })
  expect(await textOf(store, '3')).toBe('u')
})

test('chunks of included text say whose it is, the innermost document’s', async () => {
  const store = openMemory()

  await run(store, [page('1', '<h1>H</h1><p>one</p>{2}<p>end</p>'), page('2', 'two{3}two'), page('3', 'three')])

  const chunks = await store.chunks('s:1')
  expect(chunks.map(({ text, headings, origin }) => [text, headings, origin])).toEqual([
    ['# H\n\none', ['H'], undefined],
    ['two', ['H'], 's:2'],
    ['three', ['H'], 's:3'],
    ['two', ['H'], 's:2'],
    ['end', ['H'], undefined],
  ])
})

/** A store that takes so many writes and no more. */
function mortal(store: Store, writes: number): Store {
  let left = writes
  const apply: Store['apply'] = async (batch) => {
    if (left-- <= 0) throw new UnsiloError('DISK', 'full')
    await store.apply(batch)
  }
  return { ...store, apply }
}

function fromOtherConverter(document: IndexedDocument): IndexedDocument {
  return { ...document, recipe: { ...document.recipe, converter: 'other' } }
}
