import fc from 'fast-check'
import { expect, test } from 'vitest'
import { openAllowance } from '../../src/http/allowance.ts'
import type { Left } from '../../src/http/limit-headers.ts'

test('what an answer says is left binds until more comes, running requests included', () => {
  const allowance = openAllowance()
  for (let started = 0; started < 4; started += 1) allowance.start()
  expect(allowance.waitFor(0)).toBe(0)
  allowance.end(100, { requests: 3, forMs: 5000, refill: 10, unsureMs: 1000, tellsWhen: true }, 0)
  expect(allowance.waitFor(100)).toBe(Number.POSITIVE_INFINITY)
  // An answer that was overtaken says more than is left.
  allowance.end(110, { requests: 1, forMs: 5000, refill: 10, unsureMs: 1000, tellsWhen: true }, 0)
  allowance.end(120, { requests: 2, forMs: 5000, refill: 10, unsureMs: 1000, tellsWhen: true }, 0)
  expect(allowance.waitFor(120)).toBe(Number.POSITIVE_INFINITY)
  allowance.end(130, { requests: 0, forMs: 5000, refill: 10, unsureMs: 1000, tellsWhen: true }, 0)
  expect(allowance.waitFor(130)).toBe(4970)
  expect(allowance.waitFor(5100)).toBe(0)
})

test('a request that brought no answer counts as one less', () => {
  const allowance = openAllowance()
  allowance.start()
  allowance.end(0, { requests: 1, forMs: 5000, refill: 10, unsureMs: 1000, tellsWhen: true }, 0)
  allowance.start()
  allowance.end(50, null, 0)
  expect(allowance.waitFor(50)).toBe(4950)
})

test('a request that brought no answer counts as one less, also where an earlier one is answered after it', () => {
  const allowance = openAllowance()
  const said = (requests: number) => ({ requests, forMs: 5000, refill: 10, unsureMs: 1000, tellsWhen: true })
  allowance.start()
  allowance.end(0, said(3), 0)
  for (let started = 0; started < 2; started += 1) allowance.start()
  allowance.end(50, null, 50)
  allowance.end(60, said(2), 60)
  expect(allowance.waitFor(60)).toBe(0)
  allowance.start()
  expect(allowance.waitFor(60)).toBe(Number.POSITIVE_INFINITY)
  allowance.end(90, said(0), 30)
  expect(allowance.waitFor(90)).toBe(4910)
})

test('after a reset there is what the service refills, and no more until an answer says so', () => {
  const allowance = openAllowance()
  allowance.start()
  allowance.end(0, { requests: 0, forMs: 1000, refill: 2, unsureMs: 1000, tellsWhen: true }, 0)
  expect(allowance.waitFor(1000)).toBe(0)
  allowance.start()
  allowance.start()
  expect(allowance.waitFor(1000)).toBe(Number.POSITIVE_INFINITY)
  allowance.end(1100, null, 0)
  expect(allowance.waitFor(1100)).toBe(Number.POSITIVE_INFINITY)
  allowance.end(1200, null, 0)
  expect(allowance.waitFor(1200)).toBe(59_800)
  expect(allowance.waitFor(61_000)).toBe(0)
  allowance.start()
  expect(allowance.waitFor(61_000)).toBe(Number.POSITIVE_INFINITY)
})

test('where more comes at intervals, no answer has to say when', () => {
  const allowance = openAllowance()
  allowance.start()
  allowance.end(0, { requests: 0, forMs: 1000, refill: 2, unsureMs: 1000, tellsWhen: false }, 0)
  expect(allowance.waitFor(1000)).toBe(0)
  allowance.start()
  allowance.end(1100, null, 0)
  expect(allowance.waitFor(2000)).toBe(0)
  allowance.start()
  expect(allowance.waitFor(2000)).toBe(Number.POSITIVE_INFINITY)
})

test('what ended just before a reset may have been counted behind it', () => {
  const allowance = openAllowance()
  allowance.start()
  allowance.end(0, { requests: 5, forMs: 10_000, refill: 3, unsureMs: 1000, tellsWhen: true }, 0)
  for (const at of [8000, 9990]) {
    allowance.start()
    allowance.end(at, null, 0)
  }
  allowance.start()
  // It tells the window that it was counted in.
  allowance.end(9995, { requests: 1, forMs: 5, refill: 3, unsureMs: 1000, tellsWhen: true }, 0)
  for (let started = 0; started < 2; started += 1) {
    expect(allowance.waitFor(10_000)).toBe(0)
    allowance.start()
  }
  expect(allowance.waitFor(10_000)).toBe(Number.POSITIVE_INFINITY)
})

test('an answer to what was asked before a reset says nothing of what is left after it', () => {
  const allowance = openAllowance()
  for (let started = 0; started < 3; started += 1) allowance.start()
  allowance.end(0, { requests: 9, forMs: 2000, refill: 3, unsureMs: 0, tellsWhen: true }, 0)
  expect(allowance.waitFor(2100)).toBe(0)
  allowance.end(2200, { requests: 8, forMs: 2000, refill: 3, unsureMs: 0, tellsWhen: true }, 300)
  allowance.end(2300, null, 400)
  allowance.start()
  expect(allowance.waitFor(2300)).toBe(Number.POSITIVE_INFINITY)
})

