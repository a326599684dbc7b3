/** Who may write an index on a server: what every driver on one is asked for it, how it is waited for, and how its end is put off. */
import { setTimeout as sleep } from 'node:timers/promises'
import { UnsiloError } from '../core/errors.ts'

/** Of whoever writes. */
export interface WriterOptions {
  /** Who writes, as another writer is told. */
  readonly holder?: string
  /** How long to wait for another writer; absent: not at all. */
  readonly lockTimeoutMs?: number
  /** Ends that wait. */
  readonly signal?: AbortSignal
}

/** Of every driver on a server. */
export interface RemoteOptions extends WriterOptions {
  /** `write` (the default) takes the lease; `read` creates nothing and works beside a writer. */
  readonly mode?: 'read' | 'write'
  /** Sources that are written to; absent: all. Other sources can be written to meanwhile. */
  readonly sources?: readonly string[]
}

export interface LeaseOptions {
  /** Absent: all there are and will be. */
  readonly sources: readonly string[] | undefined
  readonly holder: string
  readonly timeoutMs: number
  readonly signal: AbortSignal | undefined
  readonly milliseconds: number
}

/** A writer that is gone without a word is in the way for so long. */
export const LEASE_MS = 60_000
/** No source is called so. */
export const ALL = ''
/** The scope of who publishes: no source is called so. It is beside all sources, so that a sync and a publication go side by side. */
export const PUBLISHING = '.publishing'
const POLL_MS = 500

/** @param sources absent: all there are and will be */
export function leaseOptions(
  { holder = `process ${process.pid}`, lockTimeoutMs: timeoutMs = 0, signal }: WriterOptions,
  milliseconds: number,
  sources?: readonly string[],
): LeaseOptions {
  return { sources, holder, timeoutMs, signal, milliseconds }
}

/** Names of sources, or `ALL` alone. */
export function scopesOf(sources: readonly string[] | undefined): readonly string[] {
  return sources === undefined ? [ALL] : [...new Set(sources)].sort()
}

/** Scopes whose holders are in the way of a writer; with `all`, those of all sources are, too. */
export interface Blockers {
  readonly all: boolean
  readonly scopes: readonly string[]
}

export function blockersOf(sources: readonly string[] | undefined): Blockers {
  const scopes = scopesOf(sources)
  return { all: sources === undefined, scopes: scopes.includes(PUBLISHING) ? scopes : [...new Set([ALL, ...scopes])] }
}

/**
 * Throws LOCKED, naming the holder, and INTERRUPTED.
 *
 * @param tryTake the lease, or who is in the way
 */
export async function waitForLease<T extends object>(
  path: string,
  { timeoutMs, signal }: LeaseOptions,
  tryTake: () => Promise<T | string>,
): Promise<T> {
  for (let left = timeoutMs; ; left -= POLL_MS) {
    const taken = await tryTake()
    if (typeof taken !== 'string') return taken
    if (left <= 0) throw locked(path, taken, timeoutMs)
    await sleep(Math.min(left, POLL_MS), undefined, { ...(signal && { signal }) }).catch((cause: unknown) => {
      throw new UnsiloError('INTERRUPTED', `Stopped while waiting to write to ${path}.`, { cause })
    })
  }
}

/** What can't be put off now is tried again; where it is over, what is written next says so. */
export function beating(renew: () => Promise<unknown>, milliseconds: number): NodeJS.Timeout {
  return setInterval(() => void renew().catch(() => undefined), milliseconds / 4).unref()
}

/** Puts the end off until the work is done, and gives the lease back. */
export async function holding<T>(
  lease: { renew(): Promise<unknown>; release(): Promise<void> },
  milliseconds: number,
  work: () => Promise<T>,
): Promise<T> {
  const heart = beating(() => lease.renew(), milliseconds)
  try {
    return await work()
  } finally {
    clearInterval(heart)
    await lease.release()
  }
}

/** The end of a lease by this machine's clocks, of which one stands still while it sleeps. */
export interface LeaseClock {
  isOver(): boolean
  /** @param since when it was asked for, that `milliseconds` are counted from */
  putOff(since: Moment): void
  end(): void
}

export interface Moment {
  readonly steady: number
  readonly date: number
}

export function moment(): Moment {
  return { steady: performance.now(), date: Date.now() }
}

export function leaseClock(milliseconds: number, since: Moment): LeaseClock {
  let from = since
  let isEnded = false

  function isOver(): boolean {
    const { steady, date } = moment()
    isEnded ||= steady > from.steady + milliseconds || date > from.date + milliseconds
    return isEnded
  }

  return {
    isOver,
    putOff: (next) => {
      if (!isOver()) from = next
    },
    end: () => {
      isEnded = true
    },
  }
}

export function notOpenedFor(path: string, source: string | null): UnsiloError {
  return new UnsiloError('UNEXPECTED', `${path} was not opened to write the source '${source}'.`)
}

/** @param left a sentence's beginning: what the batch that is refused left undone */
export function leaseOver(path: string, left: string): UnsiloError {
  return new UnsiloError('LOCKED', `The right to write to ${path} is over: this process stood still for too long.`, {
    hint: `${left}, and what was stored before stays. Start again: it goes on from there.`,
  })
}

function locked(path: string, holder: string, timeoutMs: number): UnsiloError {
  const waited = timeoutMs > 0 ? ` after ${timeoutMs / 1000} s of waiting` : ''
  return new UnsiloError('LOCKED', `The index ${path} is being written to by ${holder}${waited}.`, {
    hint: 'Try again when it has finished, or give --lock-timeout. A writer that was killed is in the way for a minute. Nothing was changed.',
  })
}
