import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { load } from 'js-yaml'
import { describe, expect, test } from 'vitest'
import { type TicketsConfig, type TicketsCursor, tickets } from '../../connectors/tickets/index.ts'
import type { Change } from '../../src/core/connector.ts'
import type { Body } from '../../src/core/document.ts'
import type { Json } from '../../src/core/json.ts'
import type { Store } from '../../src/core/store.ts'
import { openMemory } from '../../src/indexes/memory/memory.ts'
import { bodies, checkpoints, plain, skips, upserts, versionsOf } from '../conformance/changes.ts'
import { type Stage, testConnector } from '../conformance/connector.ts'
import { loadZendeskSpecs, specsMissing } from '../emulators/specs.ts'
import { NOW, syncFrom } from './stage.ts'
import {
  ANSWER,
  answered,
  COLLEAGUE,
  CUSTOMER,
  OTHER,
  onSmallDesk,
  pull,
  type SmallDesk,
  startSmallDesk,
} from './tickets-zendesk-stage.ts'

describe('Zendesk’s help desk as a connector', () => {
  testConnector<TicketsConfig, TicketsCursor>({ connector: tickets, setup: startStage })
})

async function startStage(): Promise<Stage> {
  const { emulator, config, id } = await startSmallDesk()
  const live = new Set(['Invoices', 'Refunds', 'Closed', 'Plans'].map((name) => String(id(name))))
  return {
    config,
    live: () => [...live],
    restricted: () => null,
    edit: () => {
      emulator.support.comment(id('Invoices'), { body: '<p>Since today it is under Settings, Documents.</p>' })
      return String(id('Invoices'))
    },
    remove: () => {
      emulator.support.change(id('Refunds'), { status: 'deleted' })
      live.delete(String(id('Refunds')))
      return String(id('Refunds'))
    },
    breakBody: () => {
      emulator.support.comment(id('Plans'), { body: 42, authorId: CUSTOMER })
      return String(id('Plans'))
    },
    close: emulator.close,
  }
}

type Changes = readonly Change<TicketsCursor>[]

const head = (changes: Changes, id: number) => upserts(changes).find((each) => each.head.id === String(id))?.head

const last = (changes: Changes) => checkpoints(changes).at(-1)?.cursor ?? null

async function body(changes: Changes, id: number): Promise<Extract<Body, { html: string }>> {
  const read = await upserts(changes)
    .find((each) => each.head.id === String(id))
    ?.load(String(id))
  if (read === undefined || !('html' in read)) throw new Error(`ticket ${id} has no body`)
  return read
}

/** Of what the stage fills in, all that must reach no document. */
const HIDDEN =
  /NOTEWORD|AIWORD|TRIGGERWORD|REDACTEDWORD|MERGEWORD|CALLWORD|CHATWORD|SYSTEMWORD|STRANGERWORD|SUBJECTWORD|LONGWORD/

