/** `postgres://USER@HOST:PORT/DATABASE?…` as what it says, each part checked: a misspelt one would be another index. */
import { readFileSync } from 'node:fs'
import type { PoolConfig } from 'pg'
import { UnsiloError } from '../../core/errors.ts'

export interface Location {
  /** Without a password: for people. */
  readonly shown: string
  /** Tables are in it. */
  readonly schema: string
  readonly pool: PoolConfig
}

const KNOWN = ['schema', 'sslmode', 'sslrootcert', 'host', 'pool', 'timeout']
const MODES = ['disable', 'no-verify', 'verify-full']
const CONNECTIONS = 4
const SECONDS = 30
/** A server that does not answer is told of as one, and not waited for. */
const CONNECTING_MS = 15_000
const IDLE_IN_TRANSACTION_MS = 30_000
/** To compile a question takes longer than to answer it; so does handing the passages of one from process to process. */
const AT_ONCE = '-c jit=off -c max_parallel_workers_per_gather=0'

/**
 * Throws CONFIG_INVALID. A user name, a password and a database that are not told are looked for where all of Postgres's
 * programs do: `PGUSER`, `PGPASSWORD`, `PGDATABASE`, `~/.pgpass`.
 */
export function parseLocation(location: string): Location {
  const url = asUrl(location)
  const parameter = (name: string) => url.searchParams.get(name)
  for (const name of url.searchParams.keys()) {
    if (!KNOWN.includes(name)) throw invalid(`'${name}' is no parameter of it`, `Known ones are ${KNOWN.join(', ')}.`)
  }
  const schema = parameter('schema') ?? 'unsilo'
  if (!/^[a-z_][a-z0-9_]{0,62}$/.test(schema)) {
    throw invalid(`'${schema}' is no name of a schema`, 'Write lower-case letters, digits and _.')
  }
  const host = parameter('host') ?? decodeURIComponent(url.hostname)
  const database = decodeURIComponent(url.pathname.slice(1))
  const [user, password] = [decodeURIComponent(url.username), decodeURIComponent(url.password)]
  const seconds = wholeNumber(parameter('timeout'), SECONDS, 'timeout')
  return {
    shown: shownAs(url, host, database, schema),
    schema,
    pool: {
      ...(host !== '' && { host }),
      ...(url.port !== '' && { port: Number(url.port) }),
      ...(user !== '' && { user }),
      ...(password !== '' && { password }),
      ...(database !== '' && { database }),
      ssl: tlsOf(parameter('sslmode'), parameter('sslrootcert'), host),
      max: wholeNumber(parameter('pool'), CONNECTIONS, 'pool'),
      statement_timeout: seconds * 1000,
      idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
      connectionTimeoutMillis: CONNECTING_MS,
      allowExitOnIdle: true,
      keepAlive: true,
      application_name: 'unsilo',
      options: AT_ONCE,
    },
  }
}

function asUrl(location: string): URL {
  try {
    const url = new URL(location)
    // What stands before it there is the rest of a password, and would be told as a database or a parameter.
    if (/@/.test(url.pathname + url.search + url.hash)) throw new Error('a password is cut')
    for (const part of [url.hostname, url.pathname, url.username, url.password]) decodeURIComponent(part)
    return url
  } catch {
    // What was thrown quotes the location, and that may hold a password.
    throw invalid(
      'it is no address',
      'Write postgres://USER@HOST:5432/DATABASE; in a password %2F for /, %3F for ?, %23 for #, %40 for @.',
    )
  }
}

/** Nobody in between may read or answer, unless that is asked for or there is nobody in between. */
function tlsOf(mode: string | null, root: string | null, host: string): PoolConfig['ssl'] {
  if (mode !== null && !MODES.includes(mode)) {
    throw invalid(`'${mode}' is no sslmode of it`, `Known ones are ${MODES.join(', ')}.`)
  }
  if (mode === 'disable' || (mode === null && root === null && isHere(host))) return false
  if (mode === 'no-verify') return { rejectUnauthorized: false }
  return { rejectUnauthorized: true, ...(root !== null && { ca: rootAt(root) }) }
}

function rootAt(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    throw invalid(
      `its sslrootcert ${path} cannot be read`,
      'Name the file of the authority that signed the certificate.',
    )
  }
}

/** A folder is that of a Unix socket. */
function isHere(host: string): boolean {
  return host === '' || host.startsWith('/') || ['localhost', '127.0.0.1', '::1', '[::1]'].includes(host)
}

function shownAs(url: URL, host: string, database: string, schema: string): string {
  const where = `${host === '' ? 'localhost' : host}${url.port === '' ? '' : `:${url.port}`}`
  return `postgres://${where}/${database}${schema === 'unsilo' ? '' : `?schema=${schema}`}`
}

function wholeNumber(text: string | null, fallback: number, name: string): number {
  const number = Number(text ?? fallback)
  if (Number.isSafeInteger(number) && number > 0) return number
  throw invalid(`its ${name} is no whole number above 0`, `Leave it out for ${fallback}.`)
}

function invalid(why: string, hint: string): UnsiloError {
  return new UnsiloError('CONFIG_INVALID', `The location of the Postgres index cannot be used: ${why}.`, { hint })
}
