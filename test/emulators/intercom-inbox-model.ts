/** What an emulated Intercom workspace holds of its inbox, and the ways in which people change it. */

export interface EmulatedAuthor {
  readonly type: 'user' | 'lead' | 'admin' | 'bot' | 'team'
  readonly id: string
  readonly name: string
  readonly email: string
  readonly isAi?: boolean
}

export interface EmulatedContact {
  readonly name: string | null
  readonly email: string
  readonly phone: string | null
}

export interface EmulatedPart {
  readonly id: string
  partType: string
  body: string | null | number
  readonly author: EmulatedAuthor
  readonly createdAt: number
  redacted: boolean
  /** Package code of the app that wrote it. */
  readonly app: string | null
  readonly files: readonly string[]
  readonly mailboxes: readonly { readonly name: string; readonly address: string }[]
}

interface EmulatedThread {
  readonly id: string
  readonly createdAt: number
  /** Unix seconds. */
  updatedAt: number
  teamId: string | null
  tags: string[]
  attributes: Record<string, string | number>
  parts: EmulatedPart[]
  /** As the API says it, where it hands over fewer parts. */
  partsInAll: number | null
}

export interface EmulatedConversation extends EmulatedThread {
  state: 'open' | 'closed' | 'snoozed'
  subject: string
  body: string
  readonly author: EmulatedAuthor
  readonly deliveredAs: string
  redacted: boolean
  rating: number | null
  /** Their own system's name for the customer. */
  readonly externalId: string | null
}

export interface EmulatedTicket extends EmulatedThread {
  state: 'submitted' | 'in_progress' | 'waiting_on_customer' | 'resolved'
  category: 'Customer' | 'Back-office' | 'Tracker'
  isShared: boolean
  title: string
  description: string
  readonly customer: EmulatedAuthor
}

export const CUSTOMER: EmulatedAuthor = {
  type: 'user',
  id: '6762f14a1bb69f9f2193bbb3',
  name: 'Ada Canary',
  email: 'ada.canary@example.org',
}

export const AGENT: EmulatedAuthor = {
  type: 'admin',
  id: '991267715',
  name: 'Grace Beacon',
  email: 'grace.beacon@example.com',
}

export const BOT: EmulatedAuthor = { type: 'bot', id: '991267000', name: 'Fin', email: 'operator+abcd1234@intercom.io' }

type NewPart = Partial<EmulatedPart> & Pick<EmulatedPart, 'body'>

type NewConversation = Partial<Omit<EmulatedConversation, 'parts'>> & { readonly parts?: readonly NewPart[] }

type NewTicket = Partial<Omit<EmulatedTicket, 'parts'>> & { readonly parts?: readonly NewPart[] }

export type IntercomInbox = ReturnType<typeof createInbox>

/** @param time the next moment of the workspace, in Unix seconds */
export function createInbox(nextId: () => string, time: () => number) {
  const conversations = new Map<string, EmulatedConversation>()
  const tickets = new Map<string, EmulatedTicket>()
  const teams = new Map<string, string>()
  const admins = new Map<string, EmulatedAuthor>([[AGENT.id, AGENT]])
  const contacts = new Map<string, EmulatedContact>([[CUSTOMER.id, { ...CUSTOMER, phone: '+44 20 7946 0958' }]])

  function partOf(given: NewPart): EmulatedPart {
    const usual = { partType: 'comment', author: AGENT, redacted: false, app: null, files: [], mailboxes: [] }
    return { id: nextId(), createdAt: time(), ...usual, ...given }
  }

  function common() {
    return { id: nextId(), createdAt: time(), teamId: null, tags: [], attributes: {}, partsInAll: null }
  }

  function thread(id: string): EmulatedConversation | EmulatedTicket {
    const found = conversations.get(id) ?? tickets.get(id)
    if (found === undefined) throw new Error(`the emulated inbox has no thread ${id}`)
    return found
  }

  return {
    conversations,
    tickets,
    teams,
    admins,
    contacts,
    thread,
    addTeam(name: string): string {
      const id = nextId()
      teams.set(id, name)
      return id
    },
    addConversation(given: NewConversation = {}): EmulatedConversation {
      const { parts = [], ...rest } = given
      const conversation: EmulatedConversation = {
        ...common(),
        state: 'closed',
        subject: '',
        body: '<p>How do I export my invoices?</p>',
        author: CUSTOMER,
        deliveredAs: 'customer_initiated',
        redacted: false,
        rating: null,
        externalId: null,
        ...rest,
        parts: parts.map(partOf),
        updatedAt: rest.updatedAt ?? time(),
      }
      conversations.set(conversation.id, conversation)
      return conversation
    },
    addTicket(given: NewTicket = {}): EmulatedTicket {
      const { parts = [], ...rest } = given
      const ticket: EmulatedTicket = {
        ...common(),
        state: 'resolved',
        category: 'Customer',
        isShared: true,
        title: 'Invoices',
        description: 'How do I export my invoices?',
        customer: CUSTOMER,
        ...rest,
        parts: parts.map(partOf),
        updatedAt: rest.updatedAt ?? time(),
      }
      tickets.set(ticket.id, ticket)
      return ticket
    },
    reply(id: string, given: NewPart): void {
      const found = thread(id)
      found.parts.push(partOf(given))
      found.updatedAt = time()
    },
    change(id: string, change: Partial<EmulatedConversation> | Partial<EmulatedTicket>): void {
      Object.assign(thread(id), change, { updatedAt: time() })
    },
    remove(id: string): void {
      conversations.delete(id)
      tickets.delete(id)
    },
  }
}
