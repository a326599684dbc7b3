import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import {
  type HelpCenterConfig,
  type HelpCenterCursor,
  helpCenter,
  helpCenterConfig,
} from '../../connectors/help-center/index.ts'
import type { Change } from '../../src/core/connector.ts'
import { checkpoints, collect, failures, skips, upserts, versionsOf } from '../conformance/changes.ts'
import { type Stage, testConnector } from '../conformance/connector.ts'
import type { EmulatedText } from '../emulators/intercom-model.ts'
import { loadIntercomSpec, specsMissing } from '../emulators/specs.ts'
import { head, onSmallCenter, pull, startSmallCenter, TOKEN } from './help-center-stage.ts'
import { NOW } from './stage.ts'

describe('Intercom’s help center as a connector', () => {
  testConnector<HelpCenterConfig, HelpCenterCursor>({ connector: helpCenter, setup: startStage })
})

async function startStage(): Promise<Stage> {
  const center = await startSmallCenter()
  const { model } = center.emulator
  const changed = (title: string, change: (id: string) => void) => {
    change(center.id(title))
    return `${center.id(title)}:en`
  }
  return {
    config: center.config,
    live: () =>
      [...model.articles.values()].flatMap(({ id, texts }) =>
        [...texts].flatMap(([locale, { state }]) => (state === 'published' ? [`${id}:${locale}`] : [])),
      ),
    restricted: () =>
      ['For users', 'For some', 'Unsaid', 'Unlisted', 'Of the old brand'].map((title) => `${center.id(title)}:en`),
    edit: () => changed('Refunds', (id) => model.edit(id, { body: '<p>Within 30 days.</p>' })),
    remove: () => changed('Unlisted', (id) => model.remove(id)),
    breakBody: () => changed('Invoices', (id) => model.edit(id, { body: 42 })),
    close: center.emulator.close,
  }
}

describe('documents', () => {
  test('each translation is one of its own, with its language, its path in that language, and a group', () =>
    onSmallCenter(async (center) => {
      const id = center.id('Invoices')
      const changes = await pull(center)
      expect(head(changes, `${id}:fr`)).toEqual({
        id: `${id}:fr`,
        version: expect.stringMatching(/^[0-9a-f]{32}$/),
        title: 'Invoices (fr)',
        url: `https://help.example.com/fr/articles/${id}-title`,
        updatedAt: '2026-01-05T09:05:00.000Z',
        path: ['Facturation'],
        kind: 'article',
        locale: 'fr',
        labels: ['money', 'pdf'],
        group: id,
        access: 'public',
      })
      expect(head(changes, `${id}:en`)).toMatchObject({ locale: 'en', path: ['Billing'], group: id })
    }))

  test('nested collections are the path, outermost first', () =>
    onSmallCenter(async (center) => {
      expect(head(await pull(center), `${center.id('Refunds')}:en`)?.path).toEqual(['Billing', 'Refunds', 'Abroad'])
    }))

  test('collections that stand in a circle end, and nobody may read what is in them', () =>
    onSmallCenter(async (center) => {
      const { collections } = center.emulator.model
      for (const each of collections.values())
        if (each.name === 'Billing') each.parentId = [...collections.keys()].at(2) ?? ''
      expect(head(await pull(center), `${center.id('Refunds')}:en`)?.access).toEqual([])
    }))

  test('below a collection that isn’t listed, nobody may read', () =>
    onSmallCenter(async (center) => {
      const { collections } = center.emulator.model
      const open = [...collections.values()].find(({ name }) => name === 'Billing')?.helpCenterId ?? null
      for (const each of collections.values()) {
        if (each.name === 'Refunds') Object.assign(each, { parentId: '999', helpCenterId: open })
      }
      expect(head(await pull(center), `${center.id('Refunds')}:en`)?.access).toEqual([])
    }))

  test('drafts are skipped with a reason, of an article or of one translation', () =>
    onSmallCenter(async (center) => {
      const changes = await pull(center)
      expect(skips(changes)).toEqual({
        [`${center.id('Draft')}:en`]: 'a draft, not published',
        [`${center.id('Half done')}:fr`]: 'a draft, not published',
      })
      expect(head(changes, `${center.id('Half done')}:en`)).toBeDefined()
    }))

  test('an article of a workspace with one language has it from its address', () =>
    onSmallCenter(async (center) => {
      const { id } = center.emulator.model.addArticle({ title: 'Plain' })
      expect(head(await pull(center), `${id}:en`)).toMatchObject({ title: 'Plain', locale: 'en' })
    }))

  test('addresses that are signed anew each time leave the version and the body as they were', () =>
    onSmallCenter(async (center) => {
      const id = `${center.id('Refunds')}:en`
      const first = await pull(center)
      const second = await pull(center)
      const body = await upserts(second)
        .find((each) => each.head.id === id)
        ?.load(id)

      expect(versionsOf(second)).toEqual(versionsOf(first))
      expect(body).toMatchObject({
        html: expect.stringContaining('src="https://downloads.intercomcdn.com/i/o/1/a.png"'),
      })
    }))

  test('the line below the title is the first one of the text', () =>
    onSmallCenter(async (center) => {
      const given = { title: 'With', description: 'Tom & <b>', body: '<p>Text</p>', locales: ['en'] }
      const { id } = center.emulator.model.addArticle(given)
      const found = upserts(await pull(center)).find(({ head }) => head.id === `${id}:en`)
      expect(await found?.load(found.head.id)).toMatchObject({ html: '<p>Tom &amp; &lt;b&gt;</p><p>Text</p>' })
    }))

  test('two edits within one second are two versions', () =>
    onSmallCenter(async (center) => {
      const text = center.emulator.model.find(center.id('Refunds')).texts.get('en')
      const id = `${center.id('Refunds')}:en`
      const before = head(await pull(center), id)
      Object.assign(text ?? {}, { body: '<p>Other.</p>' })
      const after = head(await pull(center), id)
      expect(after?.updatedAt).toBe(before?.updatedAt)
      expect(after?.version).not.toBe(before?.version)
    }))
})

