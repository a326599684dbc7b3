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
    'search by vectors',
    'search by source and label',
    'ask',
    'show',
    'GET /v1/search',
    'POST /v1/search, typing',
    'POST /v1/search, filtered',
    'POST /v1/context',
    'POST /v1/answer',
    'GET /v1/documents/{id}',
    'GET /v1/documents/{id}?format=html',
    'GET /v1/collections',
    'GET /v1/collections?source=',
    'POST /v1/feedback',
    'mistakes',
    'mcp search',
    'mcp fetch',
    'mcp search_passages',
    'mcp list_sources',
  ])
  expect(lines.every(({ readers }) => Number(readers) >= 8)).toBe(true)
  expect(lines.filter(({ tokens, differences }) => tokens !== 0 || differences !== 0)).toEqual([])
  expect(lines.reduce((sum, { queries }) => sum + Number(queries), 0)).toBeGreaterThanOrEqual(300)
})

const PROBE = {
  text: 'bird',
  id: 'wiki:1',
  source: 'wiki',
  label: 'asked',
  kind: 'page',
  locale: 'en',
  path: [],
} as const

function judged(told: string, other: string, hidden: readonly string[] = []): Tally {
  const tally = { queries: 0, tokens: 0, differences: 0, first: null }
  judge(tally, PROBE, [], told, other, hidden)
  return tally
}

test('a hidden word and another answer are told apart; what was asked is no leak', () => {
  expect(judged('a', 'a')).toMatchObject({ queries: 1, tokens: 0, differences: 0, first: null })
  expect(judged('a planted', 'a planted', ['planted'])).toMatchObject({ tokens: 1, differences: 0 })
  expect(judged('a asked', 'a asked', ['asked'])).toMatchObject({ tokens: 0 })
  expect(judged('a', '')).toMatchObject({ differences: 1, first: expect.stringContaining('the public') })
  expect(judged('a b', 'b a')).toMatchObject({ differences: 1 })
})

test('an index without documents measures nothing', async () => {
  const io = capturedIo('/')
  const none = await knowledgeFile({ wiki: { 1: { title: 'One', markdown: 'One.\n' } } })

  expect(await run(['eval', 'access', '--index', none], io)).toBe(1)
  expect(io.err()).toContain('too few documents')
})
