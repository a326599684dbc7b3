import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { load } from 'js-yaml'
import { describe, expect, test } from 'vitest'
import {
  type HelpCenterConfig,
  type HelpCenterCursor,
  helpCenter,
  helpCenterConfig,
} from '../../connectors/help-center/index.ts'
import type { Change } from '../../src/core/connector.ts'
import { checkpoints, failures, skips, upserts, versionsOf } from '../conformance/changes.ts'
import { type Stage, testConnector } from '../conformance/connector.ts'
import { loadZendeskSpecs, specsMissing } from '../emulators/specs.ts'
import { CLIENT, onSmallGuide, pull, type SmallGuide, startSmallGuide } from './help-center-zendesk-stage.ts'

describe('Zendesk’s help center as a connector', () => {
  testConnector<HelpCenterConfig, HelpCenterCursor>({ connector: helpCenter, setup: startStage })
})

async function startStage(): Promise<Stage> {
  const small = await startSmallGuide()
  const { guide } = small.emulator
  const changed = (title: string, change: (id: number) => void) => {
    change(small.id(title))
    return `${small.id(title)}:en-us`
  }
  return {
    config: small.config,
    live: () =>
      [...guide.articles.values()].flatMap(({ id, translations }) =>
        [...translations].flatMap(([locale, { draft }]) => (draft ? [] : [`${id}:${locale}`])),
      ),
    restricted: () =>
      ['For users', 'For staff', 'For VIPs', 'For either', 'Unsaid'].map((title) => `${small.id(title)}:en-us`),
    edit: () => changed('Refunds', (id) => guide.edit(id, { body: '<p>Within 30 days.</p>' })),
    remove: () => changed('Half done', (id) => guide.remove(id)),
    breakBody: () => changed('Refunds', (id) => guide.edit(id, { body: 42 })),
    close: small.emulator.close,
  }
}

const head = (changes: readonly Change<HelpCenterCursor>[], id: string) =>
  upserts(changes).find((each) => each.head.id === id)?.head

describe('documents', () => {
  test('each translation is one of its own, with its language, its path in that language, and a group', () =>
    onSmallGuide(async (small) => {
      const id = small.id('Invoices')
      const changes = await pull(small)
      expect(head(changes, `${id}:fr`)).toEqual({
        id: `${id}:fr`,
        version: expect.stringMatching(/^[0-9a-f]{32}$/),
        title: 'Invoices (fr)',
        url: `https://example.zendesk.com/hc/fr/articles/${id}-title`,
        updatedAt: '2026-01-05T09:01:00.000Z',
        path: ['Facturation', 'Argent'],
        kind: 'article',
        locale: 'fr',
        labels: ['pdf', 'invoice'],
        group: String(id),
        access: 'public',
      })
      expect(head(changes, `${id}:en-us`)).toMatchObject({ locale: 'en-US', path: ['Billing', 'Money'] })
    }))

  test('sections within sections are the path, the category first', () =>
    onSmallGuide(async (small) => {
      const found = head(await pull(small), `${small.id('Refunds')}:en-us`)
      expect(found?.path).toEqual(['Billing', 'Money', 'Refunds'])
    }))

  test('sections that stand in a circle end', () =>
    onSmallGuide(async (small) => {
      for (const each of small.emulator.guide.sections.values()) each.parentId = each.id
      expect(head(await pull(small), `${small.id('Refunds')}:en-us`)?.path).toContain('Refunds')
    }))

  test('drafts are skipped with a reason, of an article or of one translation', () =>
    onSmallGuide(async (small) => {
      const changes = await pull(small)
      expect(skips(changes)).toEqual({
        [`${small.id('Draft')}:en-us`]: 'a draft, not published',
        [`${small.id('Half done')}:fr`]: 'a draft, not published',
      })
      expect(head(changes, `${small.id('Half done')}:en-us`)).toBeDefined()
    }))

  test('a translation that is older than its source is labelled, and no other is', () =>
    onSmallGuide(async (small) => {
      const id = small.id('Invoices')
      small.emulator.guide.edit(id, { outdated: true }, 'fr')
      const changes = await pull(small)
      expect(head(changes, `${id}:fr`)?.labels).toEqual(['pdf', 'invoice', 'outdated'])
      expect(head(changes, `${id}:en-us`)?.labels).toEqual(['pdf', 'invoice'])
    }))

  test('votes and comments, which change an article’s time, leave its version', () =>
    onSmallGuide(async (small) => {
      const before = versionsOf(await pull(small))
      small.emulator.guide.edit(small.id('Refunds'), {})
      expect(versionsOf(await pull(small))).toEqual(before)
    }))

  test('translations that the listing leaves out are asked for, and none is lost', () =>
    onSmallGuide(
      async (small) => {
        const changes = await pull(small)
        expect(head(changes, `${small.id('Invoices')}:fr`)).toBeDefined()
        expect(skips(changes)).toHaveProperty([`${small.id('Half done')}:fr`])
      },
      { withoutSideloads: true },
    ))
})