describe('who may read', () => {
  const principals = {
    'audience:all_users': ['group:customers', 'group:staff'],
    'audience:restricted': ['group:staff'],
    'help-center:off': ['group:staff'],
  } as const

  test.each([
    ['everyone, in a help center that is on', 'Refunds', 'public', 'public'],
    ['an audience that principals maps', 'For users', 'public', ['group:customers', 'group:staff']],
    ['the same in a source for staff: never more than the level', 'For users', 'staff', ['group:staff']],
    ['everyone, in a source for customers', 'Refunds', 'customers', ['group:customers', 'group:staff']],
    ['rules of its own', 'For some', 'public', ['group:staff']],
    ['a help center that is off', 'Of the old brand', 'public', ['group:staff']],
    ['an audience that the answer doesn’t say', 'Unsaid', 'public', []],
    ['in no collection, which principals doesn’t map', 'Unlisted', 'public', []],
  ] as const)('%s', (_, title, level, access) =>
    onSmallCenter(async (center) => {
      const changes = await pull(center, { policy: { level, principals } })
      expect(head(changes, `${center.id(title)}:en`)?.access).toEqual(access)
    }),
  )

  test('nobody may read a text in a language that its help centers aren’t available in', () =>
    onSmallCenter(async (center) => {
      const { collections, helpCenters } = center.emulator.model
      const open = [...collections.values()].find(({ name }) => name === 'Billing')?.helpCenterId ?? ''
      Object.assign(helpCenters.get(open) ?? {}, { locales: ['en', 'de'] })
      const changes = await pull(center)
      expect(head(changes, `${center.id('Invoices')}:fr`)?.access).toEqual([])
      expect(head(changes, `${center.id('Invoices')}:en`)?.access).toBe('public')
    }))

  test('what principals lacks is said in the notes', () =>
    onSmallCenter(async (center) => {
      const last = checkpoints(await pull(center, { policy: { level: 'public', principals } })).at(-1)
      expect(last?.notes?.['hidden']).toContain('audience:unknown (1), help-center:unlisted (1)')
    }))

  test('answers that say nothing of any audience stop the run', () =>
    onSmallCenter(async (center) => {
      for (const article of center.emulator.model.articles.values()) article.audience = undefined
      await expect(pull(center)).rejects.toMatchObject({
        code: 'ANSWER_INVALID',
        message: expect.stringContaining('help_center_audience'),
      })
    }))
})

