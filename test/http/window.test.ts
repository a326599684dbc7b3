import fc from 'fast-check'
import { expect, test } from 'vitest'
import { openAllowance } from '../../src/http/allowance.ts'
import { openWindow } from '../../src/http/window.ts'

test('a window lets its limit start at once, and the next when the first has been over for a window', () => {
  const window = openWindow({ name: 'account', requests: 2, perMs: 1000 })
  window.start()
  expect(window.waitFor(0)).toBe(0)
  window.start()
  expect(window.waitFor(0)).toBe(Number.POSITIVE_INFINITY)
  window.end(100)
  expect(window.waitFor(100)).toBe(1000)
  window.end(300)
  expect(window.waitFor(600)).toBe(500)
  expect(window.waitFor(1100)).toBe(0)
  window.start()
  expect(window.waitFor(1100)).toBe(200)
})

test('a corrected limit holds from then on, up or down', () => {
  const window = openWindow({ name: 'account', requests: 2, perMs: 1000 })
  for (const at of [10, 20, 30]) {
    window.start()
    window.end(at)
  }
  expect(window.waitFor(30)).toBe(990)
  window.correct(4)
  expect(window.waitFor(30)).toBe(0)
  window.correct(1)
  expect(window.waitFor(30)).toBe(1000)
})

/** Requests of any latency, counted by the service at any moment between start and end, under windows laid at any phase. */
test('however long requests take and wherever the service lays its windows, it never counts more than the limit', () => {
  const request = fc.record({
    takes: fc.integer({ min: 1, max: 900 }),
    counted: fc.double({ min: 0, max: 1, noNaN: true }),
  })
  const run = fc.record({
    limit: fc.integer({ min: 1, max: 12 }),
    phase: fc.integer({ min: 0, max: 999 }),
    requests: fc.array(request, { minLength: 1, maxLength: 60 }),
  })
  fc.assert(
    fc.property(run, ({ limit, phase, requests }) => {
      const counted = countedTimes(limit, requests)
      const perWindow = Map.groupBy(counted, (at) => Math.floor((at + phase) / 1000))
      for (const [, times] of perWindow) expect(times.length).toBeLessThanOrEqual(limit)
      for (const from of counted) {
        expect(counted.filter((at) => at >= from && at < from + 1000).length).toBeLessThanOrEqual(limit)
      }
    }),
  )
})

/** Up to eight at a time, each as early as the window lets it. */
function countedTimes(limit: number, requests: readonly { takes: number; counted: number }[]): number[] {
  const window = openWindow({ name: 'account', requests: limit, perMs: 1000 })
  const running: number[] = []
  const times: number[] = []
  let now = 0
  const finish = (end: number) => {
    now = Math.max(now, end)
    running.splice(running.indexOf(end), 1)
    window.end(now)
  }
  for (const { takes, counted } of requests) {
    if (running.length === 8) finish(Math.min(...running))
    for (let ms = window.waitFor(now); ms > 0; ms = window.waitFor(now)) {
      const first = Math.min(...running)
      if (first <= now + ms) finish(first)
      else now += ms
    }
    window.start()
    running.push(now + takes)
    times.push(now + takes * counted)
  }
  return times
}

test('what an answer says is left binds until more comes, running requests included', () => {
  const allowance = openAllowance()
  for (let started = 0; started < 4; started += 1) allowance.start()
  expect(allowance.waitFor(0)).toBe(0)
  allowance.end(100, { requests: 3, forMs: 5000, refill: 10, unsureMs: 1000 }, 0)
  expect(allowance.waitFor(100)).toBe(Number.POSITIVE_INFINITY)
  // An answer that was overtaken says more than is left.
  allowance.end(110, { requests: 1, forMs: 5000, refill: 10, unsureMs: 1000 }, 0)
  allowance.end(120, { requests: 2, forMs: 5000, refill: 10, unsureMs: 1000 }, 0)
  expect(allowance.waitFor(120)).toBe(Number.POSITIVE_INFINITY)
  allowance.end(130, { requests: 0, forMs: 5000, refill: 10, unsureMs: 1000 }, 0)
  expect(allowance.waitFor(130)).toBe(4970)
  expect(allowance.waitFor(5100)).toBe(0)
})

test('a request that brought no answer counts as one less', () => {
  const allowance = openAllowance()
  allowance.start()
  allowance.end(0, { requests: 1, forMs: 5000, refill: 10, unsureMs: 1000 }, 0)
  allowance.start()
  allowance.end(50, null, 0)
  expect(allowance.waitFor(50)).toBe(4950)
})

test('a request that brought no answer counts as one less, also where an earlier one is answered after it', () => {
  const allowance = openAllowance()
  const said = (requests: number) => ({ requests, forMs: 5000, refill: 10, unsureMs: 1000 })
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
  allowance.end(0, { requests: 0, forMs: 1000, refill: 2, unsureMs: 1000 }, 0)
  expect(allowance.waitFor(1000)).toBe(0)
  allowance.start()
  allowance.start()
  expect(allowance.waitFor(1000)).toBe(Number.POSITIVE_INFINITY)
  allowance.end(1100, null, 0)
  expect(allowance.waitFor(1100)).toBe(Number.POSITIVE_INFINITY)
  allowance.end(1200, null, 0)
  expect(allowance.waitFor(1200)).toBe(800)
  expect(allowance.waitFor(2000)).toBe(0)
})

test('what ended just before a reset may have been counted behind it', () => {
  const allowance = openAllowance()
  for (const at of [0, 8000, 9990]) {
    allowance.start()
    allowance.end(at, { requests: 5, forMs: 10_000 - at, refill: 3, unsureMs: 1000 }, 0)
  }
  for (let started = 0; started < 2; started += 1) {
    expect(allowance.waitFor(10_000)).toBe(0)
    allowance.start()
  }
  expect(allowance.waitFor(10_000)).toBe(Number.POSITIVE_INFINITY)
})

test('an answer to what was asked before a reset says nothing of what is left after it', () => {
  const allowance = openAllowance()
  for (let started = 0; started < 3; started += 1) allowance.start()
  allowance.end(0, { requests: 9, forMs: 2000, refill: 3, unsureMs: 0 }, 0)
  expect(allowance.waitFor(2100)).toBe(0)
  allowance.end(2200, { requests: 8, forMs: 2000, refill: 3, unsureMs: 0 }, 300)
  allowance.end(2300, null, 400)
  allowance.start()
  expect(allowance.waitFor(2300)).toBe(Number.POSITIVE_INFINITY)
})

test('the longer the answer that told the reset took, the earlier that may have been', () => {
  const allowance = openAllowance()
  allowance.start()
  allowance.end(0, { requests: 5, forMs: 10_000, refill: 3, unsureMs: 1000 }, 4000)
  allowance.start()
  allowance.end(5000, { requests: 4, forMs: 5000, refill: 3, unsureMs: 1000 }, 100)
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
    allowance.end(at, { requests: 1, forMs, refill: 1, unsureMs: 1000 }, 0)
  }
  expect(allowance.waitFor(1000)).toBe(0)
  allowance.start()
  allowance.end(1000, null, 0)
  expect(allowance.waitFor(1020)).toBe(980)
})

test('a reset that is far away binds for a minute: then the service is asked', () => {
  const allowance = openAllowance()
  allowance.start()
  allowance.end(0, { requests: 0, forMs: 3_000_000, refill: 2, unsureMs: 1000 }, 0)
  expect(allowance.waitFor(0)).toBe(60_000)
  expect(allowance.waitFor(60_000)).toBe(0)
})
