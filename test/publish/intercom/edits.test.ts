/** What somebody did to our articles in Intercom is never written over unseen, and shown. */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Page } from '../pages.ts'
import { ARTICLES, type PublishStage, startPublishStage } from './stage.ts'

let stage: PublishStage

const PAGES: readonly Page[] = [
  { id: '1', title: 'Refunds', path: ['Handbook'], markdown: 'Ask us.\n\n![form](https://example.com/form.png)\n' },
  { id: '2', title: 'VPN', path: ['Handbook'], markdown: 'Open the lock.\n' },
]

beforeEach(async () => {
  stage = await startPublishStage()
  await stage.sync(PAGES)
  await stage.publish('--live')
})

afterEach(async () => {
  const { violations } = stage.site
  await stage.close()
  expect(violations).toEqual([])
})

const library = () => stage.site.library
const text = (title: string) => stage.article(title).texts.get('')
const held = (lines: readonly Record<string, unknown>[]) => lines.filter(({ type }) => type === 'held')
const edit = (title: string, change: Parameters<PublishStage['site']['library']['edit']>[1]) =>
  library().edit(stage.article(title).id, change)
const sync = (markdown: string) => stage.sync(PAGES.map((page) => (page.id === '2' ? { ...page, markdown } : page)))

test('an edited text is shown and stays, also when its document changes, until it is to be written over', async () => {
  edit('VPN', { body: '<p>Open the lock <b>gently</b>.</p>' })
  const seen = await stage.publish('--live')
  await sync('Open another lock.\n')
  const blocked = await stage.publish('--live')
  const kept = text('VPN')?.body
  const over = await stage.publish('--live', '--overwrite', 'help:2')

  expect([seen.code, blocked.code, over.code]).toEqual([0, 3, 0])
  expect(held(seen.lines)).toMatchObject([{ why: 'edited', title: 'VPN', documents: ['help:2'], blocks: false }])
  expect(held(blocked.lines)).toMatchObject([
    { blocks: true, diff: expect.stringMatching(/^-Open the lock\.\n\+Open the lock \*\*gently\*\*\./m) },
  ])
  expect(kept).toContain('gently')
  expect(text('VPN')?.body).toContain('another lock')
  expect(held((await stage.publish('--plan', '--live')).lines)).toEqual([])
})

test('a new title, another place, unpublishing and a draft of somebody’s are edits too', async () => {
  await sync('Open another lock.\n')
  const accidents: readonly (readonly [string, () => void])[] = [
    ['VPN!', () => edit('VPN', { title: 'VPN!' })],
    ['VPN', () => edit('VPN', { state: 'draft' })],
    ['VPN', () => Object.assign(stage.article('VPN'), { parents: [146] })],
    ['VPN', () => edit('VPN', { draft: { title: 'VPN', description: '', body: '<p>Mine</p>', updatedAt: 1 } })],
  ]
  for (const [title, happen] of accidents) {
    const before = structuredClone(text('VPN'))
    happen()
    const after = structuredClone(text(title))
    const { code, lines } = await stage.publish('--live')
    expect([code, held(lines)]).toMatchObject([3, [{ why: 'edited', title, blocks: true }]])
    expect(text(title)).toEqual(after)
    Object.assign(text(title) ?? {}, before)
    stage.article('VPN').parents = [145]
  }
  expect((await stage.publish('--live')).code).toBe(0)
})

test('addresses that Intercom gives to images are no edit', async () => {
  edit('Refunds', {
    body: text('Refunds')?.body.replace('https://example.com/form.png', 'https://cdn.test/1?sig=2') ?? '',
  })
  const { code, lines } = await stage.publish('--live')

  expect([code, held(lines)]).toEqual([0, []])
})

test('a change that was staged and then discarded is held, and one that is edited while staged too', async () => {
  await sync('Open another lock.\n')
  await stage.publish()
  const staged = text('VPN')?.draft ?? null
  edit('VPN', { draft: null })
  const discarded = await stage.publish()
  edit('VPN', { draft: staged === null ? null : { ...staged, body: '<p>Mine</p>', updatedAt: 9 } })
  const mine = await stage.publish('--live')

  expect(held(discarded.lines)).toMatchObject([{ diff: expect.stringContaining('+discarded') }])
  expect(mine.code).toBe(3)
  expect(text('VPN')?.draft?.body).toBe('<p>Mine</p>')
})