describe('documents', () => {
  test('a ticket is one, under a title and an address that tell nothing of its customer', () =>
    onSmallDesk(async (desk) => {
      const id = desk.id('Invoices')
      const changes = await pull(desk, { config: { fields: ['Product'] } })
      expect(head(changes, id)).toEqual({
        id: String(id),
        version: expect.stringMatching(/^[0-9a-f]{32}$/),
        title: `Ticket ${id}`,
        url: `${desk.emulator.url}/agent/tickets/${id}`,
        updatedAt: expect.stringMatching(/^2026-01-05T/),
        path: ['Ledger', 'Billing'],
        kind: 'ticket',
        labels: ['export', 'Product: Ledger Pro'],
        access: ['group:staff'],
      })
    }))

  test('reads as question and resolution; its subject is the title, its people are handed over', () =>
    onSmallDesk(async (desk) => {
      const read = await body(await pull(desk), desk.id('Invoices'))
      expect(read.title).toBe('Invoices of last year')
      expect(read.html).toContain('Where do I find the invoices of last year?')
      expect(read.html).toContain(ANSWER)
      expect(read.html).toContain('guide.pdf')
      expect(read.html).not.toMatch(/canary-file|192\.0\.2\.7|Lyon/)
      expect(read.people).toEqual(
        expect.arrayContaining(['Ada Example', 'ada@example.com', 'Grace Sample', 'grace@example.net']),
      )
      expect(read.people).toEqual(expect.arrayContaining([`Sender ${CUSTOMER}`, `sender-${CUSTOMER}@example.org`]))
    }))

  test('no word of notes, AI agents, triggers, transcripts, calls, merges or what was blacked out is in a body', () =>
    onSmallDesk(async (desk) => {
      const all = JSON.stringify(await bodies(await pull(desk)))
      expect(all).toContain(ANSWER)
      expect(all).not.toMatch(HIDDEN)
    }))

  test('who is neither customer nor agent, whatever else there may be in future, is no person', () =>
    onSmallDesk(async (desk) => {
      const { support } = desk.emulator
      support.addUser({ id: 700_009, name: 'Assistant', email: 'assistant@example.net', role: 'bot' as 'agent' })
      support.comment(desk.id('Invoices'), {
        body: '<p>AIWORD suggests to open Settings and to export them there.</p>',
        authorId: 700_009,
      })
      expect(JSON.stringify(await body(await pull(desk), desk.id('Invoices')))).not.toMatch(HIDDEN)
    }))

  test('a subject that was blacked out is none', () =>
    onSmallDesk(async (desk) => {
      desk.emulator.support.change(desk.id('Invoices'), { subject: 'REDACTEDWORD ▇▇▇▇' })
      expect(JSON.stringify(await body(await pull(desk), desk.id('Invoices')))).not.toMatch(HIDDEN)
    }))

  test('authors whom the answers leave out are asked for', () =>
    onSmallDesk(
      async (desk) => {
        const read = await body(await pull(desk), desk.id('Invoices'))
        expect(read.html).toContain(ANSWER)
        expect(read.people).toContain('Ada Example')
        expect(JSON.stringify(read)).not.toMatch(HIDDEN)
      },
      { withoutUsers: true },
    ))

  test('whoever is only in copy is handed over too', () =>
    onSmallDesk(
      async (desk) => {
        const { id } = desk.emulator.support.addTicket({ ...answered, copied: [OTHER] })
        expect((await body(await pull(desk), id)).people).toContain('mary@example.com')
      },
      { withoutUsers: true },
    ))

  test('comments are read in the order of time, however they come', () =>
    onSmallDesk(
      async (desk) => {
        const fetch = altered(/comments/, (answer) => ({
          ...answer,
          comments: (answer['comments'] as unknown[]).toReversed(),
        }))
        const id = desk.id('Invoices')
        expect(await body(await pull(desk, { fetch }), id)).toEqual(await body(await pull(desk), id))
      },
      { pageSize: 100 },
    ))

  test('what comes by the API is by people only if the configuration says so', () =>
    onSmallDesk(async (desk) => {
      const changes = await pull(desk, { config: { humanChannels: ['api'] } })
      expect((await body(changes, desk.id('Invoices'))).html).toContain('AIWORD')
    }))

  test('a comment that doesn’t say how it came is nobody’s; what came by the API is the customer’s if the configuration says so', () =>
    onSmallDesk(async (desk) => {
      const { support } = desk.emulator
      const { id } = support.addTicket({
        comments: [
          { body: '<p>FORMWORD where is the export of my invoices?</p>', authorId: CUSTOMER, channel: 'api' },
          { body: '<p>UNSAIDWORD</p>', channel: '' },
          { body: `<p>${ANSWER}</p>`, authorId: COLLEAGUE },
        ],
      })
      const { html } = await body(await pull(desk), id)
      expect(html).not.toMatch(/UNSAIDWORD|FORMWORD/)
      const told = await body(await pull(desk, { config: { humanChannels: ['api'] } }), id)
      expect(told.html).toContain('FORMWORD')
      expect(told.html).not.toContain('UNSAIDWORD')
    }))

  test.each([
    ['Open', 'not resolved: open'],
    ['Unanswered', 'no public answer by a person'],
    ['Of an AI agent', 'handled by an AI agent'],
    ['Internal', 'no public message'],
  ])('%s is skipped with a reason', (name, reason) =>
    onSmallDesk(async (desk) => {
      expect(skips(await pull(desk))[desk.id(name)]).toBe(reason)
    }),
  )

  test('a ticket without a public message costs no request', () =>
    onSmallDesk(async (desk) => {
      await pull(desk)
      expect(desk.emulator.requests.join()).not.toContain(`tickets/${desk.id('Internal')}/comments`)
    }))
})

