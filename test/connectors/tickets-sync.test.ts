/** An inbox, the configuration and the loop together: what changes at the source does to an index. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { load } from 'js-yaml'
import { expect, test } from 'vitest'
import { connectors } from '../../connectors/index.ts'
import { tickets } from '../../connectors/tickets/index.ts'
import { loadConfig } from '../../src/config/load.ts'
import type { Store } from '../../src/core/store.ts'
import { openMemory } from '../../src/indexes/memory/memory.ts'
import { openSqlite } from '../../src/indexes/sqlite/sqlite.ts'
import { NOW, syncFrom } from './stage.ts'
import { ANSWER, onSmallInbox, type SmallInbox } from './tickets-stage.ts'

const STAFF = ['group:staff'] as const

function sync(inbox: SmallInbox, store: Store) {
  return syncFrom(tickets, 'support', inbox, store)
}

const native = (id: string) => id.replace(/^\w+-/, '')

test('what was reopened or deleted is gone after the next run, from the file too', () =>
  onSmallInbox(async (inbox) => {
    const folder = mkdtempSync(join(tmpdir(), 'unsilo-tickets-'))
    const path = join(folder, 'index.db')
    inbox.inbox.addConversation({ parts: [{ body: '<p>REOPENEDWORD is the answer to it all.</p>' }] })
    inbox.inbox.addTicket({ parts: [{ body: '<p>DELETEDWORD is the answer to it all.</p>' }] })
    const reopened = [...inbox.inbox.conversations.keys()].at(-1) ?? ''
    const deleted = [...inbox.inbox.tickets.keys()].at(-1) ?? ''
    const store = await openSqlite(path)
    await sync(inbox, store)
    expect(await store.document(`support:conversation-${reopened}`, STAFF)).not.toBeNull()
    inbox.inbox.change(reopened, { state: 'open' })
    inbox.inbox.remove(deleted)

    const { run } = await sync(inbox, store)
    await store.close()

    expect(run).toMatchObject({ outcome: 'ok', counts: { removed: 2, added: 0, changed: 0 } })
    const file = readFileSync(path, 'latin1')
    expect(file).toContain('Export all invoices')
    expect(file).not.toMatch(/REOPENEDWORD|DELETEDWORD/i)
    rmSync(folder, { recursive: true })
  }))

test('a second run reads nothing that did not change, and what answers nothing stays out of it', () =>
  onSmallInbox(async (inbox) => {
    inbox.inbox.addConversation({ updatedAt: NOW / 1000 - 60, parts: [{ body: `<p>${ANSWER}</p>` }] })
    const store = openMemory()
    const first = await sync(inbox, store)
    inbox.emulator.requests.length = 0
    const { run } = await sync(inbox, store)

    expect(first.run).toMatchObject({ outcome: 'ok', counts: { added: 6, skipped: 5 } })
    expect(run).toMatchObject({ outcome: 'ok', counts: { added: 0, changed: 0, removed: 0, unchanged: 6, skipped: 5 } })
    expect(inbox.emulator.requests.filter((path) => /^\/conversations\/\d/.test(path))).toHaveLength(1)
  }))

test('nobody but staff may read, and a conversation that can’t be read any more stays as it was', () =>
  onSmallInbox(async (inbox) => {
    const store = openMemory()
    await sync(inbox, store)
    const id = `support:${inbox.id('Plans')}`
    const before = await store.document(id, STAFF)
    inbox.inbox.reply(native(inbox.id('Plans')), { body: 42 })

    const { run, failed } = await sync(inbox, store)

    expect(run.outcome).toBe('partial')
    expect(failed.map((failure) => failure.id)).toEqual([id])
    expect(before?.markdown).toContain(ANSWER)
    expect((await store.document(id, STAFF))?.markdown).toBe(before?.markdown)
    expect(await store.document(id, ['group:customers'])).toBeNull()
  }))

const written = `
sources:
  support:
    connector: tickets
    provider: intercom
    region: eu
    token: \${env:INTERCOM_TOKEN}
    teams: [Support]
    withoutTags: [spam]
    fields: [Product]
`

test('a source that names no level is staff’s', async () => {
  const config = await loadConfig({
    path: '/x/unsilo.config.yaml',
    text: written,
    env: { INTERCOM_TOKEN: 'canary' },
    readFile: async () => {
      throw Object.assign(new Error('no such file'), { code: 'ENOENT' })
    },
    connectors,
  })
  expect(config.sources[0]?.access.level).toBe('staff')
  expect(config.sources[0]?.connector.redact).toBe(true)
})

test.each([
  ['the source in the README', written, true],
  ['an unknown provider', written.replace('provider: intercom', 'provider: other'), false],
  ['an unknown key', written.replace('teams:', 'team:'), false],
  ['an unknown rating', `${written}    ratings: [excellent]\n`, false],
  ['a literal token', written.replace(/\$\{.*\}/, 'secret'), false],
])('an editor with the JSON Schema: %s', (_, text, isAccepted) => {
  const file = new URL('../../src/config/unsilo.schema.json', import.meta.url)
  const ajv = new Ajv2020({ strict: false })
  addFormats.default(ajv)
  expect(ajv.validate(JSON.parse(readFileSync(file, 'utf8')), load(text))).toBe(isAccepted)
})
