import { expect, test } from 'vitest'
import { linesOf } from '../../../src/query/evaluation/lines.ts'
import { parseDocument, parseQuestions } from '../../../src/query/evaluation/questions.ts'
import { parseQrels, parseRun } from '../../../src/query/evaluation/trec.ts'

const judged = new Map([['q1', new Map([['d 1', 2]])]])

test.for([
  ['BEIR, with heads', 'query-id\tcorpus-id\tscore\nq1\td 1\t2\n'],
  ['other heads', 'query_id\tdoc_id\trelevance\r\nq1\td 1\t2\r\n'],
  ['TREC by tabs, a mark of byte order in front', '\ufeffq1\t0\td 1\t2'],
] as const)('judgements: %s', ([, text]) => {
  expect(parseQrels(text, 'qrels')).toEqual(judged)
})

test('judgements by spaces', () => {
  expect(parseQrels('q1 0 d1 1\nq1  0  d2  -1\n\nquery7 0 d1 0', 'qrels')).toEqual(
    new Map([
      [
        'q1',
        new Map([
          ['d1', 1],
          ['d2', -1],
        ]),
      ],
      ['query7', new Map([['d1', 0]])],
    ]),
  )
})

test('a run: heads are left out, and the first line of a question that is called like one is not', () => {
  const run = new Map([['query-1', [{ id: 'd1', score: 2 }]]])

  expect(parseRun('query-1 Q0 d1 1 2 name', 'run')).toEqual(run)
  expect(parseRun('query-1\td1\t1\t2', 'run')).toEqual(run)
  expect(parseRun('query-id Q0 doc-id rank score run\nquery-1 Q0 d1 1 2 name', 'run')).toEqual(run)
})

test('questions: JSON lines, TREC topics, two columns', () => {
  const question = { id: '1', text: 'lost key' }

  expect(parseQuestions('{"_id":"1","text":"lost key"}', 'q')).toEqual([{ ...question, language: null }])
  expect(parseQuestions('{"id":1,"text":"lost key","lang":"en"}', 'q')).toEqual([{ ...question, language: 'en' }])
  expect(parseQuestions('1\tlost key\n', 'q')).toEqual([{ ...question, language: null }])
  const topics = '<top>\n<num> Number: 1\n<title> lost\n key\n<desc> Description:\nwhatever\n</top>'
  expect(parseQuestions(topics, 'q')).toEqual([{ ...question, language: null }])
})

test.for([
  ['qrels:2: relevance is no number: "high"', () => parseQrels('q 0 d 1\nq 0 e high', 'qrels')],
  ['qrels:1: the line has 2 columns', () => parseQrels('q d', 'qrels')],
  ['qrels:3: document d is judged twice for q', () => parseQrels('q 0 d 1\n\nq 0 d 0', 'qrels')],
  ['qrels:1: document is missing', () => parseQrels('q\t0\t\t1', 'qrels')],
  ['run:1: score is no number: "x"', () => parseRun('q Q0 d 1 x name', 'run')],
  ['run:2: document d is found twice for q', () => parseRun('q Q0 d 1 2 n\nq Q0 d 2 1 n', 'run')],
  ['q:2: the line is no JSON object', () => parseQuestions('{"_id":"1","text":"a"}\n{"_id":', 'q')],
  ['q:1: text is missing', () => parseQuestions('{"_id":"1"}', 'q')],
  ['q:1: text is no text: 7', () => parseQuestions('{"_id":"1","text":7}', 'q')],
  ['q:1: _id is missing', () => parseQuestions('{"text":"a"}', 'q')],
  ['q:1: _id holds a tab', () => parseQuestions('{"_id":"a\\tb","text":"a"}', 'q')],
  ['q:2: id 1 stands there twice', () => parseQuestions('1\ta\n1\tb', 'q')],
  ['q:4: id 1 stands there twice', () => parseQuestions('\n1\ta\n\n1\tb', 'q')],
  ['q:2: id 1 stands', () => parseQuestions('<top><num>1<title>a</top>\n<top><num>1<title>b</top>', 'q')],
  ['q:1: the line is neither', () => parseQuestions('just words', 'q')],
  ['q:2: <title> is missing', () => parseQuestions('\n<top><num>1</top>', 'q')],
  ['c:1: kind is none of page', () => linesOf('{"_id":"1","text":"a","kind":"pdf"}', 'c').map(parseDocument)],
] as const)('%s', ([message, parse]) => {
  expect(parse).toThrow(expect.objectContaining({ code: 'USAGE', message: expect.stringContaining(message) }))
})

test('a document of a corpus has what its line says, and usual values for the rest', () => {
  const [line = { file: '', number: 0, text: '' }] = linesOf(
    '{"_id":"7","title":"T","text":"# H","path":["a","b"]}',
    'c',
  )

  expect(parseDocument(line)).toEqual({
    ...{ id: '7', title: 'T', text: '# H', language: null, url: 'corpus:7', path: ['a', 'b'] },
    ...{ kind: 'article', updatedAt: '1970-01-01T00:00:00Z' },
  })
})
