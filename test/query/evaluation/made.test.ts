/** Which questions are made of tickets and headings. */
import { expect, test } from 'vitest'
import type { Head } from '../../../src/core/document.ts'
import { type Given, madeQuestions } from '../../../src/query/evaluation/made.ts'

const ARTICLE = document('help:1', {
  title: 'Closed periods',
  url: 'https://help.example/en/articles/7-closed-periods',
})

test.each([
  'See [this](https://help.example/en/articles/7-closed-periods).',
  'See https://help.example/en/articles/7.',
  'See <https://help.example/en/articles/7-another-title#a-place>, and https://other.example/.',
  'See [this](<https://help.example/en/articles/7?from=mail>).',
])('a ticket asks for the article that it links: %s', (said) => {
  const { ofTickets } = madeQuestions([ticket('Why is the export of last year empty?', said), ARTICLE])

  expect(ofTickets).toEqual([
    { id: 'ticket:support:1', text: 'Why is the export of last year empty?', language: 'en', answers: ['help:1'] },
  ])
})

test('a link of nothing but slashes takes no longer than any other', { timeout: 5000 }, () => {
  const long = `https://help.example/${'/'.repeat(500_000)}x`
  expect(madeQuestions([ticket('Why is the export of last year empty?', long), ARTICLE]).ofTickets).toEqual([])
})

test('pages of Confluence differ by their number only', () => {
  const page = (id: number) =>
    document(`wiki:${id}`, { url: `https://wiki.example/pages/viewpage.action?pageId=${id}` })
  const linking = ticket(
    'How do I open a closed period?',
    'https://wiki.example/pages/viewpage.action?pageId=2&src=mail',
  )

  expect(madeQuestions([page(1), page(2), linking]).ofTickets.map(({ answers }) => answers)).toEqual([['wiki:2']])
})

test('a question is what was asked first, short, without placeholders and links', () => {
  const asked = `I am [PERSON_1] and see https://x.example/a.\n\nWhy is **it** empty? ${'And why? '.repeat(60)}`
  const [question] = madeQuestions([ticket(asked, 'https://help.example/en/articles/7'), ARTICLE]).ofTickets

  expect(question?.text).toMatch(/^I am and see Why is it empty\? And why\?/)
  expect(question?.text.length).toBeLessThanOrEqual(300)
})

test('a ticket that links no document that is here, or a ticket, or that asks nothing, is no question', () => {
  const tickets = [
    ticket('Why is the export empty?', 'https://help.example/en/articles/8'),
    {
      ...ticket('Why is the export empty?', 'https://desk.example/1'),
      head: { ...ticket('', '').head, id: 'support:2' },
    },
    ticket('Help', 'https://help.example/en/articles/7'),
  ]
  expect(madeQuestions([...tickets, ARTICLE]).ofTickets).toEqual([])
})

test('a heading that stands in one document only asks for that, with what stands above it', () => {
  const one = document('help:1', {
    title: 'Refunds',
    headings: [
      ['Refunds'],
      ['Refunds', 'Before you **begin**'],
      ['Refunds', 'When money comes back'],
      ['Refunds', 'FAQ'],
    ],
  })
  const two = document('help:2', {
    title: 'Invoices',
    headings: [['Before you begin'], ['What is it for?'], ['Sending one again']],
  })

  expect(madeQuestions([two, one]).ofHeadings).toEqual([
    { id: 'heading:help:1:1', text: 'Refunds When money comes back', language: 'en', answers: ['help:1'] },
    { id: 'heading:help:2:1', text: 'Sending one again', language: 'en', answers: ['help:2'] },
  ])
})

test('a heading that is a title, or of a ticket, asks for nothing; of a document three are enough', () => {
  const headings = ['Export all years', 'Export one year', 'Export two years', 'Export three years', 'Closed periods']
  const made = madeQuestions([
    document('help:1', { title: 'Closed periods' }),
    document('help:2', { title: 'Exports', headings: headings.map((heading) => [heading]).reverse() }),
    { ...ticket('', ''), headings: [['What was tried there']] },
  ])
  expect(made.ofHeadings.map(({ text }) => text)).toEqual(['Export three years', 'Export two years', 'Export one year'])
})

interface Sample {
  readonly title?: string
  readonly url?: string
  readonly headings?: Given['headings']
}

function document(id: string, { title = id, url = `https://x.example/${id}`, headings = [] }: Sample): Given {
  return { head: headOf(id, title, url, 'article'), markdown: '', language: 'en', headings }
}

function ticket(asked: string, answered: string): Given {
  const markdown = `## Question\n\n${asked}\n\n## Resolution\n\n${answered}\n`
  return {
    head: headOf('support:1', 'A ticket', 'https://desk.example/1', 'ticket'),
    markdown,
    language: 'en',
    headings: [],
  }
}

function headOf(id: string, title: string, url: string, kind: Head['kind']): Head {
  return { id, version: '1', title, url, updatedAt: '2026-01-01T00:00:00Z', path: [], kind, access: 'public' }
}
