/** What people and accidents do to a Google account between runs and in the middle of one. */
import { describe, expect, test } from 'vitest'
import type { AccessPolicy } from '../../src/core/access.ts'
import {
  ada,
  cursorOf,
  head,
  onSmallAccount,
  pull,
  type SmallAccount,
  TEAM_DRIVE,
  titles,
} from './google-docs-stage.ts'
import { NOW } from './stage.ts'

const loginPage = '<!DOCTYPE html><title>Proxy</title>'

/** Answers requests for a path by something else than Google. */
function instead(path: string, response: () => Response): typeof fetch {
  return async (input, init) => (new URL(String(input)).pathname === path ? response() : fetch(input, init))
}

function refusal(status: number, reason: string): () => Response {
  return () => Response.json({ error: { code: status, errors: [{ reason }] } }, { status })
}

describe('a refusal that is not Google’s word on one document is no absence', () => {
  test.each<[string, () => Response, string]>([
    ['a proxy’s 403', () => new Response(loginPage, { status: 403 }), 'AUTH_REJECTED'],
    ['a proxy’s 404', () => new Response(loginPage, { status: 404 }), 'LISTING_INCOMPLETE'],
    ['credentials without the scope', refusal(403, 'insufficientPermissions'), 'AUTH_REJECTED'],
    ['a domain that forbids apps', refusal(403, 'domainPolicy'), 'AUTH_REJECTED'],
  ])('%s', (_, response, code) =>
    onSmallAccount(async (account) => {
      const id = account.id('Price list')
      const config = { folders: [], drives: [], documents: [id], sharedWithMe: false }
      const run = pull(account, { config, fetch: instead(`/drive/v3/files/${id}`, response) })
      await expect(run).rejects.toMatchObject({ code })
    }),
  )

  test('the scope that lacks is named', () =>
    onSmallAccount(async (account) => {
      const run = pull(account, { fetch: instead('/drive/v3/files', refusal(403, 'ACCESS_TOKEN_SCOPE_INSUFFICIENT')) })
      await expect(run).rejects.toMatchObject({ hint: expect.stringContaining('auth/drive.readonly') })
    }))
})

describe('a shared drive that the account is no member of', () => {
  const SOLD = 'drive-sold'

  function fill({ emulator: { model } }: SmallAccount, more: object = {}) {
    model.addDrive(SOLD, 'Sold', { member: false, ...more })
    const folder = model.addFolder({ name: 'Shared folder', parent: SOLD, driveId: SOLD, sharedWithMe: true })
    const inside = model.addDocument({ name: 'Inside', parent: folder.id, driveId: SOLD })
    const alone = model.addDocument({ name: 'Alone', parent: SOLD, driveId: SOLD, permissions: [ada] })
    return { folder, inside, alone }
  }

  const none = { folders: [], drives: [], documents: [], sharedWithMe: false }

  test.each<[string, (files: ReturnType<typeof fill>) => object, string[]]>([
    ['one document', ({ alone }) => ({ documents: [alone.id] }), ['Alone']],
    ['a folder', ({ folder }) => ({ folders: [folder.id] }), ['Inside']],
    ['what was shared', () => ({ sharedWithMe: true }), ['From a partner', 'Inside']],
  ])('%s of it is read, and its changes are followed', (_, chosen, expected) =>
    onSmallAccount(async (account) => {
      const files = fill(account)
      const config = { ...none, ...chosen(files) }
      const first = await pull(account, { config })
      expect(titles(first)).toEqual(expected)
      for (const file of [files.inside, files.alone]) account.emulator.model.edit(file.id, 'New.')
      const next = await pull(account, { config, since: cursorOf(first) })
      expect(next.map(({ type }) => type)).not.toContain('begin')
      expect(titles(next)).toEqual(expected.filter((title) => title !== 'From a partner'))
    }),
  )

  test('nobody knows whether anyone may find what is in it', () =>
    onSmallAccount(async (account) => {
      const { inside, alone } = fill(account)
      const policy: AccessPolicy = { level: 'public', principals: { 'user:ada@example.com': ['user:ada'] } }
      const changes = await pull(account, { config: { ...none, documents: [inside.id, alone.id] }, policy })
      expect([head(changes, inside.id)?.access, head(changes, alone.id)?.access]).toEqual([[], ['user:ada']])
    }))
})

describe('a file with limited access', () => {
  const inherits = (inherited: boolean) => ({
    ...ada,
    permissionDetails: [{ permissionType: 'file', role: 'writer', inherited }],
  })

  test.each<[string, string, object, unknown]>([
    ['keeps out who inherits from its folder', 'Refunds', inherits(true), []],
    ['lets in whom it was shared with', 'Refunds', inherits(false), ['user:ada']],
    ['in a shared drive too', 'Roadmap', inherits(true), []],
  ])('%s', (_, name, permission, access) =>
    onSmallAccount(async (account) => {
      const policy: AccessPolicy = { level: 'public', principals: { 'user:ada@example.com': ['user:ada'] } }
      const file = account.emulator.model.find(account.id(name))
      Object.assign(file, { limited: true, permissions: [permission] })
      expect(head(await pull(account, { policy }), file.id)?.access).toEqual(access)
    }),
  )
})

