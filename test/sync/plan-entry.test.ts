import { expect, test } from 'vitest'
import type { Change } from '../../src/core/connector.ts'
import { UnsiloError } from '../../src/core/errors.ts'
import { openMemory } from '../../src/indexes/memory/memory.ts'
import { planEntries } from '../../src/sync/plan-entry.ts'
import { checkpoint, type Page, type RunOptions, run, upsert } from './pages.ts'

const fails = () => Promise.reject(new UnsiloError('DOCUMENT_UNREADABLE', 'broken'))
const never = () => Promise.reject(new Error('asked'))
const BOTH = ['group:eng', 'group:staff'] as const

/** What is planned for the second listing once the first is stored. */
async function planned(before: readonly Page[], after: readonly Page[], options: RunOptions = {}) {
  const store = openMemory()
  await run(store, before)
  const { plan } = await run(store, after, { ...options, dryRun: true })
  return new Map((plan === null ? [] : planEntries(plan)).map(({ id, ...entry }) => [id.slice(2), entry]))
}

const same: readonly Page[] = [{ id: '8' }, { id: '9' }]

test('what is new, edited and gone', async () => {
  const entries = await planned([{ id: '1' }, { id: '2' }, ...same], [{ id: '1', version: '2' }, { id: '3' }, ...same])

  expect([...entries]).toEqual([
    ['1', { kind: 'changed', title: 'Page 1', url: 'https://example.com/1', changes: ['text'] }],
    ['3', { kind: 'added', title: 'Page 3', url: 'https://example.com/3', changes: [] }],
    [
      '2',
      {
        ...{ kind: 'removed', title: 'Page 2', url: 'https://example.com/2', changes: [] },
        reason: 'no longer listed by the source',
      },
    ],
  ])
})

test.each<[string, Partial<Page>, object]>([
  ['moved', { path: ['Space', 'Below'] }, { changes: ['path'], path: { from: [], to: ['Space', 'Below'] } }],
  ['refreshed', { title: 'Other' }, { changes: ['title'] }],
  ['access changed', { access: 'public' }, { access: { direction: 'wider', from: BOTH, to: 'public' } }],
  ['access changed', { access: [] }, { access: { direction: 'narrower', from: BOTH, to: [] } }],
  ['access changed', { access: ['group:hr'] }, { access: { direction: 'both', from: BOTH, to: ['group:hr'] } }],
  ['access changed', { access: [], title: 'Other', path: ['A'] }, { changes: ['title', 'path', 'access'] }],
  ['changed', { version: '2', access: [], title: 'Other' }, { changes: ['text', 'title', 'access'] }],
])('%s, with all that applies: %j', async (kind, change, entry) => {
  const page = { id: '1', access: BOTH }
  const entries = await planned([page, ...same], [{ ...page, ...change }, ...same])

  expect(entries.get('1')).toMatchObject({ kind, ...entry })
})

test('what only unsilo makes another way is rebuilt', async () => {
  const entries = await planned(same, same, { redact: { patterns: [] } })

  expect(entries.get('8')).toMatchObject({ kind: 'rebuilt', changes: ['recipe'] })
})

test('what failed before, and will be tried again, left alone, cleared or forgotten', async () => {
  const store = openMemory()
  const ids = ['1', '2', '3', '4']
  await run(store, [...ids.slice(1).map((id) => ({ id })), ...same])
  const failing = ids.map((id) => ({ id, version: '2', load: fails }))
  await run(store, [...failing, { id: '5', load: fails }, ...same])
  await store.ignore('s', ['s:2'], true)

  const { plan } = await run(store, [...failing.slice(0, 2), { id: '3' }, { id: '4' }, ...same], { dryRun: true })

  expect((plan === null ? [] : planEntries(plan)).map(({ id, kind, changes }) => [id, kind, changes])).toEqual([
    ['s:1', 'quarantined', ['tried again']],
    ['s:2', 'quarantined', ['ignored']],
    ['s:3', 'quarantined', ['cleared']],
    ['s:4', 'quarantined', ['cleared']],
    ['s:5', 'quarantined', ['forgotten']],
  ])
})

test('words of which only the body says what may be shown are not compared with those that are shown', async () => {
  const store = openMemory()
  const body = { markdown: 'Text', title: 'What Anna asked', people: ['Anna'] }
  const ticket = (title: string): readonly Change[] => [
    { type: 'begin' },
    upsert({ id: '1', title, load: async () => body }),
    checkpoint(1),
  ]
  await run(store, [], { changes: ticket('Ticket 1'), redact: { patterns: [] } })

  const { plan } = await run(store, [], { changes: ticket('Ticket one'), redact: { patterns: [] }, dryRun: true })

  expect(plan && planEntries(plan)).toMatchObject([
    { kind: 'refreshed', changes: ['words'], title: 'What [PERSON_1] asked' },
  ])
})

test('planning asks for no body', async () => {
  await expect(
    planned(same, [
      { id: '1', load: never },
      { id: '8', version: '2', load: never },
    ]),
  ).resolves.toBeDefined()
})
