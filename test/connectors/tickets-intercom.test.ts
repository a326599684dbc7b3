/** What only Intercom's inbox has: who wrote what, how it is listed, what is remembered, and what may be recorded. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type TicketsCursor, tickets } from '../../connectors/tickets/index.ts'
import type { Change } from '../../src/core/connector.ts'
import type { Json } from '../../src/core/json.ts'
import { checkpoints, failures, skips, upserts, versionsOf } from '../conformance/changes.ts'
import { loadIntercomSpec, specsMissing } from '../emulators/specs.ts'
import {
  AGENT,
  ANSWER,
  BOT,
  CUSTOMER,
  head,
  html,
  onSmallInbox,
  pull,
  type SmallInbox,
  TOKEN,
} from './tickets-stage.ts'

const native = (id: string) => id.replace(/^\w+-/, '')

const bodiesOf = async (changes: readonly Change<TicketsCursor>[]) =>
  (await Promise.allSettled(upserts(changes).map(({ head, load }) => load(head.id)))).map((outcome) =>
    outcome.status === 'fulfilled' ? outcome.value : { problem: String(outcome.reason.message) },
  )

describe('documents', () => {
  test('a conversation is one, with team and tags and the fields that are asked for', () =>
    onSmallInbox(async (inbox) => {
      const changes = await pull(inbox, { config: { fields: ['Product', 'Unknown'] } })
      const id = inbox.id('Invoices')
      expect(head(changes, id)).toEqual({
        id,
        version: expect.stringMatching(/^[0-9a-f]{32}$/),
        title: `Ticket ${native(id)}`,
        url: `https://app.intercom.com/a/inbox/abcd1234/inbox/conversation/${native(id)}`,
        updatedAt: expect.stringMatching(/^2026-01-05T/),
        path: ['Billing'],
        kind: 'ticket',
        labels: ['export', 'Product: Ledger'],
        access: ['group:staff'],
      })
      expect(await html(changes, id)).toBe(`<h2>Question</h2>
<p>Invoices of last year</p>
<p>How do I export my invoices?</p>
<p>I am on the Basic plan.</p>
<h2>Resolution</h2>
<p>${ANSWER}</p>`)
    }))

  test('a ticket is one, known by its number of the inbox', () =>
    onSmallInbox(async (inbox) => {
      const changes = await pull(inbox)
      const id = inbox.id('Printer')
      expect(head(changes, id)?.title).toBe(`Ticket 9${native(id)}`)
      expect(await html(changes, id)).toContain(`<h2>Resolution</h2>\n<p>${ANSWER}</p>`)
    }))

  test('what is not resolved, not its customer’s or not answered is skipped with a reason', () =>
    onSmallInbox(async (inbox) => {
      expect(skips(await pull(inbox))).toEqual({
        [inbox.id('Open')]: 'not closed: open',
        [inbox.id('Unanswered')]: 'no public answer by a person',
        [inbox.id('In progress')]: 'not resolved: in_progress',
        [inbox.id('Back office')]: 'internal: Back-office',
        [inbox.id('Not shared')]: 'not shared with its customer',
      })
    }))

  test.each(['conversations', 'tickets'])('are of the kinds that are asked for: %s', (kind) =>
    onSmallInbox(async (inbox) => {
      const changes = await pull(inbox, { config: { kinds: [kind] } })
      const kinds = upserts(changes).map(({ head: each }) => each.id.replace(/-\d+$/, 's'))
      expect(new Set(kinds)).toEqual(new Set([kind]))
      expect(inbox.emulator.requests.filter((path) => path.endsWith('/search'))).not.toContain(
        kind === 'tickets' ? '/conversations/search' : '/tickets/search',
      )
    }),
  )

  test('a conversation that became a ticket is one document', () =>
    onSmallInbox(async (inbox) => {
      const { id } = inbox.inbox.addTicket({ parts: [{ body: ANSWER }] })
      inbox.inbox.addConversation({ id, parts: [{ body: ANSWER }] })
      const ids = upserts(await pull(inbox)).map(({ head: each }) => each.id)
      expect(ids.filter((each) => native(each) === id)).toEqual([`ticket-${id}`])
    }))

  test.each([
    ['500 parts', 500, null],
    ['fewer parts than are counted', 3, 20],
  ])('of which Intercom gave %s says so', (_, count, partsInAll) =>
    onSmallInbox(async (inbox) => {
      const parts = Array.from({ length: count }, () => ({ body: `<p>${ANSWER}</p>` }))
      const { id } = inbox.inbox.addConversation({ parts, partsInAll })
      const found = upserts(await pull(inbox)).find((each) => each.head.id === `conversation-${id}`)
      expect(await found?.load(found.head.id)).toMatchObject({
        html: expect.stringContaining('[cut: '),
        losses: { truncated: 1 },
      })
    }),
  )

  test('hand over the names of all who took part, whatever they wrote', () =>
    onSmallInbox(async (inbox) => {
      const zoe = { ...AGENT, id: '77', name: 'Zoé Lumière', email: 'zoe@example.com' }
      const { id } = inbox.inbox.addConversation({
        externalId: 'acanary42',
        parts: [
          { body: '<p>A note.</p>', partType: 'note', author: zoe },
          { body: '<p>By a machine.</p>', author: BOT },
          { body: `<p>${ANSWER}</p>`, mailboxes: [{ name: 'Cora Copy', address: 'cora@example.net' }] },
        ],
      })
      const found = upserts(await pull(inbox)).find((each) => each.head.id === `conversation-${id}`)
      expect((await found?.load(found.head.id))?.people).toEqual(
        [
          ...['Ada Canary', 'ada.canary@example.org', 'acanary42', 'Cora Copy', 'cora@example.net'],
          ...['Grace Beacon', 'grace.beacon@example.com', 'Zoé Lumière', 'zoe@example.com'],
        ].sort(),
      )
    }))
})

describe('a customer who wrote nothing', () => {
  const details = [CUSTOMER.name, CUSTOMER.email, '+44 20 7946 0958']

  test('is asked for by id, for the redactor alone', () =>
    onSmallInbox(async (inbox) => {
      const answered = { parts: [{ body: `<p>${ANSWER}</p>` }] }
      const ticket = inbox.inbox.addTicket(answered)
      const outbound = inbox.inbox.addConversation({
        ...answered,
        author: AGENT,
        deliveredAs: 'admin_initiated',
        subject: 'The export that you asked for',
      })
      const recorded: ReturnType<NonNullable<typeof tickets.recordable>>[] = []
      const network: typeof fetch = async (input, init) => {
        const response = await fetch(input, init)
        if (/contacts/.test(String(input))) {
          recorded.push(tickets.recordable?.((await response.clone().json()) as Json) ?? { answer: null, people: [] })
        }
        return response
      }
      const changes = await pull(inbox, { fetch: network })
      for (const id of [`ticket-${ticket.id}`, `conversation-${outbound.id}`]) {
        const body = await upserts(changes)
          .find((each) => each.head.id === id)
          ?.load(id)
        expect(body?.people, id).toEqual(expect.arrayContaining(details))
      }
      expect(recorded.length).toBe(2)
      for (const { answer, people } of recorded) {
        expect(people).toEqual(expect.arrayContaining(details))
        for (const detail of details) expect(JSON.stringify(answer)).not.toContain(detail)
      }
    }))

  test('ends the run where Intercom doesn’t tell: a name that isn’t known would stay', () =>
    onSmallInbox(async (inbox) => {
      const network = distorted(/contacts\/search/, () => ({ type: 'error' }))
      await expect(pull(inbox, { fetch: network })).rejects.toMatchObject({
        code: 'ANSWER_INVALID',
        message: expect.stringContaining('contacts: data: '),
      })
    }))
})

/** A word in everything that must not leave Intercom, and one in what may. */
const SECRET = 'NOTEWORD'
const secret = { body: `<p>${SECRET} is the word of it.</p>` }