test('who answers from an article is read back, and a change of that is an edit', async () => {
  const accidents: readonly (readonly [string, () => void])[] = [
    ['+Fin: no', () => Object.assign(stage.article('VPN'), { chatbot: false })],
    ['+Copilot: no', () => Object.assign(stage.article('VPN'), { copilot: false })],
    ['+Sales Agent: no', () => Object.assign(stage.article('VPN'), { salesAgent: false })],
    ['+Audiences of Fin: 5', () => Object.assign(stage.article('VPN'), { audienceIds: [5] })],
  ]
  for (const [diff, happen] of accidents) {
    const { chatbot, copilot, salesAgent, audienceIds } = stage.article('VPN')
    happen()
    const seen = await stage.publish('--live')
    expect([seen.code, held(seen.lines)]).toMatchObject([
      0,
      [{ why: 'edited', title: 'VPN', blocks: false, diff: expect.stringContaining(diff) }],
    ])
    Object.assign(stage.article('VPN'), { chatbot, copilot, salesAgent, audienceIds })
    expect(held((await stage.publish('--live')).lines)).toEqual([])
  }
})

test('what somebody changed is written over when told so, also where its document is as it was', async () => {
  edit('VPN', { body: '<p>Mine</p>' })
  Object.assign(stage.article('VPN'), { chatbot: false })
  const plan = await stage.publish('--plan', '--live', '--overwrite', 'help:2')
  await stage.publish('--overwrite', 'help:2')
  const staged = [text('VPN')?.draft, stage.article('VPN').chatbot]
  const still = await stage.publish('--plan', '--live')
  const over = await stage.publish('--live', '--overwrite', 'help:2')
  const next = await stage.publish('--plan', '--live', '--exit-code')

  expect(plan.lines).toContainEqual(
    expect.objectContaining({ do: 'update', why: 'overwritten', documents: ['help:2'] }),
  )
  expect(staged).toMatchObject([{ body: expect.stringContaining('Open the lock') }, false])
  expect(held(still.lines)).toMatchObject([{ why: 'edited', title: 'VPN', diff: expect.stringContaining('+Fin: no') }])
  expect([over.code, next.code, held(next.lines)]).toEqual([0, 0, []])
  expect([text('VPN')?.body, stage.article('VPN').chatbot]).toEqual([expect.stringContaining('Open the lock'), true])
})

test('who answers as somebody said in Intercom, once the configuration says so too, is no edit any more', async () => {
  Object.assign(stage.article('VPN'), { chatbot: false, salesAgent: false })
  stage.configure(`${ARTICLES}      fin: false\n`)
  const blocked = await stage.publish()
  await stage.publish('--overwrite', 'help:2')
  const next = await stage.publish('--plan', '--exit-code')

  expect([blocked.code, held(blocked.lines)]).toMatchObject([3, [{ title: 'VPN', blocks: true }]])
  expect([next.code, held(next.lines)]).toEqual([0, []])
})

test('an article that others answer from than was asked for is said', async () => {
  await sync('Open another lock.\n')
  stage.site.onDone((name) => {
    if (name.endsWith('/draft/publish')) Object.assign(stage.article('VPN'), { chatbot: false })
  })
  const { code, err } = await stage.publish('--live')

  expect([code, err]).toEqual([3, expect.stringMatching(/VPN: read back, it .*what was sent/)])
})

test('an edit between the plan and the writing is seen', async () => {
  await sync('Open another lock.\n')
  const { id } = stage.article('VPN')
  stage.site.onDone((name) => {
    if (name === 'GET /articles') library().edit(id, { body: '<p>Mine</p>' })
  })
  const { code, lines } = await stage.publish('--live')

  expect([code, held(lines)]).toMatchObject([3, [{ why: 'edited', title: 'VPN', blocks: true }]])
  expect(text('VPN')).toMatchObject({ body: '<p>Mine</p>', draft: null })
})

