import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import type { Access } from '../../src/core/access.ts'
import type { Change } from '../../src/core/connector.ts'
import type { Head } from '../../src/core/document.ts'
import { UnsiloError } from '../../src/core/errors.ts'
import { type Approval, type Approvals, reviewHash } from '../../src/core/review.ts'
import type { Store } from '../../src/core/store.ts'
import { openMemory } from '../../src/indexes/memory/memory.ts'
import { openSqlite } from '../../src/indexes/sqlite/sqlite.ts'
import { checkpoint, type RunOptions, run } from './pages.ts'

const STAFF: Access = ['group:staff']
const CUSTOMERS: Access = ['group:customers', 'group:staff']

const folders: string[] = []
const drivers: readonly { name: string; open: () => Promise<Store> }[] = [
  { name: 'memory', open: async () => openMemory() },
  {
    name: 'SQLite',
    open: async () => {
      const folder = mkdtempSync(join(tmpdir(), 'unsilo-review-'))
      folders.push(folder)
      return await openSqlite(join(folder, 'index.db'), { mode: 'write' })
    },
  },
]

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})

function ticket(id: string, text: string, head: Partial<Head> = {}): Change {
  const updatedAt = '2026-01-01T00:00:00.000Z'
  const given: Head = {
    ...{ id, version: text, title: `Ticket ${id}`, url: `https://example.com/${id}`, updatedAt, path: [] },
    ...{ kind: 'ticket', access: STAFF },
    ...head,
  }
  const people = ['Jean Dupont']
  return { type: 'upsert', head: given, load: async () => ({ markdown: text, title: `About ${id}`, people }) }
}

async function feed(store: Store, changes: readonly Change[], approvals: Approvals, options: RunOptions = {}) {
  return await run(store, [], { redact: { patterns: [] }, changes: [...changes, checkpoint(1)], approvals, ...options })
}

async function approved(store: Store, level: Approval['level'], ...ids: readonly string[]): Promise<Approvals> {
  const stored = await store.stored(ids)
  return new Map([...stored].map(([id, { head, markdown }]) => [id, { level, hash: reviewHash(head, markdown) }]))
}

async function accessOf(store: Store, id: string): Promise<Access | undefined> {
  return (await store.heads('s', [id])).get(id)?.head.access
}

const nothing: Approvals = new Map()