const hidden: readonly (readonly [string, Parameters<SmallInbox['inbox']['addConversation']>[0]])[] = [
  ['a note', { parts: [{ ...secret, partType: 'note' }] }],
  ['a note that reopens', { parts: [{ ...secret, partType: 'note_and_reopen' }] }],
  ['a kind of part that is unknown', { parts: [{ ...secret, partType: 'comment_of_the_future' }] }],
  ['an event with a text', { parts: [{ ...secret, partType: 'conversation_attribute_updated_by_admin' }] }],
  ['a summary', { parts: [{ ...secret, partType: 'conversation_summary' }] }],
  ['an answer of the AI agent', { parts: [{ ...secret, author: { ...BOT, isAi: true } }] }],
  ['an answer of the AI agent in a teammate’s name', { parts: [{ ...secret, author: { ...AGENT, isAi: true } }] }],
  ['a bot’s message', { parts: [{ ...secret, author: BOT }] }],
  ['Operator’s message, as a teammate', { parts: [{ ...secret, author: { ...BOT, type: 'admin' } }] }],
  ['a team’s message', { parts: [{ ...secret, author: { ...AGENT, type: 'team' } }] }],
  ['a message that an app wrote', { parts: [{ ...secret, app: 'helper-app' }] }],
  ['a message that an app wrote in a customer’s name', { parts: [{ ...secret, author: CUSTOMER, app: 'helper-app' }] }],
  ['a redacted message', { parts: [{ ...secret, redacted: true }] }],
  ['a customer’s redacted message', { parts: [{ ...secret, author: CUSTOMER, redacted: true }] }],
  ['a redacted first message', { ...secret, subject: SECRET, redacted: true }],
  ['a campaign', { ...secret, author: AGENT, deliveredAs: 'campaigns_initiated' }],
  ['an automatic greeting', { ...secret, author: AGENT, deliveredAs: 'automated' }],
  ['the subject of a campaign', { subject: SECRET, author: AGENT, deliveredAs: 'campaigns_initiated' }],
  ['the subject of a bot’s message', { subject: SECRET, author: BOT }],
]

