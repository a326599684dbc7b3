/** What is hidden, and what is found: of memory and SQLite, and in cases that chance seldom makes. */
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openMemory } from '../../src/indexes/memory/memory.ts'
import { openSqlite } from '../../src/indexes/sqlite/sqlite.ts'
import { search } from '../../src/query/search.ts'
import { temporaryFolder } from '../indexes/temporary-folder.ts'
import { ARMS, checkNoTrace, documentOf, filled } from './no-trace.ts'

test.each(ARMS)('what is hidden leaves no trace in what is found: %s', async (arm) => {
  const sqlite = () => openSqlite(join(temporaryFolder(), 'index.db'))
  await checkNoTrace([async () => openMemory(), sqlite], arm, arm === 'words' ? 40 : 15)
})

test('a word that hidden documents are full of is looked up for whoever has it in few', async () => {
  const hidden = Array.from({ length: 30 }, (_, at) =>
    documentOf('p', `p:hidden${at}`, { title: 'x', texts: Array(90).fill('merger'), access: [] }),
  )
  const seen = [
    documentOf('p', 'p:1', { title: 'about', texts: ['refund'], access: 'public' }),
    documentOf('p', 'p:2', { title: 'about', texts: ['refund'], access: 'public' }),
    documentOf('p', 'p:3', { title: 'about', texts: ['merger'], access: 'public' }),
  ]
  const index = await filled(openMemory(), [...hidden, ...seen])
  const asked = { text: 'merger refund', as: [], limit: 10 }

  expect(await search(index, asked)).toEqual(await search(await filled(openMemory(), seen), asked))
  expect((await search(index, asked)).map(({ id }) => id)).toEqual(['p:3', 'p:1', 'p:2'])
})

test('hidden documents have no say in which passages of a document are looked at', async () => {
  const hidden = Array.from({ length: 40 }, (_, at) =>
    documentOf('p', `p:hidden${at}`, { title: 'x', texts: ['merger '.repeat(9)], access: [] }),
  )
  const texts = ['refund x', 'refund y', 'merger', 'merger', 'merger', 'refund z', 'invoice', 'refund', 'merger merger']
  const seen = [documentOf('p', 'p:1', { title: 'about', texts, access: 'public' })]
  for (const fresh of [async () => openMemory(), () => openSqlite(join(temporaryFolder(), 'index.db'))]) {
    const [index, readable] = [await filled(await fresh(), [...hidden, ...seen]), await filled(await fresh(), seen)]
    for (const text of ['merger refund', 'refund merger invoice', 'merger']) {
      const asked = { text, as: [], limit: 10, perDocument: 1 }
      expect(await search(index, asked)).toEqual(await search(readable, asked))
    }
    await Promise.all([index.close(), readable.close()])
  }
})

test.each([
  ['another spelling', 'alphabez', false],
  ['what it begins', 'alphab', true],
])('hidden words never take the place of one that may be read: %s', async (_, text, isUnfinished) => {
  const letters = [...'bcdefghijklmnopqrstuvwxy']
  const words = [...letters.map((last) => `alphabe${last}`), ...letters.map((last) => `alphab${last}`)]
  const documents = [
    documentOf('p', 'p:hidden', { title: 'x', texts: [words.join(' ')], access: [] }),
    documentOf('p', 'p:seen', { title: 'y', texts: ['alphabxx'], access: 'public' }),
  ]
  const asked = { text, as: [], limit: 10, isUnfinished }

  expect((await search(await filled(openMemory(), documents), asked)).map(({ id }) => id)).toEqual(['p:seen'])
})