describe('a listing that moves while it is read', () => {
  test.each([
    ['an unread article is edited', (center: Center) => center.emulator.model.edit(center.id('Invoices'), {})],
    ['a read article is deleted', (center: Center) => center.emulator.model.remove(center.id('Half done'))],
    [
      'an article is added',
      (center: Center) => void center.emulator.model.addArticle({ title: 'New', locales: ['en'] }),
    ],
  ])('is read again, and misses nothing: %s', (_, move) =>
    onSmallCenter(async (center) => {
      const { emulator } = center
      emulator.after(/^\/articles\?page=1/, () => move(center))
      const changes = await pull(center)
      const published = [...emulator.model.articles.values()].flatMap(({ id, texts }) =>
        [...texts].flatMap(([locale, text]) => (text.state === 'published' ? [`${id}:${locale}`] : [])),
      )
      expect([...versionsOf(changes).keys()].sort()).toEqual(published.sort())
      expect(emulator.requests.filter((each) => each.startsWith('/articles?page=1&'))).toHaveLength(2)
    }),
  )

  test('counts what it saw twice', () =>
    onSmallCenter(async (center) => {
      const { emulator } = center
      emulator.after(/^\/articles\?page=1/, () => emulator.model.edit(center.id('Invoices'), {}))
      expect(checkpoints(await pull(center)).at(-1)?.receipt).toMatchObject({ duplicates: 1 })
    }))

  test('and never rests ends without a receipt', () =>
    onSmallCenter(async (center) => {
      const { emulator } = center
      const oldest = ['Invoices', 'Refunds', 'For users', 'For some']
      for (const title of oldest) {
        emulator.after(/^\/articles\?page=2/, () => emulator.model.edit(center.id(title), {}))
      }
      await expect(pull(center)).rejects.toMatchObject({
        code: 'LISTING_INCOMPLETE',
        message: expect.stringContaining('9 were counted and 8 listed'),
      })
    }))

  test('ends at an empty page where the number of pages isn’t said', () =>
    onSmallCenter(
      async (center) => {
        await pull(center)
        expect(center.emulator.requests.at(-1)).toContain('page=6&')
      },
      { withoutTotalPages: true },
    ))
})

type Center = Parameters<Parameters<typeof onSmallCenter>[0]>[0]

describe('answers of another shape', () => {
  test.each([
    ['a body', { body: 42 }, 'translated_content.fr.body'],
    ['a state', { state: 'gone' as EmulatedText['state'] }, 'translated_content.fr.state'],
    ['a time', { updatedAt: -1 }, 'translated_content.fr.updated_at'],
  ])('%s costs one document, and its message names the field', (_, change, field) =>
    onSmallCenter(async (center) => {
      const text = center.emulator.model.find(center.id('Invoices')).texts.get('fr')
      Object.assign(text ?? {}, change)
      const id = `${center.id('Invoices')}:fr`
      expect(await failures(await pull(center))).toEqual([
        [id, expect.stringContaining(`${id} could not be read: ${field}`)],
      ])
    }),
  )

  test.each([
    ['translated_content', { translated_content: 'none' }],
    ['state', { translated_content: null, default_locale: null, state: 7, url: null }],
    ['default_locale', { default_locale: 'EN', translated_content: null }],
  ])('of which no language can be told, %s, none of the article’s documents looks deleted', (field, change) =>
    onSmallCenter(async (center) => {
      const id = center.id('Invoices')
      const changes = await pull(center, { fetch: altered('/articles', id, change) })
      expect((await failures(changes)).map(([key]) => key).sort()).toEqual([`${id}:en`, `${id}:fr`])
      expect((await failures(changes))[0]?.[1]).toContain(field)
    }),
  )

  test.each([
    ['an article without an id', '/articles', { id: null }],
    ['a collection without an id', '/help_center/collections', { id: null }],
  ])('%s ends the listing', (_, path, change) =>
    onSmallCenter(async (center) => {
      const fetch = altered(path, null, change)
      await expect(pull(center, { fetch })).rejects.toMatchObject({
        code: 'ANSWER_INVALID',
        message: expect.stringMatching(/item 0: id/),
      })
    }),
  )

  test('a listing without a count ends the run', () =>
    onSmallCenter(async (center) => {
      const fetch: typeof globalThis.fetch = async (input, init) => {
        const answer = await (await globalThis.fetch(input, init)).json()
        return Response.json({ ...(answer as object), total_count: undefined })
      }
      await expect(pull(center, { fetch })).rejects.toMatchObject({ message: expect.stringContaining('total_count') })
    }))
})

/** The real answers, with fields changed in one item, or in the first one, of every listing at a path. */
function altered(path: string, id: string | null, change: object): typeof fetch {
  return async (input, init) => {
    const response = await fetch(input, init)
    if (new URL(String(input)).pathname !== path) return response
    const answer = (await response.json()) as { data: { id: string }[] }
    const data = answer.data.map((item, at) =>
      (id === null ? at === 0 : item.id === id) ? { ...item, ...change } : item,
    )
    return Response.json({ ...answer, data })
  }
}

