/** `opensearch://USER@HOST:PORT,HOST:PORT/NAME?…` as what it says, each part checked: a misspelt one would be another index. */
import { readFileSync } from 'node:fs'
import { UnsiloError } from '../../core/errors.ts'

export interface Location {
  /** Without a password: for people. */
  readonly shown: string
  /** Of the alias; what belongs to the index is called so, with something behind it. */
  readonly name: string
  /** Origins of the cluster's nodes: asked in turn, and the next one where one does not answer. */
  readonly nodes: readonly string[]
  /** The value of `authorization`; null where nobody has to say who it is. */
  readonly authorization: string | null
  readonly tls: { readonly rejectUnauthorized: boolean; readonly ca?: string }
  /** Of an index that is made; one that is there keeps what it has. */
  readonly shards: number
  readonly replicas: number
  /** How long one request may take. */
  readonly timeoutMs: number
}

const KNOWN = ['tls', 'ca', 'shards', 'replicas', 'timeout']
const MODES = ['verify', 'no-verify', 'disable']
const PORT = 9200
/** Of seconds, also: a timer of more milliseconds than 32 bits hold ends at once. */
const MOST = 1_000_000
const HERE = ['localhost', '127.0.0.1', '[::1]']
/** No longer than leaves room for what is put behind it: https://docs.opensearch.org/latest/api-reference/index-apis/create-index/ */
const NAME = /^[a-z0-9][a-z0-9_.-]{0,199}$/

/** Throws CONFIG_INVALID. */
export function parseLocation(location: string): Location {
  const { hosts, url } = split(location)
  const parameter = (name: string) => url.searchParams.get(name)
  for (const name of url.searchParams.keys()) {
    if (!KNOWN.includes(name)) throw invalid(`'${name}' is no parameter of it`, `Known ones are ${KNOWN.join(', ')}.`)
  }
  const name = decodeURIComponent(url.pathname.slice(1))
  if (!NAME.test(name)) {
    throw invalid(
      `'${name}' is no name of an index`,
      'Write lower-case letters, digits, _ and -, a letter or digit first.',
    )
  }
  const mode = modeOf(parameter('tls'), hosts)
  const scheme = mode === 'disable' ? 'http' : 'https'
  const ca = parameter('ca')
  return {
    shown: `opensearch://${hosts.join(',')}/${name}`,
    name,
    nodes: hosts.map((host) => `${scheme}://${host}`),
    authorization: authorizationOf(url),
    tls: { rejectUnauthorized: mode !== 'no-verify', ...(ca !== null && { ca: certificateAt(ca) }) },
    shards: wholeNumber(parameter('shards'), 1, 'shards', 1),
    replicas: wholeNumber(parameter('replicas'), 1, 'replicas', 0),
    timeoutMs: wholeNumber(parameter('timeout'), 30, 'timeout', 1) * 1000,
  }
}

/** An address holds one host: the others are taken out of it before it is read as one. */
function split(location: string): { readonly hosts: readonly string[]; readonly url: URL } {
  const [, who = '', hosts = '', rest = ''] = /^opensearch:\/\/(?:([^/?#]*)@)?([^/?#]*)(.*)$/is.exec(location) ?? []
  // What stands before it is the rest of a password, and would be told as a name or a parameter.
  if (rest.includes('@')) throw noAddress()
  const [first = '', ...others] = hosts.split(',').map(asHost)
  try {
    const url = new URL(`http://${who === '' ? '' : `${who}@`}${first}${rest}`)
    for (const part of [url.pathname, url.username, url.password]) decodeURIComponent(part)
    return { hosts: [first, ...others], url }
  } catch {
    // What was thrown quotes the location, and that may hold a password.
    throw noAddress()
  }
}

function asHost(text: string): string {
  const url = URL.parse(`http://${text.trim()}`)
  if (url === null || url.hostname === '' || url.host !== hostIn(url.href)) throw noAddress()
  return `${url.hostname}:${/:80$/.test(text) ? '80' : url.port || PORT}`
}

/** A part of an address that is more than a host shows here. */
function hostIn(href: string): string {
  return href.slice('http://'.length, -1)
}

function modeOf(mode: string | null, hosts: readonly string[]): string {
  if (mode !== null && !MODES.includes(mode)) {
    throw invalid(`'${mode}' is no tls of it`, `Known ones are ${MODES.join(', ')}.`)
  }
  const isHere = hosts.every((host) => HERE.includes(host.replace(/:\d+$/, '')))
  return mode ?? (isHere ? 'disable' : 'verify')
}

function authorizationOf({ username, password }: URL): string | null {
  if (username === '') return null
  const said = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`
  return `Basic ${Buffer.from(said).toString('base64')}`
}

function certificateAt(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    throw invalid(`its ca ${path} cannot be read`, 'Name the file of the authority that signed the certificate.')
  }
}

function wholeNumber(text: string | null, fallback: number, name: string, least: number): number {
  const number = Number(text ?? fallback)
  if (text !== '' && number >= least && number <= MOST && Number.isInteger(number)) return number
  throw invalid(`its ${name} is no whole number from ${least} to ${MOST}`, `Leave it out for ${fallback}.`)
}

function noAddress(): UnsiloError {
  return invalid(
    'it is no address',
    'Write opensearch://USER:PASSWORD@HOST:9200/NAME, of several nodes HOST:9200,HOST:9200; in a password %2F for /, %3F for ?, %23 for #, %40 for @.',
  )
}

function invalid(why: string, hint: string): UnsiloError {
  return new UnsiloError('CONFIG_INVALID', `The location of the OpenSearch index cannot be used: ${why}.`, { hint })
}
