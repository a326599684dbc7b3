import { join } from 'node:path'
import { test } from 'vitest'
import { openSqlite } from '../../src/indexes/sqlite/sqlite.ts'
import { checkEqualToMemory } from './equal-drivers.ts'
import { temporaryFolder } from './temporary-folder.ts'

test('SQLite holds and ranks what memory does', async () => {
  await checkEqualToMemory(() => openSqlite(join(temporaryFolder(), 'index.db')), 40, true)
})
