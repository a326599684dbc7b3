import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { openSqlite } from '../../../src/indexes/sqlite/sqlite.ts'
import { documentOf, filled } from '../../query/no-trace.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import { alter } from './alter.ts'

test('the words of what was found stay what they are, whatever is asked next and by whom', async () => {
  const texts = (word: string) => Array.from({ length: 40 }, (_, at) => `${word} ${'x '.repeat(at)}`)
  const index = await filled(await openSqlite(join(temporaryFolder(), 'index.db')), [
    documentOf('p', 'p:1', { title: 'about', texts: texts('refund'), access: 'public' }),
    documentOf('p', 'p:2', { title: 'about', texts: texts('invoice'), access: ['group:staff'] }),
  ])
  const ask = (token: string) =>
    index.lexical({ groups: [[token]], match: 'any', as: ['group:staff'], limit: 40, perDocument: 40, onlyInPlace: [] })
  const found = await ask('refund')
  const before = found.map(({ words }) => [...(words ?? [])])
  expect(before).toHaveLength(40)

  await setImmediate()
  expect(await ask('invoic')).toHaveLength(40)

  expect(found.map(({ words }) => [...(words ?? [])])).toEqual(before)
  await index.close()
})

test('what cannot be read is an error to whoever asks next in the same turn, and not nothing', async () => {
  const path = join(temporaryFolder(), 'index.db')
  const documents = [documentOf('p', 'p:1', { title: 'about', texts: ['refund'], access: 'public' })]
  await (await filled(await openSqlite(path), documents)).close()
  alter(path, 'DROP TABLE chunk_words')
  const index = await openSqlite(path, { mode: 'read' })
  const ask = () => index.lexical({ groups: [['refund']], match: 'any', as: [], limit: 10, onlyInPlace: [] })

  const answers = await Promise.allSettled([ask(), ask()])

  for (const answer of answers) expect(answer).toMatchObject({ status: 'rejected', reason: { code: 'INDEX_DAMAGED' } })
  await index.close()
})
