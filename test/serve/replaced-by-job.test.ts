/** The file of a real server, replaced by `unsilo copy` again and again while it is asked, and written to in between. */
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { emptyBatch, type Store } from '../../src/core/store.ts'
import { openIndex, verifyIndex } from '../../src/indexes/registry.ts'
import { askedAllTheTime, edition, unsilo } from './editions.ts'

const ROUNDS = 4
const PAGES = 12

test('no answer is refused, none is cut, and none is of two editions', async () => {
  const editions = await Promise.all([edition('alpha', PAGES), edition('omega', PAGES)])
  const index = join(dirname(editions[0]), 'served.db')
  expect(await unsilo('copy', editions[0], index)).toMatchObject({ code: 0 })
  const asked = await askedAllTheTime(index, PAGES)

  const ends: unknown[] = []
  for (let round = 1; round <= ROUNDS; round += 1) {
    const reader = round % 2 === 0 ? await written(index) : null
    expect(existsSync(`${index}-wal`)).toBe(reader !== null)
    ends.push(await unsilo('copy', editions[round % 2] as string, index, '--force', '--quiet'))
    expect(existsSync(`${index}-wal`)).toBe(false)
    await asked.ask()
    await reader?.close()
  }

  expect(await asked.end()).toEqual([`200 ${PAGES} alpha`, `200 ${PAGES} omega`])
  expect(ends).toEqual(Array.from({ length: ROUNDS }, () => ({ code: 0, said: '' })))
  expect(await verifyIndex(index)).toEqual([])
})

/** Written to as by a sync, while somebody reads it: then a WAL stays beside the file, for as long as they do. */
async function written(index: string): Promise<Store> {
  const writer = await openIndex(index)
  const state = { cursor: 'moved', seen: null, policy: null }
  await writer.apply({ ...emptyBatch('wiki'), state })
  const reader = await openIndex(index, { mode: 'read' })
  await writer.close()
  return reader
}