describe('who may read', () => {
  const principals = (small: SmallGuide) =>
    ({
      'segment:signed_in_users': ['group:customers', 'group:staff'],
      'segment:staff': ['group:staff'],
      [`segment:${small.vip}`]: ['group:vip'],
      'help-center:closed': ['group:customers', 'group:staff'],
    }) as const

  test.each([
    ['everybody', 'Refunds', 'public', 'public'],
    ['people who are signed in', 'For users', 'customers', ['group:customers', 'group:staff']],
    ['the same in a source for staff: never more than the level', 'For users', 'staff', ['group:staff']],
    ['agents', 'For staff', 'public', ['group:staff']],
    ['a segment that principals maps by its id', 'For VIPs', 'public', ['group:vip']],
    ['members of any of several segments', 'For either', 'public', ['group:staff', 'group:vip']],
    ['readers that the answer doesn’t say', 'Unsaid', 'public', []],
  ] as const)('%s', (_, title, level, access) =>
    onSmallGuide(async (small) => {
      const changes = await pull(small, { policy: { level, principals: principals(small) } })
      expect(head(changes, `${small.id(title)}:en-us`)?.access).toEqual(access)
    }),
  )

  test.each([
    ['a segment that isn’t listed', 999, undefined],
    ['a segment beside a list that lacks it, of which both must hold', 'vip', 'signed in'],
    ['a segment of another shape', 'text', undefined],
  ])('nobody may read an article of %s', (_, segmentId, segmentIds) =>
    onSmallGuide(async (small) => {
      const article = small.emulator.guide.find(small.id('Refunds'))
      const signedIn = small.emulator.guide.find(small.id('For users')).segmentId
      Object.assign(article, {
        segmentId: segmentId === 'vip' ? small.vip : segmentId,
        segmentIds: segmentIds && [signedIn],
      })
      const changes = await pull(small, { policy: { level: 'public', principals: principals(small) } })
      expect(head(changes, `${small.id('Refunds')}:en-us`)?.access).toEqual([])
    }),
  )

  test('nobody may read a translation in a language that the help center isn’t available in', () =>
    onSmallGuide(async (small) => {
      small.emulator.guide.settings.locales = ['en-us', 'de']
      const changes = await pull(small)
      expect(head(changes, `${small.id('Invoices')}:fr`)?.access).toEqual([])
      expect(head(changes, `${small.id('Invoices')}:en-us`)?.access).toBe('public')
      expect(checkpoints(changes).at(-1)?.notes?.['hidden']).toContain('help-center:language-off (1)')
    }))

  test('a segment is not mistaken for a built-in one by its name', () =>
    onSmallGuide(async (small) => {
      for (const each of small.emulator.guide.segments.values())
        if (each.id === small.vip) each.name = 'signed_in_users'
      const mapped = { 'segment:signed_in_users': ['group:customers'] } as const
      const changes = await pull(small, { policy: { level: 'public', principals: mapped } })
      expect(head(changes, `${small.id('For VIPs')}:en-us`)?.access).toEqual([])
    }))

  test('what a help center shows to nobody who isn’t signed in is for those whom principals names', () =>
    onSmallGuide(async (small) => {
      small.emulator.guide.settings.isOpen = false
      const id = `${small.id('Refunds')}:en-us`
      const closed = await pull(small)
      const mapped = await pull(small, { policy: { level: 'public', principals: principals(small) } })
      expect(head(closed, id)?.access).toEqual([])
      expect(checkpoints(closed).at(-1)?.notes?.['hidden']).toContain('help-center:closed (8)')
      expect(head(mapped, id)?.access).toEqual(['group:customers', 'group:staff'])
    }))

  test('so is what it answers nobody who isn’t signed in with an empty list', () =>
    onSmallGuide(async (small) => {
      const fetch: typeof globalThis.fetch = (input, init) =>
        /en-us\/articles/.test(String(input))
          ? Promise.resolve(Response.json({ articles: [] }))
          : globalThis.fetch(input, init)
      expect(head(await pull(small, { fetch }), `${small.id('Refunds')}:en-us`)?.access).toEqual([])
    }))

  test('the question is asked without credentials', () =>
    onSmallGuide(async (small) => {
      await pull(small)
      const signedOut = small.emulator.requests.filter((each) => each.endsWith(' signed out'))
      expect(signedOut).toEqual(['/api/v2/help_center/en-us/articles?per_page=1 signed out'])
    }))

  test('what principals lacks is said in the notes', () =>
    onSmallGuide(async (small) => {
      const notes = checkpoints(await pull(small)).at(-1)?.notes?.['hidden']
      expect(notes).toContain(
        `segment:${small.vip} (2), segment:signed_in_users (1), segment:staff (2), segment:unknown (1)`,
      )
    }))
})

