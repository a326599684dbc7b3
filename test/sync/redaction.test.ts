import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import type { Change, RedactPolicy } from '../../src/core/connector.ts'
import type { Body, Head } from '../../src/core/document.ts'
import { UnsiloError } from '../../src/core/errors.ts'
import type { Store } from '../../src/core/store.ts'
import { openMemory } from '../../src/indexes/memory/memory.ts'
import { openSqlite } from '../../src/indexes/sqlite/sqlite.ts'
import { markdownWords, toHtml } from '../markdown/visible-text.ts'
import { checkpoint, type RunOptions, run } from './pages.ts'

const ON: RedactPolicy = { patterns: [] }
const people = ['Jean Dupont', 'jean.dupont@example.org']

const folders: string[] = []
const drivers: readonly { name: string; open: () => Promise<Store> }[] = [
  { name: 'memory', open: async () => openMemory() },
  {
    name: 'SQLite',
    open: async () => {
      const folder = mkdtempSync(join(tmpdir(), 'unsilo-redaction-'))
      folders.push(folder)
      return await openSqlite(join(folder, 'index.db'), { mode: 'write' })
    },
  },
]

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})

interface Ticket {
  readonly head?: Partial<Head>
  readonly body?: Body
  readonly load?: () => Promise<Body>
}

function ticket({ head, body = { markdown: 'Text.', title: 'Subject', people }, load }: Ticket = {}): Change {
  const updatedAt = '2026-01-01T00:00:00.000Z'
  return {
    type: 'upsert',
    head: {
      ...{ id: '1', version: '1', title: 'Ticket 1', url: 'https://example.com/1', updatedAt, path: [] },
      ...{ kind: 'ticket', access: ['group:staff'] },
      ...head,
    },
    load: load ?? (async () => body),
  }
}

async function feed(store: Store, changes: readonly Change[], options: RunOptions = {}) {
  return await run(store, [], { redact: ON, changes: [...changes, checkpoint(1)], ...options })
}

async function stored(store: Store) {
  const document = (await store.stored(['s:1'])).get('s:1')
  if (document === undefined) throw new Error('s:1 is not stored')
  return document
}

const never = () => Promise.reject(new Error('asked the source'))

