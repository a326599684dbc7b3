/**
 * A process to be killed: writes batch after batch into the index named by its argument, each replacing the same
 * documents with the batch's number, and says which were applied.
 */
import type { SourceState } from '../../../src/core/ledger.ts'
import { openSqlite } from '../../../src/indexes/sqlite/sqlite.ts'
import { batch, sampleDocument } from '../../conformance/index-samples.ts'

const [, , path = '', holder = 'writer process', batches = '1000000'] = process.argv
const store = await openSqlite(path, { holder })
const last = (await store.state('docs'))?.cursor
for (let round = Number(last ?? 0) + 1, left = Number(batches); left > 0; round++, left--) {
  const put = Array.from({ length: 5 }, (_, at) =>
    sampleDocument(`docs:${at}`, { texts: [`round${round}`, `half ${'x '.repeat(500)}`] }),
  )
  const state: SourceState = { cursor: round, seen: null, policy: null }
  await store.apply(batch('docs', { put, state }))
  process.stdout.write(`${round}\n`)
}
await store.close()
