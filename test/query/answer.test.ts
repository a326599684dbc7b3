import { beforeAll, expect, test } from 'vitest'
import type { Principal } from '../../src/core/access.ts'
import type { Store } from '../../src/core/store.ts'
import { openSqlite } from '../../src/indexes/sqlite/sqlite.ts'
import { answer } from '../../src/query/answer.ts'
import { type Knowledge, knowledgeFile } from '../serve/knowledge.ts'

const STAFF: readonly Principal[] = ['group:staff']

const KNOWLEDGE: Knowledge = {
  wiki: {
    invoices: {
      title: 'Invoices',
      markdown:
        '# How long\n\nHow long are invoices kept? Invoices are kept for **ten years**. The sun shines today.\n',
    },
    keys: { title: 'Keys', markdown: 'A lost key costs fifteen euros. Ask at the counter for another one.\n' },
    merger: {
      title: 'The merger of Quokka',
      markdown: 'The merger with Quokka is signed in October. Nobody knows of the merger yet.\n',
      access: STAFF,
    },
    conges: { title: 'Congés', markdown: 'Les congés payés se demandent deux semaines avant le départ.\n' },
  },
}

let store: Store
beforeAll(async () => {
  store = await openSqlite(await knowledgeFile(KNOWLEDGE), { mode: 'read' })
  return () => store.close()
})

async function quoted(text: string, as: readonly Principal[] = []): Promise<readonly string[]> {
  return (await answer(store, { text, as })).quotes.map((quote) => quote.text)
}

test('an answer is a sentence that is stored so, and no question', async () => {
  const { quotes } = await answer(store, { text: 'for how many years are invoices kept', as: [] })

  expect(quotes[0]?.text).toBe('Invoices are kept for **ten years**.')
  expect(quotes.map(({ text }) => text)).not.toContain('How long are invoices kept?')
  for (const { hit, text, start, end } of quotes) {
    expect((await store.document(hit.id, []))?.markdown.slice(start, end)).toBe(text)
  }
})

test('a question in French is answered in French', async () => {
  expect(await quoted('quand demander les congés payés ?')).toEqual([
    'Les congés payés se demandent deux semaines avant le départ.',
  ])
})

test('what nothing readable says has no answer', async () => {
  expect(await quoted('how do I install Kubernetes on a submarine')).toEqual([])
  expect(await quoted('')).toEqual([])
  expect(await quoted('?!')).toEqual([])
})

test('what is hidden answers those only who may read it', async () => {
  const text = 'when is the merger with Quokka signed'

  expect(await quoted(text)).toEqual([])
  expect(await quoted(text, STAFF)).toContain('The merger with Quokka is signed in October.')
})

test('whether there is an answer is decided without what is hidden', async () => {
  const { merger: _, ...visible } = KNOWLEDGE['wiki'] ?? {}
  const without = await openSqlite(await knowledgeFile({ wiki: visible }), { mode: 'read' })
  for (const text of ['what does a lost key cost', 'merger key', 'Quokka invoices kept', 'signed key in October']) {
    expect(await told(store, text)).toEqual(await told(without, text))
  }
  await without.close()
})

async function told(index: Store, text: string) {
  const { quotes, support } = await answer(index, { text, as: [] })
  return { support, quotes: quotes.map(({ hit, text }) => [hit.id, text]) }
}

test('an answer stays in the sources that were named', async () => {
  const { quotes } = await answer(store, { text: 'what does a lost key cost', as: [], sources: ['other'] })

  expect(quotes).toEqual([])
})

test('who may read one document is answered as one who may read many', async () => {
  const { keys } = KNOWLEDGE['wiki'] ?? {}
  if (keys === undefined) throw new Error('the wiki holds the keys')
  const alone = await openSqlite(await knowledgeFile({ wiki: { keys } }), { mode: 'read' })
  const answers = []
  for (const text of ['how much does a lost key cost', 'how expensive is a lost key', 'lost luggage at the airport']) {
    answers.push((await answer(alone, { text, as: [] })).quotes.map((quote) => quote.text))
  }
  await alone.close()

  const cost = 'A lost key costs fifteen euros.'
  expect(answers).toEqual([[cost], [cost], []])
})
