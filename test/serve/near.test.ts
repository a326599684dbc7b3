/** Vectors of questions from an embedder that is slow, asked too much, or fails: nobody waits for it too long. */
import { expect, test } from 'vitest'
import type { Near } from '../../src/query/arms.ts'
import { type NearOptions, nearSoon } from '../../src/serve/asking/near.ts'

const NEAR: Near = { embedder: 'm', vector: Float32Array.of(1) }

/** An embedder that answers when it is told to, and what was said of it. */
function slow(more: Partial<NearOptions> = {}) {
  const failures: unknown[] = []
  const signals: AbortSignal[] = []
  const { promise: told, resolve: goOn } = Promise.withResolvers<Near>()
  const nearOf = nearSoon({
    embed(_, signal) {
      signals.push(signal)
      const { promise: aborted, reject } = Promise.withResolvers<never>()
      signal.addEventListener('abort', () => reject(signal.reason))
      return Promise.race([told, aborted])
    },
    atOnce: 2,
    patienceMs: 60_000,
    failed: (thrown) => failures.push(thrown),
    ...more,
  })
  return { nearOf, failures, signals, goOn: () => goOn(NEAR) }
}

test('where it has enough to do, words alone answer at once, and there is room again later', async () => {
  const { nearOf, failures, signals, goOn } = slow()
  const both = [nearOf('a'), nearOf('b')]

  expect(await nearOf('c')).toBeNull()
  expect(failures).toMatchObject([{ code: 'OVERLOADED' }])
  goOn()
  expect(await Promise.all(both)).toEqual([NEAR, NEAR])
  expect(await nearOf('d')).toEqual(NEAR)
  expect([signals.length, failures.length]).toEqual([3, 1])
})

test('one that takes too long is not waited for, and is told so', async () => {
  const { nearOf, failures, signals } = slow({ patienceMs: 5 })

  expect(await nearOf('a')).toBeNull()
  expect(failures).toMatchObject([{ code: 'OUT_OF_TIME' }])
  expect(signals.map(({ aborted }) => aborted)).toEqual([true])
})

test('for whoever goes away it is not asked on, and makes room', async () => {
  const { nearOf, failures, signals, goOn } = slow({ atOnce: 1 })
  const leaver = new AbortController()
  const left = expect(nearOf('a', leaver.signal)).rejects.toMatchObject({ code: 'INTERRUPTED' })
  while (signals.length === 0) await new Promise(setImmediate)
  leaver.abort()
  await left
  goOn()

  expect(await nearOf('b')).toEqual(NEAR)
  expect(signals.map(({ aborted }) => aborted)).toEqual([true, false])
  expect(failures).toEqual([])
})
