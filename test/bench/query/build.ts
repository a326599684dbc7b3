/** The corpus as an index file, in a process of its own. */

import type { IndexedDocument } from '../../../src/core/types.ts'
import { openSqlite } from '../../../src/indexes/sqlite.ts'
import { emptyBatch } from '../../../src/sync/batches.ts'
import { documents, readOriginals, SOURCE } from './corpus.ts'

const [path = '', chunks = '0'] = process.argv.slice(2)
const store = await openSqlite(path)
let slice: IndexedDocument[] = []
for (const document of documents(readOriginals(), Number(chunks))) {
  slice.push(document)
  if (slice.length < 200) continue
  await store.apply({ ...emptyBatch(SOURCE), put: slice })
  slice = []
}
await store.apply({ ...emptyBatch(SOURCE), put: slice })
await store.close()
