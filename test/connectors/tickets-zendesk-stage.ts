/** A small emulated Zendesk help desk with more than one page of everything, for the conformance suite and the provider's own tests. */
import { type TicketsCursor, tickets } from '../../connectors/tickets/index.ts'
import type { Change } from '../../src/core/connector.ts'
import { startZendeskEmulator, type ZendeskEmulator, type ZendeskEmulatorOptions } from '../emulators/zendesk.ts'
import { COLLEAGUE, CUSTOMER, type NewComment, OTHER } from '../emulators/zendesk-support-model.ts'
import { during, type PullOptions, pullFrom } from './stage.ts'

export interface SmallDesk {
  readonly emulator: ZendeskEmulator
  readonly config: Readonly<Record<string, unknown>>
  /** Of a ticket, by the name that it has in `fill`. */
  id(name: string): number
}

export const CLIENT = { id: 'unsilo', secret: 'canary-secret-77f0' }
export const ANSWER = 'Open Settings, choose Billing and press Export all invoices.'

const question: NewComment = {
  body: '<p>Where do I find the invoices of last year?</p>',
  authorId: CUSTOMER,
  channel: 'email',
}
const answer: NewComment = { body: `<p>${ANSWER}</p>` }

export const answered = { comments: [question, answer] }

export async function startSmallDesk(options: ZendeskEmulatorOptions = {}): Promise<SmallDesk> {
  const emulator = await startZendeskEmulator({ pageSize: 2, client: CLIENT, ...options })
  const ids = fill(emulator)
  return {
    emulator,
    config: {
      provider: 'zendesk',
      url: emulator.url,
      auth: { clientId: CLIENT.id, clientSecret: CLIENT.secret },
    },
    id: (name) => ids.get(name) ?? 0,
  }
}

function fill({ support }: ZendeskEmulator): ReadonlyMap<string, number> {
  const ids = new Map<string, number>()
  const add = (name: string, given: Parameters<typeof support.addTicket>[0] = answered) =>
    ids.set(name, support.addTicket(given).id)
  const billing = support.addGroup('Billing')
  support.addGroup('Sales')
  support.addGroup('Third')
  const main = support.addBrand('Ledger')
  support.addBrand('Other')
  support.addBrand('Third')
  const product = support.addField('Product', { ledger_pro: 'Ledger Pro' })
  add('Invoices', {
    subject: 'Invoices of last year',
    groupId: billing,
    brandId: main,
    tags: ['export'],
    rating: 'good',
    fields: [
      { id: product, value: 'ledger_pro' },
      { id: 42, value: `LONGWORD ${'and so on '.repeat(10)}` },
    ],
    comments: [
      question,
      { body: '<p>Internal: NOTEWORD she owes us money.</p>', isPublic: false },
      { body: '<p>AIWORD suggests to try again.</p>', channel: 'api' },
      { body: '<p>TRIGGERWORD we received your request.</p>', channel: 'rule' },
      { body: '<p>My card is ▇▇▇▇ REDACTEDWORD.</p>', authorId: CUSTOMER, channel: 'email' },
      { body: '<p>MERGEWORD This request was closed and merged.</p>', rel: 'merge' },
      { body: '<p>CALLWORD Call from +33 1 99 00 12 34.</p>', type: 'VoiceComment' },
      { body: '<p>CHATWORD (10:00) Bot: hello</p>', channel: 'chat_transcript', authorId: CUSTOMER },
      { body: '<p>SYSTEMWORD</p>', authorId: -1 },
      { body: '<p>STRANGERWORD</p>', authorId: 999_999 },
      { body: `<p>Hi Ada,</p><p>${ANSWER}</p><p>Best regards,<br>Grace</p>`, files: ['guide.pdf'] },
      { body: '<p>Great, thanks!</p>', authorId: CUSTOMER, channel: 'email' },
    ],
  })
  add('Refunds')
  add('Closed', { ...answered, status: 'closed' })
  add('Plans')
  add('Open', { ...answered, status: 'open' })
  add('Deleted', { ...answered, status: 'deleted' })
  add('Unanswered', { comments: [question] })
  add('Of an AI agent', { ...answered, subject: 'SUBJECTWORD', supportType: 'ai_agent' })
  add('Internal', { subject: 'SUBJECTWORD', tags: ['SUBJECTWORD'], comments: [{ ...question, isPublic: false }] })
  return ids
}

export function pull(desk: SmallDesk, options: PullOptions<TicketsCursor> = {}): Promise<Change<TicketsCursor>[]> {
  return pullFrom(tickets, desk, options)
}

export function onSmallDesk<T>(run: (desk: SmallDesk) => Promise<T>, options: ZendeskEmulatorOptions = {}): Promise<T> {
  return during(startSmallDesk(options), run)
}

export { COLLEAGUE, CUSTOMER, OTHER }