describe('a listing that moves while it is read', () => {
  const moves: [string, (small: SmallGuide) => void][] = [
    [
      'an unread article goes to the front',
      ({ emulator, id }) => void Object.assign(emulator.guide.find(id('Unsaid')), { position: -1 }),
    ],
    ['a read article is deleted', ({ emulator, id }) => emulator.guide.remove(id('Draft'))],
    [
      'an article is added',
      ({ emulator, id }) => {
        emulator.guide.addArticle({ title: 'A new one', sectionId: emulator.guide.find(id('Draft')).sectionId })
      },
    ],
  ]

  test.each(moves)('is read again, and misses nothing: %s', (_, move) =>
    onSmallGuide(async (small) => {
      const { emulator } = small
      emulator.after(/articles\?include=translations.*after/, () => move(small))
      const changes = await pull(small)
      const live = [...emulator.guide.articles.values()].flatMap(({ id, translations }) =>
        [...translations].flatMap(([locale, { draft }]) => (draft ? [] : [`${id}:${locale}`])),
      )
      expect([...versionsOf(changes).keys()].sort()).toEqual(live.sort())
      expect(emulator.requests.filter((each) => each.includes('/articles?page=1&per_page=1'))).toHaveLength(2)
    }),
  )

  test('counts if two readings in a row saw the same, whatever Zendesk counts', () =>
    onSmallGuide(async (small) => {
      const fetch = altered(/articles\.json\?page=1/, (answer) => ({ ...answer, count: 999 }))
      const changes = await pull(small, { fetch })
      expect(checkpoints(changes).at(-1)?.receipt).toMatchObject({ seen: 11 })
    }))

  test('and never rests ends without a receipt', () =>
    onSmallGuide(async (small) => {
      const { emulator } = small
      const sectionId = emulator.guide.find(small.id('Draft')).sectionId
      for (const title of ['A4', 'A3', 'A2', 'A1']) {
        emulator.after(/articles\?include[^&]*&[^&]*$/, () => void emulator.guide.addArticle({ title, sectionId }))
      }
      await expect(pull(small)).rejects.toMatchObject({
        code: 'LISTING_INCOMPLETE',
        message: expect.stringContaining('13 were counted and 12 listed'),
      })
    }))

  test.each([
    ['a cursor that leads back', { has_more: true, after_cursor: 'WzBd' }, 'page 2 leads back'],
    ['more, and no cursor', { has_more: true, after_cursor: null }, 'no cursor leads'],
  ])('%s ends the run', (_, meta, why) =>
    onSmallGuide(async (small) => {
      const fetch = altered(/sections/, (answer) => ({ ...answer, meta }))
      await expect(pull(small, { fetch })).rejects.toMatchObject({
        code: 'LISTING_INCOMPLETE',
        message: expect.stringMatching(`^Zendesk: sections: .*${why}`),
      })
    }),
  )
})

