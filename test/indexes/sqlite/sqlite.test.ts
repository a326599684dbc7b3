import { join } from 'node:path'
import { openSqlite } from '../../../src/indexes/sqlite/sqlite.ts'
import { testIndex } from '../../conformance/index-driver.ts'
import { temporaryFolder } from '../temporary-folder.ts'

testIndex({
  name: 'SQLite',
  place: () => {
    const path = join(temporaryFolder(), 'index.db')
    return { write: () => openSqlite(path), read: () => openSqlite(path, { mode: 'read' }) }
  },
})
