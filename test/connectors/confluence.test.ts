import { describe, expect, test } from 'vitest'
import {
  type ConfluenceConfig,
  type ConfluenceCursor,
  confluence,
  confluenceConfig,
} from '../../connectors/confluence/index.ts'
import type { Change } from '../../src/core/connector.ts'
import { type Stage, testConnector } from '../conformance/connector.ts'
import { loadConfluenceSpecs, specsMissing } from '../emulators/specs.ts'
import { head, onSmallSite, pull, startSmallSite, TOKEN } from './confluence-stage.ts'

describe('Confluence as a connector', () => {
  testConnector<ConfluenceConfig, ConfluenceCursor>({ connector: confluence, setup: startStage })
})

async function startStage(): Promise<Stage> {
  const site = await startSmallSite()
  const { model } = site.emulator
  const taken = (title: string) => title !== 'Old prices' && !title.endsWith('for us') && title !== 'Guides'
  return {
    config: site.config,
    live: () =>
      [...model.contents.values()]
        .filter(({ title, status }) => status === 'current' && taken(title))
        .map(({ id }) => id),
    restricted: () => [site.id('Salaries'), site.id('Salary bands')],
    edit: () => change(site.id('Refunds'), (id) => model.edit(id, { body: '<p>Within 30 days.</p>' })),
    remove: () => change(site.id('Release 2'), (id) => model.trash(id)),
    breakBody: () => change(site.id('Refunds'), (id) => Object.assign(model.find(id), { poisoned: true })),
    close: site.emulator.close,
  }
}

function change(id: string, how: (id: string) => void): string {
  how(id)
  return id
}

describe('what a head says', () => {
  test('place, address and version', () =>
    onSmallSite(async (site) => {
      const id = site.id('Refunds abroad')
      expect(head(await pull(site), id)).toEqual({
        id,
        version: '1',
        title: 'Refunds abroad',
        url: `${site.emulator.url}/wiki/spaces/SUP/pages/${id}`,
        updatedAt: '2026-01-05T09:04:00.000Z',
        path: ['Support', 'Support home', 'Guides', 'Refunds'],
        kind: 'page',
        access: 'public',
      })
    }))

  test('a link by title becomes the address of the page', () =>
    onSmallSite(async (site) => {
      const found = (await pull(site)).find((each) => each.type === 'upsert' && each.head.title === 'Refunds abroad')
      const body = found?.type === 'upsert' ? await found.load(found.head.id) : null
      expect(body).toMatchObject({ html: expect.stringContaining(`/wiki/spaces/SUP/pages/${site.id('Refunds')}`) })
    }))

  test('the gateway gets the requests and the site stays in the addresses', () =>
    onSmallSite(async (site) => {
      const config = {
        baseUrl: 'https://example.atlassian.net/wiki/',
        apiUrl: `${site.emulator.url}/ex/confluence/cloud-1`,
      }
      expect(head(await pull(site, { config }), site.id('Refunds'))?.url).toMatch(
        /^https:\/\/example.atlassian.net\/wiki\/spaces\//,
      )
    }))
})

