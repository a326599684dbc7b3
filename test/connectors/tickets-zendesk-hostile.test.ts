/** Zendesk's tickets and comments, of which any one field is of any other shape. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { TicketsCursor } from '../../connectors/tickets/index.ts'
import type { Change } from '../../src/core/connector.ts'
import type { Head } from '../../src/core/document.ts'
import { UnsiloError } from '../../src/core/errors.ts'
import { upserts } from '../conformance/changes.ts'
import { onSmallDesk, pull, type SmallDesk } from './tickets-zendesk-stage.ts'

const RUNS = 150

type Changes = readonly Change<TicketsCursor>[]

type Item = Record<string, unknown>

/** What a hostile or broken server may put where anything else belongs. */
const anything = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom(null, '', [], {}, -1, 1e300, 'true', 'solved', '__proto__', '2026-01-01T00:00:00Z', [[]]),
)

/** Half of the draws aim at what says who may see a comment and who wrote it. */
const field = fc.oneof(fc.nat(40), fc.constantFrom('public', 'via', 'type', 'author_id'))

const change = fc.record({ item: fc.nat(20), field, value: anything })

/** Of the answers that match, one field of the item at `at`. */
function altering(
  match: RegExp,
  key: string,
  at: (items: readonly Item[]) => number,
  field: number | string,
  value: unknown,
) {
  const fetching: typeof fetch = async (input, init) => {
    const response = await fetch(input, init)
    if (!match.test(String(input)) || !response.ok) return response
    const answer = (await response.json()) as Record<string, Item[]>
    const items = answer[key] ?? []
    const index = at(items)
    const altered = items.map((item, each) => {
      const names = Object.keys(item)
      const name = typeof field === 'string' ? field : (names[field % names.length] as string)
      return each === index ? { ...item, [name]: value } : item
    })
    return Response.json({ ...answer, [key]: altered })
  }
  return fetching
}

function others(changes: Changes, id: number): readonly Head[] {
  return upserts(changes).flatMap(({ head }) => (head.id === String(id) ? [] : [head]))
}

async function check(desk: SmallDesk, clean: Changes, fetch: typeof globalThis.fetch, hidden: RegExp): Promise<void> {
  const id = desk.id('Invoices')
  const changes = await pull(desk, { fetch }).catch((error: unknown) => error)
  if (!Array.isArray(changes)) {
    expect(changes).toBeInstanceOf(UnsiloError)
    expect(changes).toMatchObject({ code: 'ANSWER_INVALID' })
    return
  }
  const all = changes as Changes
  const ids = all.flatMap((each) => (each.type === 'upsert' ? [each.head.id] : each.type === 'skip' ? [each.id] : []))
  expect(new Set(ids).size).toBe(ids.length)
  // An id that became another one is another ticket.
  if (ids.includes(String(id))) expect(others(all, id)).toEqual(others(clean, id))
  for (const { head, load } of upserts(all)) {
    const body = await load(head.id).catch((error: unknown) => error)
    if (body instanceof Error) expect(body).toMatchObject({ code: 'DOCUMENT_UNREADABLE' })
    else expect(JSON.stringify(body)).not.toMatch(hidden)
  }
}

describe('one field of any other shape', () => {
  test('of a ticket: it fails alone, is skipped, or ends the export', () =>
    onSmallDesk(
      async (desk) => {
        const clean = await pull(desk)
        const at = (items: readonly Item[]) => items.findIndex((item) => item['id'] === desk.id('Invoices'))
        await fc.assert(
          fc.asyncProperty(change, async ({ field, value }) => {
            const fetch = altering(/incremental/, 'tickets', at, field, value)
            await check(desk, clean, fetch, /NOTEWORD|AIWORD|TRIGGERWORD|REDACTEDWORD|CHATWORD/)
          }),
          { numRuns: RUNS },
        )
      },
      { pageSize: 100 },
    ))

  test('of a comment: its ticket fails, or reads without it; nothing hidden shows', () =>
    onSmallDesk(
      async (desk) => {
        const clean = await pull(desk)
        await fc.assert(
          fc.asyncProperty(change, async ({ item, field, value }) => {
            const match = new RegExp(`tickets/${desk.id('Invoices')}/comments`)
            const fetch = altering(match, 'comments', (items) => item % items.length, field, value)
            // One field can make a note public, or a machine's channel a person's, if it says just that.
            const said = value === true ? /AIWORD|TRIGGERWORD|REDACTEDWORD/ : /NOTEWORD|AIWORD|TRIGGERWORD|CHATWORD/
            await check(desk, clean, fetch, said)
          }),
          { numRuns: RUNS },
        )
      },
      { pageSize: 100 },
    ))
})