describe('no word of it reaches a document or a recording:', () => {
  test.each(hidden)('%s', (_, given) =>
    onSmallInbox(async (inbox) => {
      const asked = { body: '<p>Where is the export?</p>', author: CUSTOMER }
      const parts = [asked, ...(given?.parts ?? []), { body: `<p>${ANSWER}</p>` }]
      const { id } = inbox.inbox.addConversation({ ...given, parts })
      const recorded: unknown[] = []
      const network: typeof fetch = async (input, init) => {
        const response = await fetch(input, init)
        recorded.push(tickets.recordable?.((await response.clone().json()) as Json))
        return response
      }
      const changes = await pull(inbox, { fetch: network })

      expect(await html(changes, `conversation-${id}`)).toContain(ANSWER)
      expect(JSON.stringify([changes, await bodiesOf(changes), recorded])).not.toContain(SECRET)
      expect(JSON.stringify(recorded)).toContain(ANSWER)
    }),
  )

  test('a note on a ticket, all of an internal or unresolved one, and what is too long for a label', () =>
    onSmallInbox(async (inbox) => {
      const note = { body: SECRET, partType: 'note' }
      inbox.inbox.addTicket({ parts: [note, { body: `<p>${ANSWER}</p>` }] })
      inbox.inbox.addTicket({ category: 'Back-office', title: SECRET, parts: [{ body: SECRET }] })
      inbox.inbox.addTicket({ isShared: false, description: SECRET, parts: [{ body: SECRET }] })
      inbox.inbox.addTicket({ state: 'in_progress', description: SECRET, parts: [{ body: SECRET }] })
      inbox.inbox.addConversation({ state: 'open', body: SECRET, parts: [{ body: SECRET }] })
      const attributes = { Summary: `${SECRET} ${'and so on '.repeat(10)}` }
      inbox.inbox.addConversation({ attributes, parts: [{ body: `<p>${ANSWER}</p>` }] })
      const recorded: unknown[] = []
      const network: typeof fetch = async (input, init) => {
        const response = await fetch(input, init)
        recorded.push(tickets.recordable?.((await response.clone().json()) as Json))
        return response
      }
      const changes = await pull(inbox, { fetch: network })
      expect(JSON.stringify([changes, await bodiesOf(changes), recorded])).not.toContain(SECRET)
    }))

  test('but what an app writes for people does, where the configuration names it', () =>
    onSmallInbox(async (inbox) => {
      const { id } = inbox.inbox.addConversation({ parts: [{ body: `<p>${ANSWER}</p>`, app: 'desk-relay' }] })
      expect(skips(await pull(inbox))[`conversation-${id}`]).toBe('no public answer by a person')
      const changes = await pull(inbox, { config: { humanApps: ['desk-relay'] } })
      expect(await html(changes, `conversation-${id}`)).toContain(ANSWER)
    }))

  test.each(['open', 'close', 'assignment', 'quick_reply'])('and so does a reply that comes as “%s”', (partType) =>
    onSmallInbox(async (inbox) => {
      const { id } = inbox.inbox.addConversation({ parts: [{ body: `<p>${ANSWER}</p>`, partType }] })
      expect(await html(await pull(inbox), `conversation-${id}`)).toContain(ANSWER)
    }),
  )
})

describe('what may be recorded', () => {
  const record = async (inbox: SmallInbox) => {
    const answers: { answer: Json; people: readonly string[]; raw: string }[] = []
    const replay = new Map<string, string>()
    const network: typeof fetch = async (input, init) => {
      const response = await fetch(input, init)
      const raw = await response.clone().text()
      const kept = tickets.recordable?.(JSON.parse(raw) as Json) ?? { answer: null, people: [] }
      answers.push({ ...kept, raw })
      replay.set(`${input} ${init?.body ?? ''}`, JSON.stringify(kept.answer))
      return response
    }
    const changes = await pull(inbox, { fetch: network })
    return { answers, changes, replay }
  }

  test('holds no name and no address, and hands over all of them', () =>
    onSmallInbox(async (inbox) => {
      inbox.inbox.addConversation({
        externalId: 'acanary42',
        parts: [{ body: ANSWER, mailboxes: [{ name: 'Cora Copy', address: 'cora@example.net' }] }],
      })
      const { answers } = await record(inbox)
      const text = JSON.stringify(answers.map(({ answer }) => answer))
      const people = [
        CUSTOMER.name,
        CUSTOMER.email,
        AGENT.name,
        AGENT.email,
        'acanary42',
        'Cora Copy',
        'cora@example.net',
      ]
      for (const person of [...people, 'token.owner@example.com']) expect(text).not.toContain(person)
      expect(answers.flatMap((each) => each.people)).toEqual(expect.arrayContaining(people))
      expect(text).not.toMatch(/A remark|A summary by a machine|downloads\.intercomcdn/)
    }))

  test('is enough for a replay of the same documents', () =>
    onSmallInbox(async (inbox) => {
      const { changes, replay } = await record(inbox)
      const again = await pull(inbox, {
        fetch: async (input, init) =>
          new Response(replay.get(`${input} ${init?.body ?? ''}`), { headers: { 'content-type': 'application/json' } }),
      })
      const shown = async (all: typeof changes) =>
        (await bodiesOf(all)).map((body) => ('html' in body ? body.html : body))
      expect(upserts(again).map(({ head: each }) => ({ ...each, version: '' }))).toEqual(
        upserts(changes).map(({ head: each }) => ({ ...each, version: '' })),
      )
      expect(await shown(again)).toEqual(await shown(changes))
      expect(skips(again)).toEqual(skips(changes))
    }))

  test('is nothing of an answer that is not known', () => {
    for (const answer of [null, 1, 'text', [], {}, { type: 'contact', name: 'Ada' }]) {
      expect(tickets.recordable?.(answer as Json)).toEqual({ answer: null, people: [] })
    }
  })
})

