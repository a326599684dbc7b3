import { describe, expect, test } from 'vitest'
import { readByCursor, readByOffset } from '../../connectors/confluence/data-center/paging.ts'
import { openClient } from '../../connectors/confluence/deployment.ts'
import {
  type ConfluenceConfig,
  type ConfluenceCursor,
  confluence,
  confluenceConfig,
} from '../../connectors/confluence/index.ts'
import type { AccessPolicy } from '../../src/core/access.ts'
import { upserts } from '../conformance/changes.ts'
import { type Stage, testConnector } from '../conformance/connector.ts'
import { startConfluenceEmulator } from '../emulators/confluence.ts'
import type { DataCenterEmulatorOptions } from '../emulators/confluence-data-center.ts'
import { loadDataCenterSpec, specsMissing } from '../emulators/specs.ts'
import { type DataCenterStage, onStage, pull, startStage, TOKEN } from './confluence-data-center-stage.ts'

describe.each<[string, DataCenterEmulatorOptions]>([
  ['Data Center', {}],
  ['an old Data Center', { old: true }],
])('%s as a connector', (_, options) => {
  testConnector<ConfluenceConfig, ConfluenceCursor>({ connector: confluence, setup: () => setup(options) })
})

async function setup(options: DataCenterEmulatorOptions): Promise<Stage> {
  const stage = await startStage(options)
  const { model } = stage.emulator
  const after = (title: string, happen: (id: string) => void) => {
    happen(stage.id(title))
    return stage.id(title)
  }
  return {
    config: stage.config,
    live: () =>
      [...model.contents.values()]
        .filter(({ title, status }) => status === 'current' && title !== 'For us')
        .map(({ id }) => id),
    restricted: () => [stage.id('Salaries'), stage.id('Salary bands')],
    edit: () => after('Refunds', (id) => model.edit(id, { body: '<p>30 days.</p>' })),
    remove: () => after('Release 2', (id) => model.trash(id)),
    breakBody: () => after('Refunds', (id) => Object.assign(model.find(id), { poisoned: true })),
    close: stage.emulator.close,
  }
}

const titles = ['Support home', 'Refunds', 'Refunds abroad', 'Salaries', 'Salary bands', 'Engineering home']
const taken = [...titles, 'Ada’s notes', 'Release 1', 'Release 2', 'Release 3']

async function headOf(stage: DataCenterStage, title: string, policy?: AccessPolicy) {
  const changes = await pull(stage, policy ? { policy } : {})
  return upserts(changes).find(({ head }) => head.title === title)?.head
}

describe('what a head and its body say', () => {
  test('place, address and version', () =>
    onStage(async (stage) => {
      const id = stage.id('Refunds abroad')
      expect(await headOf(stage, 'Refunds abroad')).toEqual({
        id,
        version: '1',
        title: 'Refunds abroad',
        url: `${stage.emulator.url}/pages/viewpage.action?pageId=${id}`,
        updatedAt: '2026-01-05T09:03:00.000Z',
        path: ['Support', 'Support home', 'Refunds'],
        kind: 'page',
        access: 'public',
      })
    }))

  test('links lead below the context path, and a user key names nobody', () =>
    onStage(async (stage) => {
      const page = upserts(await pull(stage)).find(({ head }) => head.title === 'Refunds abroad')
      const body = await page?.load(page.head.id)
      const html = body !== undefined && 'html' in body ? body.html : ''
      const { url } = stage.emulator
      expect([...html.matchAll(/href="([^"]*)"/g)].map(([, href]) => href)).toEqual([
        `${url}/pages/viewpage.action?pageId=${stage.id('Engineering home')}`,
        `${url}/pages/viewpage.action?pageId=65541`,
        `${url}/download/attachments/${stage.id('Refunds abroad')}/a%20b.pdf`,
        `${url}/display/SUP`,
      ])
      expect(body?.losses).toMatchObject({ user: 1 })
      expect(html).not.toContain('8a7f808577')
    }))
})

type Ask = () => Promise<unknown>

function identity(item: unknown): { id: string } {
  return { id: String((item as { id: number }).id) }
}