describe('filters', () => {
  test.each([
    ['teams', { teams: ['billing'] }, 'of another team'],
    ['brands', { brands: ['Ledger'] }, 'of another brand'],
    ['tags', { tags: ['export'] }, 'without any of the tags'],
    ['ratings', { ratings: ['good'] }, 'rated none'],
    ['answers', { minAgentReplies: 2 }, 'fewer than 2 public answers by people'],
  ])('by %s', (_, config, reason) =>
    onSmallDesk(async (desk) => {
      desk.emulator.support.comment(desk.id('Invoices'), { body: '<p>And here is another word on it.</p>' })
      const changes = await pull(desk, { config })
      expect(upserts(changes).map((each) => each.head.id)).toEqual([String(desk.id('Invoices'))])
      expect(skips(changes)[desk.id('Refunds')]).toBe(reason)
    }),
  )

  test('a tag that is left out', () =>
    onSmallDesk(async (desk) => {
      const changes = await pull(desk, { config: { withoutTags: ['EXPORT'] } })
      expect(skips(changes)[desk.id('Invoices')]).toBe('with a tag that is left out')
      expect(head(changes, desk.id('Refunds'))).toBeDefined()
    }))

  test('a ticket that grows too old is removed though nothing changed', () =>
    onSmallDesk(async (desk) => {
      const config = { maxAgeDays: 60 }
      const first = await pull(desk, { config })
      const later = await pull(desk, { config, since: last(first), now: () => NOW + 10 * 86_400_000 })
      expect(upserts(first)).toHaveLength(4)
      expect(later.filter(({ type }) => type === 'begin')).toEqual([])
      expect(Object.values(skips(later))).toEqual(Array(4).fill('resolved too long ago'))
      expect(last(first)).toHaveProperty('taken', { '2026-01-05': expect.any(Array) })
      expect(last(later)).toHaveProperty('taken', {})
    }))

  test('with an age, the export begins there', () =>
    onSmallDesk(async (desk) => {
      await pull(desk, { config: { maxAgeDays: 10 } })
      const start = Date.parse('2026-02-18T00:00:00.000Z') / 1000
      expect(desk.emulator.requests.join()).toContain(`start_time=${start}&`)
    }))
})