describe.each(drivers)('$name', ({ open }) => {
  test('title, path, labels, url, text and losses say the same thing by the same placeholder, and nothing else of it', async () => {
    const store = await open()
    const head = { path: ['Jean Dupont'], labels: ['a@example.org'], url: 'https://example.com/?m=a%40example.org' }
    const body = { title: 'Jean: b@example.org', people, markdown: 'dupont, b@example.org', losses: { 'x-jean': 1 } }

    await feed(store, [ticket({ head, body })])

    const { head: shown, markdown, losses } = await stored(store)
    expect(shown).toMatchObject({ title: '[PERSON_1]: [EMAIL_1]', path: ['[PERSON_1]'], labels: ['[EMAIL_2]'] })
    expect(shown.url).toBe('https://example.com/?m=[EMAIL_2]')
    expect(markdown).toBe('[PERSON_1], [EMAIL_1]\n')
    expect(losses).toEqual({ 'x-[PERSON_1]': 1 })
    await store.close()
  })

  test('a long title is cut only when its personal data is out, which a piece would not look like', async () => {
    const store = await open()
    const title = `${'Our bank asks about the account. '.repeat(3)}It is FR76 3000 6000 0112 3456 7890 189, and we thank you`

    await feed(store, [ticket({ body: { title, people, markdown: 'Text.' } })])

    const { head: shown } = await stored(store)
    expect(shown.title).toMatch(/It is \[IBAN_1\], and…$/)
    expect(shown.title.length).toBeLessThanOrEqual(121)
    await store.close()
  })

  test('chunks, references and excerpts stand where they are in the redacted text', async () => {
    const store = await open()
    const include = '<unsilo-include target="2" part="p"><a href="https://example.com/2">Two</a></unsilo-include>'
    const html = `<p>From jean.dupont@example.org, Jean</p><unsilo-excerpt name="p"><p>Call +33 6 39 98 12 34</p></unsilo-excerpt>${include}`

    await feed(store, [ticket({ body: { html, people } })])

    const { template, excerpts = [], markdown } = await stored(store)
    const own = template?.markdown ?? ''
    expect(own).toContain('From [EMAIL_1], [PERSON_1]')
    expect(excerpts.map(({ start, end }) => own.slice(start, end))).toEqual(['Call [PHONE_1]'])
    expect(template?.references.map(({ start, end }) => own.slice(start, end))).toEqual([
      '[Two](https://example.com/2)',
    ])
    for (const { start, end, text } of await store.chunks('s:1')) expect(markdown.slice(start, end)).toBe(text)
    await store.close()
  })

  test.each([
    ['<p>Jean: yes</p><p>I asked Jean</p>', '[PERSON_1] : yes\n\nI asked [PERSON_1]\n'],
    ['<ul><li><p>Jean: 06 39 98 12 34</p></li></ul>', '- [PERSON_1] : [PHONE_1]\n'],
    ['<p>ask Jean(https://example.com/1) !Jean(2)</p>', 'ask [PERSON_1] (<https://example.com/1>) ![PERSON_1] (2)\n'],
    ['<p><a href="https://example.com/1">ISO_27001</a> Jean</p>', '[ISO_27001](https://example.com/1) [PERSON_1]\n'],
  ])('placeholders stay words, whatever stands behind them: %s', async (html, shown) => {
    const store = await open()
    await feed(store, [ticket({ body: { html: `${html}<unsilo-excerpt name="p">the end</unsilo-excerpt>`, people } })])

    const { markdown, template, excerpts = [] } = await stored(store)
    const own = template?.markdown ?? markdown
    expect(excerpts.map(({ start, end }) => own.slice(start, end))).toEqual(['the end'])
    expect(own).toBe(`${shown}\nthe end\n`)
    expect(toHtml(own).match(/<(?:a|img) [^>]*>/g) ?? []).toEqual(
      html.includes('https') ? ['<a href="https://example.com/1">'] : [],
    )
    expect(markdownWords(own).join(' ')).toContain('[PERSON_1]')
    await store.close()
  })

  test('a listing of the same version neither takes the body’s title back nor writes anything', async () => {
    const store = await open()
    await feed(store, [ticket()])

    const { run: record } = await feed(store, [ticket({ load: never })])

    expect(record.counts).toMatchObject({ unchanged: 1, refreshed: 0, changed: 0 })
    expect((await stored(store)).head.title).toBe('Subject')
    await feed(store, [ticket({ head: { access: [] }, load: never })])
    expect((await stored(store)).head).toMatchObject({ title: 'Subject', access: [] })
    await store.close()
  })

  test('other words in the listing ask for the body, which says whom to remove', async () => {
    const store = await open()
    await feed(store, [ticket()])

    await feed(store, [ticket({ head: { labels: ['For Jean'] } })])

    expect((await stored(store)).head).toMatchObject({ title: 'Subject', labels: ['For [PERSON_1]'] })
    await store.close()
  })

  test('failures, skips, notes and errors say nothing personal', async () => {
    const store = await open()
    const fails = () => Promise.reject(new UnsiloError('DOCUMENT_UNREADABLE', 'no body for jean@example.org'))
    const changes: Change[] = [
      ticket({ load: fails }),
      { type: 'skip', id: '2', reason: 'asked by jean@example.org' },
      { type: 'checkpoint', cursor: 1, notes: { last: 'jean@example.org' } },
    ]
    const throws = new Error('refused for jean@example.org')

    const report = await run(store, [], { redact: ON, changes, throws })

    expect(report.failed[0]?.reason).toBe('no body for [EMAIL_1]')
    expect(report.plan?.skipped[0]?.reason).toBe('asked by [EMAIL_1]')
    expect(report.run.notes).toEqual({ last: '[EMAIL_1]' })
    const said = JSON.stringify([report, await store.runs('s', 9), await store.quarantine('s')])
    expect(`${said}${report.error?.message}${report.error?.stack}${report.error?.cause}`).not.toContain('jean@')
    await store.close()
  })

  test('a text that could not be made says nothing of its people', async () => {
    const store = await open()
    const body = {
      people,
      get markdown(): string {
        throw new Error('no reading of Jean Dupont')
      },
    }

    const { failed } = await feed(store, [ticket({ body })])

    expect(failed[0]?.reason).toBe('could not be converted: no reading of [PERSON_1]')
    await store.close()
  })

  test('more to remove is removed from the stored text, of documents too that the source does not list', async () => {
    const store = await open()
    await feed(store, [ticket({ body: { markdown: 'Jean, KD-1', title: 'KD-1', people } })])

    await feed(store, [], { redact: { patterns: [{ name: 'customer', pattern: 'KD-\\d' }] } })

    const { head, markdown } = await stored(store)
    expect([head.title, markdown]).toEqual(['[CUSTOMER_1]', '[PERSON_1], [CUSTOMER_1]\n'])
    await feed(store, [ticket({ load: never })], { redact: { patterns: [{ name: 'customer', pattern: 'KD-\\d' }] } })
    expect((await stored(store)).head.title).toBe('[CUSTOMER_1]')
    await store.close()
  })

  test.each<[string, RedactPolicy, RedactPolicy, string]>([
    ['on', null, ON, '[PERSON_1], KD-1\n'],
    ['off', ON, null, 'Jean, KD-1\n'],
    ['less', { patterns: [{ name: 'customer', pattern: 'KD-\\d' }] }, ON, '[PERSON_1], KD-1\n'],
  ])('turned %s, redaction asks the source for everything', async (_, before, after, text) => {
    const store = await open()
    const body = { markdown: 'Jean, KD-1', people }
    await run(store, [], { redact: before, changes: [{ type: 'begin' }, ticket({ body }), checkpoint(1)] })

    const { plan } = await run(store, [], { redact: after, changes: [ticket({ body }), checkpoint(2)] })

    expect(plan?.from).toBe('start')
    expect((await stored(store)).markdown).toBe(text)
    await store.close()
  })
})

