/** Words that may be misspelt are looked for in a list that is kept from question to question, while the file stays as it is. */
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { mayBeSpelt } from '../../../src/core/letters.ts'
import { openSqlite } from '../../../src/indexes/sqlite/sqlite.ts'
import { batch, sampleDocument } from '../../conformance/index-samples.ts'
import { temporaryFolder } from '../temporary-folder.ts'

test('what another connection stores is found at once', async () => {
  const path = join(temporaryFolder(), 'index.db')
  const writer = await openSqlite(path)
  await writer.apply(batch('docs', { put: [sampleDocument('docs:1', { texts: ['alpha'] })] }))
  const reader = await openSqlite(path, { mode: 'read' })
  expect(await reader.alike('alphi', 1)).toEqual(['alpha'])

  await writer.apply(batch('docs', { put: [sampleDocument('docs:2', { texts: ['alphe'] })] }))

  expect((await reader.alike('alphi', 1)).toSorted()).toEqual(['alpha', 'alphe'])
  await reader.close()
  await writer.close()
})

test('a letter is one letter, however many code units it is of', async () => {
  const words = ['𐐨', '𐐨𐐩', '𐐨𐐩𐐪', '𐐨𐐩𐐪𐐫', 'a', 'ab', 'abc', 'abcd', 'abcde', 'bcdea', 'élan', 'elan']
  const store = await openSqlite(join(temporaryFolder(), 'index.db'))
  await store.apply(batch('docs', { put: [sampleDocument('docs:1', { texts: [words.join(' ')] })] }))
  const tokens = await store.tokens('', 1000)
  expect(tokens).toEqual(expect.arrayContaining(words))

  for (const word of words) {
    for (const changes of [1, 2] as const) {
      const expected = tokens.filter((other) => mayBeSpelt(other, word, changes))
      expect((await store.alike(word, changes)).toSorted(), `${word}, ${changes}`).toEqual(expected.toSorted())
    }
  }
  await store.close()
})

test('a list that cannot be read is a damaged index', async () => {
  const path = join(temporaryFolder(), 'index.db')
  const writer = await openSqlite(path)
  await writer.apply(batch('docs', { put: [sampleDocument('docs:1', { texts: ['alpha'] })] }))
  await writer.close()
  changed(
    path,
    `PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = replace(sql, 'STRICT,', '') WHERE name = 'token'`,
  )
  changed(path, `UPDATE token SET letters = 'none'`)

  const reader = await openSqlite(path, { mode: 'read' })
  await expect(reader.alike('alphi', 1)).rejects.toMatchObject({ code: 'INDEX_DAMAGED' })
  await reader.close()
})

function changed(path: string, sql: string): void {
  const db = new Database(path)
  db.unsafeMode()
  db.exec(sql)
  db.close()
}
