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
  ['mysql://user:hunter2@host/db', "'mysql:'"],
  ['postgres://user:hunter2@[host/db', 'it is no address'],
  ['postgres://user:hunter2@host/db?sslmod=disable', "'sslmod' is no parameter"],
  ['postgres://user:hunter2@host/db?sslmode=prefer', "'prefer' is no sslmode"],
  ['postgres://user:hunter2@host/db?schema=A;', "'A;' is no name of a schema"],
  ['postgres://user:hunter2@host/db?pool=0', 'its pool is no whole number'],
  ['postgres://user:hunter2@host/db?sslrootcert=/none', 'its sslrootcert /none cannot be read'],
  ['constructor:x', "'constructor:'"],
  ['sqlite:', 'names no file'],
  ['', 'names no file'],
] as const)('the location %j is refused', async ([location, message]) => {
  const refused = openIndex(location)

  await expect(refused).rejects.toMatchObject({ code: 'CONFIG_INVALID', message: expect.stringContaining(message) })
  await expect(refused).rejects.not.toMatchObject({ message: expect.stringContaining('hunter2') })
})
