import fc from 'fast-check'
import { expect, test } from 'vitest'
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
