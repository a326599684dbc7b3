/** Confluence and the loop together: what a source that loses something does to an index. */
import { expect, test } from 'vitest'
import { confluence } from '../../connectors/confluence/index.ts'
import type { Store } from '../../src/core/store.ts'
import { openMemory } from '../../src/indexes/memory/memory.ts'
import { onSmallSite, type SmallSite } from './confluence-stage.ts'
import { syncFrom } from './stage.ts'

function sync(site: SmallSite, store: Store, config: Record<string, unknown> = {}, allowDeletes = 0) {
  return syncFrom(confluence, 'wiki', site, store, { config, allowDeletes })
}

test.each([
  ['named', {}, 'CONFIG_INVALID'],
  ['one of all', { spaces: 'all' }, 'GUARD_TRIPPED'],
])('a space that vanished, %s, takes nothing away in silence', (_, config, code) =>
  onSmallSite(async (site) => {
    const store = openMemory()
    await sync(site, store, config)
    const before = await store.ids('wiki')
    const { spaces } = site.emulator.model
    for (const [id, { key }] of spaces) if (key === 'SUP') spaces.delete(id)

    const { error } = await sync(site, store, { ...config, labels: {} })

    expect(error?.code).toBe(code)
    expect(before.length).toBeGreaterThan(5)
    expect(await store.ids('wiki')).toEqual(before)
  }),
)

test('an account that sees no page any more removes nothing, and says so, until that is allowed', () =>
  onSmallSite(async (site) => {
    const store = openMemory()
    await sync(site, store)
    const before = await store.ids('wiki')
    for (const content of site.emulator.model.contents.values()) content.hidden = true

    const { error } = await sync(site, store)
    expect(error?.code).toBe('LISTING_INCOMPLETE')
    expect(error?.hint).toContain(`--allow-deletes ${before.length}`)
    expect(await store.ids('wiki')).toEqual(before)

    expect((await sync(site, store, {}, before.length)).error).toBeNull()
    expect(await store.ids('wiki')).toEqual([])
  }))

test('restrictions that were read for the day hold, although a body fails in every run', () =>
  onSmallSite(async (site) => {
    const store = openMemory()
    Object.assign(site.emulator.model.find(site.id('Refunds')), { poisoned: true })
    await sync(site, store, { restrictions: 'daily' })
    site.emulator.requests.length = 0

    const { run, failed } = await sync(site, store, { restrictions: 'daily' })

    expect(run.outcome).toBe('partial')
    expect(failed.map(({ id }) => id)).toEqual([`wiki:${site.id('Refunds')}`])
    expect(site.emulator.requests.filter(({ path }) => path.includes('/restriction/'))).toEqual([])
  }))

test('included pages and excerpts arrive where every reader may read them, and leave with a restriction', () =>
  onSmallSite(async (site) => {
    const { model } = site.emulator
    const spaceId = model.find(site.id('Refunds')).spaceId
    const rates = macro(
      'excerpt',
      `${named('name', 'Rates')}<ac:rich-text-body><p>Two percent.</p></ac:rich-text-body>`,
    )
    const target = (title: string) => named('', `<ac:link><ri:page ri:content-title="${title}" /></ac:link>`)
    model.addPage({ spaceId, title: 'Fees', body: `<p>Due in May.</p>${rates}` })
    const body = [
      macro('include', target('Refunds')),
      macro('excerpt-include', target('Fees') + named('name', 'Rates')),
      macro('include', target('Salaries')),
    ]
    model.addPage({ spaceId, title: 'Handbook', body: `<h1>All of it</h1>${body.join('')}` })
    const store = openMemory()
    const handbook = `wiki:${site.id('Handbook')}`
    const text = async () => (await store.stored([handbook])).get(handbook)?.markdown

    await sync(site, store)
    const salaries = expect.stringContaining(`pages/${site.id('Salaries')})`)
    expect((await text())?.split('\n\n')).toEqual(['# All of it', 'Within 14 days.', 'Two percent.', salaries])

    model.restrict(site.id('Refunds'), { users: ['ada'], groups: [] })
    await sync(site, store)
    expect(await text()).not.toContain('Within 14 days')
    expect(await text()).toContain('Two percent')
  }))

function macro(name: string, content: string): string {
  return `<ac:structured-macro ac:name="${name}">${content}</ac:structured-macro>`
}

function named(name: string, value: string): string {
  return `<ac:parameter ac:name="${name}">${value}</ac:parameter>`
}