describe('what a shared drive forbids', () => {
  const policy: AccessPolicy = { level: 'public', principals: { 'user:ada@example.com': ['user:ada'] } }
  const asMember = { ...ada, permissionDetails: [{ permissionType: 'member', role: 'reader' }] }
  const asGuest = { ...ada, permissionDetails: [{ permissionType: 'file', role: 'reader', inherited: true }] }

  test.each<[string, object, object, unknown]>([
    ['nothing: anyone', {}, { id: 'x', type: 'anyone', role: 'reader', allowFileDiscovery: true }, 'public'],
    [
      'people outside the domain: anyone',
      { domainUsersOnly: true },
      { id: 'x', type: 'anyone', role: 'reader', allowFileDiscovery: true },
      [],
    ],
    ['all but members: a member', { driveMembersOnly: true }, asMember, ['user:ada']],
    ['all but members: a guest of a file', { driveMembersOnly: true }, asGuest, []],
    ['all but members: nothing is said', { driveMembersOnly: true }, ada, []],
  ])('%s', (_, restrictions, permission, access) =>
    onSmallAccount(async (account) => {
      const { model } = account.emulator
      Object.assign(model.drives.get(TEAM_DRIVE) ?? {}, { restrictions })
      model.find(account.id('Roadmap')).permissions = [permission as never]
      const changes = await pull(account, { policy })
      expect(head(changes, account.id('Roadmap'))?.access).toEqual(access)
      model.edit(account.id('Roadmap'), 'New.')
      const next = await pull(account, { policy, since: cursorOf(changes) })
      expect(head(next, account.id('Roadmap'))?.access).toEqual(access)
    }),
  )
})

describe('between two runs', () => {
  test('a folder above what is read is shared anew: everything is listed again', () =>
    onSmallAccount(async (account) => {
      const { model } = account.emulator
      const company = model.addFolder({ name: 'Company' })
      model.change(account.id('Handbook'), { parent: company.id })
      const first = await pull(account)
      expect(head(first, account.id('Refunds'))?.path).toEqual(['Handbook'])
      model.change(company.id, { permissions: [] })
      model.find(account.id('Refunds')).permissions = []
      const next = await pull(account, { since: cursorOf(first) })
      expect(head(next, account.id('Refunds'))?.access).toEqual([])
    }))

  test('after a week everything is listed again, whatever is said to have changed', () =>
    onSmallAccount(async (account) => {
      const since = cursorOf(await pull(account))
      const kindAfter = async (days: number) =>
        (await pull(account, { since, now: () => NOW + days * 86_400_000 }))[0]?.type
      expect([await kindAfter(6.9), await kindAfter(7.1)]).toEqual(['checkpoint', 'begin'])
    }))

  test('a document that moves from drive to drive is there, whichever stream is read first', () =>
    onSmallAccount(async (account) => {
      const { model } = account.emulator
      model.addDrive('drive-alpha', 'Alpha')
      const config = { drives: ['drive-alpha', TEAM_DRIVE], folders: [], documents: [], sharedWithMe: false }
      const since = cursorOf(await pull(account, { config }))
      for (const [from, to] of [
        [TEAM_DRIVE, 'drive-alpha'],
        ['drive-alpha', TEAM_DRIVE],
      ] as const) {
        // Each stream tells its own part: the drive that it left that it is gone, the other that it is there.
        const moved: typeof fetch = async (input, init) => {
          const url = new URL(String(input))
          const answer = await fetch(input, init)
          if (!url.pathname.endsWith('/changes') || url.searchParams.get('driveId') !== from) return answer
          const gone = { changeType: 'file', fileId: account.id('Welcome'), removed: true }
          return Response.json({ ...((await answer.json()) as object), changes: [gone] })
        }
        model.change(account.id('Welcome'), { parent: to, driveId: to } as never)
        const changes = await pull(account, { config, since, fetch: moved })
        expect(changes.map(({ type }) => type)).toEqual(['upsert', 'checkpoint'])
        expect(head(changes, account.id('Welcome'))?.path).toEqual([to === TEAM_DRIVE ? 'Team' : 'Alpha'])
      }
    }))

  test('a file of old with two parents stays where one of them is read', () =>
    onSmallAccount(async (account) => {
      const two: typeof fetch = async (input, init) => {
        const answer = await fetch(input, init)
        const text = await answer.text()
        return new Response(
          text.replaceAll(`"parents":["${account.id('Deeper')}"]`, `"parents":["elsewhere","${account.id('Deeper')}"]`),
          answer,
        )
      }
      const first = await pull(account, { fetch: two })
      account.emulator.model.edit(account.id('Customs'), 'New.')
      const next = await pull(account, { since: cursorOf(first), fetch: two })
      for (const changes of [first, next])
        expect(head(changes, account.id('Customs'))?.path).toEqual(['Handbook', 'Guides', 'Deeper'])
    }))

  test('what could not be read stays told of until all is listed again', () =>
    onSmallAccount(async (account) => {
      account.emulator.model.find(account.id('Roadmap')).permissionsShown = false
      const since = cursorOf(await pull(account))
      expect((await pull(account, { since })).at(-1)).toMatchObject({ notes: { permissions: expect.any(String) } })
    }))

  test('a position that Drive does not understand makes everything be listed again', () =>
    onSmallAccount(async (account) => {
      const since = cursorOf(await pull(account))
      account.emulator.refuse(/changes$/, 400, 'invalid')
      expect((await pull(account, { since }))[0]?.type).toBe('begin')
    }))
})