describe('later runs', () => {
  test('ask for what changed since, and read nothing else', () =>
    onSmallDesk(async (desk) => {
      const { support, requests } = desk.emulator
      const first = await pull(desk)
      requests.length = 0
      support.comment(desk.id('Refunds'), { body: '<p>It moved to another page of the settings.</p>' })
      const second = await pull(desk, { since: last(first) })
      expect(upserts(second).map((each) => each.head.id)).toEqual([String(desk.id('Refunds'))])
      expect(second.some(({ type }) => type === 'begin')).toBe(false)
      const read = requests.filter((each) => each.includes('/comments'))
      expect(read.length).toBeGreaterThan(0)
      expect(read.filter((each) => !each.includes(`tickets/${desk.id('Refunds')}/`))).toEqual([])
    }))

  test.each([
    ['is reopened', { status: 'open' }, { type: 'skip', reason: 'not resolved: open' }],
    ['is deleted', { status: 'deleted' }, { type: 'delete' }],
    ['goes to an AI agent', { supportType: 'ai_agent' }, { type: 'skip', reason: 'handled by an AI agent' }],
  ] as const)('tell that a ticket %s', (_, change, said) =>
    onSmallDesk(async (desk) => {
      const first = await pull(desk)
      desk.emulator.support.change(desk.id('Refunds'), change)
      const second = await pull(desk, { since: last(first) })
      expect(second.filter(({ type }) => type !== 'checkpoint')).toEqual([{ ...said, id: String(desk.id('Refunds')) }])
    }),
  )

  test('a comment that is made internal makes a new version without it', () =>
    onSmallDesk(async (desk) => {
      const { support } = desk.emulator
      const id = desk.id('Invoices')
      support.comment(id, { body: '<p>Does LATERWORD work for the trial account too?</p>', authorId: CUSTOMER })
      const first = await pull(desk)
      expect((await body(first, id)).html).toContain('LATERWORD')
      Object.assign(support.find(id).comments.at(-1) ?? {}, { isPublic: false })
      support.change(id, {})
      const second = await pull(desk, { since: last(first) })
      expect(versionsOf(second).get(String(id))).not.toBe(versionsOf(first).get(String(id)))
      expect((await body(second, id)).html).not.toContain('LATERWORD')
    }))

  test('a change that readers don’t see leaves the version', () =>
    onSmallDesk(async (desk) => {
      const id = desk.id('Invoices')
      const first = await pull(desk)
      desk.emulator.support.comment(id, { body: '<p>Another note.</p>', isPublic: false })
      const second = await pull(desk, { since: last(first) })
      expect(versionsOf(second).get(String(id))).toBe(versionsOf(first).get(String(id)))
    }))

  test.each([
    ['a filter', { minAgentReplies: 2 }],
    ['whom answers are believed', { humanChannels: ['api'] }],
  ])('begin anew when the configuration changes %s', (_, config) =>
    onSmallDesk(async (desk) => {
      const first = await pull(desk)
      const second = await pull(desk, { since: last(first), config })
      expect(second[0]).toEqual({ type: 'begin' })
      expect(checkpoints(second).at(-1)?.receipt).toMatchObject({ ended: 'end-of-stream' })
    }),
  )

  test('begin anew when a group that a filter names is called otherwise', () =>
    onSmallDesk(async (desk) => {
      const config = { teams: ['Billing'] }
      const { groups } = desk.emulator.support
      const first = await pull(desk, { config })
      for (const [id, name] of groups) groups.set(id, `${name} team`)
      desk.emulator.support.addGroup('Billing')
      const second = await pull(desk, { since: last(first), config })
      expect(second[0]).toEqual({ type: 'begin' })
      expect(upserts(second)).toEqual([])
    }))

  test.each([
    ['teams', { teams: ['Billing', 'Biling'] }, 'Biling'],
    ['brands', { brands: ['Ledgr'] }, 'Ledgr'],
  ])('end before anything is read where a filter by %s names what is not there', (key, config, name) =>
    onSmallDesk(async (desk) => {
      await expect(pull(desk, { config })).rejects.toMatchObject({
        code: 'CONFIG_INVALID',
        message: expect.stringContaining(`${key}: ${name} `),
      })
    }),
  )

  test('a pass that was cut goes on where it was, and ends with a receipt', () =>
    onSmallDesk(async (desk) => {
      const first = await pull(desk)
      const cut = checkpoints(first)[1]?.cursor ?? null
      const rest = await pull(desk, { since: cut })
      expect(rest.some(({ type }) => type === 'begin')).toBe(false)
      expect(checkpoints(rest).at(-1)?.receipt).toBeDefined()
      expect(last(rest)).toEqual(last(first))
    }))

  test('a ticket that was deleted during a pass over it is said to be', () =>
    onSmallDesk(async (desk) => {
      const { emulator, id } = desk
      emulator.after(/cursor=/, () => emulator.support.change(id('Invoices'), { status: 'deleted' }))
      const changes = await pull(desk)
      expect(changes).toContainEqual({ type: 'delete', id: String(id('Invoices')) })
      expect(changes).not.toContainEqual({ type: 'delete', id: String(id('Deleted')) })
    }))
})