describe('listings', () => {
  test.each<[string, DataCenterEmulatorOptions]>([
    ['lowers every limit', { pageSize: 3, bodiesSize: 1, entriesSize: 2 }],
    ['lowers none', { pageSize: 200, bodiesSize: 50 }],
    ['is too old for scans, inherited restrictions and bulk bodies', { old: true }],
  ])('are whole on a server that %s', (_, options) =>
    onStage(async (stage) => {
      const changes = upserts(await pull(stage))
      expect(changes.map(({ head }) => head.title).toSorted()).toEqual(taken.toSorted())
      const bodies = await Promise.all(changes.map(({ head, load }) => load(head.id)))
      expect(bodies).toHaveLength(taken.length)
    }, options),
  )

  test('a label excludes however it is written', () =>
    onStage(async (stage) => {
      const skipped = await pull(stage, { config: { labels: { exclude: ['Internal'] } } })
      expect(skipped.flatMap((each) => (each.type === 'skip' ? [each.id] : []))).toEqual([stage.id('For us')])
    }))

  test('a label beyond the first answer excludes too', () =>
    onStage(
      async (stage) => {
        const skipped = (await pull(stage)).flatMap((each) => (each.type === 'skip' ? [each.id] : []))
        expect(skipped).toEqual([stage.id('For us')])
        expect(stage.emulator.requests.some(({ path }) => path.endsWith('/label'))).toBe(true)
      },
      { entriesSize: 2 },
    ))

  test('a removal in the middle of an offset listing is an incomplete listing, not a missing page', () =>
    onStage(async (stage) => {
      const { model } = stage.emulator
      const removing: typeof fetch = async (input, init) => {
        if (/type=blogpost.*start=1/.test(String(input))) model.purge(stage.id('Release 1'))
        return fetch(input, init)
      }
      await expect(pull(stage, { fetch: removing })).rejects.toMatchObject({ code: 'LISTING_INCOMPLETE' })
    }))

  test('a removal in the middle of a scan loses nothing else', () =>
    onStage(async (stage) => {
      const { model } = stage.emulator
      const removing: typeof fetch = async (input, init) => {
        if (/scan\?spaceKey=SUP.*cursor=/.test(String(input))) model.purge(stage.id('Support home'))
        for (const page of model.contents.values()) if (!model.contents.has(page.parentId ?? '')) page.parentId = null
        return fetch(input, init)
      }
      const found = upserts(await pull(stage, { fetch: removing })).map(({ head }) => head.title)
      expect(found.toSorted()).toEqual(taken.toSorted())
    }))

  test('an answer of a scan that holds nothing the account may see is not its end', () =>
    onStage(async (stage) => {
      const opening: typeof fetch = async (input, init) => {
        if (!/scan/.test(String(input)) || /cursor=/.test(String(input))) return fetch(input, init)
        return Response.json({ results: [], _links: { next: '/rest/api/content/scan?cursor=page:false:0' } })
      }
      const found = upserts(await pull(stage, { fetch: opening })).map(({ head }) => head.title)
      expect(found.toSorted()).toEqual(taken.toSorted())
    }))

  test.each([
    ['a scan', (answers: Ask) => readByCursor('pages', identity, answers)],
    ['offsets', (answers: Ask) => readByOffset('pages', identity, answers)],
  ])('%s that always goes on is an incomplete listing', async (_, read) => {
    let next = 0
    const endless = async () => {
      next += 1
      return { results: [{ id: next - 1 }, { id: next }], _links: { next: `?cursor=${next}` } }
    }
    await expect(read(endless)).rejects.toMatchObject({ code: 'LISTING_INCOMPLETE' })
  })

  test.each([
    ['a cursor that comes twice', '/rest/api/content/scan', { next: '?cursor=again' }],
    ['a cursor that comes twice with nothing', '/rest/api/content/scan', { next: '?cursor=again' }, { results: [] }],
    ['offsets without end', '/rest/api/space', { next: '?start=200' }],
    ['an empty answer among offsets', '/rest/api/space', { next: '?start=200' }, { results: [] }],
  ])('%s is an incomplete listing', (_, path, links, rest: object = {}) =>
    onStage(async (stage) => {
      const looping: typeof fetch = async (input, init) => {
        const answer = await fetch(String(input).replace(/&(cursor|start)=[^&]*/, ''), init)
        if (!String(input).includes(path)) return answer
        return Response.json({ ...((await answer.json()) as object), _links: links, ...rest })
      }
      await expect(pull(stage, { fetch: looping })).rejects.toMatchObject({ code: 'LISTING_INCOMPLETE' })
    }),
  )

  test('archived spaces are told from current ones by a server that doesn’t say which is which', () =>
    onStage(
      async (stage) => {
        const error = await pull(stage, { config: { spaces: ['OLD'] } }).catch((thrown: unknown) => thrown)
        expect(error).toMatchObject({ code: 'CONFIG_INVALID', message: expect.stringContaining('archived') })
      },
      { old: true },
    ))
})