test('the longer the answer that told the reset took, the earlier that may have been', () => {
  const allowance = openAllowance()
  allowance.start()
  allowance.end(0, { requests: 5, forMs: 10_000, refill: 3, unsureMs: 1000, tellsWhen: true }, 4000)
  allowance.start()
  allowance.end(5500, null, 100)
  for (let started = 0; started < 2; started += 1) {
    expect(allowance.waitFor(10_000)).toBe(0)
    allowance.start()
  }
  expect(allowance.waitFor(10_000)).toBe(Number.POSITIVE_INFINITY)
})

test('a reset that was near when it was told does not make the next one near', () => {
  const allowance = openAllowance()
  for (const [at, forMs] of [
    [0, 1000],
    [990, 10],
  ] as const) {
    allowance.start()
    allowance.end(at, { requests: 1, forMs, refill: 1, unsureMs: 1000, tellsWhen: true }, 0)
  }
  expect(allowance.waitFor(1000)).toBe(0)
  allowance.start()
  allowance.end(1000, null, 0)
  expect(allowance.waitFor(1020)).toBe(59_980)
})

test('a reset that is far away binds for a minute: then the service is asked', () => {
  const allowance = openAllowance()
  allowance.start()
  allowance.end(0, { requests: 0, forMs: 3_000_000, refill: 2, unsureMs: 1000, tellsWhen: true }, 0)
  expect(allowance.waitFor(0)).toBe(60_000)
  expect(allowance.waitFor(60_000)).toBe(0)
})

const PERIOD_MS = 10_000

interface Sent {
  readonly takes: number
  /** When on its way the service counts it, from 0 to 1. */
  readonly counted: number
  readonly isTold: boolean
}

/** How services say what is left: by the moment of the reset, or by an interval that began at some time. */
const sayings: Readonly<Record<string, (requests: number, toReset: number) => Omit<Left, 'refill'>>> = {
  'the moment of the reset': (requests, toReset) => ({
    requests,
    forMs: toReset + 50,
    unsureMs: 3000,
    tellsWhen: true,
  }),
  'an interval': (requests) => ({ requests, forMs: PERIOD_MS, unsureMs: PERIOD_MS, tellsWhen: false }),
}

test.each(Object.keys(sayings))(
  'whatever requests take, and however many bring no answer, a service that says %s never counts more than its limit',
  (saying) => {
    const sent = fc.record({
      takes: fc.oneof(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 6000 })),
      counted: fc.double({ min: 0, max: 1, noNaN: true }),
      isTold: fc.boolean(),
    })
    const run = fc.record({
      limit: fc.integer({ min: 4, max: 12 }),
      phase: fc.integer({ min: 0, max: PERIOD_MS - 1 }),
      requests: fc.array(sent, { minLength: 10, maxLength: 80 }),
    })
    fc.assert(
      fc.property(run, ({ limit, phase, requests }) => {
        const counts = countsOf(saying, limit, phase, requests)
        expect(Math.max(...counts.values())).toBeLessThanOrEqual(limit)
      }),
      { numRuns: 3000 },
    )
  },
)

/** By window of the service. Up to four at a time, each as early as it may; the first one's answer is told. */
function countsOf(saying: string, limit: number, phase: number, requests: readonly Sent[]): Map<number, number> {
  const allowance = openAllowance()
  const windowOf = (at: number) => Math.floor((at + phase) / PERIOD_MS)
  const counts = new Map<number, number>()
  let running: { readonly request: Sent; readonly start: number; said: Left | null }[] = []
  let now = 0
  const endOf = ({ request, start }: { request: Sent; start: number }) => start + request.takes
  const countedAt = ({ request, start }: { request: Sent; start: number }) => start + request.takes * request.counted
  const waiting: (typeof running)[number][] = []
  /** The service counts in the order in which requests arrive. */
  const countUntil = (at: number) => {
    for (const each of waiting
      .filter((each) => countedAt(each) <= at)
      .toSorted((a, b) => countedAt(a) - countedAt(b))) {
      waiting.splice(waiting.indexOf(each), 1)
      const moment = countedAt(each)
      const window = windowOf(moment)
      const used = (counts.get(window) ?? 0) + 1
      counts.set(window, used)
      const toReset = (window + 1) * PERIOD_MS - phase - moment
      const told = sayings[saying]?.(Math.max(0, limit - used), toReset)
      if (told !== undefined && each.request.isTold) {
        // What is left to go is shorter by the answer's way back, which a client can't know.
        each.said = { ...told, refill: limit }
      }
    }
  }
  const finishFirst = () => {
    const first = running.toSorted((a, b) => endOf(a) - endOf(b))[0] as (typeof running)[number]
    now = Math.max(now, endOf(first))
    countUntil(now)
    running = running.filter((each) => each !== first)
    allowance.end(now, first.said, now - first.start)
  }
  for (const [at, request] of requests.entries()) {
    if (running.length === (at === 1 ? 1 : 4)) finishFirst()
    for (let ms = allowance.waitFor(now); ms > 0; ms = allowance.waitFor(now)) {
      const next = Math.min(...running.map(endOf))
      if (next <= now + ms) finishFirst()
      else now += ms
    }
    allowance.start()
    const started = { request: at === 0 ? { ...request, isTold: true } : request, start: now, said: null }
    running.push(started)
    waiting.push(started)
  }
  while (running.length > 0) finishFirst()
  return counts
}
