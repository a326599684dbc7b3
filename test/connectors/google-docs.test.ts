import { describe, expect, test } from 'vitest'
import {
  type GoogleDocsConfig,
  type GoogleDocsCursor,
  googleDocs,
  googleDocsConfig,
} from '../../connectors/google-docs/index.ts'
import type { Change } from '../../src/core/connector.ts'
import { type Stage, testConnector } from '../conformance/connector.ts'
import { loadGoogleSpecs } from '../emulators/google-specs.ts'
import { specsMissing } from '../emulators/specs.ts'
import {
  ada,
  cursorOf,
  head,
  onSmallAccount,
  pull,
  startSmallAccount,
  TEAM_DRIVE,
  titles,
} from './google-docs-stage.ts'

describe('Google Docs as a connector', () => {
  testConnector<GoogleDocsConfig, GoogleDocsCursor>({ connector: googleDocs, setup: startStage })
})

async function startStage(): Promise<Stage> {
  const account = await startSmallAccount()
  const { model, close } = account.emulator
  const on = (name: string, how: (id: string) => void) => {
    how(account.id(name))
    return account.id(name)
  }
  return {
    config: account.config,
    live: () => account.taken().map(account.id),
    restricted: () => ['Salaries', 'Budget'].map(account.id),
    edit: () => on('Refunds', (id) => model.edit(id, 'Within 30 days.')),
    remove: () => on('Customs', (id) => model.trash(id)),
    breakBody: () => on('Refunds', (id) => Object.assign(model.find(id), { poisoned: true })),
    close,
  }
}

describe('what a head says', () => {
  test('place, address and version', () =>
    onSmallAccount(async (account) => {
      const id = account.id('Customs')
      expect(head(await pull(account), id)).toEqual({
        id,
        version: expect.stringMatching(/^\d+$/),
        title: 'Customs',
        url: `https://docs.google.com/document/d/${id}/edit`,
        updatedAt: expect.stringMatching(/^2026-01-05T/),
        path: ['Handbook', 'Guides', 'Deeper'],
        kind: 'doc',
        access: 'public',
      })
    }))

  test.each([
    ['a document of a shared drive', 'Roadmap', ['Team', 'Plans']],
    ['a shortcut’s target stands where the shortcut does', 'Linked', ['Handbook', 'Guides']],
    ['what was shared stands nowhere', 'From a partner', []],
  ])('%s', (_, name, path) =>
    onSmallAccount(async (account) => expect(head(await pull(account), account.id(name))?.path).toEqual(path)),
  )

  test('the readers of a shared drive’s document are asked for page by page, and mapped', () =>
    onSmallAccount(async (account) => {
      const policy = { level: 'staff' as const, principals: { 'user:ada@example.com': ['user:ada' as const] } }
      expect(head(await pull(account, { policy }), account.id('Budget'))?.access).toEqual(['user:ada'])
    }))

  test.each([
    ['  ', 'Untitled document'],
    ['x'.repeat(100_000), `${'x'.repeat(500)}…`],
    [' Refunds \n', 'Refunds'],
  ])('a name that is no title is made one', (name, title) =>
    onSmallAccount(async (account) => {
      const id = account.id('Refunds')
      account.emulator.model.find(id).name = name
      expect(head(await pull(account), id)?.title).toBe(title)
    }),
  )

  test('readers that principals leaves out are named, but for people', () =>
    onSmallAccount(async (account) => {
      const { model } = account.emulator
      const domain = { id: 'd', type: 'domain', role: 'reader', domain: 'example.com' }
      for (const name of ['Refunds', 'Customs']) model.find(account.id(name)).permissions = [ada, domain]
      expect((await pull(account)).at(-1)).toMatchObject({
        notes: {
          hidden: 'nobody may read 4 documents: not in principals: user:… (4), domain-with-link:example.com (2)',
        },
      })
    }))

  test('unreadable permissions let nobody in, and are told of', () =>
    onSmallAccount(async (account) => {
      account.emulator.model.find(account.id('Roadmap')).permissionsShown = false
      const changes = await pull(account)
      expect(head(changes, account.id('Roadmap'))?.access).toEqual([])
      expect(changes.at(-1)).toMatchObject({ notes: { permissions: expect.stringContaining('of 1 document can’t') } })
    }))
})

