import { expect, test } from 'vitest'
import { readerOf } from '../../src/serve/help/element/identity.ts'
import { partsOf, rangesOf } from '../../src/serve/help/element/marks.ts'
import { fragmentOf, type Route, routeOf } from '../../src/serve/help/element/routes.ts'
import { know, knownId } from '../../src/serve/help/element/space.ts'
import { localeOf } from '../../src/serve/help/element/words.ts'
import { tokenOf } from './site.ts'

test.each<Route>([
  { view: 'home' },
  { view: 'search', query: 'café & crème #1' },
  { view: 'collection', source: 'wiki', path: ['A/B', 'Ü?'] },
  { view: 'collection', source: 'wiki', path: [] },
  { view: 'article', id: 'wiki:a/b?c#d' },
  { view: 'article', id: '100 %', anchor: 'in-short' },
])('an address says where one is: %j', (route) => {
  expect(routeOf(fragmentOf(route))).toEqual(route)
})

test.each(['', '#', '#top', '#/nowhere', '#/article/', '#/article/%E0%A4%A', '#/collection'])(
  'an address that is none of ours leads nowhere: %s',
  (fragment) => {
    expect(routeOf(fragment)).toBe(null)
  },
)

test('marks stand where the ranges say, and nothing is lost or doubled, whatever the ranges are', () => {
  const text = 'The tunnel needs a certificate'
  expect(partsOf(text, [[4, 10]])).toEqual([
    { text: 'The ', isMarked: false },
    { text: 'tunnel', isMarked: true },
    { text: ' needs a certificate', isMarked: false },
  ])
  for (const ranges of [
    [],
    [[0, 99]],
    [[10, 4]],
    [
      [5, 8],
      [0, 6],
    ],
    [[-3, 2]],
    [[]],
  ]) {
    expect(
      partsOf(text, ranges)
        .map((part) => part.text)
        .join(''),
    ).toBe(text)
  }
})

test('words of a title are marked by how they begin, without accents and case', () => {
  const title = 'Congé d’adoption'
  const marked = (query: string) => rangesOf(title, query).map(([start, end]) => title.slice(start, end))
  expect(marked('conge ADO')).toEqual(['Congé', 'adoption'])
  expect(marked('d x')).toEqual([])
})

test('a renewed token is the same reader, another user or another claim is not', async () => {
  const reader = async (user: string, more = {}) => await readerOf(await tokenOf(user, more), 0)
  const ada = await reader('ada')
  expect((await reader('ada', { exp: 1_900_000_000, iat: 5, jti: 'x' })).key).toBe(ada.key)
  expect((await reader('bob')).key).not.toBe(ada.key)
  expect((await reader('ada', { role: 'agent' })).key).not.toBe(ada.key)
  expect((await reader('ada', { exp: 1_900_000_000 })).until).toBe(1_900_000_000_000)
  expect(await readerOf(null, 0)).toEqual({ key: '', until: Number.POSITIVE_INFINITY })
  expect((await readerOf('unsilo_opaque', 1000)).until).toBe(3_601_000)
})

test('the interface speaks the first wanted language that it knows', () => {
  expect(localeOf([null, 'de', 'fr-CA', 'en'])).toBe('fr')
  expect(localeOf(['de'])).toBe('en')
})

test('a link leads inside where it names a document that was seen, or a page of ours', () => {
  const known = new Map<string, string>()
  know(known, [
    { id: 'wiki:vpn', url: 'https://wiki.example/vpn/' },
    { id: 'tickets:7', url: 'https://help.example/help#/article/tickets%3A7' },
  ])
  expect(knownId(known, 'https://wiki.example/vpn#setup')).toBe('wiki:vpn')
  expect(knownId(known, 'https://help.example/help#/article/tickets%3A8')).toBe('tickets:8')
  expect(knownId(known, 'https://help.example/help')).toBe(null)
  expect(knownId(known, 'https://wiki.example/other')).toBe(null)
})
