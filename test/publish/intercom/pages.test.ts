/** `unsilo publish intercom`: external pages for Fin, from a real index into an emulated workspace. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Page } from '../pages.ts'
import { type PublishStage, startPublishStage } from './stage.ts'

let stage: PublishStage

const PAGES: readonly Page[] = [
  { id: '1', title: 'Refunds', markdown: '## Steps\n\nAsk **us**.\n\n<script>alert(1)</script>\n', locale: 'en' },
  { id: '2', title: 'Ouvrir', markdown: 'Ouvrez la serrure.\n', locale: 'fr' },
  { id: '3', title: 'Payroll', markdown: 'A canary sings.\n', access: ['group:staff'], locale: 'en' },
  { id: '4', title: 'Members', markdown: 'For members.\n', access: ['group:customers'], locale: 'en' },
  { id: '5', title: 'Nowhere', markdown: 'Without an address.\n', url: 'file:///x', locale: 'en' },
]

const PUBLIC = `    pages:
      - { source: help, url: "https://example.com/wiki" }
`
const CUSTOMERS = `      - { source: help, url: "https://example.com/wiki", as: [group:customers], audiences: [7, 5] }
`

beforeEach(async () => {
  stage = await startPublishStage()
  stage.configure(PUBLIC)
  await stage.sync(PAGES)
})

afterEach(async () => {
  const { violations } = stage.site
  await stage.close()
  expect(violations).toEqual([])
})

const pages = () => [...stage.site.library.pages.values()].map(({ externalId }) => externalId).sort()
const page = (id: string) =>
  [...stage.site.library.pages.values()].find(({ externalId }) => externalId === `help:${id}`)
const sources = () => [...stage.site.library.sources.values()]
const sums = (lines: readonly Record<string, unknown>[]) => lines.filter(({ type }) => type === 'publication')
const writes = () => stage.site.requests.filter(({ name }) => !name.startsWith('GET '))

test('pages are for their audience, both availabilities and the address always sent, the HTML clean', async () => {
  const plan = await stage.publish('--plan')
  const before = writes().length
  const { code, lines } = await stage.publish()

  expect([plan.code, before, code]).toEqual([0, 0, 0])
  expect(plan.lines.map(({ do: what, document }) => [what, document]).slice(0, 3)).toEqual([
    ['open', null],
    ['create', 'help:1'],
    ['create', 'help:2'],
  ])
  expect(sums(lines)).toMatchObject([
    { target: 'help-public', created: 2, foreign: 1, cut: 0, leftOut: { 'no-address': 1 } },
  ])
  expect(pages()).toEqual(['help:1', 'help:2'])
  expect(page('1')).toMatchObject({ title: 'Refunds', url: 'https://example.com/1', agent: true, copilot: true })
  expect(page('1')?.html).not.toContain('<script')
  for (const { name, body } of writes().filter(({ name }) => name.endsWith('pages'))) {
    const fields = Object.keys(body as object)
    expect(fields, name).toEqual(expect.arrayContaining(['ai_agent_availability', 'ai_copilot_availability', 'url']))
  }
  expect(JSON.stringify(writes())).not.toMatch(/canary|members/i)
})

test('again nothing is sent, and what changed is sent alone', async () => {
  await stage.publish()
  const before = writes().length
  const again = await stage.publish()
  const quiet = writes().length
  await stage.sync(PAGES.map((each) => (each.id === '1' ? { ...each, markdown: 'Ask them.\n' } : each)))
  const changed = await stage.publish()

  expect(quiet).toBe(before)
  expect(sums(again.lines)).toMatchObject([{ created: 0, updated: 0, unchanged: 2 }])
  expect(sums(changed.lines)).toMatchObject([{ created: 0, updated: 1, unchanged: 1 }])
  expect(page('1')?.html).toContain('Ask them.')
})

test('each audience has a source of its own, and one for fewer than everybody needs audiences of Fin', async () => {
  stage.configure(PUBLIC + CUSTOMERS)
  await stage.publish()
  const made = sources().map(({ url, audienceIds }) => [url.replace(/-[0-9a-f]{8}$/, '-HASH'), audienceIds])
  const customers = sources().find(({ audienceIds }) => audienceIds.length > 0)
  const theirs = [...stage.site.library.pages.values()].filter(({ sourceId }) => sourceId === customers?.id)
  stage.configure(PUBLIC + CUSTOMERS.replace(', audiences: [7, 5]', ''))
  const open = await stage.publish()
  stage.configure(PUBLIC + CUSTOMERS.replace('[7, 5]', '[9]'))
  await stage.publish()

  expect(made).toEqual([
    ['https://example.com/wiki?unsilo=help-public', []],
    ['https://example.com/wiki?unsilo=help-HASH', [7, 5]],
  ])
  expect(theirs.map(({ externalId }) => externalId).sort()).toEqual(['help:1', 'help:2', 'help:4'])
  expect(open.code).toBe(2)
  expect(open.err).toMatch(/audiences: is needed/)
  expect(sources().map(({ audienceIds }) => audienceIds)).toEqual([[], [9]])
})

test('what the audience may no longer read is taken away at once, and pages of others stay', async () => {
  await stage.publish()
  const source = sources()[0]?.id ?? 0
  stage.site.library.putPage({ source_id: source, external_id: 'theirs', title: 'Theirs', html: '<p>Text</p>' })
  await stage.sync(PAGES.map((each) => ({ ...each, access: ['group:staff'] })))
  const { code, lines } = await stage.publish()

  expect(code).toBe(0)
  expect(sums(lines)).toMatchObject([{ removed: 2 }])
  expect(pages()).toEqual(['theirs'])
})

test('what the index lost, and a target that is configured no more, go only as far as is usual or allowed', async () => {
  const many = Array.from({ length: 20 }, (_, at) => ({ id: `m${at}`, title: `M ${at}`, markdown: `Text ${at}.\n` }))
  await stage.sync(many)
  await stage.publish()
  await stage.sync(many.slice(12), { deletes: 20, wider: 0 })
  const stopped = await stage.publish()
  const kept = pages().length
  await stage.publish('--allow-deletes', '12')
  const left = pages().length
  stage.configure('    pages:\n      - { source: help, url: "https://example.com", as: [group:x], audiences: [1] }\n')
  await stage.sync([], { deletes: 20, wider: 0 })
  const dropped = await stage.publish()
  const after = await stage.publish('--allow-deletes', '8')

  expect([stopped.code, kept, left]).toEqual([11, 20, 8])
  expect([dropped.code, after.code, pages().length]).toEqual([11, 0, 0])
})

test('a page that somebody took from Fin or deleted is left alone, shown, and written over when told so', async () => {
  await stage.publish()
  const one = page('1')
  if (one !== undefined) one.agent = false
  stage.site.library.pages.delete(page('2')?.id ?? '')
  const held = await stage.publish()
  const untouched = [page('1')?.agent, pages().length]
  const over = await stage.publish('--overwrite', 'help:1,help:2')

  expect(held.code).toBe(3)
  expect(held.lines.filter(({ type }) => type === 'held-page')).toMatchObject([
    { why: 'edited', document: 'help:1', blocks: false, diff: expect.stringContaining('+AI Agent: no') },
    { why: 'gone', document: 'help:2', blocks: true },
  ])
  expect(untouched).toEqual([false, 1])
  expect([over.code, page('1')?.agent, pages().length]).toEqual([0, true, 2])
})

test('notes that are lost cost one more sending, and no page twice', async () => {
  await stage.publish()
  stage.site.library.workspace = 'abcd1234'
  const { rmSync } = await import('node:fs')
  rmSync(`${stage.folder}/.unsilo/index.db.intercom.db`)
  const { lines } = await stage.publish()

  expect(sums(lines)).toMatchObject([{ created: 0, updated: 2 }])
  expect([pages().length, sources().length]).toEqual([2, 1])
})

test('of a target that is configured no more, what its readers may read no more goes whatever a guard keeps', async () => {
  const many = Array.from({ length: 20 }, (_, at) => ({
    ...{ id: `m${at}`, title: `M ${at}`, markdown: `Text ${at}.\n`, access: ['group:customers'] as const },
  }))
  await stage.sync(many)
  stage.configure(`    pages:\n${CUSTOMERS}`)
  await stage.publish()
  stage.configure(PUBLIC)
  await stage.sync(many.map((each) => (each.id === 'm7' ? { ...each, access: ['group:staff'] as const } : each)))
  const { code } = await stage.publish()

  expect(code).toBe(11)
  expect(pages()).toHaveLength(19)
  expect(page('m7')).toBeUndefined()
})

test('a page that somebody edits or deletes between the plan and what it says is left alone', async () => {
  await stage.publish()
  await stage.sync([{ ...PAGES[0], id: '1', markdown: 'Ask them.\n' }], { deletes: 9, wider: 0 })
  stage.site.onDone((name) => {
    if (name !== 'GET /ai/external_pages') return
    const [one, two] = [page('1'), page('2')]
    if (two !== undefined) two.html = '<p>Mine</p>'
    stage.site.library.pages.delete(one?.id ?? '')
  })
  const { code } = await stage.publish('--allow-deletes', '4')
  stage.site.onDone(() => undefined)

  expect(code).toBe(3)
  expect(pages()).toEqual(['help:2'])
  expect(page('2')?.html).toBe('<p>Mine</p>')
})

test('what two machines made at the same time is there once when one of them publishes again', async () => {
  await stage.publish()
  const { library } = stage.site
  const double = library.createSource(sources()[0]?.url ?? '', [])
  for (const { externalId, title, html } of [...library.pages.values()])
    library.putPage({ source_id: double.id, external_id: externalId, title, html })
  const { code, lines } = await stage.publish()
  const plan = await stage.publish('--plan', '--exit-code')

  expect([code, plan.code]).toEqual([0, 0])
  expect(lines.filter(({ type }) => type === 'page').map(({ do: what }) => what)).toEqual([
    'discard',
    'discard',
    'close',
  ])
  expect([pages(), sources().length]).toEqual([['help:1', 'help:2'], 1])
})

test('from a second source nobody else gets answers while its pages wait to go, and it is never made wider', async () => {
  stage.configure(`    pages:\n${CUSTOMERS}`)
  await stage.publish()
  const { library } = stage.site
  const [first] = sources()
  const [wider, narrower] = [[7, 9], [5]].map((ids) => library.createSource(first?.url ?? '', ids))
  for (const double of [wider, narrower]) {
    const given = { external_id: 'help:4', title: 'Members', html: '<p>For members.</p>' }
    library.putPage({ ...given, source_id: double?.id ?? 0 })
  }
  stage.site.fail({ kind: 'status', status: 422, match: /^DELETE \/ai\/external_pages/, times: 9 })
  const { lines } = await stage.publish()
  const audiences = [wider, narrower].map((double) => double?.audienceIds)
  stage.site.heal()
  const { code } = await stage.publish()

  expect(lines.filter(({ type }) => type === 'page').map(({ do: what }) => what)).toEqual(['narrow'])
  expect(audiences).toEqual([[7, 5], [5]])
  expect([code, sources().map(({ id }) => id)]).toEqual([0, [first?.id]])
})

test('pages that only the second source has are where they belong before they go from there', async () => {
  await stage.publish()
  const { library } = stage.site
  const [first] = sources()
  const second = library.createSource(first?.url ?? '', [])
  for (const [id, { sourceId, ...each }] of library.pages) library.pages.set(id, { ...each, sourceId: second.id })
  stage.site.fail({ kind: 'status', status: 422, match: /^POST \/ai\/external_pages$/ })
  const failed = await stage.publish()
  const kept = pages()
  const { code } = await stage.publish()
  const plan = await stage.publish('--plan', '--exit-code')

  expect([failed.code, code, plan.code]).toEqual([3, 0, 0])
  expect([...new Set(kept)]).toEqual(['help:1', 'help:2'])
  expect([pages(), sources().map(({ id }) => id)]).toEqual([['help:1', 'help:2'], [first?.id]])
})

test('what the index lost goes from a second source too only as far as is usual, and what was narrowed goes at once', async () => {
  const many = Array.from({ length: 20 }, (_, at) => ({ id: `m${at}`, title: `M ${at}`, markdown: `Text ${at}.\n` }))
  await stage.sync(many)
  await stage.publish()
  const { library } = stage.site
  const [first] = sources()
  const second = library.createSource(first?.url ?? '', [])
  for (const [id, { sourceId, ...each }] of library.pages) library.pages.set(id, { ...each, sourceId: second.id })
  await stage.sync([{ ...many[0], access: ['group:staff'] } as Page, ...many.slice(1, 8)], { deletes: 20, wider: 0 })
  const stopped = await stage.publish()
  const kept = pages()
  const allowed = await stage.publish('--allow-deletes', '12')
  const plan = await stage.publish('--plan', '--exit-code')

  expect([stopped.code, allowed.code, plan.code]).toEqual([11, 0, 0])
  expect(stopped.err).toMatch(/12 of 20 published documents/)
  expect(kept).toHaveLength(19)
  expect(kept).not.toContain('help:m0')
  expect([pages().length, sources().map(({ id }) => id)]).toEqual([7, [first?.id]])
})

test('a second source that holds what somebody else put there stays, without our pages', async () => {
  await stage.publish()
  const double = stage.site.library.createSource(sources()[0]?.url ?? '', [])
  for (const id of ['help:1', 'theirs'])
    stage.site.library.putPage({ source_id: double.id, external_id: id, title: id, html: '<p>Text</p>' })
  await stage.publish()

  expect([pages(), sources().length]).toEqual([['help:1', 'help:2', 'theirs'], 2])
})

test('what the audience may no longer read is taken away also where its source can’t be set as it is to be', async () => {
  stage.configure(`    pages:\n${CUSTOMERS}`)
  await stage.publish()
  stage.configure(`    pages:\n${CUSTOMERS.replace('[7, 5]', '[404]')}`)
  await stage.sync(PAGES.map((each) => (each.id === '4' ? { ...each, access: ['group:staff'] as const } : each)))
  stage.site.fail({ kind: 'status', status: 404, match: /^PUT \/ai\/content_import_sources/ })
  const { code } = await stage.publish()

  expect(code).toBe(3)
  expect(pages()).toEqual(['help:1', 'help:2'])
})