const fails = () => Promise.reject(new UnsiloError('DOCUMENT_UNREADABLE', 'not now'))
const start: Change = { type: 'begin' }

test.each<[string, RunOptions]>([
  ['no body can be loaded', { changes: [start, ticket({ load: fails }), checkpoint(2)] }],
  ['the source lists nothing', { changes: [start], throws: new UnsiloError('AUTH_REJECTED', 'not any more') }],
])('what was stored before redaction was turned on leaves the file with the next run, though %s', async (_, next) => {
  const path = join(mkdtempSync(join(tmpdir(), 'unsilo-redaction-')), 'index.db')
  folders.push(dirname(path))
  const body = { markdown: 'Write to zanzibar@example.org, asks Jean.', title: 'zanzibar@example.org' }
  const bare = await openSqlite(path, { mode: 'write' })
  await run(bare, [], { redact: null, changes: [start, ticket({ body }), checkpoint(1)] })
  await bare.close()
  expect(readFileSync(path, 'latin1')).toContain('zanzibar')

  const store = await openSqlite(path, { mode: 'write' })
  await run(store, [], { redact: ON, ...next })
  const { head, markdown } = await stored(store)
  expect([head.title, markdown]).toEqual(['[EMAIL_1]', 'Write to [EMAIL_1], asks Jean.\n'])
  await store.close()
  expect(readFileSync(path, 'latin1')).not.toContain('zanzibar')

  const again = await openSqlite(path, { mode: 'write' })
  await run(again, [], { redact: ON, changes: [ticket({ body: { ...body, people } }), checkpoint(3)] })
  expect((await stored(again)).markdown).toBe('Write to [EMAIL_1], asks [PERSON_1].\n')
  await again.close()
})

test('a stored text of which no redactor can say what is left goes whole when redaction is turned on, and ends no run', async () => {
  const store = openMemory()
  const redact = { patterns: [{ name: 'last', pattern: 'a(?!a)' }] }
  const endless = ticket({ body: { markdown: 'a'.repeat(20) } })
  await run(store, [], { redact: null, changes: [start, endless, ticket({ head: { id: '2' } }), checkpoint(1)] })

  const { failed } = await run(store, [], {
    redact,
    changes: [start, endless, ticket({ head: { id: '2' } }), checkpoint(2)],
  })

  expect(failed.map(({ id }) => id)).toEqual(['s:1'])
  expect((await stored(store)).markdown).toBe('[REMOVED]\n')
  expect((await store.stored(['s:2'])).get('s:2')?.recipe.redactor).toMatch(/^redact/)
})

test('what the configuration leaves open, the connector decides', async () => {
  const store = openMemory()
  const pull = async function* (): AsyncIterable<Change> {
    yield ticket({ body: { markdown: 'jean@example.org' } })
  }
  const anything = { parse: (input: unknown) => input as null }
  const connector = { name: 'tickets', redact: true, config: anything, cursor: anything, pull }

  await run(store, [], { connector })

  expect((await stored(store)).markdown).toBe('[EMAIL_1]\n')
})