test('an article that somebody deleted is not made again, until that is asked for', async () => {
  library().articles.delete(stage.article('VPN').id)
  const gone = await stage.publish('--live')
  const over = await stage.publish('--live', '--overwrite', 'all')
  const plan = await stage.publish('--plan', '--live', '--exit-code')

  expect(gone.code).toBe(3)
  expect(held(gone.lines)).toMatchObject([{ why: 'gone', title: 'VPN' }])
  expect([over.code, plan.code, library().articles.size]).toEqual([0, 0, 2])
})

test('an edited article that the audience may no longer read is hidden with its edit; one that the index lost stays', async () => {
  edit('VPN', { body: '<p>Mine</p>' })
  await stage.sync(PAGES.slice(0, 1), { deletes: 1, wider: 0 })
  const lost = await stage.publish('--live')
  const stays = text('VPN')?.state
  await stage.sync(PAGES.map((page) => ({ ...page, access: ['group:staff'] })))
  const narrowed = await stage.publish('--live')
  const again = await stage.publish('--live', '--plan', '--exit-code')

  expect([lost.code, stays, narrowed.code, again.code]).toEqual([3, 'published', 3, 3])
  expect([...library().articles.values()].map(({ texts }) => texts.get(''))).toMatchObject([
    { title: 'VPN', body: '<p>Mine</p>', state: 'draft' },
  ])
  expect(again.lines.filter(({ type }) => type === 'article')).toEqual([])
})

test('without our notes, articles with these titles are left alone until they are taken over', async () => {
  rmSync(join(stage.folder, '.unsilo/index.db.intercom.db'))
  const lost = await stage.publish('--live')
  const adopted = await stage.publish('--live', '--adopt')
  const plan = await stage.publish('--plan', '--live', '--exit-code')

  expect(lost.code).toBe(3)
  expect(held(lost.lines).map(({ why }) => why)).toEqual(['exists', 'exists'])
  expect([adopted.code, plan.code, library().articles.size]).toEqual([0, 0, 2])
})

test('an edit of what a run that ended early had written is held, and so is one of a draft that it had only just made', async () => {
  await sync('Open another lock.\n')
  await stage.sync([...PAGES, { id: '3', title: 'Cards', markdown: 'We take all.\n' }])
  stage.site.onDone((name) => {
    if (name.startsWith('GET ')) return
    stage.site.onDone(() => undefined)
    stage.site.fail({ kind: 'status', status: 500, match: /^(GET|PUT|POST) \/articles\/\d+/, times: 99 })
  })
  await stage.publish('--live')
  stage.site.heal()
  const cards = text('Cards')
  if (cards !== undefined) cards.body = '<p>Mine</p>'
  const next = await stage.publish('--live')

  expect(cards?.description).toMatch(/being published/)
  expect(held(next.lines)).toMatchObject([{ why: 'edited', title: 'Cards', blocks: true }])
  expect(text('Cards')?.body).toBe('<p>Mine</p>')
})

test('a page that somebody edited after a run that ended early is held', async () => {
  stage.configure('    pages:\n      - { source: help, url: "https://example.com" }\n')
  stage.site.fail({ kind: 'status', status: 500, match: /^GET \/ai\/external_pages\/\d+/, times: 99 })
  await stage.publish()
  stage.site.heal()
  for (const page of library().pages.values()) if (page.externalId === 'help:2') page.html = '<p>Mine</p>'
  const next = await stage.publish()

  expect(next.lines.filter(({ type }) => type === 'held-page')).toMatchObject([
    { why: 'edited', document: 'help:2', diff: expect.stringContaining('-Open the lock.') },
  ])
  expect([...library().pages.values()].map(({ html }) => html)).toContain('<p>Mine</p>')
})

test('that an article is to be removed and is wanted again does not make it ours to make again', async () => {
  stage.site.fail({ kind: 'status', status: 422, match: /^DELETE/ })
  await stage.sync(PAGES.slice(0, 1), { deletes: 1, wider: 0 })
  await stage.publish('--live')
  await stage.sync(PAGES)
  await stage.publish('--live')
  library().articles.delete(stage.article('VPN').id)
  const { code, lines } = await stage.publish('--live')

  expect(code).toBe(3)
  expect(held(lines)).toMatchObject([{ why: 'gone', title: 'VPN' }])
})