describe('what can’t be read', () => {
  test.each([
    ['a body', { body: 42 }, /comments\.2\.html_body/],
    ['whether it is public', { body: 'x', isPublic: 'yes' }, /comments\.2\.public/],
  ])('%s costs one ticket, and its message names it and the field', (_, comment, said) =>
    onSmallDesk(async (desk) => {
      const id = desk.id('Refunds')
      desk.emulator.support.comment(id, comment)
      const changes = await pull(desk)
      const error = await body(changes, id).catch((thrown: unknown) => thrown)
      expect(error).toMatchObject({ code: 'DOCUMENT_UNREADABLE', message: expect.stringMatching(said) })
      expect(String(error)).toContain(`Zendesk: ticket ${id} `)
    }),
  )

  test.each([
    ['status', { status: 'gone' }],
    ['updated_at', { updatedAt: 'yesterday' }],
    ['tags', { tags: 'a b' }],
    ['custom_fields', { fields: 'none' }],
  ])('a ticket whose %s is of another shape fails alone', (field, change) =>
    onSmallDesk(async (desk) => {
      const id = desk.id('Refunds')
      Object.assign(desk.emulator.support.find(id), change)
      const changes = await pull(desk)
      await expect(body(changes, id)).rejects.toMatchObject({
        message: expect.stringContaining(`${id} could not be read: ${field}`),
      })
      expect(upserts(changes)).toHaveLength(4)
    }),
  )

  test('is asked for by its id in the next run, which goes on behind it', () =>
    onSmallDesk(async (desk) => {
      const { support } = desk.emulator
      const id = desk.id('Refunds')
      const store = openMemory()
      support.comment(id, { body: 42 })
      support.change(desk.id('Plans'), {})
      expect((await sync(desk, store)).run.outcome).toBe('partial')
      const comments = support.find(id).comments
      comments.splice(comments.length - 1)
      desk.emulator.requests.length = 0
      const { run } = await sync(desk, store)
      expect(run).toMatchObject({ outcome: 'ok', counts: { added: 1, removed: 0 } })
      const read = desk.emulator.requests.filter((each) => /start_time|comments/.test(each))
      expect(new Set(read.map((each) => each.replace(/\?.*/, '')))).toEqual(new Set([`/api/v2/tickets/${id}/comments`]))
    }))

  test('and stays asked for while Zendesk doesn’t tell of it', () =>
    onSmallDesk(async (desk) => {
      const since = last(await pull(desk))
      if (since?.provider !== 'zendesk') throw new Error('no cursor')
      const next = last(await pull(desk, { since: { ...since, failed: ['999'] } }))
      expect(next).toEqual({ ...since, failed: ['999'] })
    }))

  test('an export that ends without a cursor goes on from the last one', () =>
    onSmallDesk(async (desk) => {
      const since = last(await pull(desk))
      const fetch = altered(/incremental/, (answer) => ({ ...answer, after_cursor: null }))
      expect(last(await pull(desk, { since, fetch }))).toEqual(since)
    }))

  test('a ticket that is gone between listing and reading stays as it was until the export says so', () =>
    onSmallDesk(async (desk) => {
      const { emulator, id } = desk
      emulator.after(/start_time/, () => emulator.support.erase(id('Invoices')))
      const changes = await pull(desk)
      await expect(body(changes, id('Invoices'))).rejects.toMatchObject({
        message: expect.stringContaining('it is gone'),
      })
    }))

  test.each([
    ['a page without an end', { end_of_stream: undefined }, 'ANSWER_INVALID', 'end_of_stream'],
    ['a page without a list', { tickets: {} }, 'ANSWER_INVALID', 'tickets'],
    ['a ticket without an id', { tickets: [{ status: 'solved' }] }, 'ANSWER_INVALID', 'item 0: id'],
    ['a cursor that leads back', { end_of_stream: false, after_cursor: 'MHww' }, 'LISTING_INCOMPLETE', 'page 2'],
    ['no cursor to go on with', { end_of_stream: false, after_cursor: null }, 'LISTING_INCOMPLETE', 'page 1'],
  ])('%s ends the run', (_, change, code, said) =>
    onSmallDesk(async (desk) => {
      const fetch = altered(/incremental/, (answer) => ({ ...answer, ...change }))
      await expect(pull(desk, { fetch })).rejects.toMatchObject({ code, message: expect.stringContaining(said) })
    }),
  )
})

function altered(match: RegExp, change: (answer: Record<string, unknown>) => object): typeof fetch {
  return async (input, init) => {
    const response = await fetch(input, init)
    if (!match.test(String(input)) || !response.ok) return response
    return Response.json(change((await response.json()) as Record<string, unknown>))
  }
}

function sync(desk: SmallDesk, store: Store) {
  return syncFrom(tickets, 'desk', desk, store)
}

