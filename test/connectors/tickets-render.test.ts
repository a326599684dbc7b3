import { describe, expect, test } from 'vitest'
import { documentOf, headOf } from '../../connectors/tickets/document.ts'
import { type Filters, unwanted } from '../../connectors/tickets/filters.ts'
import { type Author, type Candidate, publicParts, type Thread } from '../../connectors/tickets/thread.ts'

const NOW = Date.parse('2026-03-01T00:00:00.000Z')
const filters: Filters = { minAgentReplies: 1 }

const customer: Author = { role: 'customer', key: 'c1' }
const agent: Author = { role: 'agent', key: 'a1' }
const colleague: Author = { role: 'agent', key: 'a2' }

function candidate(author: Candidate['author'], html: string, more: Partial<Candidate> = {}): Candidate {
  const at = '2026-02-01T10:00:00.000Z'
  return { author, kind: 'message', isPublic: true, isRedacted: false, at, html, files: [], ...more }
}

function thread(messages: readonly (readonly [Author, string])[], more: Partial<Thread> = {}): Thread {
  return {
    id: 'ticket-1',
    number: '1',
    url: 'https://app.example.com/1',
    version: 'v',
    updatedAt: '2026-02-02T10:00:00.000Z',
    resolvedAt: '2026-02-02T10:00:00.000Z',
    team: null,
    brand: null,
    tags: [],
    rating: 'none',
    fields: [],
    subject: 'Export of invoices',
    parts: publicParts(messages.map(([author, html]) => candidate(author, html))),
    people: ['Ada Canary', 'Grace Beacon'],
    isTruncated: false,
    ...more,
  }
}

function rendered(given: Thread) {
  const outcome = documentOf(given, filters)
  if ('skip' in outcome || !('html' in outcome.body)) throw new Error('no document')
  return outcome.body
}

describe('the gate', () => {
  test.each([
    ['a note', { kind: 'note' }],
    ['an event', { kind: 'event' }],
    ['a message that isn’t public', { isPublic: false }],
    ['a message that was taken back', { isRedacted: true }],
    ['a machine’s message', { author: 'machine' }],
  ] as const)('%s doesn’t pass', (_, more) => {
    expect(publicParts([candidate(agent, 'x', more)])).toEqual([])
  })

  test('a public message by a person does', () => {
    expect(publicParts([candidate(agent, 'x'), candidate(customer, 'y')])).toHaveLength(2)
  })
})

describe('a document', () => {
  test('is the question, what was tried, and the last answer that says something', () => {
    const body = rendered(
      thread([
        [customer, '<p>Hi, where is the export?</p>'],
        [customer, '<p>I need last year.</p>'],
        [agent, '<p>Let me check and get back to you.</p>'],
        [agent, '<p>Which plan are you on?</p>'],
        [customer, '<p>The basic one.</p>'],
        [colleague, '<p>Open Settings and press Export all.</p><p>Best,<br>Grace</p>'],
        [customer, '<p>Perfect, thank you!</p>'],
        [colleague, '<p>You’re welcome! Is there anything else I can help you with?</p>'],
      ]),
    )
    expect(body.title).toBe('Export of invoices')
    expect(body.people).toEqual(['Ada Canary', 'Grace Beacon'])
    expect(body.html).toBe(`<h2>Question</h2>
<p>Export of invoices</p>
<p>where is the export?</p>
<p>I need last year.</p>
<h2>What was tried</h2>
<p><strong>Agent 1:</strong> Which plan are you on?</p>
<p><strong>Customer:</strong> The basic one.</p>
<h2>Resolution</h2>
<p><strong>Agent 2:</strong> Open Settings and press Export all.</p>`)
  })

  test('numbers customers where there are several, and names nobody', () => {
    const other: Author = { role: 'customer', key: 'c2' }
    const { html } = rendered(
      thread([
        [customer, 'Where is the export?'],
        [other, 'I can’t find it either.'],
        [agent, 'Open Settings and press Export all.'],
      ]),
    )
    expect(html).toContain('<strong>Customer 1:</strong> Where')
    expect(html).toContain('<strong>Customer 2:</strong> I can’t')
  })

  test('says what the customer added after the resolution', () => {
    const { html } = rendered(
      thread([
        [customer, 'Where is the export?'],
        [agent, 'Open Settings and press Export all.'],
        [customer, 'In my version it is under Documents instead.'],
      ]),
    )
    expect(html).toContain('<h2>Afterwards</h2>\n<p><strong>Customer:</strong> In my version')
  })

  test('says that the help desk cut it, in the text and as a loss', () => {
    const given = thread(
      [
        [customer, 'Where?'],
        [agent, 'Open Settings and press Export all.'],
      ],
      { isTruncated: true },
    )
    expect(rendered(given)).toMatchObject({ html: expect.stringContaining('[cut: '), losses: { truncated: 1 } })
  })

  test('shortens a long turn on the way, never the resolution', () => {
    const long = Array.from({ length: 100 }, (_, at) => `<p>Line ${at} of the instructions.</p>`).join('')
    const body = rendered(
      thread([
        [customer, 'Where?'],
        [agent, long],
        [agent, `${long}<p>The end of it.</p>`],
      ]),
    )
    expect(body.losses).toEqual({ 'turn-cut': 1 })
    expect(body.html).toContain('The end of it.')
  })

  test('names attached files', () => {
    const parts = publicParts([
      candidate(customer, 'Where is it?'),
      candidate(agent, 'The template is attached to this message.', { files: ['template.csv'] }),
    ])
    expect(rendered(thread([], { parts })).html).toContain('[file: template.csv]')
  })

  test.each([
    ['Re: RE : Fwd: [Ticket #12] Export', 'Export'],
    ['TR : Export', 'Export'],
    ['', 'Where is it?'],
    [`${'word '.repeat(60)}`, 'word '.repeat(60).trim()],
  ])('is called by its subject or question: %s', (subject, title) => {
    const given = thread(
      [
        [customer, 'Where is it?'],
        [agent, 'Open Settings and press Export all.'],
      ],
      { subject },
    )
    expect(rendered(given).title).toBe(title)
  })
})

