/** `unsilo publish intercom`: articles of an emulated Help Center, from a real index. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { reviewHash } from '../../../src/core/review.ts'
import { openIndex } from '../../../src/indexes/registry.ts'
import { specsMissing } from '../../emulators/specs.ts'
import type { Page } from '../pages.ts'
import { ARTICLES, type PublishStage, spec, startPublishStage, TOKEN } from './stage.ts'

let stage: PublishStage

const PAGES: readonly Page[] = [
  {
    id: '1',
    title: 'Refunds',
    path: ['Handbook', 'Billing'],
    markdown: '## Steps\n\nAsk **us** by [form](https://example.com/f).\n',
  },
  { id: '2', title: 'VPN', path: ['Security'], markdown: 'Open the lock.\n' },
  { id: '3', title: 'Payroll', path: ['Handbook'], markdown: 'A canary sings.\n', access: ['group:staff'] },
  { id: '4', title: 'Refused card', path: ['Inbox'], kind: 'ticket', markdown: '## Question\n\nMy card?\n' },
  { id: '5', title: 'Empty', path: ['Handbook'], markdown: '' },
]

beforeEach(async () => {
  stage = await startPublishStage()
  await stage.sync(PAGES)
})

afterEach(async () => {
  const { violations } = stage.site
  await stage.close()
  expect(violations).toEqual([])
})

test('what is sent and what the emulator answers is as the API describes it', async ({ skip }) => {
  if (spec === null) skip(specsMissing)
  await stage.publish('--live')
  expect(stage.site.requests.length).toBeGreaterThan(10)
  expect(spec?.checkSent('POST', '/articles', { title: 'Text', authorid: 1 })).toEqual([
    expect.stringContaining('author_id'),
    expect.stringContaining('(authorid)'),
  ])
})

/** For fewer than everybody, and not for Fin. */
const CUSTOMERS = forReaders('fin: false')

function forReaders(fin: string, as = 'group:customers'): string {
  return ARTICLES.replace('collections:', `as: [${as}]\n      ${fin}\n      collections:`)
}

const changed = (id: string, change: Partial<Page>) =>
  PAGES.map((page) => (page.id === id ? { ...page, ...change } : page))

const titles = () => [...stage.site.library.articles.values()].map(({ texts }) => texts.get('')?.title).sort()

const text = (title: string) => stage.article(title).texts.get('')

const summary = (lines: readonly Record<string, unknown>[]) => lines.findLast(({ type }) => type === 'publication')

test('a plan says what would be made, and makes nothing', async () => {
  const { code, lines } = await stage.publish('--plan')
  const exit = await stage.publish('--plan', '--exit-code')

  expect([code, exit.code]).toEqual([0, 20])
  expect(lines).toMatchObject([
    { type: 'article', do: 'create', title: 'Refunds', documents: ['help:1'] },
    { type: 'article', do: 'create', title: 'VPN', documents: ['help:2'] },
    { type: 'publication', dryRun: true, created: 2, leftOut: { empty: 1 } },
  ])
  expect(titles()).toEqual([])
  expect(stage.site.requests.filter(({ name }) => !name.startsWith('GET '))).toEqual([])
})

test('drafts are made in their collections, for the audience alone, and of tickets none that nobody has reviewed', async () => {
  const { code, lines } = await stage.publish()

  expect(code).toBe(0)
  expect(summary(lines)).toMatchObject({ created: 2, failed: 0, held: 0, live: false })
  expect(titles()).toEqual(['Refunds', 'VPN'])
  expect(stage.article('Refunds')).toMatchObject({
    ...{ parents: [145], authorId: 991267497, chatbot: true, salesAgent: true, copilot: true },
  })
  expect(stage.article('VPN').parents).toEqual([146])
  expect(text('Refunds')).toMatchObject({ state: 'draft', description: '' })
  expect(text('Refunds')?.body).toContain('<strong>us</strong> by <a href="https://example.com/f">form</a>')
  expect(JSON.stringify(stage.site.requests)).not.toMatch(/canary|card/i)
})

test('again nothing is done, and what changed is written alone', async () => {
  await stage.publish()
  const before = stage.site.requests.length
  const again = await stage.publish()
  const asked = stage.site.requests.slice(before).map(({ name }) => name)
  await stage.sync(changed('2', { markdown: 'Open another lock.\n' }))
  const plan = await stage.publish('--plan')
  const edited = await stage.publish()

  expect(summary(again.lines)).toMatchObject({ created: 0, updated: 0, unchanged: 2 })
  expect(asked).toEqual(['GET /me', 'GET /help_center/collections', 'GET /articles'])
  expect(plan.lines[0]).toMatchObject({ do: 'update', title: 'VPN', why: 'changed' })
  expect(summary(edited.lines)).toMatchObject({ updated: 1, unchanged: 1 })
  expect(text('VPN')?.body).toContain('another lock')
})