describe('what changed since', () => {
  type Account = Awaited<ReturnType<typeof startSmallAccount>>

  async function changesAfter(account: Account, what: (account: Account) => void, config = {}) {
    const cursor = cursorOf(await pull(account, { config }))
    what(account)
    return pull(account, { since: cursor, config })
  }

  const isFull = (changes: readonly Change[]) => changes[0]?.type === 'begin'

  test('an edit is one document, and no pass over everything', () =>
    onSmallAccount(async (account) => {
      const changes = await changesAfter(account, ({ emulator, id }) => emulator.model.edit(id('Refunds'), 'New.'))
      expect(titles(changes)).toEqual(['Refunds'])
      expect(head(changes, account.id('Refunds'))?.path).toEqual(['Handbook'])
      expect(changes.map(({ type }) => type)).toEqual(['upsert', 'checkpoint'])
      expect(cursorOf(changes).tokens).not.toEqual([])
    }))

  test.each<[string, (account: Account) => void]>([
    ['trashed', ({ emulator, id }) => emulator.model.trash(id('Customs'))],
    ['deleted, or access lost', ({ emulator, id }) => emulator.model.change(id('Customs'), { gone: true })],
    ['moved out', ({ emulator, id }) => emulator.model.change(id('Customs'), { parent: 'somewhere' })],
  ])('a document that was %s is deleted', (_, what) =>
    onSmallAccount(async (account) => {
      const changes = await changesAfter(account, what)
      expect(changes[0]).toEqual({ type: 'delete', id: account.id('Customs') })
      expect(titles(changes)).toEqual([])
    }),
  )

  test('a document that was moved in, or restored, is taken', () =>
    onSmallAccount(async (account) => {
      const { emulator, id } = account
      emulator.model.trash(id('Customs'))
      const changes = await changesAfter(account, () => {
        emulator.model.change(id('Elsewhere'), { parent: id('Guides') })
        emulator.model.change(id('Customs'), { trashed: false })
      })
      expect(titles(changes)).toEqual(['Customs', 'Elsewhere'])
    }))

  test('a folder that moved has what lies in it read anew', () =>
    onSmallAccount(async (account) => {
      const changes = await changesAfter(account, ({ emulator, id }) =>
        emulator.model.change(id('Deeper'), { parent: id('Handbook') }),
      )
      expect(isFull(changes)).toBe(true)
      expect(head(changes, account.id('Customs'))?.path).toEqual(['Handbook', 'Deeper'])
    }))

  test.each<[string, (account: Account) => void, string]>([
    [
      'a folder that is trashed takes what lies in it along',
      ({ emulator, id }) => emulator.model.trash(id('Deeper')),
      'Customs',
    ],
    [
      'a shortcut that is trashed takes its target along',
      ({ emulator, id }) => emulator.model.trash(id('To Linked')),
      'Linked',
    ],
    [
      'a folder that moves out takes what lies in it along',
      ({ emulator, id }) => emulator.model.change(id('Deeper'), { parent: null }),
      'Customs',
    ],
  ])('%s', (_, what, gone) =>
    onSmallAccount(async (account) => {
      const changes = await changesAfter(account, what)
      expect(changes.at(-1)).toHaveProperty('receipt')
      expect(titles(changes)).toContain('Refunds')
      expect(titles(changes)).not.toContain(gone)
    }),
  )

  test.each<[string, (account: Account) => void, object]>([
    [
      'a position that is too old',
      ({ emulator: { model }, id }) => {
        model.state.oldestToken = model.log.length + 1
        model.edit(id('Refunds'), 'New.')
      },
      {},
    ],
    ['a change of a shared drive’s members', ({ emulator }) => emulator.model.changeDrive(TEAM_DRIVE), {}],
  ])('%s makes everything be listed again', (_, what, config) =>
    onSmallAccount(async (account) => {
      const changes = await changesAfter(account, what, config)
      expect(isFull(changes)).toBe(true)
      expect(titles(changes)).toEqual([...account.taken()].sort())
    }),
  )

  test('another choice of folders makes everything be listed again', () =>
    onSmallAccount(async (account) => {
      const since = cursorOf(await pull(account))
      const changes = await pull(account, { since, config: { sharedWithMe: false } })
      expect(isFull(changes)).toBe(true)
      expect(titles(changes)).not.toContain('From a partner')
    }))

  test('another user on whose behalf it is read makes everything be listed again', () =>
    onSmallAccount(async (account) => {
      const since = cursorOf(await pull(account))
      const config = { auth: { credentials: account.emulator.serviceAccountKey, subject: 'ada@example.com' } }
      expect(isFull(await pull(account, { since, config }))).toBe(true)
    }))

  test('what changes while everything is listed is in the next run', () =>
    onSmallAccount(async (account) => {
      const before = cursorOf(await pull(account))
      const { model } = account.emulator
      expect(before.tokens.map(([drive]) => drive)).toEqual(['', TEAM_DRIVE])
      expect(before.tokens.map(([, token]) => Number(token))).toEqual([model.log.length, model.log.length])
      const firstListing = account.emulator.requests.findIndex(({ name }) => name === 'GET /drive/v3/files')
      const lastToken = account.emulator.requests.findLastIndex(({ name }) => name.endsWith('startPageToken'))
      expect(firstListing).toBeGreaterThan(lastToken)
    }))

  test('a change that can’t be read is no deletion', () =>
    onSmallAccount(async (account) => {
      const changes = await changesAfter(account, ({ emulator, id }) =>
        emulator.model.change(id('Refunds'), { parent: 7 as never }),
      )
      expect(isFull(changes)).toBe(true)
      expect(changes.filter(({ type }) => type === 'delete')).toEqual([])
    }))

  test.each<[string, (account: Account) => void]>([
    ['a document', ({ emulator, id }) => emulator.model.change(id('Customs'), { parent: id('Handbook') })],
    ['a folder', ({ emulator, id }) => emulator.model.change(id('Deeper'), { parent: id('Handbook') })],
  ])('%s that moves to a folder already read is in the same pass', (_, move) =>
    onSmallAccount(async (account) => {
      let asked = 0
      const moving: typeof fetch = async (input, init) => {
        const q = new URL(String(input)).searchParams.get('q') ?? ''
        if (q.includes(`'${account.id('Guides')}' in parents`) && asked++ === 0) move(account)
        return fetch(input, init)
      }
      expect(titles(await pull(account, { fetch: moving }))).toEqual([...account.taken()].sort())
    }),
  )

  test('permissions that change arrive without an edit', () =>
    onSmallAccount(async (account) => {
      const changes = await changesAfter(account, ({ emulator, id }) =>
        emulator.model.change(id('Refunds'), { permissions: [] }),
      )
      expect(head(changes, account.id('Refunds'))?.access).toEqual([])
    }))

  test('documents of others do not arrive', () =>
    onSmallAccount(async (account) => {
      const changes = await changesAfter(account, ({ emulator, id }) => emulator.model.edit(id('Elsewhere'), 'x'))
      expect(titles(changes)).toEqual([])
    }))
})