describe('a search', () => {
  test('is complete with more of one second than a page holds', () =>
    onSmallInbox(async (inbox) => {
      const moment = 1_700_000_000
      const ids = Array.from(
        { length: 7 },
        (_, at) =>
          inbox.inbox.addConversation({ createdAt: moment + Math.floor(at / 6), parts: [{ body: ANSWER }] }).id,
      )
      const changes = await pull(inbox)
      for (const id of ids) expect(head(changes, `conversation-${id}`)).toBeDefined()
      expect(checkpoints(changes).at(-1)?.receipt).toBeDefined()
    }))

  test('takes “greater” as either of the two things that the documentation says of it', () =>
    onSmallInbox(async (inbox) => {
      const changes = await pull(inbox)
      await onSmallInbox(async (other) => expect(versionsOf(await pull(other)).size).toBe(versionsOf(changes).size), {
        greaterOrEqual: true,
      })
    }))

  test('that compares days, as that of contacts does, is read by its cursor', () =>
    onSmallInbox(
      async (inbox) => {
        const changes = await pull(inbox)
        expect(checkpoints(changes).at(-1)?.receipt).toMatchObject({ seen: 10 })
        expect(versionsOf(changes).size).toBe(5)
      },
      { comparesDays: true },
    ))

  test('that compares days and doesn’t stand still ends the run', () =>
    onSmallInbox(
      async (inbox) => {
        const moving: typeof fetch = async (input, init) => {
          inbox.inbox.addConversation({ parts: [{ body: ANSWER }] })
          return fetch(input, init)
        }
        await expect(pull(inbox, { fetch: moving })).rejects.toMatchObject({ code: 'LISTING_INCOMPLETE' })
      },
      { comparesDays: true },
    ))

  test('that doesn’t come in the order that was asked for ends the run', () =>
    onSmallInbox(
      async (inbox) => {
        await expect(pull(inbox)).rejects.toMatchObject({
          code: 'LISTING_INCOMPLETE',
          message: expect.stringContaining('order'),
        })
      },
      { ignoresSort: true },
    ))

  test.each([
    ['one is edited', (inbox: SmallInbox) => inbox.inbox.change(native(inbox.id('Plans')), {})],
    ['one is created', (inbox: SmallInbox) => void inbox.inbox.addConversation({ parts: [{ body: ANSWER }] })],
    ['one that was listed is deleted', (inbox: SmallInbox) => inbox.inbox.remove(native(inbox.id('Invoices')))],
    ['one that is to come is deleted', (inbox: SmallInbox) => inbox.inbox.remove(native(inbox.id('Plans')))],
  ])('loses nothing while %s', (_, move) =>
    onSmallInbox(async (inbox) => {
      inbox.emulator.after(/conversations\/search/, () => move(inbox))
      const changes = await pull(inbox)
      for (const { id, state } of inbox.inbox.conversations.values()) {
        if (state === 'closed' && id !== native(inbox.id('Unanswered'))) {
          expect(head(changes, `conversation-${id}`), id).toBeDefined()
        }
      }
      expect(checkpoints(changes).at(-1)?.receipt).toBeDefined()
    }),
  )

  test.each([
    ['a count that is too low', (answer: Answer) => ({ ...answer, total_count: 1 })],
    ['a count that is too high', (answer: Answer) => ({ ...answer, total_count: 999 })],
    ['an empty list', (answer: Answer) => ({ ...answer, conversations: [] })],
  ])('with %s ends the run', (_, distort) =>
    onSmallInbox(async (inbox) => {
      await expect(pull(inbox, { fetch: distorted(/conversations\/search/, distort) })).rejects.toMatchObject({
        code: 'LISTING_INCOMPLETE',
      })
    }),
  )

  test('costs a request for each page, and one for each conversation that has to be read', () =>
    onSmallInbox(
      async (inbox) => {
        const first = await pull(inbox)
        expect(inbox.emulator.requests).toHaveLength(5 + 4 + 1)
        expect(checkpoints(first).at(-1)?.receipt).toMatchObject({ pages: 5, seen: 10 })
      },
      { pageSize: 150 },
    ))
})

type Answer = Readonly<Record<string, unknown>>

function distorted(path: RegExp, distort: (answer: Answer) => unknown): typeof fetch {
  return async (input, init) => {
    const response = await fetch(input, init)
    if (!path.test(String(input))) return response
    return Response.json(distort((await response.json()) as Answer))
  }
}

