/** What an emulated Zendesk account holds of its tickets, and the ways in which customers and agents change them. */

export type EmulatedStatus = 'new' | 'open' | 'pending' | 'hold' | 'solved' | 'closed' | 'deleted'

export interface EmulatedUser {
  readonly id: number
  name: string
  email: string
  role: 'end-user' | 'agent' | 'admin'
}

export interface EmulatedComment {
  readonly id: number
  authorId: number
  /** A number stands for an answer of another shape than the API has. */
  body: string | number
  /** Of another shape where it is no truth value. */
  isPublic: boolean | string
  channel: string
  rel: string | null
  type: string
  files: string[]
  /** ISO 8601, UTC. */
  at: string
}

export interface EmulatedTicket {
  readonly id: number
  subject: string
  status: EmulatedStatus
  tags: string[]
  groupId: number | null
  brandId: number | null
  rating: string | null
  fields: { id: number; value: unknown }[]
  supportType: 'agent' | 'ai_agent'
  requesterId: number
  /** Ids of users in copy. */
  copied: number[]
  comments: EmulatedComment[]
  createdAt: string
  updatedAt: string
  /** Unix seconds of the last change, the system's own included: the order of the export. */
  changedAt: number
}

export type SupportModel = ReturnType<typeof createSupportModel>

const START = Date.parse('2026-01-05T09:00:00.000Z')

/** Everybody's ids are known, so that tests can name them. */
export const CUSTOMER = 700_001
export const AGENT = 700_002
export const COLLEAGUE = 700_003
export const OTHER = 700_004

export interface NewComment {
  readonly body: string | number
  readonly authorId?: number
  readonly isPublic?: boolean | string
  readonly channel?: string
  readonly rel?: string
  readonly type?: string
  readonly files?: string[]
}

interface NewTicket extends Partial<Omit<EmulatedTicket, 'id' | 'comments'>> {
  readonly comments: readonly NewComment[]
}

export function createSupportModel() {
  const tickets = new Map<number, EmulatedTicket>()
  const groups = new Map<number, string>()
  const brands = new Map<number, string>()
  const fields = new Map<number, { title: string; options: Record<string, string> }>()
  const users = new Map<number, EmulatedUser>()
  let lastId = 1000
  let ticks = 0

  const nextId = () => ++lastId
  const nextTime = () => new Date(START + ++ticks * 60_000).toISOString().replace('.000Z', 'Z')
  const addUser = (user: EmulatedUser) => users.set(user.id, user)

  addUser({ id: CUSTOMER, name: 'Ada Example', email: 'ada@example.com', role: 'end-user' })
  addUser({ id: AGENT, name: 'Grace Sample', email: 'grace@example.net', role: 'agent' })
  addUser({ id: COLLEAGUE, name: 'Joan Sample', email: 'joan@example.net', role: 'admin' })
  addUser({ id: OTHER, name: 'Mary Example', email: 'mary@example.com', role: 'end-user' })

  function find(id: number): EmulatedTicket {
    const ticket = tickets.get(id)
    if (ticket === undefined) throw new Error(`the emulated account has no ticket ${id}`)
    return ticket
  }

  function newComment({ body, ...given }: NewComment): EmulatedComment {
    const { authorId = AGENT, isPublic = true, channel = 'web', rel = null, type = 'Comment', files = [] } = given
    return { id: nextId(), authorId, body, isPublic, channel, rel, type, files, at: nextTime() }
  }

  function touch(ticket: EmulatedTicket): void {
    ticket.updatedAt = nextTime()
    ticket.changedAt = Date.parse(ticket.updatedAt) / 1000
  }

  return {
    tickets,
    groups,
    brands,
    fields,
    users,
    find,
    addUser,
    addGroup(name: string): number {
      const id = nextId()
      groups.set(id, name)
      return id
    },
    addBrand(name: string): number {
      const id = nextId()
      brands.set(id, name)
      return id
    },
    addField(title: string, options: Record<string, string> = {}): number {
      const id = nextId()
      fields.set(id, { title, options })
      return id
    },
    addTicket({ comments, ...given }: NewTicket): EmulatedTicket {
      const createdAt = nextTime()
      const ticket: EmulatedTicket = {
        id: nextId(),
        subject: 'A question',
        status: 'solved',
        tags: [],
        groupId: null,
        brandId: null,
        rating: null,
        fields: [],
        supportType: 'agent',
        requesterId: CUSTOMER,
        copied: [],
        comments: comments.map(newComment),
        createdAt,
        updatedAt: createdAt,
        changedAt: 0,
        ...given,
      }
      touch(ticket)
      tickets.set(ticket.id, ticket)
      return ticket
    },
    comment(id: number, comment: NewComment): void {
      const ticket = find(id)
      ticket.comments.push(newComment(comment))
      touch(ticket)
    },
    change(id: number, change: Partial<EmulatedTicket>): void {
      const ticket = find(id)
      Object.assign(ticket, change)
      touch(ticket)
    },
    /** Gone for good: the export doesn't tell of it. */
    erase(id: number): void {
      tickets.delete(id)
    },
  }
}
