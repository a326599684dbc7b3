import { beforeAll, expect, test } from 'vitest'
import { judge, type Tally } from '../../src/cli/eval-access.ts'
import { run } from '../../src/cli/main.ts'
import { knowledgeFile, type Page } from '../serve/knowledge.ts'
import { capturedIo, jsonLines } from './captured-io.ts'

let index = ''
beforeAll(async () => {
  const pages = Array.from({ length: 8 }, (_, at): [string, Page] => [
    String(at),
    { title: `Page ${at} of birds`, markdown: `The bird number ${at} sings.\n`, ...(at === 2 && { access: [] }) },
  ])
  index = await knowledgeFile({ wiki: Object.fromEntries(pages) })
})

test('asks every door as many readers, and no answer holds a hidden word', async () => {
  const io = capturedIo('/')
  await run(['eval', 'access', '--probes', '300', '--json', '--index', index], io)
  const lines = jsonLines(io.out())

  expect(io.err()).toBe('')
  expect(lines.map(({ door }) => door)).toEqual([
    'search',
    'search --typing',
    'search by source and label',
    'ask',
    'show',
    'mcp search',
    'mcp fetch',
    'mcp search_passages',
    'mcp list_sources',
  ])
  expect(lines.every(({ tokens, readers }) => tokens === 0 && Number(readers) >= 8)).toBe(true)
  expect(lines.reduce((sum, { queries }) => sum + Number(queries), 0)).toBeGreaterThanOrEqual(300)
})

const PROBE = { text: 'bird', id: 'wiki:1', source: 'wiki', label: 'asked' }
const DOOR = { name: 'search', most: 2, ask: () => Promise.reject(new Error('not asked')) }

function judged(told: readonly string[], other: readonly string[], hidden: readonly string[] = []): Tally {
  const tally = { queries: 0, tokens: 0, differences: 0, reordered: 0, first: null }
  const answered = (found: readonly string[]) => ({ text: found.join('\n'), found })
  judge(tally, DOOR, PROBE, [], answered(told), answered(other), hidden)
  return tally
}

test('a hidden word, another answer and another order are told apart; what was asked is no leak', () => {
  expect(judged(['a'], ['a'])).toMatchObject({ queries: 1, tokens: 0, differences: 0, reordered: 0, first: null })
  expect(judged(['a planted'], ['a planted'], ['planted'])).toMatchObject({ tokens: 1, differences: 0 })
  expect(judged(['a asked'], ['a asked'], ['asked'])).toMatchObject({ tokens: 0 })
  expect(judged(['a'], [])).toMatchObject({
    differences: 1,
    reordered: 0,
    first: expect.stringContaining('the public'),
  })
  expect(judged(['a', 'b'], ['b', 'a'])).toMatchObject({ differences: 0, reordered: 1 })
})

test('an index without documents measures nothing', async () => {
  const io = capturedIo('/')
  const none = await knowledgeFile({ wiki: { 1: { title: 'One', markdown: 'One.\n' } } })

  expect(await run(['eval', 'access', '--index', none], io)).toBe(1)
  expect(io.err()).toContain('too few documents')
})
