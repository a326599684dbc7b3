import { expect, test } from 'vitest'
import type { Head } from '../../src/core/document.ts'
import { bodyQueue, HEAVY_BODIES } from '../../src/sync/bodies.ts'
import type { Load } from '../../src/sync/decision.ts'
import { createStop } from '../../src/sync/interrupt.ts'

const stop = createStop({ source: 's', signal: new AbortController().signal, now: () => 0 })
const options = { source: 's', redact: null, access: { level: 'staff', principals: {} }, approvals: new Map() } as const

/** What each answer of the queue holds, by id, and the most that was asked for and not answered yet. */
async function takeAll(sizes: readonly number[]) {
  let held = 0
  let most = 0
  const loads = sizes.map((size, at) =>
    load(at, async () => {
      held += size
      most = Math.max(most, held)
      return { html: 'x'.repeat(size) }
    }),
  )
  const next = bodyQueue({ ...options, stop, now: () => 0 }, loads)
  const answers: string[][] = []
  for (let loaded = await next(); loaded.length > 0; loaded = await next()) {
    answers.push(loaded.map(({ decision }) => decision.head.id))
    held = 0
  }
  return { answers, most }
}

test('small bodies come a slice at a time', async () => {
  const { answers } = await takeAll(Array(450).fill(1_000))
  expect(answers.map(({ length }) => length)).toEqual([200, 200, 50])
})

test('of large ones no more are held than there is room for, and each comes once, in order', async () => {
  const { answers, most } = await takeAll([...Array(200).fill(0), ...Array(200).fill(HEAVY_BODIES / 4)])
  expect(answers.flat()).toEqual(Array.from({ length: 400 }, (_, at) => `s:${at}`))
  // Nobody knows that the first ones are large before they are there.
  expect(most).toBe(100 * (HEAVY_BODIES / 4))
  expect(answers.slice(2).every(({ length }) => length <= 8)).toBe(true)
})

test('one that is larger than all the room comes alone', async () => {
  const { answers } = await takeAll([...Array(200).fill(HEAVY_BODIES * 2)])
  expect(answers.slice(1).map(({ length }) => length)).toEqual(Array(100).fill(1))
})

function load(at: number, body: Load['load']): Load {
  const head: Head = {
    ...{ id: `s:${at}`, version: '1', title: `Page ${at}`, url: `https://example.com/${at}` },
    ...{ updatedAt: '2026-01-05T00:00:00.000Z', path: [], kind: 'page', access: [] },
  }
  const known = { previous: null, why: 'new', bodySays: false, isBare: false, failure: null } as const
  return { do: 'load', segment: 0, head, given: head, ...known, load: body }
}
