/** A small help desk of Zendesk: tickets that are answered, reopened, solved again, deleted and brought back. */
import { tickets } from '../../../connectors/tickets/index.ts'
import type { AccessPolicy } from '../../../src/core/access.ts'
import type { Connector } from '../../../src/core/connector.ts'
import { startZendeskEmulator } from '../../emulators/zendesk.ts'
import { CUSTOMER, type NewComment, type SupportModel } from '../../emulators/zendesk-support-model.ts'
import { type Action, createMarks, type Marks, marksOf, pick, type TorturedSource, tortured } from './source.ts'

const access: AccessPolicy = { level: 'staff', principals: {} }
const CLIENT = { id: 'unsilo', secret: 'canary-secret-77f0' }
const LEFT_OUT = 'spam'
const STATUSES = ['solved', 'open', 'closed', 'deleted', 'solved'] as const

export async function startZendeskTickets(most = 9): Promise<TorturedSource> {
  const emulator = await startZendeskEmulator({ pageSize: 2, client: CLIENT })
  const { support } = emulator
  const mark = createMarks()
  support.addGroup('Billing')
  support.addBrand('Ledger')
  for (let at = 0; at < 5; at++) support.addTicket({ subject: `Invoices ${at}`, ...answered(mark()) })
  return tortured(emulator, {
    connector: tickets as Connector,
    config: {
      ...{ provider: 'zendesk', url: emulator.url, withoutTags: [LEFT_OUT] },
      auth: { clientId: CLIENT.id, clientSecret: CLIENT.secret },
    },
    access,
    actions: actionsOn(support, mark, most),
    truth: () => truthOf(support),
  })
}

function answered(mark: string): { comments: readonly NewComment[] } {
  const question = { body: '<p>Where do I find the invoices?</p>', authorId: CUSTOMER, channel: 'email' }
  return { comments: [question, answer(mark)] }
}

function answer(mark: string): NewComment {
  return { body: `<p>Open Settings ${mark} and press Export all invoices.</p>` }
}

function actionsOn(support: SupportModel, mark: Marks, most: number): Readonly<Record<string, Action>> {
  const ticket = (at: number) => pick(support.tickets.values(), at)
  const change = (at: number, what: Parameters<typeof support.change>[1]) => {
    const found = ticket(at)
    if (found !== undefined) support.change(found.id, what)
  }
  return {
    edit(one) {
      const [first, ...others] = ticket(one)?.comments ?? []
      if (first === undefined) return
      change(one, { comments: [first, ...others.map((each) => ({ ...each, body: answer(mark()).body }))] })
    },
    rename: (one) => change(one, { subject: mark('Named') }),
    answer(one, other) {
      const found = ticket(one)
      if (found === undefined || found.comments.length > 3) return
      support.comment(found.id, other % 3 === 0 ? { body: '<p>Internal.</p>', isPublic: false } : answer(mark()))
    },
    solve: (one, other) => change(one, { status: pick(STATUSES, other) ?? 'solved' }),
    tag: (one, other) => change(one, { tags: other % 2 === 0 ? [LEFT_OUT] : ['export'] }),
    add() {
      if (support.tickets.size < most) support.addTicket({ subject: mark('More'), ...answered(mark()) })
    },
  }
}

function truthOf(support: SupportModel) {
  const taken = [...support.tickets.values()].filter(
    ({ status, tags }) => (status === 'solved' || status === 'closed') && !tags.includes(LEFT_OUT),
  )
  return new Map(
    taken.map(({ id, subject, comments }) => {
      const marks = comments.flatMap(({ body, isPublic }) => (isPublic === true ? marksOf(String(body)) : []))
      return [String(id), { title: subject, marks, access: ['group:staff'] as const }]
    }),
  )
}
