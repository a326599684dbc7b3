/** A transport that fails at the n-th distinct request, so that a suite can fail every request of a run in turn. */

export const faults = {
  'status 500': { code: 'SOURCE_UNAVAILABLE', heals: true, fail: () => answer(500, '{"message":"failed"}') },
  'status 429': { code: 'RATE_LIMITED', heals: true, fail: () => answer(429, '{}', { 'retry-after': '1' }) },
  'status 401': { code: 'AUTH_REJECTED', heals: false, fail: () => answer(401, '{"message":"Unauthorized"}') },
  timeout: {
    code: 'SOURCE_UNAVAILABLE',
    heals: true,
    fail: () => Promise.reject(new DOMException('late', 'TimeoutError')),
  },
  'broken connection': {
    code: 'SOURCE_UNAVAILABLE',
    heals: true,
    fail: () => Promise.reject(new TypeError('terminated')),
  },
  'cut JSON': { code: 'ANSWER_INVALID', heals: true, fail: () => answer(200, '{"results":[{"id":"1') },
  'web page': { code: 'ANSWER_INVALID', heals: true, fail: () => answer(200, '<!DOCTYPE html><title>Log in</title>') },
} as const

export type FaultName = keyof typeof faults

export interface FaultyFetch {
  readonly fetch: typeof fetch
  /** Distinct requests so far. */
  count(): number
  /** Whether a request has failed yet. */
  struck(): boolean
}

/** @param options.lasting fail each time that the request is made, not only the first */
export function faultyFetch(
  inner: typeof fetch,
  options: { readonly at: number; readonly fault: FaultName; readonly lasting: boolean } | null,
): FaultyFetch {
  const order = new Map<string, number>()
  let failed = false
  return {
    count: () => order.size,
    struck: () => failed,
    fetch: (input, init) => {
      const key = `${init?.method ?? 'GET'} ${input} ${init?.body ?? ''}`
      if (!order.has(key)) order.set(key, order.size)
      const due = options !== null && order.get(key) === options.at && (options.lasting || !failed)
      if (!due) return inner(input, init)
      failed = true
      return faults[options.fault].fail()
    },
  }
}

async function answer(status: number, body: string, headers: Record<string, string> = {}): Promise<Response> {
  return new Response(body, { status, headers: { 'content-type': 'application/json', ...headers } })
}