describe('what the configuration names', () => {
  test.each([
    ['a folder that is gone', { folders: ['nowhere'] }, 'nowhere'],
    ['a shared drive that is gone', { drives: ['nodrive'] }, 'nodrive'],
  ])('%s stops the run with its name', (_, config, name) =>
    onSmallAccount(async (account) => {
      const message = expect.stringContaining(name)
      await expect(pull(account, { config })).rejects.toMatchObject({ code: 'CONFIG_INVALID', message })
    }),
  )

  test('a folder in the trash stops the run instead of emptying the source', () =>
    onSmallAccount(async (account) => {
      account.emulator.model.trash(account.id('Handbook'))
      await expect(pull(account)).rejects.toMatchObject({ code: 'CONFIG_INVALID' })
    }))

  test('a single document that is gone is gone, and told of', () =>
    onSmallAccount(async (account) => {
      account.emulator.model.change(account.id('Price list'), { gone: true })
      const changes = await pull(account)
      expect(titles(changes)).not.toContain('Price list')
      expect(changes.at(-1)).toMatchObject({ notes: { missing: expect.stringContaining(account.id('Price list')) } })
    }))

  test('all shared drives', () =>
    onSmallAccount(async (account) => {
      const config = { drives: 'all', folders: [], documents: [], sharedWithMe: false }
      expect(titles(await pull(account, { config }))).toEqual(['Budget', 'Roadmap', 'Welcome'])
    }))

  test('a folder inside a shared drive', () =>
    onSmallAccount(async (account) => {
      const config = { drives: [], folders: [account.id('Plans')], documents: [], sharedWithMe: false }
      const changes = await pull(account, { config })
      expect(titles(changes)).toEqual(['Budget', 'Roadmap'])
      expect(cursorOf(changes).tokens.map(([drive]) => drive)).toEqual(['', TEAM_DRIVE])
    }))

  test.each([
    [{ folders: [], drives: [], documents: [], sharedWithMe: false }, 'folders'],
    [{ folders: ["x' or true or '"] }, 'folders'],
    [{ auth: { refreshToken: 'x' } }, 'auth'],
    [{ apiUrl: 'http://example.com' }, 'https'],
  ])('%j is refused', (wrong, word) => {
    const config = { auth: { credentials: 'x' }, folders: ['abc'], ...wrong }
    expect(googleDocsConfig.safeParse(config).error?.message).toContain(word)
  })
})

