import { mkdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { run } from '../../src/cli/main.ts'
import { feedbackFile } from '../../src/feedback/book.ts'
import { readFeedback } from '../../src/feedback/read.ts'
import { capturedIo } from '../cli/captured-io.ts'
import { knowledgeFile } from './knowledge.ts'
import { serving, userToken } from './stage.ts'

const pages = {
  wiki: {
    open: { title: 'Open', markdown: 'Words.' },
    plans: { title: 'Plans', markdown: 'Words.', access: ['group:staff'] as const },
  },
}

test('a reader says whether a document helped, and the operator is told', async () => {
  const file = await knowledgeFile(pages)
  const { ask } = await serving(file)
  const said = { document: 'wiki:open', helpful: false, query: ' where ', comment: 'mail me@x' }

  const { status, text } = await ask('/v1/feedback', { body: said })
  await ask('/v1/feedback', { body: { document: 'wiki:open', helpful: true }, token: await userToken() })

  expect([status, text]).toEqual([204, ''])
  const io = capturedIo('/')
  expect(await run(['feedback', '--json', '--index', file], io)).toBe(0)
  const at = '2026-01-02T00:00:00.000Z'
  const remarks = [{ at, helpful: false, query: 'where', comment: 'mail mex' }]
  expect(
    io
      .out()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line)),
  ).toEqual([
    { type: 'feedback', id: 'wiki:open', title: 'Open', helpful: 1, unhelpful: 1, remarks },
    { type: 'unanswered', query: 'where', votes: 1, ids: ['wiki:open'] },
  ])
})

test('of a document that one may not read nothing is kept, and it is told as one that is not there', async () => {
  const file = await knowledgeFile(pages)
  const { ask } = await serving(file)

  const hidden = await ask('/v1/feedback', { body: { document: 'wiki:plans', helpful: true } })
  const missing = await ask('/v1/feedback', { body: { document: 'wiki:nothing', helpful: true } })

  expect(hidden.status).toBe(404)
  expect(hidden.text).toBe(missing.text)
  expect(await readFeedback(feedbackFile(file))).toEqual({ documents: [], unanswered: [] })
})

test.each([
  { document: 'wiki:open' },
  { document: 'wiki:open', helpful: 'yes' },
  { document: 'wiki:open', helpful: true, query: 'x'.repeat(501) },
  { document: 'wiki:open', helpful: true, comment: 'x'.repeat(1001) },
  { document: 'wiki:open', helpful: true, name: 'Ada' },
])('what is said wrongly is refused: %j', async (body) => {
  const { ask } = await serving(await knowledgeFile(pages))

  expect((await ask('/v1/feedback', { body })).status).toBe(400)
})

test('what can not be kept is told as that, and searching goes on', async () => {
  const file = await knowledgeFile(pages)
  mkdirSync(feedbackFile(file))
  const { ask, reported } = await serving(file)

  const { status, text } = await ask('/v1/feedback', { body: { document: 'wiki:open', helpful: true } })

  expect(status).toBe(503)
  expect(text).not.toContain(file)
  expect(reported).toMatchObject([{ code: 'DISK' }])
  expect((await ask('/v1/search?q=words')).json.results).toHaveLength(1)
})
