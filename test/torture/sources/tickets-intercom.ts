/** A small inbox of Intercom: conversations and tickets that are answered, reopened, closed again, removed. */
import { tickets } from '../../../connectors/tickets/index.ts'
import type { AccessPolicy } from '../../../src/core/access.ts'
import type { Connector } from '../../../src/core/connector.ts'
import { startIntercomEmulator } from '../../emulators/intercom.ts'
import type { EmulatedConversation, EmulatedTicket, IntercomInbox } from '../../emulators/intercom-inbox-model.ts'
import { type Action, createMarks, type Marks, marksOf, pick, type TorturedSource, tortured } from './source.ts'

const access: AccessPolicy = { level: 'staff', principals: {} }
const LEFT_OUT = 'spam'

type Thread = EmulatedConversation | EmulatedTicket

export async function startIntercomTickets(most = 9): Promise<TorturedSource> {
  const emulator = await startIntercomEmulator({ pageSize: 2 })
  const { inbox } = emulator.model
  const mark = createMarks()
  for (let at = 0; at < 3; at++) inbox.addConversation({ subject: `Invoices ${at}`, ...answered(mark()) })
  for (let at = 0; at < 2; at++) inbox.addTicket({ title: `Printer ${at}`, ...answered(mark()) })
  return tortured(emulator, {
    connector: tickets as Connector,
    config: { provider: 'intercom', apiUrl: emulator.url, token: 'token', withoutTags: [LEFT_OUT] },
    access,
    actions: actionsOn(inbox, mark, most),
    changeAtOnce(one) {
      const all = [...inbox.conversations.values(), ...inbox.tickets.values()]
      const last = Math.max(...all.map(({ updatedAt }) => updatedAt))
      const found = pick(all, one)
      if (found === undefined) return
      const edited = found.parts.map((part) => (part.partType === 'note' ? part : { ...part, body: bodyOf(mark()) }))
      found.parts.splice(0, found.parts.length, ...edited)
      found.updatedAt = last
    },
    truth: () => truthOf(inbox),
  })
}

function answered(mark: string) {
  return { parts: [{ body: bodyOf(mark) }] }
}

function bodyOf(mark: string): string {
  return `<p>Open Settings ${mark} and press Export all invoices.</p>`
}

function actionsOn(inbox: IntercomInbox, mark: Marks, most: number): Readonly<Record<string, Action>> {
  const removed: Thread[] = []
  const threads = () => [...inbox.conversations.values(), ...inbox.tickets.values()]
  const change = (at: number, what: (thread: Thread) => Partial<Thread>) => {
    const found = pick(threads(), at)
    if (found !== undefined) inbox.change(found.id, what(found))
  }
  return {
    edit: (one) =>
      change(one, ({ parts }) => ({
        parts: parts.map((part) => ({ ...part, body: part.partType === 'note' ? part.body : bodyOf(mark()) })),
      })),
    answer(one) {
      const found = pick(threads(), one)
      if (found !== undefined && found.parts.length < 3) inbox.reply(found.id, { body: bodyOf(mark()) })
    },
    note(one) {
      const found = pick(threads(), one)
      if (found !== undefined && found.parts.length < 3)
        inbox.reply(found.id, { body: '<p>Internal.</p>', partType: 'note' })
    },
    close: (one, other) =>
      change(one, (found) =>
        isTicket(found)
          ? { state: other % 2 === 0 ? 'resolved' : 'in_progress' }
          : { state: other % 2 === 0 ? 'closed' : 'open' },
      ),
    share: (one, other) => change(one, (found) => (isTicket(found) ? { isShared: other % 3 !== 0 } : {})),
    /** The API tells no tags of tickets. */
    tag: (one, other) =>
      change(one, (found) => (isTicket(found) ? {} : { tags: other % 2 === 0 ? [LEFT_OUT] : ['export'] })),
    remove(one) {
      const found = pick(threads(), one)
      if (found === undefined) return
      removed.push(found)
      inbox.remove(found.id)
    },
    restore() {
      const found = removed.pop()
      if (found === undefined) return
      if (isTicket(found)) inbox.tickets.set(found.id, found)
      else inbox.conversations.set(found.id, found)
    },
    add(one) {
      if (threads().length >= most) return
      if (one % 2 === 0) inbox.addConversation({ subject: mark('More'), ...answered(mark()) })
      else inbox.addTicket({ title: mark('More'), ...answered(mark()) })
    },
  }
}

function isTicket(thread: Thread): thread is EmulatedTicket {
  return 'isShared' in thread
}

function truthOf(inbox: IntercomInbox) {
  const taken = [...inbox.conversations.values(), ...inbox.tickets.values()].filter(
    (thread) =>
      !thread.tags.includes(LEFT_OUT) &&
      (isTicket(thread) ? thread.state === 'resolved' && thread.isShared : thread.state === 'closed'),
  )
  return new Map(
    taken.map((thread) => {
      const [id, title] = isTicket(thread)
        ? [`ticket-${thread.id}`, thread.title]
        : [`conversation-${thread.id}`, thread.subject]
      const marks = thread.parts.flatMap(({ body }) => marksOf(String(body)))
      return [id, { title, marks, access: ['group:staff'] as const }]
    }),
  )
}