describe('later runs', () => {
  const DAY = 86_400
  const cursorOf = (changes: readonly Change<TicketsCursor>[]) => checkpoints(changes).at(-1)?.cursor ?? null

  /** Long after all else, so that nothing else counts as recent. */
  const addRecent = ({ inbox }: SmallInbox) =>
    inbox.addConversation({ updatedAt: Date.parse('2026-02-01') / 1000, parts: [{ body: ANSWER }] })

  const readAgain = async (inbox: SmallInbox, options: Parameters<typeof pull>[1] = {}) => {
    inbox.emulator.requests.length = 0
    const changes = await pull(inbox, options)
    return {
      changes,
      read: inbox.emulator.requests.filter((path) => /^\/conversations\/\d/.test(path)).map((path) => path.slice(15)),
    }
  }

  test('read only what changed, and still know what answers nothing', () =>
    onSmallInbox(async (inbox) => {
      const recent = addRecent(inbox)
      const first = await pull(inbox)
      const { changes, read } = await readAgain(inbox, { since: cursorOf(first) })
      expect(read).toEqual([recent.id])
      expect(skips(changes)).toEqual(skips(first))
      expect(versionsOf(changes)).toEqual(versionsOf(first))
      expect(cursorOf(changes)).toEqual(cursorOf(first))
      expect(await html(changes, inbox.id('Refunds'))).toBe(await html(first, inbox.id('Refunds')))
    }))

  test('see what was reopened, deleted, or answered after all', () =>
    onSmallInbox(async (inbox) => {
      const first = await pull(inbox)
      inbox.inbox.change(native(inbox.id('Refunds')), { state: 'open' })
      inbox.inbox.change(native(inbox.id('Printer')), { state: 'in_progress' })
      inbox.inbox.remove(native(inbox.id('Plans')))
      inbox.inbox.remove(native(inbox.id('Export')))
      inbox.inbox.reply(native(inbox.id('Unanswered')), { body: `<p>${ANSWER}</p>` })
      const changes = await pull(inbox, { since: cursorOf(first) })

      expect([...versionsOf(changes).keys()].sort()).toEqual([inbox.id('Invoices'), inbox.id('Unanswered')].sort())
      expect(skips(changes)).toMatchObject({
        [inbox.id('Refunds')]: 'not closed: open',
        [inbox.id('Printer')]: 'not resolved: in_progress',
      })
    }))

  test('read what was not wanted before and is now', () =>
    onSmallInbox(async (inbox) => {
      addRecent(inbox)
      const first = await pull(inbox, { config: { teams: ['Billing'] } })
      expect([...versionsOf(first).keys()]).toEqual([inbox.id('Invoices')])
      const { changes, read } = await readAgain(inbox, { since: cursorOf(first) })
      expect(read).toContain(native(inbox.id('Unanswered')))
      expect(skips(changes)[inbox.id('Unanswered')]).toBe('no public answer by a person')
    }))

  test('read everything again where the rules are others', () =>
    onSmallInbox(async (inbox) => {
      addRecent(inbox)
      const first = await pull(inbox)
      const { read } = await readAgain(inbox, { since: cursorOf(first), config: { minAgentReplies: 2 } })
      expect(read).toHaveLength(5)
    }))

  test('keep what was learnt, whatever can’t be read', () =>
    onSmallInbox(async (inbox) => {
      addRecent(inbox)
      inbox.inbox.reply(native(inbox.id('Plans')), { body: 42 })
      inbox.inbox.reply(native(inbox.id('Printer')), { body: 42 })
      for (const since of [null, cursorOf(await pull(inbox))]) {
        const changes = await pull(inbox, { since })
        const at = changes.findIndex(({ type }) => type === 'checkpoint')
        const failed = (await failures(changes)).map(([id]) => id)
        expect(failed.toSorted()).toEqual([inbox.id('Plans'), inbox.id('Printer')].sort())
        expect(await failures(changes.slice(0, at))).toEqual([])
        expect(changes[at]).toMatchObject({ cursor: { upTo: Date.parse('2026-02-01') / 1000 } })
        expect(changes[at]).not.toHaveProperty('receipt')
      }
    }))

  test('a version changes with every public part, and with a redaction', () =>
    onSmallInbox(async (inbox) => {
      const id = native(inbox.id('Refunds'))
      const versions = [versionsOf(await pull(inbox)).get(inbox.id('Refunds'))]
      inbox.inbox.reply(id, { body: '<p>One more thing to say here.</p>' })
      versions.push(versionsOf(await pull(inbox)).get(inbox.id('Refunds')))
      Object.assign(inbox.inbox.thread(id).parts.at(-1) ?? {}, { redacted: true })
      inbox.inbox.change(id, {})
      versions.push(versionsOf(await pull(inbox)).get(inbox.id('Refunds')))
      expect(new Set(versions).size).toBe(3)
    }))

  test('a version doesn’t change with the signatures of uploads', () =>
    onSmallInbox(async (inbox) => {
      const link = '<a href="https://downloads.intercomcdn.com/i/o/1/a.pdf?SIGNED">a.pdf</a>'
      inbox.inbox.addTicket({ parts: [{ body: `<p>${ANSWER} ${link}</p>` }] })
      inbox.inbox.addConversation({ parts: [{ body: `<p>${ANSWER} ${link}</p>` }] })
      const first = await pull(inbox)
      const second = await pull(inbox)
      expect(versionsOf(second)).toEqual(versionsOf(first))
      expect(await bodiesOf(second)).toEqual(await bodiesOf(first))
      expect(JSON.stringify(await bodiesOf(first))).not.toContain('signature')
    }))

  test('age counts from the last closing', () =>
    onSmallInbox(async (inbox) => {
      const now = Date.parse('2026-01-05T09:00:00Z') + 40 * DAY * 1000
      const recent = addRecent(inbox)
      const changes = await pull(inbox, { config: { maxAgeDays: 30 }, now: () => now })
      expect([...versionsOf(changes).keys()]).toEqual([`conversation-${recent.id}`])
    }))
})