describe('what is taken', () => {
  const reasonsOf = (changes: readonly Change<ConfluenceCursor>[]) =>
    Object.fromEntries(changes.flatMap((each) => (each.type === 'skip' ? [[each.id, each.reason]] : [])))

  test('an excluded label is a skip with its reason', () =>
    onSmallSite(async (site) => {
      expect(reasonsOf(await pull(site))).toMatchObject({
        [site.id('Draft for us')]: expect.stringContaining('internal'),
      })
    }))

  test('only included trees, folders among them, without excluded ones inside', () =>
    onSmallSite(async (site) => {
      const config = { blogPosts: false, trees: { include: [site.id('Guides')], exclude: [site.id('Refunds abroad')] } }
      const changes = await pull(site, { config })
      const taken = changes.flatMap((each) => (each.type === 'upsert' ? [each.head.title] : []))
      expect(taken).toEqual(['Refunds'])
    }))

  test('a folder that holds no page may be named as a tree', () =>
    onSmallSite(async (site) => {
      const { model } = site.emulator
      const empty = model.add({ type: 'folder', spaceId: model.find(site.id('Refunds')).spaceId, title: 'Empty' })
      const changes = await pull(site, { config: { trees: { exclude: [empty.id] } } })
      expect(head(changes, site.id('Refunds'))).toBeDefined()
    }))

  test('archived and trashed pages are absent from a pass that has a receipt', () =>
    onSmallSite(async (site) => {
      site.emulator.model.trash(site.id('Refunds abroad'))
      const changes = await pull(site)
      expect(head(changes, site.id('Refunds abroad'))).toBeUndefined()
      expect(head(changes, site.id('Old prices'))).toBeUndefined()
      expect(changes.at(-1)).toHaveProperty('receipt')
    }))

  test.each([
    ['an unknown space', { spaces: ['SUP', 'NOPE'] }, 'CONFIG_INVALID', 'NOPE'],
    ['an archived space', { spaces: ['OLD'] }, 'CONFIG_INVALID', 'archivedSpaces'],
    ['an excluded tree that is gone', { trees: { exclude: ['999'] } }, 'CONFIG_INVALID', '999'],
    ['an included label that nothing carries', { labels: { include: ['nope'] } }, 'CONFIG_INVALID', 'nope'],
  ])('%s stops the run with its name', (_, config, code, name) =>
    onSmallSite(async (site) => {
      const error = await pull(site, { config }).catch((thrown: unknown) => thrown)
      expect(error).toMatchObject({ code })
      expect(JSON.stringify(error) + String(error) + (error as { hint?: string }).hint).toContain(name)
    }),
  )

  test('all spaces leaves out personal and archived ones', () =>
    onSmallSite(async (site) => {
      const changes = await pull(site, { config: { spaces: 'all' } })
      expect(head(changes, site.id('Engineering home'))).toBeDefined()
      expect(head(changes, site.id('Ada’s notes'))).toBeUndefined()
    }))
})

describe('odd answers', () => {
  test('an item without a readable version is listed, and only its load fails', () =>
    onSmallSite(async (site) => {
      Object.assign(site.emulator.model.find(site.id('Refunds')), { version: 'seven' })
      const changes = await pull(site)
      const odd = changes.find((each) => each.type === 'upsert' && each.head.id === site.id('Refunds'))
      await expect(odd?.type === 'upsert' && odd.load(odd.head.id)).rejects.toMatchObject({
        code: 'DOCUMENT_UNREADABLE',
      })
      expect(head(changes, site.id('Refunds abroad'))?.access).toBe('public')
    }))

  test('a page that is gone between listing and loading fails alone', () =>
    onSmallSite(async (site) => {
      const changes = await pull(site)
      site.emulator.model.trash(site.id('Refunds'))
      const loads = changes.flatMap((each) => (each.type === 'upsert' ? [each.load(each.head.id)] : []))
      const outcomes = await Promise.allSettled(loads)
      const failed = outcomes.filter((outcome) => outcome.status === 'rejected')
      expect(failed.map(({ reason }) => reason.code)).toEqual(['DOCUMENT_UNREADABLE'])
    }))

  test('a source that fails for every body ends as the source’s failure, after few requests', () =>
    onSmallSite(async (site) => {
      const changes = await pull(site)
      site.emulator.requests.length = 0
      site.emulator.fail({ kind: 'status', status: 500, match: /pages$|blogposts$/, times: 1000 })
      const loads = changes.flatMap((each) => (each.type === 'upsert' ? [each.load(each.head.id)] : []))
      const codes = (await Promise.allSettled(loads)).map(
        (outcome) => outcome.status === 'rejected' && outcome.reason.code,
      )
      expect(codes).toContain('SOURCE_UNAVAILABLE')
      expect(codes.every((code) => code === 'SOURCE_UNAVAILABLE' || code === 'DOCUMENT_UNREADABLE')).toBe(true)
      expect(site.emulator.requests.length).toBeLessThan(100)
    }))

  test('a token that may read no restriction stops the run instead of hiding everything', () =>
    onSmallSite(async (site) => {
      site.emulator.fail({ kind: 'status', status: 403, match: /restriction/, times: 1000 })
      await expect(pull(site)).rejects.toMatchObject({ code: 'AUTH_REJECTED' })
    }))

  test.each(['cut', 'reset'] as const)('a connection that is %s on the way is tried again', (kind) =>
    onSmallSite(async (site) => {
      const clean = await pull(site)
      site.emulator.fail({ kind, match: /pages$/, after: 1 })
      expect(JSON.stringify(await pull(site))).toBe(JSON.stringify(clean))
    }),
  )

  test.each(['html', 'truncated-json'] as const)(
    '%s with status 200 that stays ends the listing, naming the endpoint',
    (kind) =>
      onSmallSite(async (site) => {
        site.emulator.fail({ kind, match: /pages$/, after: 1, times: 1000 })
        await expect(pull(site)).rejects.toMatchObject({
          code: 'ANSWER_INVALID',
          message: expect.stringMatching(/GET \/wiki\/api\/v2\/spaces\/\d+\/pages/),
        })
      }),
  )

  test.each<[string, (asked: number) => string]>([
    ['comes twice', () => 'again'],
    ['is always a new one', String],
  ])('a cursor that %s is an incomplete listing', (_, cursorOf) =>
    onSmallSite(async (site) => {
      let asked = 0
      const fetch = async () => {
        asked += 1
        return Response.json({ results: [], _links: { next: `/wiki/api/v2/spaces?cursor=${cursorOf(asked)}` } })
      }
      await expect(pull(site, { fetch })).rejects.toMatchObject({ code: 'LISTING_INCOMPLETE' })
    }),
  )

  test('folders in folders without end leave what is in them to nobody', () =>
    onSmallSite(async (site) => {
      const deeper: typeof fetch = async (input, init) => {
        const folder = /\/folders\/(\d+)$/.exec(new URL(String(input)).pathname)?.[1]
        if (folder === undefined) return fetch(input, init)
        return Response.json({
          id: folder,
          title: 'deeper',
          parentId: `${Number(folder) + 1000}`,
          parentType: 'folder',
        })
      }
      const changes = await pull(site, { fetch: deeper })
      expect(head(changes, site.id('Refunds'))?.access).toEqual([])
      expect(head(changes, site.id('Support home'))?.access).toBe('public')
    }))
})

