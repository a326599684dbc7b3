/** Requests that were done and whose answers never came: nothing is there twice, nothing is missing. */
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openNotes } from '../../../src/indexes/registry.ts'
import type { Fault } from '../../emulators/faults.ts'
import type { Page } from '../pages.ts'
import { ARTICLES, type PublishStage, startPublishStage } from './stage.ts'

let stage: PublishStage

const PAGES: readonly Page[] = [
  { id: '1', title: 'Refunds', markdown: 'Ask us.\n' },
  { id: '2', title: 'VPN', markdown: 'Open the lock.\n' },
]

beforeEach(async () => {
  stage = await startPublishStage()
  stage.configure(`${ARTICLES}    pages:\n      - { source: help, url: "https://example.com" }\n`)
  await stage.sync(PAGES)
})

afterEach(() => stage.close())

const INDEX = '.unsilo/index.db'

const LOST: readonly Fault[] = [
  { kind: 'status', status: 500 },
  { kind: 'reset' },
  { kind: 'cut' },
  { kind: 'truncated-json' },
  { kind: 'html' },
]

const writes = () => stage.site.requests.filter(({ name }) => !name.startsWith('GET ')).length

const state = () => {
  const { articles, pages, sources } = stage.site.library
  const titles = [...articles.values()].map(({ texts }) => texts.get('')).map((text) => `${text?.title} ${text?.state}`)
  return [titles.sort(), [...pages.values()].map(({ externalId }) => externalId).sort(), sources.size]
}

const ALL = [['Refunds published', 'VPN published'], ['help:1', 'help:2'], 1]

test.each(LOST)('an article that was made and answered with $kind is made once', async (fault) => {
  stage.site.failAfter({ ...fault, match: /^POST \/articles$/, times: 2 })
  const { code } = await stage.publish('--live')
  const plan = await stage.publish('--live', '--plan', '--exit-code')

  expect([code, plan.code]).toEqual([0, 0])
  expect(state()).toEqual(ALL)
  expect(stage.site.requests.filter(({ name }) => name === 'POST /articles')).toHaveLength(2)
})

test('an article that was made and for whose answer nobody waited any longer is made once', async () => {
  stage.site.failAfter({ kind: 'hang', match: /^POST \/articles$/ })
  stage.through(/^POST \/articles$/, (input, init) => fetch(input, { ...init, signal: AbortSignal.timeout(2000) }))
  const { code } = await stage.publish('--live')
  const plan = await stage.publish('--live', '--plan', '--exit-code')

  expect([code, plan.code]).toEqual([0, 0])
  expect(state()).toEqual(ALL)
})

test.each([
  /^PUT \/articles\/\d+$/,
  /^GET \/articles\/\d+$/,
  /^POST \/ai\/content_import_sources$/,
  /^POST \/ai\/external_pages$/,
])('what was done and not answered is done once: %s', async (match) => {
  stage.site.failAfter({ kind: 'reset', match })
  const { code } = await stage.publish('--live')
  const plan = await stage.publish('--live', '--plan', '--exit-code')

  expect([code, plan.code]).toEqual([0, 0])
  expect(state()).toEqual(ALL)
})

test.each([/^PUT .*\/draft$/, /^POST .*\/draft\/publish$/])(
  'a change that was done and not answered is done: %s',
  async (match) => {
    await stage.publish('--live')
    await stage.sync(PAGES.map((page) => ({ ...page, markdown: `${page.markdown}\nAnd more.\n` })))
    stage.site.failAfter({ kind: 'reset', match })
    const { code } = await stage.publish('--live')
    const plan = await stage.publish('--live', '--plan', '--exit-code')

    expect([code, plan.code]).toEqual([0, 0])
    expect(state()).toEqual(ALL)
    expect(stage.article('VPN').texts.get('')).toMatchObject({
      draft: null,
      body: expect.stringContaining('And more.'),
    })
  },
)

test('a removal that was done and not answered is done', async () => {
  await stage.publish('--live')
  await stage.sync(PAGES.map((page) => ({ ...page, access: ['group:staff'] })))
  stage.site.failAfter({ kind: 'reset', match: /^DELETE / })
  const { code } = await stage.publish('--live')

  expect([code, ...state().slice(0, 2)]).toEqual([0, [], []])
})

test('a rate limit is waited for, and a request that met one was not heard', async () => {
  const reset = String(Math.ceil(Date.now() / 1000) + 1)
  const headers = { 'x-ratelimit-limit': '167', 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset }
  stage.site.fail({ kind: 'status', status: 429, headers, match: /^POST \/articles$/ })
  const { code } = await stage.publish('--live')

  expect(code).toBe(0)
  expect(state()).toEqual(ALL)
})

test('a request that is done long after it was given up leaves nothing', async () => {
  await stage.publish()
  const [note] = stage.site.requests.filter(({ name }) => name === 'POST /articles')
  stage.site.library.createArticle(note?.body as never)
  const plan = await stage.publish('--plan')
  await stage.publish('--live')

  expect(plan.lines.find(({ type }) => type === 'article')).toMatchObject({ do: 'discard' })
  expect(state()).toEqual(ALL)
})

test('a listing that fails or lies removes and makes nothing', async () => {
  await stage.publish('--live')
  const before = writes()
  for (const kind of ['html', 'truncated-json'] as const) {
    stage.site.fail({ kind, match: /^GET \/articles$/, times: 6 })
    expect((await stage.publish('--live')).code).toBe(3)
    stage.site.heal()
  }
  expect(writes()).toBe(before)
})

test('only one process publishes at a time, and what a refused one was about to do is not done', async () => {
  const notes = await openNotes(join(stage.folder, INDEX), { mode: 'write', holder: 'another' })
  const { code, err } = await stage.publish('--live')
  const plan = await stage.publish('--live', '--plan')
  await notes.close()

  expect([code, plan.code]).toEqual([10, 0])
  expect(err).toContain('another')
  expect(state()).toEqual([[], [], 0])
})

test.each(['article:name', 'page:help-public:help:1'])('a note %s that says nothing is no lost note', async (key) => {
  await stage.publish('--live')
  const notes = await openNotes(join(stage.folder, INDEX), { mode: 'write', holder: 'another' })
  await notes.put(key, {})
  await notes.close()
  const before = writes()
  const { code, err } = await stage.publish('--live')

  expect([code, err]).toEqual([
    12,
    expect.stringContaining(`The notes of publishing hold ${key}, which can't be read.`),
  ])
  expect([writes(), state()]).toEqual([before, ALL])
})

test('a request that Intercom refuses is one failure, is not tried again, and the others are published', async () => {
  stage.site.fail({ kind: 'status', status: 422, match: /^POST \/articles$/ })
  const { code, err } = await stage.publish('--live')
  const made = state()
  const again = await stage.publish('--live')

  expect([code, again.code]).toEqual([3, 0])
  expect(err).toMatch(/POST \/articles answered 422/)
  expect(made[0]).toHaveLength(1)
  expect(state()).toEqual(ALL)
})

test('a run that asks for the exit code of a plan, and makes none, sends nothing', async () => {
  const { code } = await stage.publish('--live', '--exit-code')

  expect(code).toBe(2)
  expect(stage.site.requests).toEqual([])
})
