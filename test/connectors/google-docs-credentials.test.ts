import { describe, expect, test } from 'vitest'
import { CLIENT } from '../emulators/google-identity.ts'
import { onSmallAccount, pull, type SmallAccount, titles } from './google-docs-stage.ts'

function login({ emulator }: SmallAccount, more: object = {}): string {
  const refresh_token = emulator.identity.state.refreshToken
  return JSON.stringify({
    type: 'authorized_user',
    ...CLIENT,
    refresh_token,
    token_uri: `${emulator.url}/token`,
    ...more,
  })
}

function machine({ emulator }: SmallAccount): string {
  const host = new URL(emulator.url).host
  return JSON.stringify({ type: 'metadata_server', host, looked: 'there is no file' })
}

function pullAs(account: SmallAccount, credentials: string, more: object = {}) {
  return pull(account, { config: { auth: { credentials, ...more } } })
}

describe('who reads', () => {
  test('a service account signs for what it needs, as the user that it is told to be', () =>
    onSmallAccount(async (account) => {
      const { serviceAccountKey, identity, url } = account.emulator
      expect(serviceAccountKey.split('\n').length).toBeGreaterThan(3)
      await pullAs(account, serviceAccountKey, { subject: 'ada@example.com' })
      expect(identity.assertions).toEqual([
        {
          iss: 'reader@project.example.com',
          scope: 'https://www.googleapis.com/auth/drive.readonly',
          aud: `${url}/token`,
          sub: 'ada@example.com',
          iat: 1772366400,
          exp: 1772370000,
        },
      ])
    }))

  test.each<[string, (account: SmallAccount) => string]>([
    ['a user who logged in', (account) => login(account)],
    ['the machine’s own account', machine],
    ['a token at hand', ({ emulator }) => emulator.identity.accessToken()],
  ])('%s', (_, credentials) =>
    onSmallAccount(async (account) => {
      const clean = titles(await pull(account))
      expect(titles(await pullAs(account, credentials(account)))).toEqual(clean)
    }),
  )

  test('requests are counted for the project that a user’s login names', () =>
    onSmallAccount(async (account) => {
      const projects = new Set<string | null>()
      const watching: typeof fetch = async (input, init) => {
        if (!String(input).endsWith('/token')) projects.add(new Headers(init?.headers).get('x-goog-user-project'))
        return fetch(input, init)
      }
      const credentials = login(account, { quota_project_id: 'project-5' })
      await pull(account, { config: { auth: { credentials } }, fetch: watching })
      expect([...projects]).toEqual(['project-5'])
    }))
})

describe('a token that ends in the middle of a run', () => {
  /** Ends what was given before the n-th request for permissions, of which several are under way at a time. */
  const ending = ({ emulator }: SmallAccount, nth: number): typeof fetch => {
    let asked = 0
    return async (input, init) => {
      if (String(input).includes('/permissions') && ++asked === nth) emulator.identity.expire()
      return fetch(input, init)
    }
  }

  test('is renewed once for all who need it', () =>
    onSmallAccount(async (account) => {
      const clean = titles(await pull(account))
      const before = account.emulator.identity.state.tokens
      expect(titles(await pull(account, { fetch: ending(account, 2) }))).toEqual(clean)
      expect(account.emulator.identity.state.tokens - before).toBe(2)
    }))

  test('by the clock too', () =>
    onSmallAccount(async (account) => {
      let now = Date.parse('2026-03-01T12:00:00.000Z')
      const before = account.emulator.identity.state.tokens
      const later = () => {
        now += 600_000
        return now
      }
      await pull(account, { now: later })
      expect(account.emulator.identity.state.tokens - before).toBeGreaterThan(1)
    }))

  test('and can’t be renewed ends the run', () =>
    onSmallAccount(async (account) => {
      const auth = { credentials: account.emulator.identity.accessToken() }
      const run = pull(account, { config: { auth }, fetch: ending(account, 2) })
      await expect(run).rejects.toMatchObject({ code: 'AUTH_REJECTED', status: 401 })
    }))
})

describe('credentials that are not good', () => {
  const key = (more: object) =>
    JSON.stringify({ type: 'service_account', client_email: 'a@b.example', private_key: 'canary', ...more })

  test.each<[string, (account: SmallAccount) => string, string, string]>([
    ['JSON of something else', () => '{"canary":"canary-key"}', 'CONFIG_INVALID', 'lack a valid type'],
    [
      'a key file that was cut',
      ({ emulator }) => emulator.serviceAccountKey.slice(0, 300),
      'CONFIG_INVALID',
      'cut or broken',
    ],
    ['a key that can’t sign', () => key({}), 'CONFIG_INVALID', 'can’t sign'],
    [
      'a key whose token_uri is not protected',
      () => key({ token_uri: 'http://x.example/token' }),
      'CONFIG_INVALID',
      'token_uri',
    ],
    [
      'an OAuth client',
      () => JSON.stringify({ installed: { client_secret: 'canary' } }),
      'CONFIG_INVALID',
      'unsilo login google',
    ],
    ['workload identity', () => '{"type":"external_account","x":"canary"}', 'CONFIG_INVALID', 'external_account'],
    ['words', () => 'canary of words', 'CONFIG_INVALID', 'neither JSON nor a token'],
    ['a token that ended', () => 'canary-ended', 'AUTH_REJECTED', 'Check auth'],
    [
      'a login that ended',
      (account) => login(account, { refresh_token: 'canary-old' }),
      'AUTH_REJECTED',
      'invalid_grant',
    ],
    [
      'a login of unsilo’s that ended',
      (account) => login(account, { refresh_token: 'canary-old', made_by: 'unsilo login google' }),
      'AUTH_REJECTED',
      'Run `unsilo login google` again',
    ],
    [
      'a machine that is none of Google’s',
      (account) => {
        account.emulator.identity.state.machine = false
        return machine(account)
      },
      'AUTH_REJECTED',
      'another server answered',
    ],
    [
      'no machine',
      () => JSON.stringify({ type: 'metadata_server', host: '127.0.0.1:9', looked: 'there is no file' }),
      'AUTH_REJECTED',
      'there is no file',
    ],
  ])('%s is told of without quoting it', (_, credentials, code, said) =>
    onSmallAccount(async (account) => {
      const error = await pullAs(account, credentials(account)).catch((thrown: unknown) => thrown)
      expect(error).toMatchObject({ code })
      const { message, hint, stack, cause } = error as Error & { hint?: string }
      expect(`${message} ${hint}`).toContain(said)
      expect(`${message} ${hint} ${stack} ${JSON.stringify(cause)}`).not.toContain('canary')
    }),
  )

  test('a user’s login on behalf of another user', () =>
    onSmallAccount(async (account) => {
      const run = pullAs(account, login(account), { subject: 'ada@example.com' })
      await expect(run).rejects.toMatchObject({ code: 'CONFIG_INVALID' })
    }))
})