describe('configuration', () => {
  test.each([
    [{ baseUrl: 'http://example.atlassian.net' }, 'https'],
    [{ auth: { email: 'a@example.com' } }, 'auth'],
    [{ spaces: [] }, 'spaces'],
    [{ surprise: true }, 'surprise'],
  ])('%j is refused', (wrong, word) => {
    const config = { baseUrl: 'https://example.atlassian.net', auth: { bearer: 'x' }, spaces: 'all', ...wrong }
    expect(confluenceConfig.safeParse(config).error?.message).toContain(word)
  })

  test('no error of a failing run holds the token', () =>
    onSmallSite(async (site) => {
      site.emulator.fail({ kind: 'status', status: 401, times: 1000 })
      const error = await pull(site).catch((thrown: unknown) => thrown)
      expect(error).toMatchObject({ code: 'AUTH_REJECTED' })
      const { message, hint, stack } = error as Error & { hint?: string }
      expect(`${message} ${hint} ${stack}`).not.toContain(TOKEN)
    }))
})

describe('requests', () => {
  test('heads carry no bodies, and bodies are asked for in bulk', () =>
    onSmallSite(async (site) => {
      const changes = await pull(site)
      expect(site.emulator.requests.filter(({ query }) => query.has('body-format'))).toEqual([])
      await Promise.all(changes.flatMap((each) => (each.type === 'upsert' ? [each.load(each.head.id)] : [])))
      const firsts = site.emulator.requests.filter(({ query }) => query.has('body-format') && !query.has('cursor'))
      expect(firsts.map(({ path }) => path)).toEqual(['/wiki/api/v2/pages', '/wiki/api/v2/blogposts'])
    }))

  test('a page that has no storage format is taken from its ADF', () =>
    onSmallSite(async (site) => {
      const content = [{ type: 'paragraph', content: [{ type: 'text', text: 'From the new editor.' }] }]
      site.emulator.model.find(site.id('Refunds')).adf = JSON.stringify({ version: 1, type: 'doc', content })
      const found = (await pull(site)).find((each) => each.type === 'upsert' && each.head.id === site.id('Refunds'))
      const body = found?.type === 'upsert' ? await found.load(found.head.id) : null
      expect(body).toMatchObject({ html: '<p>From the new editor.</p>' })
    }))

  test('the emulator answers as the API’s description says', async ({ skip }) => {
    if (loadConfluenceSpecs() === null) skip(specsMissing)
    await onSmallSite(
      async (site) => {
        const changes = await pull(site)
        await Promise.all(changes.flatMap((each) => (each.type === 'upsert' ? [each.load(each.head.id)] : [])))
        expect(site.emulator.requests.length).toBeGreaterThan(20)
        expect(site.emulator.violations).toEqual([])
      },
      { validate: true },
    )
  })
})
