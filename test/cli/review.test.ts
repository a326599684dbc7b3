/** `unsilo review` on a real index and a real file: what staff are shown, what is written, and what the next run makes of it. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { run } from '../../src/cli/main.ts'
import { approvalsOf, readReview } from '../../src/config/review.ts'
import type { Change, Connector, RedactPolicy } from '../../src/core/connector.ts'
import type { Head } from '../../src/core/document.ts'
import { openIndex } from '../../src/indexes/registry.ts'
import { syncSource } from '../../src/sync/sync.ts'
import { capturedIo, jsonLines } from './captured-io.ts'

let folder = ''

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'unsilo-review-'))
  writeFileSync(join(folder, 'unsilo.config.yaml'), 'sources:\n  support:\n    connector: confluence\n')
  await sync()
})

afterEach(() => rmSync(folder, { recursive: true, force: true }))

const QUESTION = 'How do I reset my password? The link in the mail to jean@example.org does not work.'
const TICKETS: readonly (readonly [id: string, question: string, more?: Partial<Head>])[] = [
  ['1', 'When will I get the refund for the order that I sent back?'],
  ['2', QUESTION],
  ['3', `Hello! ${QUESTION}`, { updatedAt: '2026-01-05T00:00:00.000Z' }],
  ['4', 'Only for the lawyers', { access: ['group:legal'] }],
  ['5', 'A page', { kind: 'page' }],
]

async function sync(tickets = TICKETS, redact: RedactPolicy = { patterns: [] }): Promise<void> {
  const store = await openIndex(join(folder, '.unsilo/index.db'), { mode: 'write' })
  const entries = await readReview(join(folder, 'review.yaml'), async (path) => readFileSync(path, 'utf8'))
  const report = await syncSource({
    ...{ source: 'support', connector: story(tickets), config: null, access: { level: 'staff', principals: {} } },
    ...{ redact, approvals: approvalsOf(entries), store, fetch, runId: 'run' },
    ...{ signal: new AbortController().signal, now: () => Date.UTC(2026, 0, 1), full: false, dryRun: false },
    allowed: { deletes: 0, wider: 0 },
  })
  await store.close()
  expect(report.error).toBeNull()
}

function story(tickets: typeof TICKETS): Connector {
  const anything = { parse: (input: unknown) => input as null }
  async function* pull(): AsyncIterable<Change> {
    yield { type: 'begin' }
    for (const [id, question, more] of tickets) yield change(id, question, more)
    const receipt = { pages: 1, seen: tickets.length, duplicates: 0, ended: 'no-next-link' as const }
    yield { type: 'checkpoint', cursor: null, receipt }
  }
  return { name: 'story', config: anything, cursor: anything, pull }
}

function change(id: string, question: string, more: Partial<Head> = {}): Change {
  const markdown = `## Question\n\n${question}\n\n## Resolution\n\nDone by Jean.\n`
  const head: Head = {
    ...{ id, version: question, title: `Ticket ${id}`, url: `https://example.com/${id}`, path: ['Support'] },
    ...{ updatedAt: `2026-01-0${id}T00:00:00.000Z`, kind: 'ticket', access: ['group:staff'] },
    ...more,
  }
  return { type: 'upsert', head, load: async () => ({ markdown, title: question.slice(0, 40), people: ['Jean'] }) }
}

async function unsilo(...argv: string[]) {
  const io = capturedIo(folder)
  const code = await run(argv, io)
  return { code, out: io.out(), err: io.err(), lines: argv.includes('--json') ? jsonLines(io.out()) : [] }
}

function pin(out: string, id: string): string {
  return new RegExp(`${id}@[0-9a-f]{8}`).exec(out)?.[0] ?? ''
}

describe('candidates', () => {
  test('are the tickets of staff, the question asked most often first, in the text that would be read', async () => {
    const { code, out, err } = await unsilo('review')

    expect(code).toBe(0)
    expect(out).toMatch(
      /^1\. Hello! How do I reset my password\?.* \(2 tickets\)\n {3}support:3@\w{8}.*\n {3}support:2@/,
    )
    expect(out).toContain('2. When will I get the refund')
    expect(out).toContain('The link in the mail to [EMAIL_1] does not work')
    expect(out).toContain('Done by [PERSON_1].')
    expect(out).not.toMatch(/jean|lawyers|A page/i)
    expect(err).toContain('3 tickets in 2 questions might be read by customers.')
  })

  test('as data, so many as asked for', async () => {
    const { lines } = await unsilo('review', '--json', '--limit', '1', '--level', 'public')

    expect(lines).toHaveLength(1)
    expect(lines[0]).toMatchObject({
      type: 'question',
      rank: 1,
      tickets: [{ id: 'support:3', state: 'new' }, { id: 'support:2' }],
    })
    expect(lines[0]).not.toHaveProperty('tickets.0.features')
  })

  test('are shown to staff only', async () => {
    const { code, out, err } = await unsilo('review', '--as', 'group:customers')

    expect([code, out]).toEqual([2, ''])
    expect(err).toContain('Only staff')
  })
})

describe('approving', () => {
  test('writes the file; the next run opens the ticket, and it is no candidate any more', async () => {
    const { out } = await unsilo('review')

    const { code, err } = await unsilo('review', '--approve', pin(out, 'support:3'))

    expect([code, err]).toEqual([
      0,
      'review.yaml: 1 ticket for customers. The next `unsilo sync` opens them; commit the file.\n',
    ])
    expect(readFileSync(join(folder, 'review.yaml'), 'utf8')).toMatch(
      /tickets:\n {2}- id: support:3\n {4}title: Hello! How do I reset my password\? The l\n {4}level: customers\n {4}hash: '?[0-9a-f]{32}'?\n$/,
    )
    expect((await unsilo('search', 'password', '--as', 'group:customers')).out).toBe('')
    await sync()
    expect((await unsilo('search', 'password', '--as', 'group:customers', '--json')).lines).toMatchObject([
      { id: 'support:3' },
    ])
    expect((await unsilo('search', 'password', '--as', 'public')).out).toBe('')
    expect((await unsilo('review')).out).not.toContain('support:3')
    expect((await unsilo('review', '--level', 'public')).out).toContain('support:3')
  })

  test('a ticket that says something else since is for staff, and says that it changed', async () => {
    await unsilo('review', '--approve', 'support:3')
    await sync()

    await sync(TICKETS.map(([id, question, more]) => [id, `${question} Please.`, more ?? {}]))

    expect((await unsilo('search', 'password', '--as', 'group:customers')).out).toBe('')
    expect((await unsilo('review')).out).toMatch(/support:3@.*changed since it was approved/)
  })

  test('keeps what others wrote, and gives a ticket one entry', async () => {
    await unsilo('review', '--approve', 'support:3')
    const path = join(folder, 'review.yaml')
    writeFileSync(path, `${readFileSync(path, 'utf8')}    note: asked by the help center team\n`)

    await unsilo('review', '--level', 'public', '--approve', 'support:3,support:1')

    const entries = await readReview(path, async () => readFileSync(path, 'utf8'))
    expect(entries).toMatchObject([
      { id: 'support:1', level: 'public' },
      { id: 'support:3', level: 'public', note: 'asked by the help center team' },
    ])
  })

  test.each([
    ['another text than was read', 'support:3@00000000', 2, 'says something else now'],
    ['a ticket that is not there', 'support:9', 1, 'There is no ticket'],
    ['a ticket that staff may not read', 'support:4', 1, 'There is no ticket'],
    ['what is no ticket', 'support:5', 2, 'it is no ticket'],
  ])('%s is refused, and nothing is written', async (_, id, exit, message) => {
    const { code, err } = await unsilo('review', '--approve', `support:1,${id}`)

    expect(code).toBe(exit)
    expect(err).toContain(message)
    expect(err).toContain('Nothing was approved')
    await expect(readReview(join(folder, 'review.yaml'), async (path) => readFileSync(path, 'utf8'))).resolves.toEqual(
      [],
    )
  })

  test('a text that was never redacted is no candidate', async () => {
    await sync(TICKETS, null)

    expect((await unsilo('review')).out).toBe('')
    expect((await unsilo('review', '--approve', 'support:1')).err).toContain('its personal data was not removed')
  })

  test('a file that cannot be understood stops a run as it stops a review', async () => {
    writeFileSync(join(folder, 'review.yaml'), 'tickets:\n  - id: support:3\n    level: everybody\n')

    const review = await unsilo('review')
    const token = ['"$', '{env:T}"'].join('')
    const source = `connector: confluence\n    baseUrl: https://example.com\n    spaces: all\n    auth: { bearer: ${token} }\n`
    const config = `sources:\n  support:\n    ${source}`
    writeFileSync(join(folder, 'unsilo.config.yaml'), config)
    const io = capturedIo(folder, { env: { T: 'token-of-nobody' } })

    expect([review.code, await run(['sync'], io)]).toEqual([2, 2])
    expect(review.err).toContain('review.yaml:3: tickets.0.level: expected one of customers, public')
    expect(io.err()).toContain('review.yaml:3: tickets.0.level')
  })
})
