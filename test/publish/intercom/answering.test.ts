import { expect, test } from 'vitest'
import { isSameAnswering, shownAnswering } from '../../../src/publish/intercom/answering.ts'
import type { Answering } from '../../../src/publish/intercom/article.ts'

const SAID: Answering = { fin: true, copilot: false, salesAgent: false, audiences: [5, 7] }
const UNSAID: Answering = { fin: null, copilot: null, salesAgent: null, audiences: null }

test.for<readonly [string, Partial<Answering>]>([
  ['as it is', {}],
  ['in another order', { audiences: [7, 5] }],
  ['named twice', { audiences: [5, 7, 5] }],
  ['not said', UNSAID],
])('who answers is the same: %s', ([, change]) => {
  expect(isSameAnswering(SAID, { ...SAID, ...change })).toBe(true)
  expect(isSameAnswering({ ...SAID, ...change }, SAID)).toBe(true)
})

test.for<readonly [string, Partial<Answering>]>([
  ['not Fin', { fin: false }],
  ['Copilot', { copilot: true }],
  ['the Sales Agent', { salesAgent: true }],
  ['for fewer', { audiences: [5] }],
  ['for everybody', { audiences: [] }],
])('who answers is another: %s', ([, change]) => {
  expect(isSameAnswering(SAID, { ...SAID, ...change })).toBe(false)
  expect(isSameAnswering({ ...SAID, ...change }, SAID)).toBe(false)
})

test('it is shown in one order, and what is not said is not', () => {
  const shown = 'Fin: yes\nCopilot: no\nSales Agent: no\nAudiences of Fin: 5, 7\n'

  expect(shownAnswering({ ...SAID, audiences: [7, 5] })).toBe(shown)
  expect(shownAnswering({ ...SAID, audiences: [] })).toContain('Audiences of Fin: everybody\n')
  expect(shownAnswering(UNSAID)).toBe('')
})