describe('while everything is listed', () => {
  /** Acts at the first request that matches. */
  function acting(match: (url: URL) => boolean, act: () => void): typeof fetch {
    let acted = false
    return async (input, init) => {
      if (!acted && match(new URL(String(input)))) {
        acted = true
        act()
      }
      return fetch(input, init)
    }
  }

  const lists = (id: string) => (url: URL) => (url.searchParams.get('q') ?? '').includes(`'${id}' in parents`)

  test('a folder that moves in from outside is read, without reading all else once more', () =>
    onSmallAccount(async (account) => {
      const { model } = account.emulator
      const late = model.addFolder({ name: 'Late' })
      model.addDocument({ name: 'Latest', parent: late.id })
      const plain = account.emulator.requests.length
      await pull(account)
      const usual = account.emulator.requests.length - plain
      const move = () => model.change(late.id, { parent: account.id('Handbook') })
      const changes = await pull(account, { fetch: acting(lists(account.id('Deeper')), move) })
      expect(head(changes, model.find(late.id).id)).toBeUndefined()
      expect(titles(changes)).toContain('Latest')
      expect(account.emulator.requests.length - plain - usual).toBeLessThan(usual * 1.5)
    }))

  test('a folder that moves to another drive, before it was looked into, is looked into there', () =>
    onSmallAccount(async (account) => {
      const { model } = account.emulator
      const guides = account.id('Guides')
      const move = () => {
        model.change(guides, { parent: TEAM_DRIVE, driveId: TEAM_DRIVE } as object)
        for (const file of model.below(guides)) Object.assign(file, { driveId: TEAM_DRIVE })
      }
      const changes = await pull(account, { fetch: acting(lists(guides), move) })
      expect(titles(changes)).toEqual(expect.arrayContaining(['Customs', 'Refunds abroad']))
    }))

  test('where folders are added without end nothing is taken for gone', () =>
    onSmallAccount(async (account) => {
      const { model } = account.emulator
      const busy: typeof fetch = async (input, init) => {
        if (String(input).includes('in+parents') || String(input).includes('in%20parents'))
          model.addFolder({ name: 'New', parent: account.id('Handbook') })
        return fetch(input, init)
      }
      await expect(pull(account, { fetch: busy })).rejects.toMatchObject({ code: 'LISTING_INCOMPLETE' })
    }))
})

describe('documents that can’t be read', () => {
  test('ten in a row that are refused are ten documents, and the eleventh is loaded', () =>
    onSmallAccount(async (account) => {
      const refusing: typeof fetch = async (input, init) =>
        String(input).includes('/v1/documents/') && !String(input).includes(account.id('Refunds'))
          ? Response.json({ error: { code: 403, status: 'PERMISSION_DENIED' } }, { status: 403 })
          : fetch(input, init)
      const changes = await pull(account, { fetch: refusing })
      const outcomes: string[] = []
      for (const change of [...changes, ...changes].filter((each) => each.type === 'upsert'))
        outcomes.push(
          await change.load(change.head.id).then(
            () => change.head.title,
            (error) => error.code,
          ),
        )
      expect(outcomes.filter((each) => each !== 'DOCUMENT_UNREADABLE')).toEqual(['Refunds', 'Refunds'])
    }))

  test.each<[string, object]>([
    ['a tab within a tab has no body', { childTabs: [{ documentTab: { body: 7 } }] }],
    ['a tab within a tab is none', { childTabs: [7] }],
    ['tabs within a tab are no list', { childTabs: 'x' }],
  ])('%s', (_, more) =>
    onSmallAccount(async (account) => {
      const file = account.emulator.model.find(account.id('Refunds'))
      file.tabs = [{ ...file.tabs[0], ...more }]
      const changes = await pull(account)
      const odd = changes.find((each) => each.type === 'upsert' && each.head.id === file.id)
      const message = expect.stringMatching(new RegExp(`${file.id}.*tab`))
      await expect(odd?.type === 'upsert' && odd.load(odd.head.id)).rejects.toMatchObject({
        code: 'DOCUMENT_UNREADABLE',
        message,
      })
    }),
  )
})
