/** `unsilo login google` and `unsilo logout google`: a person's consent, kept for runs that nobody watches. */
import { spawn } from 'node:child_process'
import { randomBytes, randomUUID } from 'node:crypto'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { loginFile } from '../config/google.ts'
import { diskError, systemCode } from '../core/disk.ts'
import { UnsiloError } from '../core/errors.ts'
import { createFetch } from '../http/fetch.ts'
import {
  type Client,
  consentUrl,
  type Login,
  readClient,
  readRedirect,
  redeemCode,
  revoke,
} from '../vendors/google/login.ts'
import type { Io } from './io.ts'
import { listenOnLoopback } from './loopback.ts'
import type { CommonOptions, LoginOptions } from './options.ts'
import { json, note, say } from './output.ts'

const PATIENCE_MS = 15 * 60_000

export async function runLogin(options: LoginOptions, io: Io): Promise<number> {
  const file = fileOfLogin(io)
  const client = await chosenClient(options, file, io)
  const login = await askForConsent(client, options, io)
  io.hide([login.refresh_token])
  await keep(file, login)
  if (options.json) json(io, { type: 'login', service: 'google', file })
  else if (!options.quiet) note(io, `Logged in. ${file} holds it: whoever can read that file can read what you can.`)
  return 0
}

export async function runLogout(options: CommonOptions, io: Io): Promise<number> {
  const file = fileOfLogin(io)
  const login = await readIfThere(file)
  const fetch = createFetch({ signal: io.signal, fetch: io.fetch, tries: 2 })
  const revoked = login !== null && (await revoke(login, fetch))
  await rm(file, { force: true }).catch((thrown: unknown) => Promise.reject(diskError(thrown)))
  if (options.json) json(io, { type: 'logout', service: 'google', file, removed: login !== null, revoked })
  else if (!options.quiet) note(io, outcome(file, login !== null, revoked))
  return 0
}

function outcome(file: string, removed: boolean, revoked: boolean): string {
  if (!removed) return `Nobody was logged in: there is no ${file}.`
  if (revoked) return `Logged out: Google withdrew the access, and ${file} is removed.`
  return `${file} is removed. Google did not confirm that it withdrew the access: see https://myaccount.google.com/connections`
}

async function askForConsent(client: Client, options: LoginOptions, io: Io): Promise<Login> {
  const secrets = { state: chance(), verifier: chance() }
  const accept = (query: URLSearchParams) => readRedirect(query, secrets.state)
  const loopback = await listenOnLoopback(accept)
  const enough = new AbortController()
  const signal = AbortSignal.any([io.signal, enough.signal, AbortSignal.timeout(PATIENCE_MS)])
  try {
    const request = { ...secrets, redirectUri: loopback.url }
    invite(consentUrl(client, request), options, io)
    const code = await Promise.race([loopback.answered, pasted(accept, signal, io), untilAborted(signal, io)])
    return await redeemCode(client, code, request, createFetch({ signal: io.signal, fetch: io.fetch }))
  } finally {
    enough.abort()
    loopback.close()
  }
}

function chance(): string {
  return randomBytes(32).toString('base64url')
}

function invite(url: string, options: LoginOptions, io: Io): void {
  if (options.json) json(io, { type: 'login', service: 'google', url })
  else say(io, url)
  if (options.open) openBrowser(url, io)
  if (options.quiet) return
  note(io, options.open ? 'Agree on the page that opens in your browser.' : 'Open this address in a browser and agree.')
  if (io.typed === undefined) note(io, 'It then leads back to this machine, so the browser must run here.')
  else
    note(io, 'If it ends on a page that can’t be reached, the browser runs elsewhere: paste that page’s address here.')
}

/** What can't be opened is seen by the person, who has the address too. */
function openBrowser(url: string, io: Io): void {
  const [command, ...before] = OPENERS[process.platform] ?? ['xdg-open']
  const child = spawn(command as string, [...before, url], { stdio: 'ignore', detached: true, env: { ...io.env } })
  child.on('error', () => note(io, `${command} can’t open a browser; open the address yourself.`))
  child.unref()
}

/** On Windows without a shell, which would read the address's `&`. */
const OPENERS: Readonly<Partial<Record<NodeJS.Platform, readonly string[]>>> = {
  darwin: ['open'],
  win32: ['rundll32', 'url.dll,FileProtocolHandler'],
}

async function pasted(accept: (query: URLSearchParams) => string | null, signal: AbortSignal, io: Io): Promise<string> {
  for await (const line of io.typed?.(signal) ?? []) {
    const url = URL.parse(line.trim())
    const code = url === null ? null : accept(url.searchParams)
    if (code !== null) return code
    if (line.trim() === '') continue
    note(io, url === null ? 'That is no address. Paste all of it, from http: on.' : 'That address is of another login.')
  }
  return await new Promise<never>(() => {})
}

async function untilAborted(signal: AbortSignal, io: Io): Promise<never> {
  if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
  if (io.signal.aborted) throw new UnsiloError('INTERRUPTED', 'Interrupted.', { hint: 'Nobody was logged in.' })
  throw new UnsiloError('AUTH_REJECTED', `Nobody agreed within ${PATIENCE_MS / 60_000} minutes.`, {
    hint: 'Run it again.',
  })
}

// --- files ------------------------------------------------------------------------------------------------------

function fileOfLogin({ env }: Io): string {
  const file = loginFile(env)
  if (file !== null) return file
  throw new UnsiloError('CONFIG_INVALID', 'A login is kept in the home folder, and HOME is not set.', {
    hint: 'Set HOME, or XDG_CONFIG_HOME.',
  })
}

async function chosenClient({ client }: LoginOptions, file: string, io: Io): Promise<Client> {
  const path = client === undefined ? file : resolve(io.cwd, client)
  const text = await readIfThere(path)
  if (text !== null) {
    const read = readClient(text, path)
    io.hide([read.client_secret])
    return read
  }
  if (client !== undefined) throw new UnsiloError('USAGE', `${path}: there is no such file.`)
  throw new UnsiloError('USAGE', 'A first login needs an OAuth client: --client FILE.', {
    hint: 'In a project of Google Cloud make an OAuth client ID of the type “Desktop app”, and download its JSON.',
  })
}

async function readIfThere(path: string): Promise<string | null> {
  return await readFile(path, 'utf8').catch((thrown: unknown) => {
    if (systemCode(thrown) === 'ENOENT') return null
    throw diskError(thrown)
  })
}

/** Whole or not at all, and never readable for others, not for a moment. */
async function keep(file: string, login: Login): Promise<void> {
  const draft = `${file}.${randomUUID()}`
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 })
    await writeFile(draft, `${JSON.stringify(login, null, 2)}\n`, { mode: 0o600, flag: 'wx' })
    await rename(draft, file)
  } catch (thrown) {
    await rm(draft, { force: true }).catch(() => {})
    throw diskError(thrown)
  }
}
