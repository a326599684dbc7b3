import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openIndex } from '../../src/indexes/registry.ts'
import { putting } from '../conformance/index-samples.ts'
import { temporaryFolder } from './temporary-folder.ts'

test('a location names a driver: memory:, sqlite:PATH or a bare path', async () => {
  const memory = await openIndex('memory:')
  expect(await memory.sources()).toEqual([])
  const path = join(temporaryFolder(), 'odd:name.db')

  const written = await openIndex(path)
  await written.apply(putting('docs', { 'docs:1': 'text' }))
  await written.close()

  const read = await openIndex(`sqlite:${path}`, { mode: 'read' })
  expect(await read.ids('docs')).toEqual(['docs:1'])
  await read.close()
})

test.for([
  ['postgres://user:hunter2@host/db', "'postgres:'"],
  ['constructor:x', "'constructor:'"],
  ['sqlite:', 'names no file'],
  ['', 'names no file'],
] as const)('the location %j is refused', async ([location, message]) => {
  const refused = openIndex(location)

  await expect(refused).rejects.toMatchObject({ code: 'CONFIG_INVALID', message: expect.stringContaining(message) })
  await expect(refused).rejects.not.toMatchObject({ message: expect.stringContaining('hunter2') })
})