test('--live publishes, and without it a change of a published article waits as its draft', async () => {
  await stage.publish()
  const live = await stage.publish('--live')
  const state = text('VPN')?.state
  await stage.sync(changed('2', { title: 'VPN at home', markdown: 'Open another lock.\n' }))
  await stage.publish()
  const waiting = { ...text('VPN') }
  const quiet = await stage.publish('--plan')
  const goes = await stage.publish('--live')

  expect([summary(live.lines)?.['updated'], state]).toEqual([2, 'published'])
  expect(waiting).toMatchObject({ body: '<p class="no-margin">Open the lock.</p>', draft: { title: 'VPN at home' } })
  expect(summary(quiet.lines)).toMatchObject({ updated: 0, held: 0, unchanged: 2 })
  expect(goes.lines[0]).toMatchObject({ do: 'update', why: 'unpublished' })
  expect(text('VPN at home')).toMatchObject({ state: 'published', draft: null })
  expect(text('VPN at home')?.body).toContain('another lock')
})

test('that somebody published what was left as a draft is no edit', async () => {
  await stage.publish('--live')
  await stage.sync(changed('2', { markdown: 'Open another lock.\n' }))
  await stage.publish()
  stage.site.library.publish(stage.article('VPN'), undefined)
  const after = await stage.publish()
  await stage.sync(changed('2', { markdown: 'Open a third lock.\n' }))
  const next = await stage.publish()

  expect([after.code, next.code]).toEqual([0, 0])
  expect(summary(after.lines)).toMatchObject({ updated: 0, held: 0, unchanged: 2 })
  expect(text('VPN')?.draft?.body).toContain('third lock')
})

test('what the audience may no longer read is taken away, however much that is', async () => {
  await stage.publish('--live')
  await stage.sync(PAGES.map((page) => ({ ...page, access: ['group:staff'] })))
  const { code, lines } = await stage.publish()

  expect(code).toBe(0)
  expect(summary(lines)).toMatchObject({ removed: 2 })
  expect(titles()).toEqual([])
})

test('what the index lost is removed only as far as is usual, or allowed', async () => {
  const many = Array.from({ length: 20 }, (_, at) => ({ id: `m${at}`, title: `M ${at}`, markdown: `Text ${at}.\n` }))
  await stage.sync(many)
  await stage.publish()
  const narrowed = { ...many[0], id: 'm0', markdown: 'Text 0.\n', access: ['group:staff'] } as const
  await stage.sync([narrowed, ...many.slice(15)], { deletes: 20, wider: 0 })
  const stopped = await stage.publish()
  const kept = titles().length
  const allowed = await stage.publish('--allow-deletes', '14')

  expect([stopped.code, kept]).toEqual([11, 19])
  expect(stopped.err).toMatch(/14 of 20 published documents[\s\S]*--allow-deletes 14/)
  expect([allowed.code, titles().length]).toEqual([0, 5])
})

test('a ticket is published as the very text that was approved', async () => {
  const store = await openIndex(join(stage.folder, '.unsilo/index.db'), { mode: 'read' })
  const ticket = await store.document('help:4', [])
  await store.close()
  if (ticket === null) throw new Error('the ticket is public')
  const hash = reviewHash(ticket.head, ticket.markdown)
  const line = `tickets:\n  - { id: 'help:4', level: public, hash: ${hash}, title: Card }\n`
  writeFileSync(join(stage.folder, 'review.yaml'), line)
  await stage.publish()

  expect(titles()).toEqual(['Refunds', 'Refused card', 'VPN'])
})

test('for others than the public an article stays a draft while everyone would see it', async () => {
  stage.configure(CUSTOMERS)
  await stage.publish()
  const open = await stage.publish('--live')
  const states = [text('VPN')?.state]
  for (const article of stage.site.library.articles.values()) article.audience = 'restricted'
  await stage.publish('--live')

  expect(open.code).toBe(3)
  expect(open.lines).toContainEqual(expect.objectContaining({ type: 'held', why: 'open', title: 'VPN', blocks: true }))
  expect([...states, text('VPN')?.state]).toEqual(['draft', 'published'])
})