test('synced: reopened and deleted tickets are gone after the next run, the others untouched', () =>
  onSmallDesk(async (desk) => {
    const { support } = desk.emulator
    const store = openMemory()
    await sync(desk, store)
    const before = await store.ids('desk')
    support.change(desk.id('Refunds'), { status: 'open' })
    support.change(desk.id('Closed'), { status: 'deleted' })

    const { run } = await sync(desk, store)

    expect(run).toMatchObject({ outcome: 'ok', counts: { removed: 2, added: 0, changed: 0 } })
    const gone = [desk.id('Refunds'), desk.id('Closed')].map((id) => `desk:${id}`)
    expect(await store.ids('desk')).toEqual(before.filter((id) => !gone.includes(id)))
    for (const id of before) expect(JSON.stringify(await store.document(id, ['group:staff']))).not.toMatch(HIDDEN)
    expect(await store.document(`desk:${desk.id('Plans')}`, [])).toBeNull()
  }))

test('the export is asked for with tickets of AI agents, so that those that one takes over are removed', () =>
  onSmallDesk(async (desk) => {
    await pull(desk)
    const exports = desk.emulator.requests.filter((each) => each.includes('/incremental/'))
    expect(exports.length).toBeGreaterThan(2)
    for (const each of exports) expect(each).toContain('support_type_scope=all')
  }))

test('a run over many tickets makes the requests that the README names', () =>
  onSmallDesk(
    async (desk) => {
      const { support, requests } = desk.emulator
      for (let at = 0; at < 991; at += 1) support.addTicket(answered)
      const first = await pull(desk)
      expect(support.tickets.size).toBe(1000)
      expect(requests).toHaveLength(3 + 1 + 996 + 1)
      requests.length = 0
      await pull(desk, { since: last(first) })
      expect(requests).toHaveLength(3 + 1)
    },
    { pageSize: 1000 },
  ))

describe('a recording', () => {
  test('keeps no name, no address and no word of what reaches no document, and replays to the same', () =>
    onSmallDesk(async (desk) => {
      const kept: string[] = []
      const people = new Set<string>()
      const recording: typeof fetch = async (input, init) => {
        const answer = (await (await fetch(input, init)).json()) as Json
        const recordable = tickets.recordable?.(answer)
        for (const each of recordable?.people ?? []) people.add(each)
        kept.push(JSON.stringify(recordable?.answer))
        // The token stays usable: what is under test is what the answers say.
        return Response.json(String(input).includes('oauth') ? answer : recordable?.answer)
      }
      const real = await pull(desk, { config: { fields: ['Product'] } })
      const replayed = await pull(desk, { config: { fields: ['Product'] }, fetch: recording })
      const all = kept.join('\n')

      expect(replayed.map(plain)).toEqual(real.map(plain))
      expect((await body(replayed, desk.id('Invoices'))).html).toBe((await body(real, desk.id('Invoices'))).html)
      expect(all).not.toMatch(HIDDEN)
      expect(all).not.toMatch(/Ada Example|ada@example|Grace Sample|canary-granted|192\.0\.2\.7/)
      expect([...people]).toEqual(expect.arrayContaining(['Ada Example', 'ada@example.com', 'Grace Sample']))
    }))

  test('keeps nothing of an answer that nobody knows', () => {
    expect(tickets.recordable?.({ secret: 'canary' })).toEqual({ answer: null, people: [] })
    expect(JSON.stringify(tickets.recordable?.({ error: 'canary@example.com' }))).not.toContain('canary')
  })
})

const specs = loadZendeskSpecs()
if (specs === null) console.warn(specsMissing)

test.skipIf(specs === null).each([{}, { withoutUsers: true }])(
  'the emulator’s answers fit Zendesk’s description of its API %o',
  (options) =>
    onSmallDesk(
      async (desk) => {
        const first = await pull(desk, { config: { fields: ['Product'] } })
        const since = last(first)
        const failed = [String(desk.id('Refunds'))]
        if (since?.provider === 'zendesk')
          await pull(desk, { since: { ...since, failed }, config: { fields: ['Product'] } })
        expect(desk.emulator.requests.some((each) => each.includes('tickets/show_many'))).toBe(true)
        // The list of values lacks `deleted`, of which the text of the description speaks.
        const others = desk.emulator.violations.filter((each) => !/tickets\/\d+\/status must be/.test(each))
        expect(others).toEqual([])
      },
      { validate: true, ...options },
    ),
)

