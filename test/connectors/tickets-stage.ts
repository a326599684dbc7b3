/** A small emulated inbox with more than one page of everything, for the conformance suite and the connector's own tests. */
import { type TicketsCursor, tickets } from '../../connectors/tickets/index.ts'
import type { Change } from '../../src/core/connector.ts'
import type { Body } from '../../src/core/document.ts'
import { upserts } from '../conformance/changes.ts'
import { type IntercomEmulator, type IntercomEmulatorOptions, startIntercomEmulator } from '../emulators/intercom.ts'
import { AGENT, BOT, CUSTOMER, type IntercomInbox } from '../emulators/intercom-inbox-model.ts'
import { during, type PullOptions, pullFrom } from './stage.ts'

export interface SmallInbox {
  readonly emulator: IntercomEmulator
  readonly inbox: IntercomInbox
  readonly config: Readonly<Record<string, unknown>>
  /** Native id of a document, by the name that it has in `fill`. */
  id(name: string): string
}

export const TOKEN = 'canary-token-41ab'
export const ANSWER = 'Open Settings, choose Billing and press Export all invoices.'

export async function startSmallInbox(options: IntercomEmulatorOptions = {}): Promise<SmallInbox> {
  const emulator = await startIntercomEmulator({ pageSize: 2, authorization: `Bearer ${TOKEN}`, ...options })
  const { inbox } = emulator.model
  const ids = fill(inbox)
  return {
    emulator,
    inbox,
    config: { provider: 'intercom', apiUrl: emulator.url, token: TOKEN },
    id: (name) => ids.get(name) ?? `no ${name}`,
  }
}

function fill(inbox: IntercomInbox): ReadonlyMap<string, string> {
  const ids = new Map<string, string>()
  const billing = inbox.addTeam('Billing')
  const answered = { parts: [{ body: `<p>${ANSWER}</p>` }] }
  const conversation = (name: string, given: Parameters<typeof inbox.addConversation>[0] = answered) =>
    ids.set(name, `conversation-${inbox.addConversation(given).id}`)
  const ticket = (name: string, given: Parameters<typeof inbox.addTicket>[0] = answered) =>
    ids.set(name, `ticket-${inbox.addTicket(given).id}`)
  conversation('Invoices', {
    subject: 'Invoices of last year',
    teamId: billing,
    tags: ['export'],
    attributes: { Product: 'Ledger' },
    rating: 5,
    parts: [
      { body: '<p>I am on the Basic plan.</p>', author: CUSTOMER },
      { body: '<p>Internal: NOTEWORD she owes us money.</p>', partType: 'note' },
      { body: '<p>AIWORD suggests to try again.</p>', author: BOT },
      { body: `<p>Hi Ada,</p><p>${ANSWER}</p><p>Best regards,<br>Grace</p>` },
      { body: '<p>Great, thanks!</p>', author: CUSTOMER },
      { body: null, partType: 'close' },
    ],
  })
  conversation('Refunds')
  conversation('Plans')
  conversation('Open', { ...answered, state: 'open' })
  conversation('Unanswered', { parts: [{ body: '<p>AIWORD alone.</p>', author: BOT }] })
  ticket('Printer')
  ticket('Export')
  ticket('In progress', { ...answered, state: 'in_progress' })
  ticket('Back office', { ...answered, category: 'Back-office' })
  ticket('Not shared', { ...answered, isShared: false })
  return ids
}

export function pull(inbox: SmallInbox, options: PullOptions<TicketsCursor> = {}): Promise<Change<TicketsCursor>[]> {
  return pullFrom(tickets, inbox, options)
}

export function head(changes: readonly Change<TicketsCursor>[], id: string) {
  return upserts(changes).find((each) => each.head.id === id)?.head
}

/** The body of one document, which must have one. */
export async function html(changes: readonly Change<TicketsCursor>[], id: string): Promise<string> {
  const body: Body | undefined = await upserts(changes)
    .find((each) => each.head.id === id)
    ?.load(id)
  if (body === undefined || !('html' in body)) throw new Error(`${id} has no body`)
  return body.html
}

export function onSmallInbox<T>(
  run: (inbox: SmallInbox) => Promise<T>,
  options: IntercomEmulatorOptions = {},
): Promise<T> {
  return during(startSmallInbox(options), run)
}

export { AGENT, BOT, CUSTOMER }
