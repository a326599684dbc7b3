import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Head } from '../../src/core/document.ts'
import type { Decision } from '../../src/sync/decision.ts'
import { createDecisions } from '../../src/sync/decisions.ts'

function head(id: string, title = id): Head {
  const rest = { url: '', updatedAt: '', path: ['A'], kind: 'page', access: 'public' } as const
  return { id, version: '1', title, ...rest }
}

function load(id: string, previous: Head | null = null): Decision {
  const [given, body] = [head(id), { markdown: id }]
  const rest = { why: 'new', bodySays: false, isBare: false, failure: null } as const
  return { do: 'load', segment: 0, head: given, given, previous, ...rest, load: async () => body }
}

test('are what a Map of them would be, whatever is decided again or taken back', () => {
  const steps = fc.array(fc.tuple(fc.nat(400), fc.constantFrom('new', 'known', 'remove', 'delete')), {
    maxLength: 1500,
  })
  fc.assert(
    fc.property(steps, (taken) => {
      const truth = new Map<string, Decision>()
      const decisions = createDecisions()
      for (const [number, what] of taken) {
        const id = `wiki:${number}`
        truth.delete(id)
        decisions.delete(id)
        if (what === 'delete') continue
        const removal = {
          do: 'remove',
          segment: 1,
          id,
          previous: head(id),
          isBare: false,
          reason: '\ud800 gone',
        } as const
        const decision = what === 'remove' ? removal : load(id, what === 'new' ? null : head(id, 'before'))
        truth.set(id, decision)
        decisions.set(id, decision)
      }

      expect(decisions.size).toBe(truth.size)
      expect([...decisions]).toEqual([...truth].map(([id, decision]) => [id, same(decision)]))
      const counted = Map.groupBy(truth.values(), ({ segment }) => segment)
      expect(decisions.segments()).toEqual(new Map([...counted].map(([segment, { length }]) => [segment, length])))
      expect([...decisions.known()].map(idOf)).toEqual([...truth.values()].filter(isKnown).map(idOf))
      for (const id of [...truth.keys()].slice(0, 20)) expect(decisions.get(id)).toEqual(same(truth.get(id)))
    }),
    { numRuns: 20 },
  )
})

test('a packed load still loads its own body, and its head as the source said it is its head', async () => {
  const decisions = createDecisions()
  for (let at = 0; at < 1000; at++) decisions.set(`wiki:${at}`, load(`wiki:${at}`))

  const decision = decisions.get('wiki:17')

  if (decision?.do !== 'load') throw new Error('wiki:17 is not loaded')
  expect(decision.given).toEqual(head('wiki:17'))
  expect(await decision.load('17')).toEqual({ markdown: 'wiki:17' })
})

/** Functions are compared by what they are. */
function same(decision: Decision | undefined): unknown {
  return decision?.do === 'load' ? { ...decision, load: decision.load } : decision
}

function isKnown(decision: Decision): boolean {
  return decision.do !== 'load' || decision.previous !== null
}

function idOf(decision: Decision): string {
  return decision.do === 'remove' ? decision.id : decision.head.id
}
