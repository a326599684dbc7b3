/** The wire: connections kept alive, a timeout for making one, and proxies as the environment names them. */
import { UnsiloError } from '../core/errors.ts'

export interface NetworkOptions {
  /** Where HTTP_PROXY, HTTPS_PROXY and NO_PROXY are read, in capitals or small letters; nowhere unless told. */
  readonly env?: Readonly<Record<string, string | undefined>>
  /** Milliseconds until a connection stands, its encryption included; 10 s unless told. */
  readonly connectTimeout?: number
}

/** What must not be asked through a proxy, whatever it is set for: this machine, and the one that a cloud gives it tokens from. */
const NEVER_PROXIED = ['localhost', '127.0.0.1', '[::1]', 'metadata.google.internal', '169.254.169.254']

/** A `fetch` whose library is loaded with its first request, so that a command which asks nothing doesn't pay for it. */
export function openNetwork({ env = {}, connectTimeout = 10_000 }: NetworkOptions = {}): typeof fetch {
  let opened: Promise<typeof fetch> | null = null
  return async (input, init) => {
    opened ??= openDispatcher(env, connectTimeout)
    return await (await opened)(input, init)
  }
}

async function openDispatcher(env: NonNullable<NetworkOptions['env']>, timeout: number): Promise<typeof fetch> {
  const undici = await import('undici')
  const httpProxy = proxyOf(env, 'HTTP_PROXY')
  const httpsProxy = proxyOf(env, 'HTTPS_PROXY')
  // How long an answer may take is watched by `send.ts`, for every `fetch` alike.
  const common = { connect: { timeout }, headersTimeout: 0, bodyTimeout: 0 }
  const tls = { proxyTls: { timeout }, requestTls: { timeout } }
  const dispatcher =
    httpProxy === '' && httpsProxy === ''
      ? new undici.Agent(common)
      : new undici.EnvHttpProxyAgent({
          ...common,
          ...tls,
          proxyTunnel: false,
          httpProxy,
          httpsProxy,
          noProxy: noProxyOf(env),
        })
  // The library's own types and those that Node has of it differ in name only.
  const send = undici.fetch as unknown as typeof fetch
  return (input, init) => send(input, { ...init, dispatcher } as object)
}

/** Small letters come first, as curl has it. */
function setting(env: NonNullable<NetworkOptions['env']>, name: string): string {
  return (env[name.toLowerCase()] || env[name] || '').trim()
}

/** Empty where none is set. As with curl, `proxy.example:3128` is one too. */
function proxyOf(env: NonNullable<NetworkOptions['env']>, name: 'HTTP_PROXY' | 'HTTPS_PROXY'): string {
  const text = setting(env, name)
  if (text === '') return ''
  const url = URL.parse(/^[a-z][a-z\d+.-]*:\/\//i.test(text) ? text : `http://${text}`)
  if (url !== null && ['http:', 'https:'].includes(url.protocol)) return url.href
  throw new UnsiloError('CONFIG_INVALID', `${name} in the environment is not the address of an HTTP proxy`, {
    hint: 'Set it to an address such as http://proxy.example:3128, or unset it.',
  })
}

function noProxyOf(env: NonNullable<NetworkOptions['env']>): string {
  const given = setting(env, 'NO_PROXY')
  return given === '*' ? given : [given, ...NEVER_PROXIED].join(',')
}
