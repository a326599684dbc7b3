/** The commands that read an index, on a real one: what each reader gets to see, as text and as data. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { run } from '../../src/cli/main.ts'
import type { Access } from '../../src/core/access.ts'
import type { Change, Connector } from '../../src/core/connector.ts'
import type { Head } from '../../src/core/document.ts'
import { openIndex } from '../../src/indexes/registry.ts'
import { parseFile } from '../../src/markdown/file.ts'
import { syncSource } from '../../src/sync/sync.ts'
import { type CapturedIo, capturedIo, jsonLines } from './captured-io.ts'

interface Explained {
  readonly arms: readonly { readonly parts: { readonly fresh: number } }[]
}

const folder = mkdtempSync(join(tmpdir(), 'unsilo-read-'))
const config = join(folder, 'unsilo.config.yaml')

interface Page {
  readonly id: string
  readonly title: string
  readonly access: Access
  readonly markdown: string
  readonly more?: Pick<Head, 'locale' | 'labels'>
}

const PAGES: readonly Page[] = [
  {
    id: '1',
    title: 'Resetting a password\u001b[31m',
    access: 'public',
    markdown: '# Steps\n\nOpen the settings and press **Reset password**. A zebra link arrives.\n',
  },
  {
    id: '2',
    title: 'On call',
    access: ['group:staff'],
    markdown: '## Pager\n\nThe zebra pager number stands in the vault.\n\n```sh\nunsilo sync\n```\n',
  },
  {
    id: '3',
    title: '../../../etc/passwd',
    access: ['group:staff'],
    markdown: 'A zebra with an odd title.\n',
    more: { locale: 'fr', labels: ['odd, but one', 'titles'] },
  },
  { id: '4', title: 'Board minutes', access: ['user:ceo@example.com'], markdown: 'The zebra merger is secret.\n' },
]

beforeAll(async () => {
  writeFileSync(config, 'sources:\n  wiki:\n    connector: confluence\n  later:\n    connector: confluence\n')
  const index = await openIndex(join(folder, '.unsilo/index.db'), { mode: 'write' })
  await syncSource({
    source: 'wiki',
    connector: story(PAGES),
    config: null,
    access: { level: 'staff', principals: {} },
    store: index,
    fetch,
    signal: new AbortController().signal,
    now: () => Date.UTC(2026, 0, 1, 22),
    runId: 'run-1',
    full: false,
    dryRun: false,
    allowed: { deletes: 0, wider: 0 },
  })
  await index.close()
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function unsilo(...args: string[]): Promise<{ code: number; io: CapturedIo }> {
  const io = capturedIo(folder)
  return { code: await run(args, io), io }
}

describe('search', () => {
  test('prints passages with what they are, what they say, their link and their id', async () => {
    const { code, io } = await unsilo('search', 'how', 'do', 'I', 'reset', 'a', 'password', '--limit', '1')

    expect([code, io.err()]).toEqual([0, ''])
    expect(io.out()).toMatch(/^1\. Resetting a password › Steps\n/)
    expect(io.out()).toContain('Reset password')
    expect(io.out()).toContain('https://wiki.example/1\n')
    expect(io.out()).toContain('wiki:1 · ')
    expect(io.out()).not.toContain('\u001b')
  })

  test('marks the matched words where colour is wanted', async () => {
    const io = capturedIo(folder, { color: true })
    await run(['search', 'zebra', '--as', 'public'], io)
    const plainIo = capturedIo(folder, { color: true })
    await run(['search', 'zebra', '--as', 'public', '--no-color'], plainIo)

    expect(io.out()).toMatch(/\u001b\[[\d;]+m\u001b\[\d+mzebra\u001b/)
    expect(plainIo.out()).not.toContain('\u001b')
  })

  test.each([
    [[], ['wiki:1', 'wiki:2', 'wiki:3']],
    [['--as', 'public'], ['wiki:1']],
    [
      ['--as', 'user:ceo@example.com'],
      ['wiki:1', 'wiki:4'],
    ],
    [
      ['--as', 'user:ceo@example.com,group:staff'],
      ['wiki:1', 'wiki:2', 'wiki:3', 'wiki:4'],
    ],
    [
      ['--as', 'group:staff', '--as', 'user:ceo@example.com'],
      ['wiki:1', 'wiki:2', 'wiki:3', 'wiki:4'],
    ],
    [['--source', 'later'], []],
    [
      ['--kind', 'ticket,page', '--kind', 'doc'],
      ['wiki:1', 'wiki:2', 'wiki:3'],
    ],
    [['--kind', 'ticket'], []],
    [['--locale', 'FR'], ['wiki:3']],
    [
      ['--locale', 'en', '--locale', 'fr'],
      ['wiki:1', 'wiki:2', 'wiki:3'],
    ],
    [['--label', 'none', '--label', 'odd, but one'], ['wiki:3']],
    [
      ['--since', '2026-01-01'],
      ['wiki:1', 'wiki:2', 'wiki:3'],
    ],
    [['--since', '2026-01-01T00:00:01Z'], []],
  ])('with %j finds %j', async (options, expected) => {
    const { code, io } = await unsilo('search', 'zebra', '--json', '--limit', '10', ...options)
    const hits = jsonLines(io.out())

    expect(code).toBe(0)
    expect(hits.map(({ id }) => id).sort()).toEqual(expected)
    expect(hits.map(({ type, rank }) => [type, rank])).toEqual(hits.map((_, at) => ['hit', at + 1]))
  })

  test('tells no scores, unless it is asked to explain', async () => {
    const { io } = await unsilo('search', 'zebra', '--json')
    expect(io.out()).not.toMatch(/score|explanation/)
  })

  test('--explain says first what was looked up, then with each passage why it stands there', async () => {
    const { code, io } = await unsilo('search', 'zebar', 'xylophone', '--as', 'public', '--json', '--explain')
    const [searched, hit] = jsonLines(io.out())

    expect(code).toBe(0)
    expect(searched).toMatchObject({
      type: 'searched',
      reader: { as: [] },
      terms: [
        { typed: ['zebar', 'zeb'], found: 'other spelling', tokens: ['zebra'], leftOut: null },
        { typed: ['xylophon'], found: 'nowhere', leftOut: 'nowhere', weight: 0 },
      ],
      arms: [{ arm: 'words', passages: 1 }],
    })
    expect(hit).toMatchObject({ type: 'hit', id: 'wiki:1', explanation: { arms: [{ arm: 'words', rank: 1 }] } })
  })

  test('--explain tells a person the same', async () => {
    const { io } = await unsilo('search', 'zebar', 'xylophone', '--kind', 'page', '--explain')

    expect(io.out()).toMatch(/zebar \/ zeb +other spelling: zebra/)
    expect(io.out()).toMatch(/xylophon +left out: it is nowhere/)
    expect(io.out()).toMatch(/kinds +page\n/)
    expect(io.out()).toMatch(/time +terms [\d.]+ ms, words/)
    expect(io.out()).toMatch(/words: rank 1, [\d.]+ = body [\d.]+/)
  })

  test('--typing finds what the last word begins', async () => {
    expect((await unsilo('search', 'zeb', '--json')).io.out()).toBe('')
    expect(jsonLines((await unsilo('search', 'zeb', '--json', '--typing')).io.out()).length).toBeGreaterThan(0)
  })

  test('--fresh lifts what changed lately, and not unless asked to', async () => {
    const partOf = async (...flags: readonly string[]) => {
      const { io } = await unsilo('search', 'zebra', '--json', '--explain', ...flags)
      const hit = jsonLines(io.out()).find(({ type }) => type === 'hit')
      return (hit?.['explanation'] as Explained | undefined)?.arms[0]?.parts.fresh
    }
    expect(await partOf()).toBe(0)
    expect(await partOf('--fresh', '100000')).toBeGreaterThan(0)
  })

  test('that finds nothing says so, not as an error and not on stdout', async () => {
    const { code, io } = await unsilo('search', 'xylophone')
    expect([code, io.out()]).toEqual([0, ''])
    expect(io.err()).toMatch(/^Nothing found that group:staff may read/)
  })

  test('of a source that is not there is wrong usage, not an empty answer', async () => {
    const { code, io } = await unsilo('search', 'zebra', '--source', 'wikki')
    expect(code).toBe(2)
    expect(io.err()).toMatch(/no source named "wikki"\.\n {2}Known: later, wiki\./)
  })

  test.each([
    ['--kind', 'pages', /--kind takes page, article, doc, ticket, not "pages"/],
    ['--since', 'last week', /"last week" is no time/],
    ['--fresh', '0', /--fresh/],
  ])('with %s %s is wrong usage, not an empty answer', async (option, value, message) => {
    const { code, io } = await unsilo('search', 'zebra', option, value)
    expect([code, io.out()]).toEqual([2, ''])
    expect(io.err()).toMatch(message)
  })

  test('of an index that no command can have filled is an error, not an empty answer', async () => {
    const { code, io } = await unsilo('search', 'zebra', '--index', 'memory:')
    expect([code, io.out()]).toEqual([1, ''])
    expect(io.err()).toMatch(/in memory/)
  })

  test('without an index ends with 1 and says how to make one', async () => {
    const { code, io } = await unsilo('search', 'zebra', '--index', 'gone.db')
    expect([code, io.out()]).toEqual([1, ''])
    expect(io.err()).toMatch(/There is no index at .*gone\.db\.\n {2}Run `unsilo sync`/)
  })
})

describe('show', () => {
  test('prints the stored markdown byte for byte', async () => {
    const { code, io } = await unsilo('show', 'wiki:2')
    expect([code, io.err()]).toEqual([0, ''])
    expect(io.out()).toBe(PAGES[1]?.markdown)
  })

  test('tells a hidden document and a missing one in the same words', async () => {
    const hidden = await unsilo('show', 'wiki:4')
    const missing = await unsilo('show', 'wiki:5')

    expect([hidden.code, missing.code]).toEqual([1, 1])
    expect(hidden.io.err().replace('wiki:4', 'wiki:5')).toBe(missing.io.err())
    expect(hidden.io.out()).toBe('')
  })

  test('--json and --losses are data', async () => {
    const document = await unsilo('show', 'wiki:2', '--json')
    const losses = await unsilo('show', 'wiki:2', '--losses', '--json')
    const none = await unsilo('show', 'wiki:1', '--losses')

    expect(jsonLines(document.io.out())).toMatchObject([{ type: 'document', id: 'wiki:2', access: ['group:staff'] }])
    expect(jsonLines(losses.io.out())).toEqual([{ type: 'losses', id: 'wiki:2', losses: { 'macro:jira': 2 } }])
    expect(none.io.err()).toBe('')
    expect(none.io.out()).toBe('macro:jira  2\n')
  })
})

describe('status', () => {
  test('shows each source, also one that has never run', async () => {
    const { code, io } = await unsilo('status', '--json')
    const lines = jsonLines(io.out())

    expect(code).toBe(0)
    expect(lines.map(({ source, documents, configured }) => [source, documents, configured])).toEqual([
      ['later', 0, true],
      ['wiki', 4, true],
    ])
    expect(lines[0]).toMatchObject({ lastRun: null, ageSeconds: null })
    expect(lines[1]).toMatchObject({
      ageSeconds: 7200,
      quarantined: 0,
      notes: { restrictions: 'read 2026-01-01T21:00:00.000Z, all' },
      lastRun: { outcome: 'ok', counts: { added: 4 } },
    })
  })

  test('reads as a table', async () => {
    const { io } = await unsilo('status')
    expect(io.out()).toMatch(/^SOURCE +LAST RUN +FRESH +DOCUMENTS +PASSAGES$/m)
    expect(io.out()).toMatch(/^later +never +- +0 +0$/m)
    expect(io.out()).toMatch(/^wiki +ok, 2 h ago +2 h ago +4 +\d+$/m)
    expect(io.out()).toMatch(/^ {2}restrictions: read 3 h ago, all$/m)
  })

  test('before the first run shows the configured sources, and makes no index', async () => {
    const { code, io } = await unsilo('status', '--index', 'gone.db')
    expect(code).toBe(0)
    expect(io.out()).toMatch(/^wiki +never/m)
    expect(readdirSync(folder)).not.toContain('gone.db')
  })
})

describe('export', () => {
  test('writes files that read back byte for byte, under names of our own', async () => {
    const { code, io } = await unsilo('export', 'out', '--json')
    const files = readdirSync(join(folder, 'out/wiki')).sort()
    const read = files.map((file) => parseFile(readFileSync(join(folder, 'out/wiki', file), 'utf8'), file))

    expect(code).toBe(0)
    expect(jsonLines(io.out())).toMatchObject([{ type: 'export', written: 3, unchanged: 0, removed: 0 }])
    expect(files.map((file) => file.replace(/[0-9a-f]{8}\.md$/, ''))).toEqual([
      'etc-passwd-',
      'on-call-',
      'resetting-a-password-',
    ])
    expect(read.map(({ data, markdown }) => [data['id'], markdown])).toEqual(
      [PAGES[2], PAGES[1], PAGES[0]].map((page) => [`wiki:${page?.id}`, page?.markdown]),
    )
    expect(read[2]?.data).toMatchObject({ title: PAGES[0]?.title, access: 'public', path: ['Space'], source: 'wiki' })
  })

  test('again changes nothing', async () => {
    await unsilo('export', 'twice')
    const { io } = await unsilo('export', 'twice', '--json')
    expect(jsonLines(io.out())).toMatchObject([{ written: 0, unchanged: 3, removed: 0 }])
  })

  test('removes files whose document is gone and touches no other', async () => {
    await unsilo('export', 'shrinks', '--as', 'group:staff,user:ceo@example.com')
    writeFileSync(join(folder, 'shrinks/wiki/notes.md'), 'mine')
    const refused = await unsilo('export', 'shrinks', '--as', 'public')
    const kept = readdirSync(join(folder, 'shrinks/wiki')).length
    const { io } = await unsilo('export', 'shrinks', '--as', 'public', '--force', '--json')

    expect([refused.code, kept]).toEqual([2, 5])
    expect(jsonLines(io.out())).toMatchObject([{ written: 0, unchanged: 1, removed: 3 }])
    expect(readdirSync(join(folder, 'shrinks/wiki')).map((file) => file.replace(/-[0-9a-f]{8}/, ''))).toEqual([
      'notes.md',
      'resetting-a-password.md',
    ])
  })

  test('of nothing over an earlier export is stopped by a guard', async () => {
    await unsilo('export', 'empties')
    const empty = join(folder, 'empty.db')
    await (await openIndex(empty, { mode: 'write' })).close()
    const { code, io } = await unsilo('export', 'empties', '--index', empty)

    expect(code).toBe(11)
    expect(io.err()).toMatch(/Nothing was removed/)
    expect(readdirSync(join(folder, 'empties/wiki'))).toHaveLength(3)
  })

  test('into a folder of other files is refused', async () => {
    const { code, io } = await unsilo('export', '.')
    expect(code).toBe(2)
    expect(io.err()).toMatch(/holds files and is not an earlier export/)
  })
})

describe('init', () => {
  test('writes a configuration once, and replaces it only when told', async () => {
    const first = await unsilo('init', '--config', 'new/unsilo.config.yaml')
    const text = readFileSync(join(folder, 'new/unsilo.config.yaml'), 'utf8')
    const again = await unsilo('init', '--config', 'new/unsilo.config.yaml')
    const forced = await unsilo('init', '--config', 'new/unsilo.config.yaml', '--force', '--json')

    expect([first.code, again.code, forced.code]).toEqual([0, 2, 0])
    expect(first.io.out()).toBe(`${join('new', 'unsilo.config.yaml')}\n`)
    expect(first.io.err()).toMatch(/unsilo check.*unsilo sync.*unsilo search/s)
    expect(text).toMatch(
      /^# yaml-language-server: \$schema=https:\/\/unpkg\.com\/unsilo@[\d.]+\/src\/config\/unsilo\.schema\.json\n/,
    )
    expect(jsonLines(forced.io.out())).toEqual([{ type: 'init', file: join('new', 'unsilo.config.yaml') }])
  })
})

function story(pages: readonly Page[]): Connector {
  return {
    name: 'story',
    config: { parse: (input) => input },
    cursor: { parse: () => null },
    async *pull(): AsyncGenerator<Change> {
      for (const page of pages) {
        yield {
          type: 'upsert',
          head: head(page),
          load: async () => ({ markdown: page.markdown, losses: { 'macro:jira': 2 } }),
        }
      }
      const receipt = { pages: 1, seen: pages.length, duplicates: 0, ended: 'no-next-link' } as const
      yield { type: 'checkpoint', cursor: null, receipt, notes: { restrictions: 'read 2026-01-01T21:00:00.000Z, all' } }
    },
  }
}

function head({ id, title, access, more }: Page): Head {
  const url = `https://wiki.example/${id}`
  const place = { url, updatedAt: '2026-01-01T00:00:00Z', path: ['Space'], kind: 'page' } as const
  return { id, version: '1', title, ...place, access, ...more }
}