describe('answers of another shape', () => {
  test.each([
    ['a body', { body: 42 }, 'translations.1.body'],
    ['a draft flag', { draft: 'no' as unknown as boolean }, 'translations.1.draft'],
    ['a time', { updatedAt: 'yesterday' }, 'translations.1.updated_at'],
  ])('%s costs one document, and its message names the field', (_, change, field) =>
    onSmallGuide(async (small) => {
      Object.assign(small.emulator.guide.find(small.id('Invoices')).translations.get('fr') ?? {}, change)
      const id = `${small.id('Invoices')}:fr`
      expect(await failures(await pull(small))).toEqual([
        [id, expect.stringContaining(`Zendesk: article ${id} could not be read: ${field}`)],
      ])
    }),
  )

  test.each([
    ['translations: ', 'none'],
    ['translations: ', []],
    ['translations.0.locale', [{ draft: false }]],
  ])('of which no language can be told, %s %o, none of the article’s documents looks deleted', (field, translations) =>
    onSmallGuide(async (small) => {
      const id = small.id('Invoices')
      const fetch = alteredArticle(id, { translations })
      const failed = await failures(await pull(small, { fetch }))
      expect(failed.map(([key]) => key).sort()).toEqual([`${id}:en-us`, `${id}:fr`])
      expect(failed[0]?.[1]).toContain(field)
    }),
  )

  test('two texts in one language fail that language alone', () =>
    onSmallGuide(async (small) => {
      const id = small.id('Invoices')
      const text = { locale: 'fr', draft: false, body: '', updated_at: '2026-01-01T00:00:00Z' }
      const translations = [text, text, { ...text, locale: 'en-us' }]
      const changes = await pull(small, { fetch: alteredArticle(id, { translations }) })
      expect((await failures(changes)).map(([key]) => key)).toEqual([`${id}:fr`])
      expect(head(changes, `${id}:en-us`)).toBeDefined()
    }))

  test.each([
    ['an article without an id', /articles\.json\?include/, 'articles'],
    ['a segment without an id', /user_segments/, 'user_segments'],
    ['a section without an id', /sections\.json/, 'sections'],
  ])('%s ends the listing', (_, match, key) =>
    onSmallGuide(async (small) => {
      const fetch = altered(match, (answer) => ({ ...answer, [key]: [{ name: 'x' }] }))
      await expect(pull(small, { fetch })).rejects.toMatchObject({
        code: 'ANSWER_INVALID',
        message: expect.stringMatching(/^Zendesk: .* page 1, item 0: id: /),
      })
    }),
  )

  test.each([
    ['no list', 'articles', { articles: null }],
    ['no cursor', 'meta', { meta: undefined }],
  ])('a page with %s ends the run, naming it', (_, field, change) =>
    onSmallGuide(async (small) => {
      const fetch = altered(/articles\.json\?include/, (answer) => ({ ...answer, ...change }))
      await expect(pull(small, { fetch })).rejects.toMatchObject({
        code: 'ANSWER_INVALID',
        message: expect.stringContaining(`Zendesk: articles: page 1: ${field}`),
      })
    }),
  )
})

/** The real answers, with those to addresses that match changed. */
function altered(match: RegExp, change: (answer: Record<string, unknown>) => object): typeof fetch {
  return async (input, init) => {
    const response = await fetch(input, init)
    if (!match.test(String(input)) || !response.ok) return response
    return Response.json(change((await response.json()) as Record<string, unknown>))
  }
}

function alteredArticle(id: number, change: object): typeof fetch {
  return altered(/articles\.json\?include/, (answer) => ({
    ...answer,
    articles: (answer['articles'] as { id: number }[]).map((item) => (item.id === id ? { ...item, ...change } : item)),
  }))
}

describe('signing in', () => {
  test('an OAuth client’s token is asked for once a run, for the help center alone', () =>
    onSmallGuide(async (small) => {
      await pull(small)
      expect(small.emulator.grants).toEqual([
        {
          grant_type: 'client_credentials',
          client_id: CLIENT.id,
          client_secret: CLIENT.secret,
          scope: 'hc:read',
          expires_in: 7200,
        },
      ])
    }))

  test('a token that ends during a run is replaced, and nothing is missed', () =>
    onSmallGuide(async (small) => {
      const clean = versionsOf(await pull(small))
      small.emulator.after(/sections/, small.emulator.endTokens)
      expect(versionsOf(await pull(small))).toEqual(clean)
      expect(small.emulator.grants).toHaveLength(3)
    }))

  test.each([
    ['an access token', { accessToken: 'canary-token-1' }, 'Bearer canary-token-1'],
    [
      'an API token',
      { email: 'agent@example.com', apiToken: 'canary-token-2' },
      `Basic ${Buffer.from('agent@example.com/token:canary-token-2').toString('base64')}`,
    ],
  ])('%s is sent as Zendesk wants it', (_, auth, authorization) =>
    onSmallGuide(
      async (small) => {
        expect(checkpoints(await pull(small, { config: { auth } })).at(-1)?.receipt).toBeDefined()
      },
      { authorization },
    ),
  )

  test.each([
    ['a client', { clientId: CLIENT.id, clientSecret: 'canary-wrong' }, 'invalid_client'],
    ['an access token', { accessToken: 'canary-wrong' }, 'invalid_token'],
    ['an API token', { email: 'agent@example.com', apiToken: 'canary-wrong' }, 'rejected'],
  ])('%s that is refused is named with what to check, and its value nowhere', (_, auth, said) =>
    onSmallGuide(async (small) => {
      const error = await pull(small, { config: { auth } }).catch((thrown: unknown) => thrown)
      expect(error).toMatchObject({ code: 'AUTH_REJECTED', hint: expect.stringContaining('url and auth') })
      expect(String((error as Error).message)).toContain(said)
      expect(String((error as Error).stack)).not.toContain('canary')
    }),
  )

  test('an account that isn’t an agent’s is refused: to it the listing is not complete', () =>
    onSmallGuide(async (small) => {
      small.emulator.fail({ kind: 'status', status: 403, match: /user_segments/ })
      await expect(pull(small)).rejects.toMatchObject({ code: 'AUTH_REJECTED' })
    }))

  test('credentials are sent to no address without encryption', () => {
    const config = { provider: 'zendesk', url: 'http://example.zendesk.com', auth: { accessToken: 'canary' } }
    expect(() => helpCenterConfig.parse(config)).toThrow(/https/)
  })
})

