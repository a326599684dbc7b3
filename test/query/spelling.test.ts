import { expect, test } from 'vitest'
import { chunkAnalyser } from '../../src/analysis/analyse.ts'
import type { Access } from '../../src/core/access.ts'
import type { Store } from '../../src/core/store.ts'
import { openMemory } from '../../src/indexes/memory/memory.ts'
import { search } from '../../src/query/search.ts'
import { batch, sampleDocument } from '../conformance/index-samples.ts'

const visitor = { as: [], limit: 10 }

test.for([
  ['a letter changed', 'pasdword'],
  ['a letter left out', 'passwrd'],
  ['a letter doubled', 'passsword'],
  ['two letters swapped', 'apssword'],
  ['the first letter left out', 'assword'],
  ['the first letter wrong', 'qassword'],
  ['two letters wrong in a long word', 'subxcrpition'],
  ['a misspelt ending', 'subscriptoin'],
] as const)('%s: %s', async ([, word]) => {
  const index = await indexOf({ 'docs:1': ['a password of a subscription'], 'docs:2': ['something else'] })

  expect(await idsOf(index, word)).toEqual(['docs:1'])
})

test.for(['passw', 'passing', 'zzord', 'err_4043', 'AB12'])('%s is no other spelling of anything', async (word) => {
  const index = await indexOf({ 'docs:1': ['a password ERR_4042 AB13 swords'] })

  expect(await idsOf(index, word)).toEqual([])
})

test('a word that is there is not taken for another one', async () => {
  const index = await indexOf({ 'docs:form': ['a form'], 'docs:from': ['from here'], 'docs:forms': ['for me'] })

  expect(await idsOf(index, 'form')).toEqual(['docs:form'])
})

test('a long word of a language that nothing is in means its other spellings too, also where it is there by chance', async () => {
  const index = await indexOf({
    'docs:components': ['the components of it'],
    'docs:song': ['they compose a song of it'],
  })

  expect((await idsOf(index, 'comment faire des composants')).toSorted()).toEqual(['docs:components', 'docs:song'])
  expect(await idsOf(index, 'how should they compose what is a song')).not.toContain('docs:components')
  expect(await idsOf(index, 'où est le song')).toEqual(['docs:song'])
  expect(await idsOf(index, 'composants song')).toEqual(['docs:song'])
})

test('a misspelt word counts less than one as it is typed', async () => {
  const index = await indexOf({ 'docs:a': ['invoice password'], 'docs:b': ['invoice account'] })

  expect(await idsOf(index, 'invoice acount')).toEqual(['docs:b', 'docs:a'])
})

test('what is being typed is found by its beginning, also past the end of a stem', async () => {
  const index = await indexOf({ 'docs:1': ['remboursement de la facture'], 'docs:2': ['facture', 'fabrique'] }, 'fr')
  const typing = (text: string) => search(index, { ...visitor, text, isUnfinished: true })

  expect((await typing('remb')).map(({ id }) => id)).toEqual(['docs:1'])
  expect((await typing('rembourseme')).map(({ id }) => id)).toEqual(['docs:1'])
  expect((await typing('facture rem')).map(({ id }) => id)).toEqual(['docs:1', 'docs:2'])
  expect(await search(index, { ...visitor, text: 'remb' })).toEqual([])
  expect((await typing('fa')).map(({ id }) => id).sort()).toEqual(['docs:1', 'docs:2'])
})

test('what is being typed and begins a word is not taken for another one', async () => {
  const index = await indexOf({ 'docs:1': ['a wildcard'], 'docs:2': ['a wildcat'] })

  const hits = await search(index, { ...visitor, text: 'wildcar', isUnfinished: true })

  expect(hits.map(({ id }) => id)).toEqual(['docs:1'])
})

test('words of hidden documents are neither offered nor told by what is found', async () => {
  const open = { 'docs:1': ['the zebra crossing'] }
  const hidden = { 'docs:secret': ['zebras merger zebre zebrax'] }
  const without = await indexOf(open)
  const index = await indexOf({ ...open, ...hidden }, 'en', (id) => (id === 'docs:secret' ? [] : 'public'))

  for (const text of ['zebre', 'zebrax', 'zebar', 'mergr', 'merger', 'zebra merger']) {
    expect([text, await idsOf(index, text)]).toEqual([text, await idsOf(without, text)])
  }
  expect((await search(index, { ...visitor, text: 'mer', isUnfinished: true })).length).toBe(0)
})

async function indexOf(
  texts: Readonly<Record<string, readonly string[]>>,
  language: 'en' | 'fr' = 'en',
  accessOf: (id: string) => Access = () => 'public',
): Promise<Store> {
  const index = openMemory()
  const put = Object.entries(texts).map(([id, texts]) => {
    const document = sampleDocument(id, { title: '', texts, access: accessOf(id) })
    const analyse = chunkAnalyser('', language)
    return { ...document, chunks: document.chunks.map((chunk) => ({ ...chunk, terms: analyse(chunk) })) }
  })
  await index.apply(batch('docs', { put }))
  return index
}

async function idsOf(index: Store, text: string): Promise<readonly string[]> {
  return (await search(index, { ...visitor, text })).map(({ id }) => id)
}
