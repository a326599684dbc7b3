/** What a question finds by synonyms, and what it must not. */
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { chunkAnalyser } from '../../src/analysis/analyse.ts'
import { parseSynonyms } from '../../src/config/synonyms.ts'
import type { Access } from '../../src/core/access.ts'
import type { IndexedDocument } from '../../src/core/document.ts'
import type { Index, Store } from '../../src/core/store.ts'
import { openMemory } from '../../src/indexes/memory/memory.ts'
import { openSqlite } from '../../src/indexes/sqlite/sqlite.ts'
import { answer } from '../../src/query/answer.ts'
import { explain } from '../../src/query/explain.ts'
import { RANKING } from '../../src/query/score.ts'
import { search } from '../../src/query/search.ts'
import { withSynonyms } from '../../src/query/synonyms.ts'
import { batch, sampleDocument } from '../conformance/index-samples.ts'
import { temporaryFolder } from '../indexes/temporary-folder.ts'

type Texts = Readonly<Record<string, string | { readonly text: string; readonly access: Access }>>

const DRIVERS = [
  { driver: 'memory', open: async () => openMemory() },
  { driver: 'SQLite', open: () => openSqlite(join(temporaryFolder(), 'index.db'), { mode: 'write' }) },
] as const

test.each(DRIVERS)('words that mean the same find each other, what was typed first: $driver', async ({ open }) => {
  const index = await indexOf(
    { 'd:bill': 'Where your bill is.', 'd:invoice': 'Where your invoice is.', 'd:key': 'Where your key is.' },
    'invoice, bill',
    { open },
  )

  expect(await idsOf(index, 'invoices')).toEqual(['d:invoice', 'd:bill'])
  expect(await idsOf(index, 'bills')).toEqual(['d:bill', 'd:invoice'])
})

test('a word that is replaced is not looked up, but where nothing else is found', async () => {
  const texts = { 'd:old': 'The phone of old.', 'd:new': 'The handset of today.' }

  expect(await idsOf(await indexOf(texts, 'phone => handset'), 'phone')).toEqual(['d:new'])
  expect(await idsOf(await indexOf(texts, 'phone => handset, phone'), 'phone')).toEqual(['d:old', 'd:new'])
  expect(await idsOf(await indexOf(texts, 'phone => apparatus'), 'phone')).toEqual(['d:old'])
})

test('a word may stand in very many lines', { timeout: 15_000 }, async () => {
  const lines = Array.from({ length: 100_000 }, (_, at) => `invoice, w${at}`).join('\n')
  const index = await indexOf({ 'd:first': 'w0', 'd:last': 'w99999' }, lines)

  expect(await idsOf(index, 'invoice')).toEqual(['d:first'])
})

test('a phrase is found where its words stand one after the other, and stands for a word', async () => {
  const index = await indexOf(
    {
      'd:phrase': 'We have single sign-on for all.',
      'd:words': 'Every single one must sign this page on paper.',
      'd:sso': 'Setting SSO up.',
    },
    'sso, single sign on',
  )

  expect(await idsOf(index, 'sso')).toEqual(['d:sso', 'd:phrase'])
  expect(new Set((await idsOf(index, 'single sign on')).slice(0, 2))).toEqual(new Set(['d:phrase', 'd:sso']))
})

test('a line of one language is read for that language', async () => {
  const texts = { 'd:1': 'Le remboursement de la facture.', 'd:2': 'The refund is paid.' }
  const fr = await indexOf(texts, 'avoir => remboursement', { language: 'fr' })
  const de = await indexOf(texts, 'avoir => remboursement', { language: 'de' })

  expect(await idsOf(fr, 'avoir')).toEqual(['d:1'])
  expect(await idsOf(de, 'avoir')).toEqual([])
})

test('synonyms stand before other spellings', async () => {
  const index = await indexOf({ 'd:1': 'A bull.', 'd:2': 'An invoice.' }, 'bill => invoice')
  expect(await idsOf(index, 'bill')).toEqual(['d:2'])
})