test('a 429 is waited out for as long as its header says', () =>
  onSmallGuide(async (small) => {
    const slept: number[] = []
    const headers = { 'retry-after': '7', 'zendesk-ratelimit-incremental-exports': 'total=10; remaining=0; resets=53' }
    small.emulator.fail({ kind: 'status', status: 429, headers, match: /articles/ })
    const sleep = async (ms: number) => void slept.push(ms)
    expect(checkpoints(await pull(small, { sleep })).at(-1)?.receipt).toBeDefined()
    expect(slept).toContain(7000)
  }))

test('a run over many articles makes the requests that the README names', () =>
  onSmallGuide(
    async (small) => {
      const { guide, requests } = small.emulator
      const sectionId = guide.find(small.id('Draft')).sectionId
      for (let at = guide.articles.size; at < 1000; at += 1) guide.addArticle({ title: `Article ${at}`, sectionId })
      await pull(small)
      expect(requests).toHaveLength(7 + 10)
    },
    { pageSize: 100 },
  ))

const specs = loadZendeskSpecs()
if (specs === null) console.warn(specsMissing)

test.skipIf(specs === null).each([{}, { withoutSideloads: true }])(
  'the emulator’s answers fit Zendesk’s description of its API %o',
  (options) =>
    onSmallGuide(
      async (small) => {
        await pull(small)
        expect(small.emulator.requests.length).toBeGreaterThan(10)
        expect(small.emulator.violations).toEqual([])
      },
      { validate: true, ...options },
    ),
)

describe('Zendesk’s own examples of articles and translations', () => {
  const file = join(import.meta.dirname, '../../../shared/specs/zendesk-help-center.yaml')
  interface Description {
    readonly components: { readonly examples: Readonly<Record<string, { readonly value: Record<string, unknown> }>> }
  }
  const examples = existsSync(file)
    ? Object.entries((load(readFileSync(file, 'utf8')) as Description).components.examples).filter(
        ([name]) => !name.includes('Request'),
      )
    : []

  const text = { locale: 'en-us', title: 'T', body: '<p>b</p>', draft: false, updated_at: '2026-01-01T00:00:00Z' }
  const articles = examples.flatMap(([name, { value }]) =>
    [value['article'], ...((value['articles'] as unknown[]) ?? [])].flatMap((each) => (each ? [[name, each]] : [])),
  )
  const translations = examples.flatMap(([name, { value }]) =>
    [value['translation'], ...((value['translations'] as unknown[]) ?? [])].flatMap((each) =>
      each ? [[name, each]] : [],
    ),
  )

  test.skipIf(examples.length === 0)('there are some', () => {
    expect(articles.length).toBeGreaterThan(1)
    expect(translations.length).toBeGreaterThan(1)
  })

  const answering = (change: (answer: Record<string, unknown>) => object) =>
    altered(/articles\.json\?include/, (answer) => ({
      ...change(answer),
      meta: { has_more: false, after_cursor: null },
    }))

  test.skipIf(examples.length === 0).each(articles)('an article is taken: %s', (_, article) =>
    onSmallGuide(async (small) => {
      const fetch = answering(() => ({ articles: [{ ...(article as object), translations: [text] }] }))
      const changes = await pull(small, { fetch })
      expect(upserts(changes).map(({ head: { access } }) => access)).toEqual([[]])
      expect(await failures(changes)).toEqual([])
    }),
  )

  test.skipIf(examples.length === 0).each(translations)('a translation is taken or fails alone: %s', (_, translation) =>
    onSmallGuide(async (small) => {
      const fetch = answering(() => ({ articles: [{ id: 1, translations: [translation, { ...text, locale: 'da' }] }] }))
      const changes = await pull(small, { fetch })
      expect(upserts(changes).map(({ head: { id } }) => id)).toEqual(['1:en-us', '1:da'])
      expect(await failures(changes)).toEqual([['1:en-us', expect.stringContaining('translations.0.draft')]])
    }),
  )
})