describe.each(drivers)('$name', ({ open }) => {
  test('a ticket whose new text could not be loaded stays staff’s, listed again or not, rebuilt or not', async () => {
    const store = await open()
    await feed(store, [ticket('1', 'One.'), ticket('2', 'Two.')], nothing)
    const approvals = await approved(store, 'customers', 's:1')
    await feed(store, [ticket('1', 'One.')], approvals)
    expect(await accessOf(store, 's:1')).toEqual(CUSTOMERS)
    const fails = () => Promise.reject(new UnsiloError('DOCUMENT_UNREADABLE', 'not now'))
    await feed(store, [{ ...ticket('1', 'Changed.'), load: fails } as Change], approvals)
    expect(await accessOf(store, 's:1')).toEqual(STAFF)

    await feed(store, [], approvals)
    expect(await accessOf(store, 's:1')).toEqual(STAFF)

    const redact = { patterns: [{ name: 'number', pattern: 'KD-[0-9]{6}' }] }
    for (const _ of ['rebuilt', 'once more']) {
      await feed(store, [], approvals, { redact })
      expect(await accessOf(store, 's:1')).toEqual(STAFF)
    }
    await store.close()
  })

  test('an approved ticket is read by its level from the next run on, listed or not, and by staff again without its entry', async () => {
    const store = await open()
    await feed(store, [ticket('1', 'By Jean.'), ticket('2', 'Two.')], nothing)
    const approvals = await approved(store, 'customers', 's:1')

    const report = await feed(store, [], approvals)

    expect(report.run.counts).toMatchObject({ refreshed: 1, changed: 0 })
    expect(await accessOf(store, 's:1')).toEqual(CUSTOMERS)
    expect(await accessOf(store, 's:2')).toEqual(STAFF)
    expect((await feed(store, [ticket('1', 'By Jean.')], approvals)).run.counts).toMatchObject({
      unchanged: 1,
      refreshed: 0,
    })
    expect((await store.document('s:1', ['group:customers']))?.markdown).toBe('By [PERSON_1].\n')

    await feed(store, [], nothing)
    expect(await accessOf(store, 's:1')).toEqual(STAFF)
    await store.close()
  })

  test('another text is for staff, from before it is loaded', async () => {
    const store = await open()
    await feed(store, [ticket('1', 'One.')], nothing)
    const approvals = await approved(store, 'public', 's:1')
    await feed(store, [ticket('1', 'One.')], approvals)
    expect(await accessOf(store, 's:1')).toBe('public')
    const seen: (Access | undefined)[] = []
    const load = async () => {
      seen.push(await accessOf(store, 's:1'))
      return { markdown: 'Two.', title: 'About 1' }
    }

    await feed(store, [{ ...ticket('1', 'Two.'), load } as Change], approvals)

    expect(seen).toEqual([STAFF])
    expect(await accessOf(store, 's:1')).toEqual(STAFF)
    await store.close()
  })

  test('other words around the same text are another text', async () => {
    const store = await open()
    const labels = (label: string) => ticket('1', 'One.', { labels: [label] })
    await feed(store, [labels('a')], nothing)
    const approvals = await approved(store, 'public', 's:1')
    await feed(store, [labels('a')], approvals)

    await feed(store, [labels('b')], approvals)

    expect(await accessOf(store, 's:1')).toEqual(STAFF)
    await store.close()
  })

  test('a new index takes what was approved as soon as it has the text', async () => {
    const first = await open()
    await feed(first, [ticket('1', 'One.')], nothing)
    const approvals = await approved(first, 'customers', 's:1')
    const second = await open()

    await feed(second, [ticket('1', 'One.')], approvals)

    expect(await accessOf(second, 's:1')).toEqual(CUSTOMERS)
    await first.close()
    await second.close()
  })

  test('approvals are a person’s own word: the guard does not ask for another', async () => {
    const store = await open()
    const tickets = Array.from({ length: 20 }, (_, at) => ticket(String(at), `Text ${at}.`))
    await feed(store, tickets, nothing)
    const approvals = await approved(store, 'public', ...(await store.ids('s')))

    const report = await feed(store, [], approvals)

    expect(report.error).toBeNull()
    expect(report.run.counts.refreshed).toBe(20)
    await store.close()
  })

  test('a restricted ticket, and what is no ticket, stay as their source says', async () => {
    const store = await open()
    const changes = [
      ticket('1', 'One.', { access: ['group:legal'] }),
      ticket('2', 'Two.', { access: [] }),
      ticket('3', 'Three.', { kind: 'page' }),
    ]
    await feed(store, changes, nothing)
    const approvals = await approved(store, 'public', 's:1', 's:2', 's:3')

    await feed(store, changes, approvals)
    await feed(store, [], approvals)

    const heads = await store.heads('s', ['s:1', 's:2', 's:3'])
    expect([...heads.values()].map(({ head }) => head.access)).toEqual([['group:legal'], [], STAFF])
    await store.close()
  })

  test('an entry that goes narrows though the listing fails', async () => {
    const store = await open()
    await feed(store, [ticket('1', 'One.')], nothing)
    await feed(store, [], await approved(store, 'public', 's:1'))
    expect(await accessOf(store, 's:1')).toBe('public')

    await feed(store, [], nothing, { throws: new Error('the source is away') })

    expect(await accessOf(store, 's:1')).toEqual(STAFF)
    await store.close()
  })

  test('an approved text that is made anew from what is stored stays approved', async () => {
    const store = await open()
    await feed(store, [ticket('1', 'One KD-7.')], nothing)
    const approvals = await approved(store, 'public', 's:1')
    await feed(store, [], approvals)
    const redact = { patterns: [{ name: 'customer', pattern: 'KD-\\d' }] }

    await feed(store, [], approvals, { redact })
    expect(await accessOf(store, 's:1')).toEqual(STAFF)
    const again = await approved(store, 'public', 's:1')
    await feed(store, [], again, { redact })
    expect(await accessOf(store, 's:1')).toBe('public')
    await feed(store, [], again, { redact: { patterns: [...redact.patterns, { name: 'rare', pattern: 'zzz' }] } })

    expect(await accessOf(store, 's:1')).toBe('public')
    await store.close()
  })
})