describe('what can’t be read', () => {
  test.each([
    ['a state of another kind', 'state: ', (item: Answer) => ({ ...item, state: 'resolved?' })],
    ['tags that are no list', 'tags: ', (item: Answer) => ({ ...item, tags: 'export' })],
    ['no time of its last change', 'updated_at: ', (item: Answer) => ({ ...item, updated_at: null })],
    ['a first message without an author', 'source.author: ', (item: Answer) => ({ ...item, source: { body: 'x' } })],
  ])('fails one conversation alone and names the field: %s', (_, field, distort) =>
    onSmallInbox(async (inbox) => {
      const bad = native(inbox.id('Refunds'))
      const network = distorted(/conversations\/search/, (answer) => ({
        ...answer,
        conversations: (answer['conversations'] as Answer[]).map((item) => (item['id'] === bad ? distort(item) : item)),
      }))
      const changes = await pull(inbox, { fetch: network })
      expect(await failures(changes)).toEqual([
        [inbox.id('Refunds'), expect.stringContaining(`Intercom: ${inbox.id('Refunds')} could not be read: ${field}`)],
      ])
      expect(checkpoints(changes).at(-1)?.receipt).toBeDefined()
    }),
  )

  test('fails one ticket alone and names the field', () =>
    onSmallInbox(async (inbox) => {
      const network = distorted(/tickets\/search/, (answer) => ({
        ...answer,
        tickets: (answer['tickets'] as Answer[]).map((item) =>
          item['id'] === native(inbox.id('Printer')) ? { ...item, ticket_parts: null } : item,
        ),
      }))
      expect(await failures(await pull(inbox, { fetch: network }))).toEqual([
        [inbox.id('Printer'), expect.stringContaining('ticket_parts: ')],
      ])
    }))

  test('fails a conversation in whose place another one is answered', () =>
    onSmallInbox(async (inbox) => {
      const other = distorted(/conversations\/\d/, (answer) => ({ ...answer, id: '4711' }))
      for (const [, message] of await failures(await pull(inbox, { fetch: other }))) expect(message).toContain('id: ')
      expect(await failures(await pull(inbox, { fetch: other }))).toHaveLength(4)
    }))

  test.each([
    ['no id', (item: Answer): Answer => ({ ...item, id: undefined }), /conversations: .*item 0: id: /],
    [
      'no time of creation',
      (item: Answer): Answer => ({ ...item, created_at: 'x' }),
      /conversations: .*item 0: created_at: /,
    ],
  ])('ends the listing where an item has %s', (_, distort, message) =>
    onSmallInbox(async (inbox) => {
      const network = distorted(/conversations\/search/, (answer) => ({
        ...answer,
        conversations: (answer['conversations'] as Answer[]).map(distort),
      }))
      await expect(pull(inbox, { fetch: network })).rejects.toMatchObject({
        code: 'ANSWER_INVALID',
        message: expect.stringMatching(message),
      })
    }),
  )

  test('a filter by a team that is not there ends the run before anything is read', () =>
    onSmallInbox(async (inbox) => {
      await expect(pull(inbox, { config: { teams: ['billing', 'Biling'] } })).rejects.toMatchObject({
        code: 'CONFIG_INVALID',
        message: 'teams: Biling does not exist, or the account may not see it',
      })
      expect(inbox.emulator.requests.some((path) => path.includes('search'))).toBe(false)
    }))

  test.each(['me', 'teams', 'admins'])('ends the run where it is the answer of %s', (path) =>
    onSmallInbox(async (inbox) => {
      const network = distorted(new RegExp(`/${path}$`), () => ({ app: 1, teams: 2, admins: 3 }))
      await expect(pull(inbox, { fetch: network })).rejects.toMatchObject({
        code: 'ANSWER_INVALID',
        message: expect.stringContaining(`Intercom: ${path}: `),
      })
    }),
  )

  test('a conversation that changes between its listing and its reading fails alone, and the next run takes it', () =>
    onSmallInbox(
      async (inbox) => {
        const reply = { body: '<p>One more thing to say here.</p>' }
        inbox.emulator.after(/conversations\/search/, () => inbox.inbox.reply(native(inbox.id('Plans')), reply))
        const changes = await pull(inbox)
        expect(await failures(changes)).toEqual([
          [inbox.id('Plans'), expect.stringContaining('changed while it was synced')],
        ])
        const again = await pull(inbox, { since: checkpoints(changes).at(-1)?.cursor ?? null })
        expect(await html(again, inbox.id('Plans'))).toContain('One more thing')
      },
      { pageSize: 150 },
    ))

  test('a conversation that is reopened between its listing and its reading is skipped', () =>
    onSmallInbox(
      async (inbox) => {
        const reopen = () => inbox.inbox.change(native(inbox.id('Plans')), { state: 'open' })
        inbox.emulator.after(/conversations\/search/, reopen)
        expect(skips(await pull(inbox))[inbox.id('Plans')]).toBe('not closed: open')
      },
      { pageSize: 150 },
    ))

  test('a conversation that is gone when it is read is told, and nothing else is lost', () =>
    onSmallInbox(async (inbox) => {
      const network: typeof fetch = async (input, init) =>
        String(input).endsWith(`/conversations/${native(inbox.id('Plans'))}`)
          ? Response.json({ type: 'error.list', errors: [{ code: 'not_found', message: '' }] }, { status: 404 })
          : fetch(input, init)
      const changes = await pull(inbox, { fetch: network })
      expect(await failures(changes)).toEqual([[inbox.id('Plans'), expect.stringContaining('gone')]])
    }))

  test('a rejected token is named with what to check, and its value nowhere', () =>
    onSmallInbox(async (inbox) => {
      const error = await pull(inbox, { config: { token: `${TOKEN}x` } }).catch((thrown: unknown) => thrown)
      expect(error).toMatchObject({ code: 'AUTH_REJECTED', hint: expect.stringContaining('region') })
      expect(String((error as Error).stack)).not.toContain(TOKEN)
    }))
})

