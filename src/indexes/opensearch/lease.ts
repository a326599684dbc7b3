/**
 * Who may write. One document says it of all sources: who, until when by the cluster's clock, and a number that grows with each
 * holder; it is changed by a script, one after the other, so that nobody has what somebody else took meanwhile. Everything a
 * holder writes has a version that begins with its number, so that it is refused where a later one wrote; and goes to an address
 * of the holder's own (an alias), which whoever comes later takes away before it reads anything. So one who slept through the
 * end can store nothing new either. An own clock is asked before each request, whether or not somebody came.
 */
import { randomUUID } from 'node:crypto'
import { UnsiloError } from '../../core/errors.ts'
import {
  ALL,
  type Blockers,
  blockersOf,
  type LeaseOptions,
  leaseClock,
  leaseOver,
  type Moment,
  moment,
  notOpenedFor,
  PUBLISHING,
  scopesOf,
  waitForLease,
} from '../remote-lease.ts'
import type { Connection } from './connection.ts'

export interface Lease {
  readonly token: number
  /** Names of sources, or `ALL` alone. */
  readonly scopes: readonly string[]
  readonly alias: string
  /** The next version: greater than all before it, of this holder and of those before it. */
  next(): number
  /** Throws LOCKED where the end has come by this machine's clocks, of which one stands still while it sleeps. */
  check(): void
  /** Puts the end off. Throws LOCKED where it has come. */
  renew(): Promise<void>
  release(): Promise<void>
}

interface Held {
  readonly scope: string
  readonly token: number
  readonly holder: string
  readonly nonce: string
  readonly expires: number
}

interface Control {
  readonly token: number
  readonly leases: readonly Held[]
}

/** A token's versions; there are as many batches in a run at most. */
const VERSIONS = 2 ** 24

/** `ctx._now` is the clock of the node that holds the document: https://docs.opensearch.org/latest/api-reference/document-apis/update-document/ */
const TAKE = `
  long now = ctx._now;
  boolean free = true;
  for (lease in ctx._source.leases) {
    boolean meets = params.blockers.contains(lease.scope) || (params.all && !lease.scope.equals(params.beside));
    if (meets && lease.expires > now && !lease.nonce.equals(params.nonce)) { free = false }
  }
  if (free) {
    ctx._source.leases.removeIf(lease -> lease.expires <= now || lease.nonce.equals(params.nonce));
    ctx._source.token = ctx._source.token + 1;
    for (scope in params.scopes) {
      ctx._source.leases.add(['scope': scope, 'token': ctx._source.token, 'holder': params.holder, 'nonce': params.nonce,
        'expires': now + params.milliseconds]);
    }
  } else { ctx.op = 'none' }`

const RENEW = `
  long now = ctx._now;
  ctx._source.leases.removeIf(lease -> lease.token == params.token && lease.expires <= now);
  for (lease in ctx._source.leases) {
    if (lease.token == params.token) { lease.expires = now + params.milliseconds }
  }`

const RELEASE = 'ctx._source.leases.removeIf(lease -> lease.token == params.token)'

/** The lease, and what it is of. */
export interface Leased<T> {
  readonly lease: Lease
  readonly found: T
}

/**
 * Throws LOCKED, naming the holder, and INTERRUPTED.
 *
 * @param find what is written to, asked for once nobody else writes: who waited may have waited for another to take its place
 */
export async function takeLease<T extends { readonly index: string }>(
  db: Connection,
  find: () => Promise<T>,
  options: LeaseOptions,
): Promise<Leased<T>> {
  const nonce = randomUUID()
  return await waitForLease(db.path, options, () => tryTake(db, find, options, nonce))
}

/** Of whoever writes to sources, by the clock of this machine: for people. */
export async function readHolder(db: Connection): Promise<string | null> {
  const { leases } = await readControl(db)
  const live = leases.filter(({ expires, scope }) => expires > Date.now() && scope !== PUBLISHING)
  return live.length === 0 ? null : [...new Set(live.map(({ holder }) => holder))].sort().join(', ')
}

/** Throws UNEXPECTED where the holder may not write this source. */
export function checkScope(path: string, { scopes }: Lease, source: string): void {
  if (scopes.includes(ALL) || scopes.includes(source)) return
  throw notOpenedFor(path, source)
}

/** Absent: all sources. */
export function sourcesOf({ scopes }: Lease): readonly string[] | undefined {
  return scopes.includes(ALL) ? undefined : scopes
}

