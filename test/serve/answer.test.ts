import { expect, test } from 'vitest'
import { knowledgeFile } from './knowledge.ts'
import { SERVICE_TOKEN, serving } from './stage.ts'

const file = await knowledgeFile({
  wiki: {
    invoices: {
      title: 'Invoices',
      markdown: '# Keeping\n\nInvoices are kept for ten years. They are sent by mail.\n',
      more: { url: 'file:///invoices' },
    },
    travel: { title: 'Travel', markdown: 'Trains are booked by the office.' },
    lunch: { title: 'Lunch', markdown: 'Soup is served at noon.' },
    keys: { title: 'Keys', markdown: 'Master keys are rotated every ninety days.', access: ['group:staff'] },
  },
  plans: { plan: { title: 'Plan', markdown: 'A plan.', access: ['group:staff'] } },
})

test('an answer is made of sentences that stand where they are said to stand', async () => {
  const { ask } = await serving(file)

  const { json } = await ask('/v1/answer', { body: { query: 'for how many years are invoices kept?' } })

  const text = 'Invoices are kept for ten years.'
  expect(json.answer).toEqual([
    {
      ...{ rank: 1, text, id: 'wiki:invoices', title: 'Invoices', url: 'urn:unsilo:wiki%3Ainvoices' },
      ...{ headings: ['Keeping'], kind: 'page', source: 'wiki', updated_at: '2026-01-01T00:00:00Z' },
      ...{ start: 11, end: 43 },
    },
  ])
  expect((await ask('/v1/documents/wiki:invoices')).json.markdown.slice(11, 43)).toBe(text)
})

test('there is no answer where none that may be read says so', async () => {
  const { ask } = await serving(file)
  const asked = { query: 'how often are master keys rotated?' }

  expect((await ask('/v1/answer', { body: asked })).json).toEqual({ answer: null })
  expect((await ask('/v1/answer', { body: asked, token: SERVICE_TOKEN })).json.answer).toHaveLength(1)
  const elsewhere = { body: { ...asked, kinds: ['ticket'] }, token: SERVICE_TOKEN }
  expect((await ask('/v1/answer', elsewhere)).json).toEqual({ answer: null })
})

test.each([
  ['/v1/search?q=x&source=NAME', undefined],
  ['/v1/search', { query: 'x', sources: ['wiki', 'NAME'] }],
  ['/v1/context', { query: 'x', sources: ['NAME'] }],
  ['/v1/answer', { query: 'x', sources: ['NAME'] }],
])('a source of which one may read nothing is refused as one that is not there: %s', async (path, body) => {
  const { ask } = await serving(file)
  const named = async (name: string) => {
    const asked = body === undefined ? {} : { body: JSON.stringify(body).replace('NAME', name) }
    const { status, text } = await ask(path.replace('NAME', name), asked)
    return [status, text.replace(name, 'NAME')]
  }

  const [status, text] = await named('plans')
  expect(status).toBe(400)
  expect(text).toContain('There are: wiki.')
  expect(await named('none')).toEqual([status, text])
  expect((await named('wiki'))[0]).toBe(200)
})
