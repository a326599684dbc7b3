import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Io } from '../../src/cli/io.ts'
import { run } from '../../src/cli/main.ts'
import { type GoogleEmulator, startGoogleEmulator } from '../emulators/google.ts'
import { CLIENT } from '../emulators/google-identity.ts'
import { type CapturedIo, capturedIo, jsonLines } from './captured-io.ts'

let emulator: GoogleEmulator
let home: string
let file: string

beforeEach(async () => {
  emulator = await startGoogleEmulator()
  home = mkdtempSync(join(tmpdir(), 'unsilo-login-'))
  file = join(home, '.config', 'unsilo', 'google-login.json')
  const uris = { auth_uri: `${emulator.url}/o/oauth2/auth`, token_uri: `${emulator.url}/token` }
  writeFileSync(join(home, 'client.json'), JSON.stringify({ installed: { ...CLIENT, ...uris } }))
})

afterEach(async () => {
  await emulator.close()
  rmSync(home, { recursive: true })
})

const login = ['login', 'google', '--client', 'client.json']

function ioAt(more: Partial<Io> = {}): CapturedIo {
  return capturedIo(home, { env: { HOME: home }, fetch, ...more })
}

/** Runs a login, and what a person does with the address that it prints. */
async function loggingIn(person: (url: string) => Promise<unknown>, more: Partial<Io> = {}, args = login) {
  const io = ioAt(more)
  const acting: Promise<unknown>[] = []
  const asked = await run(args, {
    ...io,
    stdout(text) {
      io.stdout(text)
      const url = /http\S+?(?="|\s)/.exec(text)?.[0]
      if (url !== undefined) acting.push(person(url))
    },
  })
  await Promise.all(acting)
  return { code: asked, out: io.out(), err: io.err() }
}

const agree = (url: string) => fetch(url)

async function redirectOf(url: string): Promise<URL> {
  const response = await fetch(url, { redirect: 'manual' })
  return new URL(response.headers.get('location') ?? '')
}

/** Lines that come once the address was printed. */
function typing(lines: (url: string) => AsyncIterable<string>) {
  const { promise, resolve } = Promise.withResolvers<string>()
  async function* typed() {
    yield* lines(await promise)
  }
  return { person: async (url: string) => resolve(url), io: { typed } }
}

describe('a login', () => {
  test('asks with PKCE, a state and a loopback address, and keeps what came for its owner only', async () => {
    let page = ''
    const { code, out, err } = await loggingIn(async (url) => {
      page = await (await fetch(url)).text()
    })
    expect([code, err]).toEqual([0, expect.stringContaining(`Logged in. ${file} holds it`)])
    const url = new URL(out.trim())
    expect(url.searchParams.get('redirect_uri')).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/)
    expect(url.searchParams.get('state')).toMatch(/^[\w-]{43}$/)
    expect(url.searchParams.get('code_challenge_method')).toBe('S256')
    expect(page).toContain('You are logged in.')
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ ...CLIENT, refresh_token: 'canary-refresh-91ce' })
    expect((statSync(file).mode & 0o777).toString(8)).toBe('600')
    expect((statSync(join(file, '..')).mode & 0o777).toString(8)).toBe('700')
    expect(readdirSync(join(file, '..'))).toEqual(['google-login.json'])
    expect(out + err).not.toContain('canary')
  })

  test('a second one knows the client, and replaces the first', async () => {
    await loggingIn(agree)
    emulator.identity.state.refreshToken = 'canary-refresh-2'
    const { code } = await loggingIn(agree, {}, ['login', 'google'])
    expect(code).toBe(0)
    expect(readFileSync(file, 'utf8')).toContain('canary-refresh-2')
  })

  test('XDG_CONFIG_HOME says where it is kept', async () => {
    const { code } = await loggingIn(agree, { env: { HOME: home, XDG_CONFIG_HOME: join(home, 'xdg') } })
    expect(code).toBe(0)
    expect(readdirSync(join(home, 'xdg', 'unsilo'))).toEqual(['google-login.json'])
  })

  test('with --json an address and a file, one line each', async () => {
    const { out, err } = await loggingIn(agree, {}, [...login, '--json'])
    expect(jsonLines(out)).toEqual([
      { type: 'login', service: 'google', url: expect.stringContaining('/o/oauth2/auth?') },
      { type: 'login', service: 'google', file },
    ])
    expect(err).toContain('Open this address')
  })

  test('where the browser runs elsewhere the address that it ended on is pasted', async () => {
    const { person, io } = typing(async function* (url) {
      yield ''
      yield 'the code?'
      yield 'http://127.0.0.1:1/?code=x&state=y'
      yield `${await redirectOf(url)}\n`
    })
    const { code, err } = await loggingIn(person, io)
    expect([code, err]).toEqual([0, expect.stringContaining('paste that page’s address')])
    expect(err).toContain('That is no address.')
    expect(err).toContain('That address is of another login.')
    expect(readFileSync(file, 'utf8')).toContain('canary-refresh')
  })

  test('--open hands the address to the system’s opener', async () => {
    if (process.platform !== 'linux') return
    mkdirSync(join(home, 'bin'))
    writeFileSync(join(home, 'bin', 'xdg-open'), `#!/bin/sh\nprintf %s "$1" > ${join(home, 'opened')}\n`, {
      mode: 0o755,
    })
    const { code, out } = await loggingIn(
      async (url) => {
        while (!readdirSync(home).includes('opened') || readFileSync(join(home, 'opened'), 'utf8') === '')
          await new Promise((resolve) => setTimeout(resolve, 20))
        await agree(url)
      },
      { env: { HOME: home, PATH: `${join(home, 'bin')}:${process.env['PATH']}` } },
      [...login, '--open'],
    )
    expect(code).toBe(0)
    expect(readFileSync(join(home, 'opened'), 'utf8')).toBe(out.trim())
  })
})