test('a 429 is waited out until the second that its header names', () =>
  onSmallCenter(async (center) => {
    const slept: number[] = []
    const reset = String(NOW / 1000 + 7)
    const headers = { 'x-ratelimit-reset': reset, date: new Date(NOW).toUTCString() }
    center.emulator.fail({ kind: 'status', status: 429, headers, match: /articles/ })
    const sleep = async (ms: number) => void slept.push(ms)
    expect(checkpoints(await pull(center, { sleep })).at(-1)?.receipt).toBeDefined()
    expect(slept).toContain(7000)
  }))

test('a rejected token is named with what to check, and its value nowhere', () =>
  onSmallCenter(async (center) => {
    const error = await pull(center, { config: { token: `${TOKEN}x` } }).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'AUTH_REJECTED', hint: expect.stringContaining('region') })
    expect(String((error as Error).stack)).not.toContain(TOKEN)
  }))

test.each([
  ['us', 'https://api.intercom.io'],
  ['eu', 'https://api.eu.intercom.io'],
  ['au', 'https://api.au.intercom.io'],
])('the region %s is asked at %s', async (region, origin) => {
  const asked: string[] = []
  const { signal } = new AbortController()
  const network: typeof fetch = async (input) => {
    asked.push(new URL(String(input)).origin)
    return new Response('{}', { status: 401 })
  }
  const config = helpCenterConfig.parse({ provider: 'intercom', region, token: TOKEN })
  const access = { level: 'public', principals: {} } as const
  const changes = helpCenter.pull({ config, access, signal, now: () => NOW, fetch: network }, null)
  await expect(collect(changes)).rejects.toMatchObject({ code: 'AUTH_REJECTED' })
  expect(asked).toEqual([origin])
})

test('a token is sent to no address without encryption', () => {
  const config = { provider: 'intercom', token: TOKEN, apiUrl: 'http://api.example.com' }
  expect(() => helpCenterConfig.parse(config)).toThrow(/https/)
})

const spec = loadIntercomSpec()
if (spec === null) console.warn(specsMissing)

test.skipIf(spec === null)('the emulator’s answers fit Intercom’s description of its API', () =>
  onSmallCenter(
    async (center) => {
      await pull(center)
      expect(center.emulator.requests.length).toBeGreaterThan(5)
      expect(center.emulator.violations).toEqual([])
    },
    { validate: true },
  ),
)

describe('Intercom’s own examples of answers', () => {
  const folder = join(import.meta.dirname, '../../../shared/samples/intercom/openapi-2.14')
  const examples = ['articles', 'help_center'].flatMap((name) => {
    const file = join(folder, `${name}.examples.json`)
    return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Example[]) : []
  })

  interface Example {
    readonly method: string
    readonly path: string
    readonly status: number | string
    readonly example: string
    readonly body: Readonly<Record<string, unknown>>
  }

  /** An example of one item stands in a listing of its own. */
  function listingOf({ body }: Example): Readonly<Record<string, unknown>> {
    if (Array.isArray(body['data']) || !('id' in body)) return body
    return {
      type: 'list',
      data: [body],
      total_count: 1,
      pages: { type: 'pages', page: 1, per_page: 50, total_pages: 1 },
    }
  }

  const empty = {
    type: 'list',
    data: [],
    total_count: 0,
    pages: { type: 'pages', page: 1, per_page: 50, total_pages: 1 },
  }

  test.skipIf(examples.length === 0)(
    'are taken, skipped with a reason or refused with a code of ours: none crashes',
    () =>
      onSmallCenter(async (center) => {
        for (const example of examples) {
          const target = /^\/help_center\/[a-z_]+|^\/articles/.exec(example.path)?.[0]
          const network: typeof fetch = async (input) =>
            new URL(String(input)).pathname === target
              ? Response.json(listingOf(example), { status: Number(example.status) })
              : Response.json(empty)
          const what = `${example.method} ${example.path} ${example.status} ${example.example}`
          const outcome = await pull(center, { fetch: network }).catch((error: unknown) => error)
          const isListing =
            Number(example.status) === 200 && (Array.isArray(example.body['data']) || 'id' in example.body)
          if (!isListing)
            expect(outcome, what).toHaveProperty('code', expect.stringMatching(/ANSWER_INVALID|AUTH_REJECTED/))
          else expect(await failures(outcome as Change<HelpCenterCursor>[]), what).toEqual(deleted(example))
        }
      }),
  )

  /** `{ id, deleted: true }` is the answer to a DELETE; as an item of a listing it has no state. */
  function deleted({ body }: Example) {
    if (body['object'] !== 'article') return []
    return [[body['id'], expect.stringContaining('state: ')]]
  }
})