describe('who may read', () => {
  const policy: AccessPolicy = {
    level: 'public',
    principals: { 'group:hr': ['group:people'], 'user:cyd': ['user:cyd'], 'user-key:key-of-dan': ['user:dan'] },
  }

  test.each<[string, DataCenterEmulatorOptions, number]>([
    ['inherited restrictions', {}, 1],
    ['own restrictions only, some of them cut', { entriesSize: 2 }, 0],
    ['own restrictions only, being too old for the rest', { old: true }, 0],
  ])('restrictions on the way up narrow each other, on a server that tells %s', (_, options, told) =>
    onStage(async (stage) => {
      expect((await headOf(stage, 'Salaries', policy))?.access).toEqual(['group:people', 'user:cyd'])
      expect((await headOf(stage, 'Salary bands', policy))?.access).toEqual(['user:cyd'])
      expect((await headOf(stage, 'Refunds', policy))?.access).toBe('public')
      const own = stage.emulator.requests.filter(({ path }) => path.endsWith('byOperation/read'))
      expect(own.length === 0).toBe(told === 1)
    }, options),
  )

  test('what an unlisted parent restricts is restricted', () =>
    onStage(async (stage) => {
      Object.assign(stage.emulator.model.find(stage.id('Salaries')), { status: 'archived' })
      expect((await headOf(stage, 'Salary bands', policy))?.access).toEqual(['user:cyd'])
    }))

  test.each([
    ['forbidden', { kind: 'status', status: 403 } as const],
    ['hidden', { kind: 'status', status: 404 } as const],
  ])('nobody, where restrictions on the way up are %s', (_, fault) =>
    onStage(async (stage) => {
      const match = new RegExp(`content/${stage.id('Refunds')}/restriction`)
      stage.emulator.fail({ ...fault, match, times: 2 })
      expect((await headOf(stage, 'Refunds abroad'))?.access).toEqual([])
      expect((await headOf(stage, 'Support home'))?.access).toBe('public')
    }),
  )

  test('nobody, where the ancestors are left out', () =>
    onStage(async (stage) => {
      const without: typeof fetch = async (input, init) => {
        const text = await (await fetch(input, init)).text()
        return new Response(text.replaceAll('"ancestors"', '"forebears"'))
      }
      const closed = upserts(await pull(stage, { fetch: without })).filter(({ head }) => head.access.length === 0)
      expect(closed.map(({ head }) => head.title).toSorted()).toEqual([...titles, 'Ada’s notes'].toSorted())
    }))
})