describe('a login that fails keeps nothing', () => {
  const nothingKept = () => expect(readdirSync(home)).not.toContain('.config')

  test('an answer with another state is refused, and the right one still taken', async () => {
    const { code } = await loggingIn(async (url) => {
      const back = await redirectOf(url)
      const forged = new URL(back)
      forged.searchParams.set('state', 'forged')
      forged.searchParams.set('code', 'canary-forged')
      for (const wrong of [forged, new URL('/favicon.ico', back), new URL('/', back), `${back.origin}//`]) {
        expect((await fetch(wrong)).status).toBeGreaterThanOrEqual(400)
      }
      await fetch(back)
    })
    expect(code).toBe(0)
    expect(emulator.requests.filter(({ name }) => name === 'POST /token')).toHaveLength(1)
  })

  test('consent that was refused', async () => {
    emulator.identity.state.consent = null
    const { code, err } = await loggingIn(agree)
    expect([code, err]).toEqual([4, expect.stringContaining('nobody was logged in: access_denied')])
    expect(err).toContain('test users')
    nothingKept()
  })

  test('consent to something else than reading Drive', async () => {
    emulator.identity.state.consent = 'openid'
    const { code, err } = await loggingIn(agree)
    expect([code, err]).toEqual([4, expect.stringContaining('tick the box')])
    nothingKept()
  })

  test('a code that Google does not accept', async () => {
    const { code, err } = await loggingIn(async (url) => {
      const back = await redirectOf(url)
      back.searchParams.set('code', 'canary-other')
      await fetch(back)
    })
    expect([code, err]).toEqual([4, expect.stringContaining('the consent was not accepted: invalid_grant')])
    expect(err).not.toContain('canary')
    nothingKept()
  })

  test('Ctrl-C', async () => {
    const interrupt = new AbortController()
    const { code } = await loggingIn(async () => interrupt.abort(), { signal: interrupt.signal })
    expect(code).toBe(130)
    nothingKept()
  })

  test.each<[string, string, string]>([
    ['no client', '', '--client FILE'],
    ['a client that is not there', 'nowhere.json', 'there is no such file'],
    ['a client of a web application', 'web.json', 'web application'],
    ['a service account’s key', 'key.json', 'is no OAuth client'],
    ['a client that sends its secret unprotected', 'plain.json', 'is no OAuth client'],
  ])('%s', async (_, client, said) => {
    writeFileSync(join(home, 'web.json'), JSON.stringify({ web: CLIENT }))
    writeFileSync(join(home, 'key.json'), emulator.serviceAccountKey)
    const plain = { installed: { ...CLIENT, token_uri: 'http://oauth2.example.com/token' } }
    writeFileSync(join(home, 'plain.json'), JSON.stringify(plain))
    const { code, err } = await loggingIn(agree, {}, [
      'login',
      'google',
      ...(client === '' ? [] : ['--client', client]),
    ])
    expect([code, err]).toEqual([2, expect.stringContaining(said)])
    expect(err).not.toContain('canary')
    nothingKept()
  })

  test('a folder that can’t be written', async () => {
    writeFileSync(join(home, '.config'), 'a file')
    const { code, err } = await loggingIn(agree)
    expect([code, err]).toEqual([2, expect.stringContaining('.config')])
  })

  test('another service', async () => {
    const { code, err } = await loggingIn(agree, {}, ['login', 'gogle'])
    expect([code, err]).toEqual([2, expect.stringContaining('google')])
  })
})

describe('a logout', () => {
  test('has Google withdraw the access, and removes the file', async () => {
    await loggingIn(agree)
    const io = ioAt()
    expect([await run(['logout', 'google'], io), io.err()]).toEqual([0, expect.stringContaining('Logged out')])
    expect(readdirSync(join(file, '..'))).toEqual([])
    expect(emulator.identity.state.refreshToken).toBe('canary-refresh-next')
  })

  test('removes the file also where Google can’t be reached, and says so', async () => {
    await loggingIn(agree)
    const io = ioAt({ fetch: () => Promise.reject(new TypeError('fetch failed')) })
    expect([await run(['logout', 'google', '--json'], io), jsonLines(io.out())]).toEqual([
      0,
      [{ type: 'logout', service: 'google', file, removed: true, revoked: false }],
    ])
    expect(readdirSync(join(file, '..'))).toEqual([])
  })

  test('of nobody is no error', async () => {
    const io = ioAt()
    expect([await run(['logout', 'google'], io), io.err()]).toEqual([
      0,
      expect.stringContaining('Nobody was logged in'),
    ])
  })
})
