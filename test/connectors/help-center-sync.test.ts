/** A help center, the configuration and the loop together: what changes at the source does to an index. */
import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { load } from 'js-yaml'
import { expect, test } from 'vitest'
import { helpCenter } from '../../connectors/help-center/index.ts'
import { connectors } from '../../connectors/index.ts'
import { loadConfig } from '../../src/config/load.ts'
import type { Store } from '../../src/core/store.ts'
import { openMemory } from '../../src/indexes/memory/memory.ts'
import { onSmallCenter } from './help-center-stage.ts'
import { onSmallGuide } from './help-center-zendesk-stage.ts'
import { type Stage, syncFrom } from './stage.ts'

function sync(center: Stage, store: Store) {
  return syncFrom(helpCenter, 'help', center, store)
}

test('an article that is deleted and a translation that is a draft again are gone after the next run, others untouched', () =>
  onSmallCenter(async (center) => {
    const store = openMemory()
    await sync(center, store)
    const before = await store.ids('help')
    const gone = [`help:${center.id('Refunds')}:en`, `help:${center.id('Invoices')}:fr`]
    center.emulator.model.remove(center.id('Refunds'))
    center.emulator.model.edit(center.id('Invoices'), { state: 'draft' }, 'fr')

    const { run } = await sync(center, store)

    expect(run).toMatchObject({ outcome: 'ok', counts: { removed: 2, added: 0, changed: 0 } })
    expect(await store.ids('help')).toEqual(before.filter((id) => !gone.includes(id)))
  }))

test('an article that can’t be read any more stays as it was, and the run says which', () =>
  onSmallCenter(async (center) => {
    const store = openMemory()
    await sync(center, store)
    const id = `help:${center.id('Refunds')}:en`
    const before = await store.document(id, [])
    center.emulator.model.edit(center.id('Refunds'), { body: 42 })

    const { run, failed } = await sync(center, store)

    expect(run.outcome).toBe('partial')
    expect(failed.map((failure) => failure.id)).toEqual([id])
    expect((await store.document(id, []))?.markdown).toBe(before?.markdown)
    expect(before?.markdown).toContain('Within 14 days.')
  }))

test('an audience that is narrowed arrives without a new body', () =>
  onSmallCenter(async (center) => {
    const store = openMemory()
    await sync(center, store)
    const id = `help:${center.id('Refunds')}:en`
    expect(await store.document(id, [])).not.toBeNull()
    center.emulator.model.find(center.id('Refunds')).audience = 'restricted'

    const { run } = await sync(center, store)

    expect(run.counts).toMatchObject({ refreshed: 1, changed: 0 })
    expect(await store.document(id, [])).toBeNull()
  }))

test('at Zendesk, an article that is deleted and a translation that is a draft again are gone after the next run, others untouched', () =>
  onSmallGuide(async (small) => {
    const { guide } = small.emulator
    const store = openMemory()
    await sync(small, store)
    const before = await store.ids('help')
    const gone = [`help:${small.id('Refunds')}:en-us`, `help:${small.id('Invoices')}:fr`]
    guide.remove(small.id('Refunds'))
    guide.edit(small.id('Invoices'), { draft: true }, 'fr')

    const { run } = await sync(small, store)

    expect(run).toMatchObject({ outcome: 'ok', counts: { removed: 2, added: 0, changed: 0 } })
    expect(await store.ids('help')).toEqual(before.filter((id) => !gone.includes(id)))
  }))

test('at Zendesk, a user segment that is set arrives without a new body', () =>
  onSmallGuide(async (small) => {
    const store = openMemory()
    await sync(small, store)
    const id = `help:${small.id('Refunds')}:en-us`
    expect(await store.document(id, [])).not.toBeNull()
    small.emulator.guide.find(small.id('Refunds')).segmentId = small.vip

    const { run } = await sync(small, store)

    expect(run.counts).toMatchObject({ refreshed: 1, changed: 0 })
    expect(await store.document(id, [])).toBeNull()
  }))

test('at Zendesk, nobody reads on when the help center is closed to people who aren’t signed in', () =>
  onSmallGuide(async (small) => {
    const store = openMemory()
    await sync(small, store)
    small.emulator.guide.settings.isOpen = false

    const { run } = await sync(small, store)

    expect(run).toMatchObject({ outcome: 'ok', counts: { removed: 0 } })
    for (const id of await store.ids('help')) expect(await store.document(id, [])).toBeNull()
  }))

test('at Zendesk, a listing that fails removes nothing', () =>
  onSmallGuide(async (small) => {
    const store = openMemory()
    await sync(small, store)
    const before = await store.ids('help')
    small.emulator.fail({ kind: 'html', match: /articles/, after: 2, times: 10 })

    const { run } = await sync(small, store)

    expect(run.outcome).toBe('failed')
    expect(await store.ids('help')).toEqual(before)
  }))

const written = `
sources:
  help:
    connector: help-center
    provider: intercom
    region: eu
    token: \${env:INTERCOM_TOKEN}
`

test('a source that names no level is public, and one that does is what it names', async () => {
  const levels = ['', '    level: staff\n'].map(async (level) => {
    const config = await loadConfig({
      path: '/x/unsilo.config.yaml',
      text: written + level,
      env: { INTERCOM_TOKEN: 'canary' },
      readFile: async () => '',
      connectors,
    })
    return config.sources[0]?.access.level
  })
  expect(await Promise.all(levels)).toEqual(['public', 'staff'])
})

test.each([
  ['the source in the README', written, true],
  ['an unknown provider', written.replace('provider: intercom', 'provider: other'), false],
  ['an unknown key', written.replace('region:', 'regoin:'), false],
  [
    'the one of Zendesk',
    `sources:
  help:
    connector: help-center
    provider: zendesk
    url: https://example.zendesk.com
    auth:
      clientId: unsilo
      clientSecret: \${env:ZENDESK_SECRET}
`,
    true,
  ],
  ['a literal token', written.replace(/\$\{.*\}/, 'secret'), false],
])('an editor with the JSON Schema: %s', (_, text, isAccepted) => {
  const file = new URL('../../src/config/unsilo.schema.json', import.meta.url)
  const ajv = new Ajv2020({ strict: false })
  addFormats.default(ajv)
  expect(ajv.validate(JSON.parse(readFileSync(file, 'utf8')), load(text))).toBe(isAccepted)
})