export function over(path: string): UnsiloError {
  return leaseOver(path, 'The cursor was not moved')
}

/** The lease, or who is in the way. */
async function tryTake<T extends { readonly index: string }>(
  db: Connection,
  find: () => Promise<T>,
  { sources, holder, milliseconds }: LeaseOptions,
  nonce: string,
): Promise<Leased<T> | string> {
  const [scopes, blockers] = [scopesOf(sources), blockersOf(sources)]
  const since = moment()
  const inTheWayOf = { all: blockers.all, blockers: blockers.scopes, beside: PUBLISHING }
  const { leases } = await change(db, TAKE, { ...inTheWayOf, scopes, holder, nonce, milliseconds })
  const own = leases.find((lease) => lease.nonce === nonce)
  if (own === undefined) return inTheWay(leases, blockers)
  const { token } = own
  try {
    const found = await find()
    const alias = await fence(db, found.index, token, leases)
    return { lease: leaseOf(db, { token, scopes, alias, milliseconds, since }), found }
  } catch (thrown) {
    await change(db, RELEASE, { token }).catch(() => undefined)
    throw thrown
  }
}

function inTheWay(leases: readonly Held[], { all, scopes }: Blockers): string {
  const held = leases.find(({ scope }) => scopes.includes(scope) || (all && scope !== PUBLISHING))
  return held?.holder ?? 'another process'
}

interface Taken {
  readonly token: number
  readonly scopes: readonly string[]
  readonly alias: string
  readonly milliseconds: number
  readonly since: Moment
}

function leaseOf(db: Connection, { token, scopes, alias, milliseconds, since }: Taken): Lease {
  const clock = leaseClock(milliseconds, since)
  let version = token * VERSIONS

  function check(): void {
    if (clock.isOver()) throw over(db.path)
  }

  return {
    ...{ token, scopes, alias, check },
    next: () => {
      version += 1
      return version
    },
    renew: async () => {
      const asked = moment()
      const { leases } = await change(db, RENEW, { token, milliseconds })
      if (!leases.some((lease) => lease.token === token)) clock.end()
      check()
      clock.putOff(asked)
    },
    release: async () => void (await change(db, RELEASE, { token })),
  }
}

/**
 * Takes the addresses of holders away whose time is over, and makes one: nothing of them comes in any more. Those of who came
 * later are theirs, whether or not they were seen.
 */
async function fence(db: Connection, index: string, token: number, leases: readonly Held[]): Promise<string> {
  const prefix = `${db.location.name}-writer-`
  const path = `/_alias/${prefix}*`
  const { body } = await db.ask<Record<string, { aliases?: object }>>({ method: 'GET', path, accept: [404] })
  const live = new Set(leases.map((lease) => `${prefix}${lease.token}`))
  const gone = Object.entries(body).flatMap(([of, { aliases = {} }]) =>
    Object.keys(aliases).flatMap((alias) =>
      live.has(alias) || Number(alias.slice(prefix.length)) > token
        ? []
        : [{ remove: { index: of, alias, must_exist: false } }],
    ),
  )
  const alias = `${prefix}${token}`
  const actions = [...gone, { add: { index, alias, is_write_index: true } }]
  await db.ask({ method: 'POST', path: '/_aliases', body: { actions } })
  return alias
}

async function change(db: Connection, source: string, params: object): Promise<Control> {
  const { status, body } = await db.ask<{ get?: { _source: Control } }>({
    method: 'POST',
    path: `/${controlOf(db)}/_update/lease?_source=true&retry_on_conflict=20`,
    body: { script: { source, lang: 'painless', params } },
    accept: [404],
  })
  if (status === 404 || body.get === undefined) throw lost(db)
  return body.get._source
}

async function readControl(db: Connection): Promise<Control> {
  const path = `/${controlOf(db)}/_doc/lease`
  const { body } = await db.ask<{ _source?: Control }>({ method: 'GET', path, accept: [404] })
  return body._source ?? { token: 0, leases: [] }
}

export function controlOf({ location }: Connection): string {
  return `${location.name}-control`
}

export function lost(db: Connection): UnsiloError {
  return new UnsiloError(
    'INDEX_DAMAGED',
    `${db.path} can't be written: ${controlOf(db)}, which says who writes and what was published, is lost.`,
    {
      hint: 'Its documents can be read all the same. Restore it from the same snapshot as they are, or bring them to another index: `unsilo copy --no-lock --no-notes`.',
    },
  )
}