describe('any field of any other shape', () => {
  /** Every place in a value, as a list of keys. */
  function places(value: unknown, at: readonly (string | number)[] = []): readonly (readonly (string | number)[])[] {
    if (value === null || typeof value !== 'object') return [at]
    const entries = Array.isArray(value) ? [...value.entries()] : Object.entries(value)
    return [at, ...entries.flatMap(([key, item]) => places(item, [...at, key]))]
  }

  function withValue(value: unknown, [key, ...rest]: readonly (string | number)[], put: unknown): unknown {
    if (key === undefined) return put
    const copy = structuredClone(value) as Record<string | number, unknown>
    copy[key] = withValue(copy[key], rest, put)
    return copy
  }

  const hidden = [
    { ...secret, partType: 'note' },
    { ...secret, author: BOT },
    { ...secret, redacted: true },
  ]

  test.each([
    ['conversation', /\/conversations\/(search|\d)/],
    ['ticket', /\/tickets\/search/],
  ])('of a %s fails that document or the listing, and lets no hidden word out', (kind, paths) =>
    onSmallInbox(
      async (inbox) => {
        const parts = [{ body: 'Where?', author: CUSTOMER }, ...hidden, { body: `<p>${ANSWER}</p>` }]
        const { id } = kind === 'ticket' ? inbox.inbox.addTicket({ parts }) : inbox.inbox.addConversation({ parts })
        const cache = new Map<string, unknown>()
        const replay: typeof fetch = async (input, init) => {
          const key = `${input} ${init?.body ?? ''}`
          if (!cache.has(key)) cache.set(key, await (await fetch(input, init)).json())
          return Response.json(cache.get(key))
        }
        await pull(inbox, { fetch: replay })
        const [, whole] =
          [...cache].findLast(([key]) => (kind === 'ticket' ? paths.test(key) : key.includes(`/${id} `))) ?? []
        const item =
          kind === 'ticket' ? (whole as { tickets: Answer[] }).tickets.find((each) => each['id'] === id) : whole
        const outcomes = { taken: 0, skipped: 0, failed: 0, ended: 0 }
        // Another id is another document, of which all this holds as well.
        for (const place of places(item).filter((keys) => keys.join() !== 'id')) {
          for (const put of [null, 42, 'x', {}]) {
            const odd = withValue(item, place, put)
            const swap = (each: Answer) => (each['id'] === id ? odd : each)
            const network: typeof fetch = async (input, init) => {
              const answer = (await (await replay(input, init)).json()) as Record<string, unknown>
              if (!paths.test(String(input))) return Response.json(answer)
              if (answer['id'] === id) return Response.json(odd)
              for (const key of ['conversations', 'tickets']) {
                if (Array.isArray(answer[key])) answer[key] = (answer[key] as Answer[]).map(swap)
              }
              return Response.json(answer)
            }
            const what = `${place.join('.')} = ${JSON.stringify(put)}`
            const changes = await pull(inbox, { fetch: network }).catch((error: unknown) => error)
            if (!Array.isArray(changes)) {
              expect(changes, what).toHaveProperty('code', expect.stringMatching(/ANSWER_INVALID|LISTING_INCOMPLETE/))
              outcomes.ended += 1
              continue
            }
            const bodies = await bodiesOf(changes)
            expect(JSON.stringify([changes, bodies]), what).not.toContain(SECRET)
            expect(head(changes, inbox.id('Refunds')), what).toBeDefined()
            const failed = (await failures(changes)).map(([each]) => each)
            expect(
              failed.filter((each) => each !== `${kind}-${id}`),
              what,
            ).toEqual([])
            if (failed.length > 0) outcomes.failed += 1
            else if (head(changes, `${kind}-${id}`) === undefined) outcomes.skipped += 1
            else outcomes.taken += 1
            expect(JSON.stringify(tickets.recordable?.(odd as Json) ?? null), what).not.toContain(SECRET)
          }
        }
        for (const count of Object.values(outcomes)) expect(count, JSON.stringify(outcomes)).toBeGreaterThan(3)
      },
      { pageSize: 150 },
    ),
  )
})

