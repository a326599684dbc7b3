/** A thread as HTML that reads as knowledge: the question, what was tried, the resolution. Pure. */
import { escapeText } from 'entities'
import type { Losses } from '../../src/core/document.ts'
import { cleanMessage, namesOf } from './message/clean.ts'
import type { Line } from './message/line.ts'
import { hasSubstance } from './message/substance.ts'
import { writeLines } from './message/write.ts'
import type { PublicPart, Role, Thread } from './thread.ts'

/** Another value makes new versions of all tickets: set it anew when the same thread reads differently. */
export const RENDERER = 'ticket-2'

const ROLES: Readonly<Record<Role, string>> = { customer: 'Customer', agent: 'Agent', other: 'Participant' }

/** Characters of one turn between question and resolution. */
const LONGEST_TURN = 1500

export interface Rendered {
  readonly title: string
  readonly html: string
  readonly losses: Losses
}

/** What is left of a message. */
interface Turn {
  readonly part: PublicPart
  readonly lines: readonly Line[]
}

/**
 * Or why there is no document: nobody asked, or nobody answered. Losses: `image` (only that there was one stays),
 * `turn-cut` (the end of a long message on the way), `truncated` (the help desk gave less than the whole thread), `cut`.
 */
export function render(thread: Omit<Thread, 'version'>): Rendered | string {
  const losses = new Map<string, number>()
  const turns = turnsOf(thread, losses)
  const first = turns.findIndex(({ part }) => part.author.role !== 'agent')
  const subject = plainSubject(thread.subject)
  if (first < 0 && subject === '') return 'no message by its customer'
  const last = turns.findLastIndex(({ part, lines }, at) => isAnswer(part, lines) && at > first)
  if (last < 0) return 'no answer that says something'

  const firstReply = turns.findIndex(({ part }, at) => at > first && part.author.role === 'agent')
  const question = first < 0 ? [] : turns.slice(first, firstReply)
  const between = turns.slice(Math.max(firstReply, 0), last).filter(isStep)
  const after = turns.slice(last + 1).filter(({ part, lines }) => part.author.role !== 'agent' && hasSubstance(lines))
  const name = namer(turns)
  const answer = turns[last] as Turn
  const several = turns.some(({ part }) => part.author.role === 'agent' && part.author.key !== answer.part.author.key)
  const html = [
    ...(thread.isTruncated ? [TRUNCATED] : []),
    ...section('Question', [
      ...(subject === '' ? [] : [`<p>${escapeText(subject)}</p>`]),
      ...question.map(({ lines, part }) => writeLines(lines, isOfOne(question) ? '' : `${name(part)}:`)),
    ]),
    ...section(
      'What was tried',
      between.map((turn) => writeLines(shortened(turn, losses), `${name(turn.part)}:`)),
    ),
    ...section('Resolution', [writeLines(answer.lines, several ? `${name(answer.part)}:` : '')]),
    ...section(
      'Afterwards',
      after.map((turn) => writeLines(shortened(turn, losses), `${name(turn.part)}:`)),
    ),
  ].join('\n')
  if (thread.isTruncated) add(losses, 'truncated', 1)
  return { title: titleOf(thread, subject, question), html, losses: Object.fromEntries(losses) }
}

const TRUNCATED =
  '<blockquote><p>[cut: the help desk handed over only the newest part of this ticket; messages in between are missing]</p></blockquote>'

function turnsOf({ parts, people }: Pick<Thread, 'parts' | 'people'>, losses: Map<string, number>): readonly Turn[] {
  const names = namesOf(people)
  return parts.flatMap((part, at) => {
    const message = cleanMessage(part.html, { isFirst: at === 0, names })
    for (const [name, count] of Object.entries(message.losses)) add(losses, name, count)
    const lines = [...message.lines, ...part.files.map(fileLine)]
    return lines.length === 0 ? [] : [{ part, lines }]
  })
}

function isAnswer({ author }: PublicPart, lines: readonly Line[]): boolean {
  return author.role === 'agent' && hasSubstance(lines)
}

/** Whatever the customer said, and of the team's turns those that tell or ask something. */
function isStep({ part, lines }: Turn): boolean {
  return part.author.role !== 'agent' || hasSubstance(lines) || lines.some(({ text }) => text.endsWith('?'))
}

function section(title: string, blocks: readonly string[]): readonly string[] {
  return blocks.length === 0 ? [] : [`<h2>${title}</h2>`, ...blocks]
}

/** `Customer`, or `Customer 2` where several people of one role took part. */
function namer(turns: readonly Turn[]): (part: PublicPart) => string {
  const keys = new Map<Role, string[]>()
  for (const { part } of turns) {
    const { role, key } = part.author
    const known = keys.get(role) ?? []
    keys.set(role, known)
    if (!known.includes(key)) known.push(key)
  }
  return ({ author: { role, key } }) => {
    const known = keys.get(role) ?? []
    return known.length > 1 ? `${ROLES[role]} ${known.indexOf(key) + 1}` : ROLES[role]
  }
}

function isOfOne(turns: readonly Turn[]): boolean {
  return new Set(turns.map(({ part }) => part.author.key)).size <= 1
}

function shortened({ lines }: Turn, losses: Map<string, number>): readonly Line[] {
  let length = 0
  const end = lines.findIndex(({ text }) => {
    length += text.length
    return length > LONGEST_TURN
  })
  if (end < 0 || lines.length === 1) return lines
  add(losses, 'turn-cut', 1)
  return [...lines.slice(0, Math.max(1, end)), textLine('[…]')]
}

/** Without what mail programs and help desks put in front of it. */
function plainSubject(subject: string): string {
  let text = subject.replace(/\s+/g, ' ').trim()
  for (let round = 0; round < 10; round += 1) {
    const shorter = text.replace(
      /^(?:re|aw|fw|fwd|tr|réf|ref) ?: ?|^\[(?:ticket|request|demande)?[ #:]{0,3}\d{1,20}\] ?/i,
      '',
    )
    if (shorter === text) break
    text = shorter
  }
  return text
}

function titleOf({ number }: Pick<Thread, 'number'>, subject: string, question: readonly Turn[]): string {
  return subject || question[0]?.lines[0]?.text || `Ticket ${number}`
}

function fileLine(name: string): Line {
  return textLine(`[file: ${name}]`)
}

function textLine(text: string): Line {
  const run = { text, isStrong: false, isEmphasis: false, isCode: false, href: null }
  return { kind: 'text', level: 0, isOrdered: false, isApart: true, runs: [run], text, marks: new Set() }
}

function add(losses: Map<string, number>, name: string, count: number): void {
  losses.set(name, (losses.get(name) ?? 0) + count)
}