describe('bodies', () => {
  test('are asked for together, and not from the search index', () =>
    onStage(async (stage) => {
      const changes = upserts(await pull(stage))
      stage.emulator.requests.length = 0
      await Promise.all(changes.map(({ head, load }) => load(head.id)))
      const asked = stage.emulator.requests.map(({ path, query }) => `${path} ${query.getAll('ids').length}`)
      // Seven pages and three blog posts, two of which the server gives at a time; the last of a kind goes alone.
      expect(asked.toSorted()).toEqual(
        ['7', '5', '3', '3']
          .map((count) => `/rest/api/content ${count}`)
          .concat(asked.filter((each) => / 0$/.test(each)))
          .toSorted(),
      )
      expect(asked).toHaveLength(6)
    }))

  test('what an old server doesn’t know is not asked again and again', () =>
    onStage(
      async (stage) => {
        const asked = (what: string) =>
          stage.emulator.requests.filter(({ path, query }) => path.endsWith(what) || query.has(what)).length
        const changes = upserts(await pull(stage))
        expect(asked('relevantViewRestrictions')).toBe(1)
        await Promise.all(changes.map(({ head, load }) => load(head.id)))
        const first = asked('ids')
        await Promise.all(changes.map(({ head, load }) => load(head.id)))
        expect(asked('ids')).toBe(first)
      },
      { old: true },
    ))

  test('one that is answered with another’s fails, and so does one without a body', () =>
    onStage(
      async (stage) => {
        const path = (title: string) => `/content/${stage.id(title)}?`
        const confused: typeof fetch = (input, init) => {
          const url = String(input).replace(path('Refunds'), path('Salaries'))
          return fetch(url.includes(path('Support home')) ? url.replace(/body\.storage(,|%2C)/, '') : url, init)
        }
        const changes = upserts(await pull(stage, { fetch: confused }))
        const outcome = (title: string) => {
          const found = changes.find(({ head }) => head.title === title)
          return found?.load(found.head.id)
        }

        await expect(outcome('Refunds')).rejects.toMatchObject({ code: 'DOCUMENT_UNREADABLE' })
        await expect(outcome('Support home')).rejects.toMatchObject({ code: 'DOCUMENT_UNREADABLE' })
        await expect(outcome('Salaries')).resolves.toMatchObject({ html: expect.any(String) })
      },
      { old: true },
    ))

  test('one that can’t be read fails alone also where they are asked for one by one', () =>
    onStage(
      async (stage) => {
        Object.assign(stage.emulator.model.find(stage.id('Refunds')), { poisoned: true })
        const changes = upserts(await pull(stage))
        const outcomes = await Promise.allSettled(changes.map(({ head, load }) => load(head.id)))
        const failed = changes.filter((_, at) => outcomes[at]?.status === 'rejected')
        expect(failed.map(({ head }) => head.title)).toEqual(['Refunds'])
      },
      { old: true },
    ))
})

describe('telling Cloud from Data Center', () => {
  const opened = (stage: DataCenterStage) => stage.emulator.requests.map(({ path }) => path)

  test('asks where neither address nor auth tells', () =>
    onStage(async (stage) => {
      await pull(stage)
      expect(stage.emulator.requests[0]?.query.toString()).toBe('limit=1')
    }))

  test.each([
    ['the configuration', { deployment: 'data-center' }, `Bearer ${TOKEN}`],
    ['a user name', { auth: { username: 'reader', password: 'pass:word' } }, `Basic ${btoa('reader:pass:word')}`],
  ])('doesn’t ask where %s tells', (_, config, authorization) =>
    onStage(
      async (stage) => {
        expect(upserts(await pull(stage, { config }))).toHaveLength(taken.length)
        expect(stage.emulator.requests[0]?.query.toString()).not.toBe('limit=1')
      },
      { authorization },
    ),
  )

  test('goes to Cloud when told to', () =>
    onStage(async (stage) => {
      await expect(pull(stage, { config: { deployment: 'cloud' } })).rejects.toThrow()
      expect(opened(stage).every((path) => path.startsWith('/wiki/'))).toBe(true)
    }))

  test('finds a Data Center whose context path is that of Cloud', () =>
    onStage(async (stage) => {
      const { url } = stage.emulator
      const moved: typeof fetch = (input, init) => fetch(String(input).replace('/wiki/', '/confluence/'), init)
      const baseUrl = url.replace('/confluence', '/wiki')
      expect(upserts(await pull(stage, { config: { baseUrl }, fetch: moved }))).toHaveLength(taken.length)
    }))

  test.each([
    ['', 404],
    ['/wiki', 404],
    ['/wiki/', 410],
  ])('finds Cloud behind an address of one’s own, with %j and %d for what is no more', async (path, status) => {
    const cloud = await startConfluenceEmulator()
    if (status === 410) cloud.fail({ kind: 'status', status, match: /rest\/api\/space/ })
    const config = confluenceConfig.parse({ baseUrl: cloud.url + path, auth: { bearer: TOKEN }, spaces: 'all' })
    const client = await openClient(config, fetch)
    expect(client.site.base).toBe(`${cloud.url}/wiki`)
    await cloud.close()
  })

  test('an address with no Confluence behind it is named', () =>
    onStage(async (stage) => {
      const baseUrl = stage.emulator.url.replace('/confluence', '/wrong')
      await expect(pull(stage, { config: { baseUrl } })).rejects.toMatchObject({
        code: 'CONFIG_INVALID',
        message: expect.stringContaining(baseUrl),
      })
    }))

  test.each([
    [{ deployment: 'data-center', auth: { email: 'a@example.com', apiToken: 'x' } }, 'Data Center takes bearer'],
    [{ auth: { username: 'reader', password: 'x' } }, 'Cloud takes email'],
  ])('%j is refused for a site on atlassian.net', (given, message) => {
    const config = { baseUrl: 'https://example.atlassian.net', spaces: 'all', ...given }
    expect(confluenceConfig.safeParse(config).error?.message).toContain(message)
  })
})