test('what was published for everyone and is for fewer from now on becomes a draft, and is no edit of anybody’s', async () => {
  await stage.publish('--live')
  stage.configure(CUSTOMERS)
  await stage.sync(changed('2', { access: ['group:customers'] }))
  const { code, lines } = await stage.publish()
  const states = [text('VPN')?.state, text('Refunds')?.state]
  const plan = await stage.publish('--plan', '--exit-code')
  const live = await stage.publish('--live')

  expect([code, states, plan.code, live.code]).toEqual([0, ['draft', 'draft'], 0, 3])
  expect(lines[0]).toMatchObject({ do: 'hide', why: 'open' })
  expect(live.lines.filter(({ type }) => type === 'held').map(({ why }) => why)).toEqual(['open', 'open'])
})

test.each([
  ['all_visitors', 'group:customers', 'draft'],
  ['all_leads', 'group:customers', 'draft'],
  ['all_visitors_and_leads', 'group:customers', 'draft'],
  ['all_users', 'group:customers', 'published'],
  ['all_users', 'group:staff', 'draft'],
  ['restricted', 'group:staff', 'published'],
])('where %s see it, an article for %s is %s', async (audience, as, state) => {
  stage.configure(forReaders('fin: false', as))
  await stage.publish()
  for (const article of stage.site.library.articles.values()) article.audience = audience
  await stage.publish('--live')

  expect(text('VPN')?.state).toBe(state)
})

test('for fewer than everybody Fin answers to its audiences only, which have to be named', async () => {
  stage.configure(forReaders('fin: true'))
  const open = await stage.publish()
  const nothing = [...stage.site.library.articles]
  stage.configure(forReaders('audiences: [7]'))
  const { code } = await stage.publish()

  expect([open.code, nothing, code]).toEqual([2, [], 0])
  expect(open.err).toMatch(/articles\.audiences: is needed/)
  expect(stage.article('VPN')).toMatchObject({ chatbot: true, salesAgent: false, audienceIds: [7] })
})

test('that Fin is not to answer any more reaches a published article with --live, also where it was published without before', async () => {
  await stage.publish('--live')
  stage.configure(ARTICLES.replace('collections:', 'fin: false\n      collections:'))
  await stage.publish()
  const staged = stage.article('VPN').chatbot
  const live = await stage.publish('--live')
  const plan = await stage.publish('--live', '--plan', '--exit-code')

  expect([staged, stage.article('VPN').chatbot]).toEqual([true, false])
  expect([live.code, plan.code]).toEqual([0, 0])
})

test('many that the audience may no longer read are hidden and not deleted, until that is allowed', async () => {
  const many = Array.from({ length: 20 }, (_, at) => ({ id: `m${at}`, title: `M ${at}`, markdown: `Text ${at}.\n` }))
  await stage.sync(many)
  await stage.publish('--live')
  const narrowed = many.map((each, at) => (at < 15 ? { ...each, access: ['group:staff'] as const } : each))
  await stage.sync(narrowed)
  const plan = await stage.publish('--plan')
  const hidden = await stage.publish('--live')
  const states = titles().map((title) => text(title ?? '')?.state)
  await stage.sync(many, { deletes: 0, wider: 20 })
  const back = await stage.publish('--live')
  const live = titles().map((title) => text(title ?? '')?.state)
  await stage.sync(narrowed)
  const allowed = await stage.publish('--allow-deletes', '15')

  expect([plan.code, hidden.code, back.code, allowed.code]).toEqual([11, 11, 0, 0])
  expect(plan.lines.filter(({ type }) => type === 'article').map(({ do: what }) => what)).toEqual(
    Array.from({ length: 15 }, () => 'hide'),
  )
  expect(hidden.err).toMatch(/no longer read 15 of 20 published documents[\s\S]*--allow-deletes 15/)
  expect(states.filter((state) => state === 'published')).toHaveLength(5)
  expect(live.filter((state) => state === 'published')).toHaveLength(20)
  expect(titles()).toHaveLength(5)
})

test('documents that the index loses while they are published are lost, and not kept from their readers', async () => {
  const many = Array.from({ length: 20 }, (_, at) => ({ id: `m${at}`, title: `M ${at}`, markdown: `Text ${at}.\n` }))
  await stage.sync(many)
  await stage.publish('--live')
  stage.through(/collections$/, async (input, init) => {
    await stage.sync(many.slice(15), { deletes: 20, wider: 0 })
    return await fetch(input, init)
  })
  const { code, err } = await stage.publish('--live')

  expect(code).toBe(11)
  expect(err).toMatch(/15 of 20 published documents are no longer in the index/)
  expect(titles().map((title) => text(title ?? '')?.state)).toEqual(many.map(() => 'published'))
})