describe('examples of tickets and comments, from the samples and Zendesk’s own', () => {
  const shared = join(import.meta.dirname, '../../../shared')
  const samples = readSamples(join(shared, 'samples/zendesk'))
  const examples = [...samples, ...readExamples(join(shared, 'specs/zendesk-ticketing.yaml'))]
  const ticketsOf = examples.flatMap((each) => itemsOf(each, 'ticket'))
  const commentsOf = examples.flatMap((each) => itemsOf(each, 'comment'))

  test.skipIf(examples.length === 0)('there are some', () => {
    expect(samples.length).toBeGreaterThan(20)
    expect(ticketsOf.length).toBeGreaterThan(10)
    expect(commentsOf.length).toBeGreaterThan(3)
  })

  test.skipIf(examples.length === 0)(
    'a ticket is taken, skipped with a reason, or fails with the name of a field',
    () =>
      onSmallDesk(async (desk) => {
        const outcomes: string[] = []
        for (const ticket of ticketsOf) {
          const fetch = altered(/incremental|comments/, (answer) =>
            'tickets' in answer
              ? { ...answer, tickets: [{ id: 1, ...(ticket as object) }], end_of_stream: true, after_cursor: null }
              : { comments: [], users: [], meta: { has_more: false } },
          )
          outcomes.push(await outcomeOf(desk, fetch))
        }
        for (const outcome of outcomes) expect(outcome).toMatch(/^(skipped: |taken|nothing to take|failed: \w+)/)
        expect(outcomes.filter((each) => each.startsWith('skipped')).length).toBeGreaterThan(5)
      }),
  )

  test.skipIf(examples.length === 0)('so is a ticket with a comment', () =>
    onSmallDesk(async (desk) => {
      for (const comment of commentsOf) {
        const fetch = altered(/comments/, (answer) => ({
          ...answer,
          comments: [{ id: 1, ...(comment as object) }],
          meta: { has_more: false },
        }))
        const outcomes = await outcomeOf(desk, fetch)
        expect(outcomes).toMatch(/^(skipped: |taken|failed: comments\.0\.\w+)/)
      }
    }),
  )

  async function outcomeOf(desk: SmallDesk, fetch: typeof globalThis.fetch): Promise<string> {
    const changes = await pull(desk, { fetch })
    const [only] = upserts(changes)
    if (only === undefined) return skipOf(changes)
    const error = await only.load(only.head.id).then(
      () => null,
      (thrown: unknown) => String(thrown),
    )
    return error === null ? 'taken' : `failed: ${error.replace(/^.*could not be read: /, '')}`
  }

  function skipOf(changes: Changes): string {
    const [reason] = Object.values(skips(changes))
    return reason === undefined ? 'nothing to take' : `skipped: ${reason}`
  }

  /** An answer's item or items of a kind; rows of tables stand for themselves. */
  function itemsOf(answer: unknown, kind: 'ticket' | 'comment'): readonly unknown[] {
    if (typeof answer !== 'object' || answer === null) return []
    const fields = answer as Readonly<Record<string, unknown>>
    const one = fields[kind]
    const many = fields[`${kind}s`] ?? (kind === 'ticket' ? fields['results'] : undefined)
    return [...(typeof one === 'object' && one !== null ? [one] : []), ...(Array.isArray(many) ? many : [])]
  }

  function readSamples(folder: string): readonly unknown[] {
    if (!existsSync(folder)) return []
    return readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((entry) => {
      if (!entry.isFile() || !/\.jsonl?$/.test(entry.name)) return []
      const text = readFileSync(join(entry.parentPath, entry.name), 'utf8')
      if (entry.name.endsWith('.json')) return [JSON.parse(text)]
      const key = /^ticket_(data|comment_data)/.exec(entry.name)?.[1]
      const rows = text.split('\n').filter(Boolean)
      return rows.map((row) => ({ [key === 'data' ? 'ticket' : 'comment']: JSON.parse(row) }))
    })
  }

  function readExamples(file: string): readonly unknown[] {
    if (!existsSync(file)) return []
    const { components } = load(readFileSync(file, 'utf8')) as {
      components: { examples: Readonly<Record<string, { value: unknown }>> }
    }
    return Object.values(components.examples).map(({ value }) => value)
  }
})