describe('credentials', () => {
  test('a site that knows nobody stops the run before it lists, since what it leaves out would look deleted', () =>
    onStage(
      async (stage) => {
        await expect(pull(stage)).rejects.toMatchObject({ code: 'AUTH_REJECTED' })
        expect(stage.emulator.requests.some(({ path }) => path.includes('/content'))).toBe(false)
      },
      { anonymous: true },
    ))

  test('a token that ends while the site is listed leaves no receipt', () =>
    onStage(async (stage) => {
      const ending: typeof fetch = async (input, init) => {
        const answer = await fetch(input, init)
        const isListed = stage.emulator.requests.some(({ path }) => path.includes('/content'))
        if (!isListed || !String(input).includes('/user/current')) return answer
        return Response.json({ type: 'anonymous', displayName: 'Anonymous' })
      }
      await expect(pull(stage, { fetch: ending })).rejects.toMatchObject({ code: 'AUTH_REJECTED' })
    }))

  test('a header that says that nobody asks stops the run too', () =>
    onStage(async (stage) => {
      const marked: typeof fetch = async (input, init) => {
        const answer = await fetch(input, init)
        return new Response(await answer.text(), { status: answer.status, headers: { 'x-ausername': 'anonymous' } })
      }
      await expect(pull(stage, { fetch: marked })).rejects.toMatchObject({ code: 'AUTH_REJECTED' })
    }))

  test.each([
    ['a token that has ended', 401, {}, 'has ended'],
    ['an address that redirects', 401, {}, 'redirect'],
    ['a captcha', 403, { auth: { username: 'reader', password: 'x' } }, 'captcha'],
    ['a site that isn’t Cloud', 404, { deployment: 'cloud' }, 'deployment'],
    ['a site that isn’t Cloud, asked with credentials', 401, { deployment: 'cloud' }, 'username and password'],
  ])('an error names what may help: %s', (_, status, config, help) =>
    onStage(async (stage) => {
      const refusing = async () => new Response('<html>', { status })
      const error = await pull(stage, { config, fetch: refusing }).catch((thrown: unknown) => thrown)
      expect(error).toMatchObject({ status, hint: expect.stringContaining(help) })
    }),
  )

  test('a rejected token is in no part of the error', () =>
    onStage(
      async (stage) => {
        const error = await pull(stage).catch((thrown: unknown) => thrown)
        expect(error).toMatchObject({ code: 'AUTH_REJECTED' })
        const { message, hint, stack } = error as Error & { hint?: string }
        expect(`${message} ${hint} ${stack}`).not.toContain(TOKEN)
      },
      { authorization: 'Bearer another' },
    ))
})

test.for<DataCenterEmulatorOptions>([{}, { old: true }])(
  'the emulator answers as the API’s description says: %j',
  async (options, { skip }) => {
    if (loadDataCenterSpec() === null) skip(specsMissing)
    await onStage(
      async (stage) => {
        const changes = upserts(await pull(stage))
        await Promise.all(changes.map(({ head, load }) => load(head.id)))
        expect(stage.emulator.requests.length).toBeGreaterThan(20)
        expect(stage.emulator.violations).toEqual([])
      },
      { ...options, validate: true },
    )
  },
)