describe('odd answers', () => {
  test('a rate limit that is told of by status 403 is waited for', () =>
    onSmallAccount(async (account) => {
      const clean = titles(await pull(account))
      account.emulator.refuse(/files$/, 403, 'userRateLimitExceeded')
      expect(titles(await pull(account))).toEqual(clean)
    }))

  test('an API that is not enabled is said to be', () =>
    onSmallAccount(async (account) => {
      account.emulator.refuse(/files$/, 403, 'accessNotConfigured')
      const hint = expect.stringContaining('Enable the Google Drive API')
      await expect(pull(account)).rejects.toMatchObject({ code: 'AUTH_REJECTED', hint })
    }))

  test('a listing that Drive calls incomplete ends the run', () =>
    onSmallAccount(async (account) => {
      const fetching: typeof fetch = async (input, init) => {
        const isListing = new URL(String(input)).pathname === '/drive/v3/files'
        return isListing ? Response.json({ incompleteSearch: true, files: [] }) : fetch(input, init)
      }
      await expect(pull(account, { fetch: fetching })).rejects.toMatchObject({ code: 'LISTING_INCOMPLETE' })
    }))

  test('a file without a readable version is listed, and only its load fails', () =>
    onSmallAccount(async (account) => {
      Object.assign(account.emulator.model.find(account.id('Refunds')), { version: 'seven' })
      const changes = await pull(account)
      const odd = changes.find((each) => each.type === 'upsert' && each.head.id === account.id('Refunds'))
      await expect(odd?.type === 'upsert' && odd.load(odd.head.id)).rejects.toMatchObject({
        code: 'DOCUMENT_UNREADABLE',
      })
      expect(titles(changes).length).toBe(account.taken().length)
    }))

  test('the emulator answers as the API’s description says', async ({ skip }) => {
    if (loadGoogleSpecs() === null) skip(specsMissing)
    await onSmallAccount(
      async (account) => {
        const changes = await pull(account)
        await Promise.all(changes.flatMap((each) => (each.type === 'upsert' ? [each.load(each.head.id)] : [])))
        account.emulator.model.edit(account.id('Refunds'), 'New.')
        account.emulator.model.change(account.id('Customs'), { gone: true })
        await pull(account, { since: cursorOf(changes) })
        expect(account.emulator.requests.length).toBeGreaterThan(20)
        expect(account.emulator.violations).toEqual([])
      },
      { validate: true },
    )
  })
})
