/**
 * Names that this server is asked by. A web page can make a name of its own point at this machine, and then ask what only
 * this machine reaches, in the eyes of the browser its own origin (DNS rebinding); the `Host` still says that name.
 */
import type { MiddlewareHandler } from 'hono'
import { isLoopback } from './listen.ts'
import { problem } from './problems.ts'

export interface HostRules {
  /** Where it listens. */
  readonly host: string
  /** What else it is called, by a proxy in front for one; without ports. */
  readonly hosts: readonly string[]
  readonly publicUrl: string | undefined
}

/** A name and perhaps a port, and nothing else that an address may have. */
const HOST = /^[^\s/@?#\\]+$/

/** Whether a request that names this host is meant for this server; null: whatever it names. */
export type KnownHost = ((host: string | undefined) => boolean) | null

/** What others reach is asked by names that nobody here knows; there who asks is told by tokens. */
export function knownHost({ host, hosts, publicUrl }: HostRules): KnownHost {
  if (!isLoopback(host) && hosts.length === 0) return null
  const page = URL.parse(publicUrl ?? '')?.hostname
  const own = [...hosts, ...(page === undefined ? [] : [page])].map((name) => name.toLowerCase())
  return (asked) => {
    if (asked === undefined || !HOST.test(asked)) return false
    const name = URL.parse(`http://${asked}`)?.hostname
    if (name === undefined) return false
    return own.includes(name) || isLoopback(name.replace(/^\[(.*)\]$/, '$1'))
  }
}

export function forKnownHosts(isKnown: KnownHost): MiddlewareHandler {
  return async (c, next) => {
    if (isKnown === null || isKnown(c.req.header('host'))) return await next()
    return problem(c, 421, 'This server is not asked by that name. Its owner may add it: serve.hosts.')
  }
}