test('a listing that lacks articles that are there is believed in nothing', async () => {
  await stage.publish('--live')
  const before = titles()
  await stage.sync(changed('2', { access: ['group:staff'] }))
  stage.through(/^GET \/articles$/, async () =>
    Response.json({ type: 'list', data: [], total_count: 0, pages: { page: 1, total_pages: 0 } }),
  )
  const wrong = await stage.publish('--live', '--overwrite', 'all')
  const made = titles()
  stage.through(/^GET \/articles$/, fetch)
  const { code } = await stage.publish('--live')

  expect([wrong.code, made]).toEqual([3, before])
  expect(wrong.err).toMatch(/article \d+ is there, and not listed/)
  expect([code, titles()]).toEqual([0, ['Refunds']])
})

test('articles that the configuration names no more are said to stay', async () => {
  await stage.publish('--live')
  stage.configure('    pages:\n      - { source: help, url: "https://example.com" }\n')
  const { code, err } = await stage.publish()

  expect([code, titles()]).toEqual([0, ['Refunds', 'VPN']])
  expect(err).toContain('Articles: 2 articles of ours stay as they are')
})

test('articles of a source that was left out of the configuration go only as far as is usual', async () => {
  const many = Array.from({ length: 12 }, (_, at) => ({ id: `m${at}`, title: `M ${at}`, markdown: `Text ${at}.\n` }))
  await stage.sync(many)
  await stage.publish()
  const config = join(stage.folder, 'unsilo.config.yaml')
  writeFileSync(
    config,
    `${readFileSync(config, 'utf8').replaceAll('source: help', 'source: wiki')}`.replace(
      'sources:\n',
      'sources:\n  wiki:\n    connector: help-center\n',
    ),
  )
  const stopped = await stage.publish()
  const kept = titles().length
  const allowed = await stage.publish('--allow-deletes', '12')

  expect([stopped.code, kept, allowed.code, titles().length]).toEqual([11, 12, 0, 0])
})

test('an article that is not heard of any more, whose title is there, is not made a second time', async () => {
  stage.site.failAfter({ kind: 'status', status: 422, match: /^POST \/articles$/ })
  await stage.publish()
  for (const { texts } of stage.site.library.articles.values()) Object.assign(texts.get('') ?? {}, { description: '' })
  const { code, lines } = await stage.publish()

  expect(code).toBe(3)
  expect(lines.filter(({ type }) => type === 'held').map(({ why }) => why)).toEqual(['exists'])
  expect(titles()).toEqual(['Refunds', 'VPN'])
})

test('our own articles that a synced help center hands over again are not published once more', async () => {
  await stage.publish('--live')
  const { id } = stage.article('VPN')
  await stage.sync([...PAGES, { id: `${id}:en`, group: id, title: 'VPN', markdown: 'Open the lock.\n' }])
  const { lines } = await stage.publish()

  expect(summary(lines)).toMatchObject({ created: 0, unchanged: 2, leftOut: { empty: 1, 'own-article': 1 } })
})

test('a collection that is not there, another workspace and a misspelt key are said before anything is done', async () => {
  await stage.publish()
  const before = stage.site.requests.length
  stage.configure(ARTICLES.replace('145', '999'))
  const collection = await stage.publish()
  stage.configure(ARTICLES)
  stage.site.library.workspace = 'efgh5678'
  const workspace = await stage.publish()
  stage.configure(ARTICLES.replace('author:', 'autor:'))
  const misspelt = await stage.publish()

  expect([collection.code, workspace.code, misspelt.code]).toEqual([2, 2, 2])
  expect(workspace.err).toMatch(/published to the workspace abcd1234; the token is of efgh5678/)
  expect(misspelt.err).toMatch(/did you mean author/)
  expect(collection.err).toMatch(/no collection 999[\s\S]*145 \(Handbook\), 146 \(Support\)/)
  expect(stage.site.requests.slice(before).filter(({ name }) => !name.startsWith('GET '))).toEqual([])
})

test('a rejected token is said, and stands in no message', async () => {
  stage.site.fail({ kind: 'status', status: 401 })
  const { code, err, lines } = await stage.publish()

  expect(code).toBe(4)
  expect(err).toMatch(/GET \/me answered 401[\s\S]*Check token and region/)
  expect(err + JSON.stringify(lines)).not.toContain(TOKEN)
})
