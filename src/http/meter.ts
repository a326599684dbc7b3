/** What a source asked of the network, counted where retries and waits happen: below everything that a caller sees. */
import type { Traffic } from '../core/ledger.ts'

/** Told of one call's way through `createFetch`. */
export interface Meter {
  sent(isRetry: boolean): void
  waited(ms: number): void
  /** @param bytes of a body, decoded */
  received(bytes: number): void
}

const METER = Symbol('meter')

const UNCOUNTED: Meter = { sent: () => {}, waited: () => {}, received: () => {} }

/** Counts what goes out through the returned `fetch`, if `createFetch` stands below it. A replay asks nothing, and counts nothing. */
export function metered(inner: typeof fetch): { readonly fetch: typeof fetch; traffic(): Traffic } {
  const counted = { requests: 0, retries: 0, waitedMs: 0, bytes: 0 }
  const meter: Meter = {
    sent(isRetry) {
      counted.requests += 1
      if (isRetry) counted.retries += 1
    },
    waited(ms) {
      counted.waitedMs += ms
    },
    received(bytes) {
      counted.bytes += bytes
    },
  }
  return {
    fetch: (input, init) => inner(input, { ...init, [METER]: meter } as RequestInit),
    traffic: () => ({ ...counted, waitedMs: Math.round(counted.waitedMs) }),
  }
}

export function meterOf(init: RequestInit): Meter {
  return (init as Record<symbol, Meter | undefined>)[METER] ?? UNCOUNTED
}
