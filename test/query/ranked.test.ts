import { join } from 'node:path'
import { expect, test } from 'vitest'
import { chunkAnalyser } from '../../src/analysis/analyse.ts'
import type { Store } from '../../src/core/store.ts'
import { openSqlite } from '../../src/indexes/sqlite/sqlite.ts'
import { RANKING } from '../../src/query/score.ts'
import { find } from '../../src/query/search.ts'
import { batch, sampleDocument, withIncludes } from '../conformance/index-samples.ts'
import { alter } from '../indexes/sqlite/alter.ts'
import { temporaryFolder } from '../indexes/temporary-folder.ts'

const TEXTS = ['refund of an invoice', 'an invoice and its refund, or several refunds', 'printers and refunds']

test('what was stored before chunks had words is ranked as what has them', async () => {
  const path = join(temporaryFolder(), 'index.db')
  const writer = await openSqlite(path)
  const put = ['docs:1', 'docs:2'].map((id, at) => analysed(id, TEXTS.slice(at)))
  await writer.apply(batch('docs', { put: [...put, withIncludes(analysed('docs:3', TEXTS))] }))
  await writer.close()
  const before = await answers(path)

  alter(path, 'DELETE FROM chunk_words WHERE chunk % 2 = 0')

  expect(before).toHaveLength(3)
  expect(await answers(path)).toEqual(before)
})

async function answers(path: string) {
  const store: Store = await openSqlite(path, { mode: 'read' })
  const query = { text: 'refund invoice', as: [], limit: 10 }
  const { hits, byWords } = await find(store, query, RANKING, [], () => 0)
  await store.close()
  return hits.map((hit, at) => ({ hit, score: byWords[at]?.score, parts: byWords[at]?.parts }))
}

function analysed(id: string, texts: readonly string[]) {
  const document = sampleDocument(id, { title: 'Refunds', texts })
  const analyse = chunkAnalyser('Refunds', 'en')
  return { ...document, chunks: document.chunks.map((chunk) => ({ ...chunk, terms: analyse(chunk) })) }
}
