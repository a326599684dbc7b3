/** An index with something of all that an index can hold, and how it is copied in a test. */
import { ANALYSER } from '../../src/analysis/analyse.ts'
import { summaryOf } from '../../src/copy/compare.ts'
import { type Copied, type CopyWork, copyIndex } from '../../src/copy/copy.ts'
import type { Access } from '../../src/core/access.ts'
import type { IndexedDocument } from '../../src/core/document.ts'
import { passageOf } from '../../src/core/passage.ts'
import type { Store } from '../../src/core/store.ts'
import { analysedAgain } from '../../src/sync/remake.ts'
import { batch, contents, sampleDocument, sampleHead, sampleRun, withIncludes } from '../conformance/index-samples.ts'

export const ACCESS: readonly Access[] = ['public', [], ['group:staff'], ['user:ann', 'group:customers']]
const COUNT = 50
const HERE = { vectors: true }

/** Of three sources, one of which no run came to the end of. */
export async function fillIndex(store: Store, runs = 5): Promise<void> {
  const documents = Array.from({ length: COUNT }, (_, at) => document(at))
  await store.apply(batch('docs', { put: documents.map((one, at) => (at % 7 === 0 ? withIncludes(one) : one)) }))
  await embedSome(store, documents)
  const at = '2026-05-01T00:00:00.000Z'
  const failed = [
    { id: 'docs:8', code: 'ANSWER_INVALID', reason: 'no JSON', at, version: '2', ignored: true as const, attempts: 3 },
    { id: 'docs:none', code: 'SOURCE_UNAVAILABLE', reason: 'gone', at },
    { id: '', code: 'LISTING_INCOMPLETE', reason: 'cut', at },
  ]
  const skipped = { all: true, list: [{ id: 'docs:draft', reason: 'a draft', at }] }
  const state = { cursor: { since: at, 'é😀': [1] }, seen: ['docs:1'], policy: 'abc' }
  await store.apply(batch('docs', { failed, skipped, state }))
  for (let run = 100; run < 100 + runs; run += 1) {
    const outcome = run === 101 ? 'ok' : 'failed'
    await store.apply(batch('docs', { run: { ...sampleRun(`run-${run}`, `2026-05-01T00:00:${run}Z`), outcome } }))
  }
  await store.apply(
    batch('other', { put: [{ ...document(2), head: sampleHead('other:1', ['group:staff']), source: 'other' }] }),
  )
  await store.apply(batch('unread', { failed: [{ id: '', code: 'AUTH_REJECTED', reason: 'no', at }] }))
}

function document(at: number): IndexedDocument {
  const texts = [`Text ${at} of zebras`, 'shared words', `naïve ${'long '.repeat(at % 9)}end`]
  const id = `docs:${at}`
  const access = ACCESS[at % ACCESS.length] ?? []
  const made = sampleDocument(id, { texts, title: `Title ${at}`, access })
  return analysedAgain({ ...made, recipe: { ...made.recipe, analyser: ANALYSER } }, made.chunks)
}

/** Of the first chunks of most documents. */
async function embedSome(store: Store, documents: readonly IndexedDocument[]): Promise<void> {
  const vectors = documents.slice(10).flatMap(({ head, chunks: [chunk] }, at) => {
    if (chunk === undefined) return []
    const { document, ordinal, hash } = passageOf(head.id, head.title, chunk)
    return [{ document, ordinal, hash, vector: Float32Array.of(1, at / COUNT, -0.3) }]
  })
  await store.embed('model:3', vectors)
}

export async function copied(from: Store, to: Store, work: Partial<CopyWork> = {}): Promise<Copied> {
  const { signal } = new AbortController()
  return await copyIndex(from, to, { ...HERE, analyse: analysedAgain, signal, progress: () => undefined, ...work })
}

/** All that can be read of it. */
export async function everything(store: Store): Promise<unknown> {
  const sources = await store.sources()
  const ids = await Promise.all(sources.map((source) => store.ids(source)))
  return { sources, contents: await contents(store, sources), vectors: await store.embedded(ids.flat()) }
}

export async function contentOf(store: Store): Promise<string> {
  return (await summaryOf(store, HERE)).content
}