const spec = loadIntercomSpec()
if (spec === null) console.warn(specsMissing)

test.skipIf(spec === null)('the emulator’s answers fit Intercom’s description of its API', () =>
  onSmallInbox(
    async (inbox) => {
      await pull(inbox)
      expect(inbox.emulator.requests.length).toBeGreaterThan(10)
      expect(inbox.emulator.violations).toEqual([])
    },
    { validate: true },
  ),
)

describe('Intercom’s own examples of answers', () => {
  interface Example {
    readonly method: string
    readonly path: string
    readonly status: number | string
    readonly example: string
    readonly body: Answer
  }

  const folder = join(import.meta.dirname, '../../../shared/samples/intercom')
  const official = ['conversations', 'tickets'].flatMap((name) => {
    const file = join(folder, 'openapi-2.14', `${name}.examples.json`)
    return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Example[]) : []
  })
  const older = existsSync(join(folder, 'intercom-go'))
    ? readdirSync(join(folder, 'intercom-go')).map((name): Example => {
        const body = JSON.parse(readFileSync(join(folder, 'intercom-go', name), 'utf8')) as Answer
        return { method: 'GET', path: `/${name}`, status: 200, example: 'intercom-go', body }
      })
    : []
  const examples = [...official, ...older]

  /** Threads that an example holds, as a listing would. */
  function threadsIn(body: Answer): readonly Answer[] {
    const listed = body['conversations'] ?? body['tickets']
    if (Array.isArray(listed)) return listed as Answer[]
    return body['type'] === 'conversation' || body['type'] === 'ticket' ? [body] : []
  }

  /** A workspace that holds nothing but these threads. */
  function workspaceOf(threads: readonly Answer[]): typeof fetch {
    return async (input) => {
      const { pathname } = new URL(String(input))
      if (pathname === '/me') return Response.json({ type: 'admin', app: null })
      if (pathname === '/teams') return Response.json({ type: 'team.list', teams: [] })
      if (pathname === '/contacts/search') return Response.json({ type: 'list', data: [] })
      if (pathname === '/admins') return Response.json({ type: 'admin.list', admins: [] })
      const key = pathname.includes('tickets') ? 'tickets' : 'conversations'
      const found = threads.filter(({ type }) => `${type}s` === key)
      if (pathname.endsWith('/search'))
        return Response.json({ type: `${key.slice(0, -1)}.list`, total_count: found.length, [key]: found })
      return Response.json(found.find(({ id }) => pathname.endsWith(`/${id}`)) ?? {})
    }
  }

  test.skipIf(examples.length === 0)('are taken, skipped with a reason or refused with a field: none crashes', () =>
    onSmallInbox(async (inbox) => {
      const refused: string[] = []
      let threads = 0
      for (const { method, path, status, example, body } of examples) {
        const what = `${method} ${path} ${status} ${example}`
        const found = threadsIn(body)
        threads += found.length
        // Both as the example has them and as if they had been resolved, so that their parts are read.
        for (const each of [found, found.map(resolved)]) {
          const changes = await pull(inbox, { fetch: workspaceOf(each) })
          const said = upserts(changes).length + Object.keys(skips(changes)).length
          expect(said, what).toBe(each.length)
          for (const [id, message] of await failures(changes)) refused.push(`${what}: ${id}: ${message}`)
        }
        expect(() => tickets.recordable?.(body as Json), what).not.toThrow()
      }
      expect(threads).toBeGreaterThan(20)
      expect(refused.filter((each) => !OLD_OR_BARE.test(each))).toEqual([])
    }),
  )

  /** Payloads of the API's first version, which has no states; and listed conversations, whose parts are elsewhere. */
  const OLD_OR_BARE = /intercom-go: .*: state: |: conversation_parts: /

  function resolved(thread: Answer): Answer {
    const { type } = thread
    if (type === 'conversation') return 'state' in thread ? { ...thread, state: 'closed' } : thread
    return { ...thread, category: 'Customer', is_shared: true, ticket_state: { category: 'resolved' } }
  }

  test.skipIf(examples.length === 0)('in place of a listing are refused with a code of ours, unless they are one', () =>
    onSmallInbox(async (inbox) => {
      for (const { status, body, example, path } of examples) {
        const empty = workspaceOf([])
        const network: typeof fetch = async (input, init) =>
          String(input).endsWith('/conversations/search')
            ? Response.json(body, { status: Number(status) })
            : empty(input, init)
        const outcome = await pull(inbox, { fetch: network }).catch((error: unknown) => error)
        if (Array.isArray(outcome)) expect(body['conversations'], `${path} ${example}`).toBeInstanceOf(Array)
        else
          expect(outcome, `${path} ${example}`).toHaveProperty(
            'code',
            expect.stringMatching(/ANSWER_INVALID|AUTH_REJECTED/),
          )
      }
    }),
  )
})
