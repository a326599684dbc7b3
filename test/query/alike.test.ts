import { expect, test } from 'vitest'
import { featuresOf, groupAlike } from '../../src/query/alike.ts'

function groups(texts: readonly string[]): readonly (readonly string[])[] {
  return groupAlike(texts, (text) => featuresOf(text))
}

test('the same question in other words is one group, another question another', () => {
  const reset = [
    'How do I reset my password? The link in the mail does not work.',
    'how do i reset the password? the link in that mail does not work',
    'Hello, how do I reset my password? The link in the mail does not work any more.',
  ]
  const refund = 'When will I get my refund for the order that I sent back last week?'

  expect(groups([...reset, refund])).toEqual([reset, [refund]])
})

test('texts without words are by themselves', () => {
  expect(groups(['…', '…', ''])).toEqual([['…'], ['…'], ['']])
})

test('the same texts make the same groups in every run', () => {
  const things = ['printer', 'invoice', 'login', 'refund', 'parcel', 'voucher', 'mobile']
  const texts = Array.from(
    { length: 200 },
    (_, at) => `my ${things[at % 7]} again: ${things[at % 7]} ${things[at % 7]}`,
  )
  expect(groups(texts)).toEqual(groups(texts))
  expect(groups(texts).map((group) => group.length)).toEqual([29, 29, 29, 29, 28, 28, 28])
})

test('20,000 texts that are alike, and as many that are not, take seconds', () => {
  const alike = Array.from({ length: 20_000 }, (_, at) =>
    featuresOf(`my order ${at} has not arrived after two weeks, where is it`),
  )
  const other = Array.from({ length: 20_000 }, (_, at) =>
    featuresOf(`${at} ${at * 7} ${at * 31} ${at * 131} ${at ^ 99} ${at * 3}`),
  )
  const start = performance.now()

  expect(groupAlike([...alike, ...other], (features) => features).length).toBeGreaterThan(15_000)

  expect(performance.now() - start).toBeLessThan(20_000)
})
