import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, onTestFinished, test } from 'vitest'
import type { Vote } from '../../src/core/feedback.ts'
import { CAPS, openBook } from '../../src/feedback/book.ts'
import { readFeedback } from '../../src/feedback/read.ts'
import { leaveHalf } from '../indexes/half-written.ts'
import { temporaryFolder } from '../indexes/temporary-folder.ts'

const AT = '2026-01-02T00:00:00.000Z'

function opened(path: string, key = 'key') {
  const book = openBook(path, { clean: (text) => text.replaceAll('Ada', '[NAME]'), key: Buffer.from(key) })
  onTestFinished(() => book.close())
  return book
}

function vote(document: string, more: Partial<Vote> = {}): Vote {
  return { document, asker: 'user ada', helpful: false, at: AT, ...more }
}

test('votes are added up by document, and questions that were left open by how often', async () => {
  const path = join(temporaryFolder(), 'feedback')
  const book = opened(path)
  await book.add(vote('a:1', { query: 'Where is it' }))
  await book.add(vote('a:1', { asker: 'b', query: 'where is it', comment: 'Ask Ada.' }))
  await book.add(vote('a:1', { asker: 'c', helpful: true, query: 'something else' }))
  await book.add(vote('b:1', { helpful: true }))
  await book.add(vote('c:1', { query: 'other' }))

  expect(await readFeedback(path)).toEqual({
    documents: [
      {
        ...{ document: 'a:1', helpful: 1, unhelpful: 2 },
        remarks: [
          { at: AT, helpful: true, query: 'something else' },
          { at: AT, helpful: false, query: 'where is it', comment: 'Ask [NAME].' },
          { at: AT, helpful: false, query: 'Where is it' },
        ],
      },
      { document: 'c:1', helpful: 0, unhelpful: 1, remarks: [{ at: AT, helpful: false, query: 'other' }] },
      { document: 'b:1', helpful: 1, unhelpful: 0, remarks: [] },
    ],
    unanswered: [
      { query: 'where is it', votes: 2, documents: ['a:1'] },
      { query: 'other', votes: 1, documents: ['c:1'] },
    ],
  })
})

test('of one asker and one document the last vote counts, with all that was said with it', async () => {
  const path = join(temporaryFolder(), 'feedback')
  const book = opened(path)
  await book.add(vote('a:1', { query: 'first', comment: 'words' }))
  await book.add(vote('a:1', { helpful: true }))

  expect((await readFeedback(path)).documents).toEqual([{ document: 'a:1', helpful: 1, unhelpful: 0, remarks: [] }])
})

test('who voted is not told by the file, and not by trying names out with what is in it', async () => {
  const path = join(temporaryFolder(), 'feedback')
  await opened(path, 'one').add(vote('a:1'))
  await opened(path, 'other').add(vote('a:2'))
  const db = new Database(path, { readonly: true })
  const askers = db.prepare('SELECT asker FROM vote').pluck().all()
  db.close()

  expect(new Set(askers).size).toBe(2)
  expect(readFileSync(path).includes('ada')).toBe(false)
  expect(statSync(path).mode & 0o077).toBe(0)
})

test('one asker pushes out no more than their own, and old votes go', async () => {
  const path = join(temporaryFolder(), 'feedback')
  const book = opened(path)
  await book.add(vote('old:1', { asker: 'b', at: '2024-01-01T00:00:00.000Z' }))
  await book.add(vote('other:1', { asker: 'b' }))
  for (let at = 0; at < CAPS.ofOneAsker + 3; at++) await book.add(vote(`a:${at}`))

  const documents = (await readFeedback(path)).documents.map(({ document }) => document)
  expect(documents).toHaveLength(CAPS.ofOneAsker + 1)
  expect(documents).toContain('other:1')
  expect(documents).not.toContain('a:2')
})

test('there is an end to how many are kept', async () => {
  const path = join(temporaryFolder(), 'feedback')
  const book = opened(path)
  await book.add(vote('a:1'))
  const db = new Database(path)
  db.prepare('UPDATE sqlite_sequence SET seq = ?').run(CAPS.votes)
  db.close()
  await book.add(vote('a:2', { asker: 'b' }))

  expect((await readFeedback(path)).documents.map(({ document }) => document)).toEqual(['a:2'])
})

test('a file that is none of ours is an error, and left as it is', async () => {
  const path = join(temporaryFolder(), 'feedback')
  writeFileSync(path, 'something else, which is long enough to be no database of anybody')

  await expect(opened(path).add(vote('a:1'))).rejects.toMatchObject({ code: 'DISK' })
  await expect(readFeedback(path)).rejects.toMatchObject({ code: 'DISK' })
  expect(readFileSync(path, 'utf8')).toMatch(/^something else/)
})

test('a vote that a killed server had begun to write is in the way of nobody who reads', async () => {
  const folder = temporaryFolder()
  const [path, left] = [join(folder, 'feedback'), join(folder, 'left')]
  const book = opened(path)
  await book.add(vote('a:1'))
  await book.close()
  leaveHalf(path, left)

  expect((await readFeedback(left)).documents).toMatchObject([{ document: 'a:1' }])
})

test('of nothing that was ever said, nothing is told', async () => {
  expect(await readFeedback(join(temporaryFolder(), 'feedback'))).toEqual({ documents: [], unanswered: [] })
})

test('a file that was made while the disk was full holds nothing yet', async () => {
  const path = join(temporaryFolder(), 'feedback')
  writeFileSync(path, '')
  expect(await readFeedback(path)).toEqual({ documents: [], unanswered: [] })
  await opened(path).add(vote('a:1'))
  expect((await readFeedback(path)).documents).toMatchObject([{ document: 'a:1' }])
})
