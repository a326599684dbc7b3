/** `unsilo eval` as it is typed, on a corpus of its own and on an index. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { run } from '../../src/cli/main.ts'
import { type CapturedIo, capturedIo, jsonLines } from './captured-io.ts'

const folder = mkdtempSync(join(tmpdir(), 'unsilo-eval-'))
const fixtures = join(import.meta.dirname, '..', '..', 'fixtures')
const write = (name: string, text: string) => writeFileSync(join(folder, name), text)

const CORPUS = [
  { _id: 'keys', title: 'Lost keys', text: 'A lost key costs **35 euros**.', lang: 'en', kind: 'page' },
  { _id: 'lights', title: 'Lights', text: 'A broken light costs 12 euros.', lang: 'en' },
  { _id: 'cles', title: 'Clés perdues', text: 'Une clé perdue coûte 35 euros.', lang: 'fr' },
]

beforeAll(async () => {
  write('corpus.jsonl', CORPUS.map((document) => JSON.stringify(document)).join('\n'))
  write(
    'queries.jsonl',
    '{"_id":"1","text":"lost key"}\n{"_id":"2","text":"clés perdues","lang":"fr"}\n{"_id":"3","text":"x"}',
  )
  write('qrels.tsv', 'query-id\tcorpus-id\tscore\n1\tkeys\t1\n2\tcles\t1\n2\tlights\t1\n')
  write('worse.run', '1 Q0 lights 1 2 x\n1 Q0 keys 2 1 x\n')
  await run(['sync', '--replay', join(fixtures, 'google-docs'), '--index', 'index.db', '-q'], capturedIo(folder))
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function evaluate(...args: readonly string[]): Promise<{ code: number; io: CapturedIo }> {
  const io = capturedIo(folder)
  return { code: await run(['eval', ...args], io), io }
}

test('a corpus is indexed and asked what is judged, and every group has its row', async () => {
  const { code, io } = await evaluate(
    '.',
    '--by',
    'language,kind',
    '-m',
    'mrr,recall@10',
    '--run-out',
    'out.run',
    '--json',
  )

  expect(code).toBe(0)
  const lines = jsonLines(io.out())
  expect(lines.map(({ by, value, questions, measures }) => ({ by, value, questions, measures }))).toEqual([
    { by: 'all', value: '', questions: 2, measures: { mrr: 1, 'recall@10': 0.75 } },
    { by: 'language', value: 'en', questions: 1, measures: { mrr: 1, 'recall@10': 1 } },
    { by: 'language', value: 'fr', questions: 1, measures: { mrr: 1, 'recall@10': 0.5 } },
    { by: 'kind', value: 'article', questions: 1, measures: { mrr: 1, 'recall@10': 0.5 } },
    { by: 'kind', value: 'page', questions: 1, measures: { mrr: 1, 'recall@10': 1 } },
  ])
  expect(lines[0]).toMatchObject({ documents: 3, latency: { p50: expect.any(Number), p95: expect.any(Number) } })
  expect(readFileSync(join(folder, 'out.run'), 'utf8')).toMatch(/^1\tQ0\tkeys\t1\t\d+\tunsilo\n/)
  expect(
    jsonLines((await evaluate('.', '--run', 'out.run', '-m', 'mrr,recall@10', '--json')).io.out())[0],
  ).toMatchObject({
    measures: { mrr: 1, 'recall@10': 0.75 },
  })
})

test('a corpus with a mark of byte order, and with signs in a text that end a line elsewhere', async () => {
  write(
    'marked.jsonl',
    `\ufeff${JSON.stringify({ _id: 'keys', text: 'A lost\u2028key\u0085costs\u2029money.' })}\r\n\r\n`,
  )

  const { code, io } = await evaluate('.', '--corpus', 'marked.jsonl', '-m', 'mrr', '--json')

  expect(io.err()).not.toContain('JSON object')
  expect(code).toBe(0)
  expect(jsonLines(io.out())[0]).toMatchObject({ documents: 1, measures: { mrr: 0.5 } })
})

test('a floor that is missed by what adding up loses is met', async () => {
  const judged = ['1', '2', '3'].flatMap((query) => 'abcdefghij'.split('').map((id) => `${query} 0 ${id} 1\n`))
  write('ten.txt', judged.join(''))
  write(
    'seven.run',
    ['1', '2', '3'].flatMap((query) => 'abcdefg'.split('').map((id) => `${query} Q0 ${id} 1 2 x\n`)).join(''),
  )
  const floor = ['--qrels', 'ten.txt', '--run', 'seven.run', '--fail-under']

  expect((await evaluate(...floor, 'recall=0.7')).code).toBe(0)
  expect((await evaluate(...floor, 'recall=0.7001')).code).toBe(1)
})

test('a run of other questions is refused, as one to judge and as one to compare with', async () => {
  write('other.run', '91 Q0 keys 1 2 x\n')

  for (const option of ['--run', '--baseline']) {
    const { code, io } = await evaluate('.', option, 'other.run')
    expect(code).toBe(2)
    expect(io.err()).toContain('other.run: answers none of the judged questions')
  }
})

test('a floor that is missed ends with 1 and is named', async () => {
  const missed = await evaluate('.', '--fail-under', 'recall@10=0.9', '--fail-under', 'mrr=1')

  expect(missed.code).toBe(1)
  expect(missed.io.out()).toContain('missed: recall@10 is 0.7500, at least 0.9 is asked for')
  expect(missed.io.out()).not.toContain('missed: mrr')
  expect(missed.io.err()).toMatch(
    /^2 questions of 3 documents · ndcg@10 0\.\d{4} · p50 .* ms a question · 1 floor missed\n$/,
  )
  expect((await evaluate('.', '--fail-under', 'recall@10=0.75')).code).toBe(0)
})

test('a saved run is compared with', async () => {
  const { io } = await evaluate('.', '--baseline', 'worse.run', '-m', 'mrr', '--json')

  expect(jsonLines(io.out())[0]).toMatchObject({
    baseline: { mrr: { difference: 0.75, better: 2, worse: 0, same: 0, p: expect.any(Number) } },
  })
  expect((await evaluate('.', '--baseline', 'worse.run', '-m', 'mrr')).io.out()).toMatch(
    /against the baseline\nall {2}mrr {2}\+0\.7500 {2}p 0\.\d{4} {2}2 better, 0 worse, 0 the same/,
  )
})

test('an index is asked in the name of a reader, and what is not there for them is said', async () => {
  write('index-queries.tsv', 'k\tlost key\n')
  write('index-qrels.txt', 'k 0 bicycle-hire:file-3 1\n')
  const asked = ['--index', 'index.db', '--queries', 'index-queries.tsv', '--qrels', 'index-qrels.txt', '-m', 'hit@3']

  const staff = await evaluate(...asked, '--by', 'source')
  expect(staff.io.out()).toMatch(/^source bicycle-hire {2}1 {10}1\.0000$/m)
  const visitor = await evaluate(...asked, '--as', 'public')
  expect(visitor.io.out()).toMatch(/^all +1 +0\.0000$/m)
  expect(visitor.io.err()).toContain('1 relevant document not in the index, or not readable by who asks.')
})

test.for([
  [['.', '--qrels', 'nowhere.tsv'], /nowhere\.tsv: can't be read/],
  [['.', '--queries', 'index-queries.tsv'], /1 is judged, but no question has that id/],
  [['--queries', 'queries.jsonl'], /There are no judgements/],
  [['.', '--run-out', 'nowhere/out.run'], /nowhere: there is no such folder/],
  [['.', '-m', 'precision'], /no measure called "precision"/],
  [['.', '--by', 'author'], /--by takes language, source or kind/],
  [['.', '--fail-under', 'ndcg@10'], /--fail-under takes a measure and a number/],
  [['.', '--corpus', 'qrels.tsv'], /qrels\.tsv:1: the line is no JSON object/],
] as const)('%j is refused', async ([args, message]) => {
  const { code, io } = await evaluate(...args)

  expect(code).toBe(2)
  expect(io.err()).toMatch(message)
})