describe('there is none', () => {
  const why = (given: Thread, wanted: Filters = filters) => {
    const outcome = documentOf(given, wanted)
    return 'skip' in outcome ? outcome.skip : null
  }

  test.each([
    ['nobody answered', thread([[customer, 'Where?']]), 'no public answer by a person'],
    [
      'only courtesy was answered',
      thread([
        [customer, 'Where?'],
        [agent, 'Thank you for your message!'],
      ]),
      'no answer that says something',
    ],
    [
      'nobody asked',
      thread([[agent, 'We have news for all of you today.']], { subject: '' }),
      'no message by its customer',
    ],
    [
      'the customer spoke last',
      thread([
        [agent, 'We have news for all of you.'],
        [customer, 'Which?'],
      ]),
      'no answer that says something',
    ],
  ])('where %s', (_, given, reason) => expect(why(given)).toBe(reason))

  test('where fewer people answered than asked for', () => {
    const given = thread([
      [customer, 'Where?'],
      [agent, 'Open Settings and press Export all.'],
    ])
    expect(why(given, { minAgentReplies: 2 })).toBe('fewer than 2 public answers by people')
    expect(why(given, { minAgentReplies: 1 })).toBeNull()
  })
})

describe('filters', () => {
  const facts = thread([], { team: 'Billing', brand: 'Acme', tags: ['Export'], rating: 'good' })
  test.each([
    [{ teams: ['billing'] }, null],
    [{ teams: ['Tech'] }, 'of another team'],
    [{ brands: ['Acme'] }, null],
    [{ brands: ['Other'] }, 'of another brand'],
    [{ tags: ['export', 'x'] }, null],
    [{ tags: ['x'] }, 'without any of the tags'],
    [{ withoutTags: ['EXPORT'] }, 'with a tag that is left out'],
    [{ ratings: ['good' as const] }, null],
    [{ ratings: ['none' as const, 'neutral' as const] }, 'rated good'],
    [{ maxAgeDays: 30 }, null],
    [{ maxAgeDays: 20 }, 'resolved too long ago'],
  ])('%j', (given, reason) => expect(unwanted(facts, { minAgentReplies: 1, ...given }, NOW)).toBe(reason))
})

test('a head holds nothing that the customer wrote', () => {
  const given = thread([], {
    tags: ['export'],
    fields: [{ name: 'Product', value: 'Ledger' }],
    brand: 'Acme',
    team: 'Billing',
  })
  expect(headOf(given, { level: 'staff', principals: {} })).toEqual({
    id: 'ticket-1',
    version: 'v',
    title: 'Ticket 1',
    url: 'https://app.example.com/1',
    updatedAt: '2026-02-02T10:00:00.000Z',
    path: ['Acme', 'Billing'],
    kind: 'ticket',
    labels: ['export', 'Product: Ledger'],
    access: ['group:staff'],
  })
})