test('who reads an answer finds it by a synonym too', async () => {
  const index = await indexOf({ 'd:1': 'The handset costs ten euros a month.' }, 'phone => handset')
  expect((await answer(index, { as: [], text: 'What does the phone cost a month?' })).quotes[0]?.hit.id).toBe('d:1')
})

test('explain names what was added', async () => {
  const { terms } = await explained(
    await indexOf({ 'd:1': 'An invoice.', 'd:2': 'A bill of sale.' }, 'invoice, bill, bill of sale, receipt'),
    'invoice key',
  )

  expect(terms.map(({ found, tokens, synonyms }) => ({ found, tokens, synonyms }))).toEqual([
    { found: 'as typed', tokens: ['invoic'], synonyms: [['bill'], ['bill', 'of', 'sale']] },
    { found: 'nowhere', tokens: ['key'], synonyms: [] },
  ])
})

test.each(DRIVERS)('a synonym in hidden documents only leaves no trace: $driver', async ({ open }) => {
  const readable: Texts = { 'd:1': 'The phone.', 'd:2': 'A phone and a fone.', 'd:3': 'Something else.' }
  const hidden: Texts = { 'd:9': { text: 'The handset, the handset.', access: ['group:staff'] } }
  for (const rule of ['phone, handset', 'phone => handset', 'fones => handset', 'phone, handset of old']) {
    const without = await indexOf(readable, rule, { open })
    const beside = await indexOf({ ...readable, ...hidden }, rule, { open })
    for (const text of ['phone', 'handset', 'fones', 'the handset else', 'handset of old']) {
      expect({ ...(await explained(beside, text)), steps: [] }).toEqual({
        ...(await explained(without, text)),
        steps: [],
      })
      expect(await answer(beside, { as: [], text })).toEqual(await answer(without, { as: [], text }))
    }
  }
})

test('a question stays bounded, however much its words are said to mean', async () => {
  const words = Array.from({ length: 32 }, (_, at) => `synonym${String.fromCharCode(97 + at / 26, 97 + (at % 26))}`)
  const index = await indexOf({ 'd:1': words.join(' ') }, `${words.join(', ')}\n`.repeat(3))

  const { terms } = await explained(index, words.join(' '))

  expect(terms).toHaveLength(32)
  expect(Math.max(...terms.map(({ synonyms }) => synonyms.length))).toBe(8)
  expect(terms.reduce((sum, { synonyms }) => sum + synonyms.length, 0)).toBeLessThanOrEqual(32)
})

async function indexOf(
  texts: Texts,
  lines: string,
  { language = null, open = DRIVERS[0].open }: { language?: string | null; open?: () => Promise<Store> } = {},
): Promise<Index> {
  const store = await open()
  onTestFinished(() => store.close())
  await store.apply(batch('d', { put: Object.entries(texts).map(([id, given]) => documentOf(id, given)) }))
  return withSynonyms(
    store,
    parseSynonyms(lines, 'x.txt').map((line) => ({ language, ...line })),
  )
}

function documentOf(id: string, given: Texts[string] = ''): IndexedDocument {
  const { text, access } = typeof given === 'string' ? { text: given, access: 'public' as const } : given
  const language = /\bla\b/.test(text) ? 'fr' : 'en'
  const document = sampleDocument(id, { texts: [text], access })
  const chunks = document.chunks.map((chunk) => ({ ...chunk, headings: [] }))
  return {
    ...document,
    language,
    chunks: chunks.map((chunk) => ({ ...chunk, terms: chunkAnalyser('', language)(chunk) })),
  }
}

async function idsOf(index: Index, text: string): Promise<readonly string[]> {
  return (await search(index, { as: [], limit: 10, text })).map(({ id }) => id)
}

function explained(index: Index, text: string) {
  return explain(index, { as: [], limit: 10, text }, RANKING, [], () => 0)
}
