/** Two indexes held against each other, document by document: what a copy would do, and whether one is one. */
import { createHash } from 'node:crypto'
import { canonicalJson, sameJson, sha256 } from '../core/ids.ts'
import type { Store } from '../core/store.ts'
import { idPages, PAGE, readHeld, readRecords, type Scope } from './content.ts'

/** What would be done to the second index. */
export type Difference =
  | { readonly what: 'add' | 'change' | 'remove'; readonly source: string; readonly id: string }
  /** The cursor, the quarantine, what was skipped, or runs. */
  | { readonly what: 'records'; readonly source: string }

/** One at a time, as they are found: whoever only asks whether there is one stops there. */
export async function* differences(from: Store, to: Store, scope: Scope): AsyncGenerator<Difference> {
  const [sources, known] = await Promise.all([from.sources(), to.sources()])
  for (const source of sources) {
    if (!known.includes(source) || !(await sameRecords(from, to, source))) yield { what: 'records', source }
    yield* ofDocuments(from, to, source, scope)
  }
  for (const source of known) {
    if (sources.includes(source)) continue
    yield { what: 'records', source }
    for await (const page of idPages(to, source, PAGE)) for (const id of page) yield { what: 'remove', source, id }
  }
}

async function* ofDocuments(from: Store, to: Store, source: string, scope: Scope): AsyncGenerator<Difference> {
  for await (const page of idPages(from, source, PAGE)) {
    const [here, there] = await Promise.all([readHeld(from, page, scope), readHeld(to, page, scope)])
    for (const [id, { hash }] of here) {
      const other = there.get(id)
      if (other?.hash !== hash) yield { what: other === undefined ? 'add' : 'change', source, id }
    }
  }
  for await (const page of idPages(to, source, PAGE)) {
    for (const id of await missing(from, source, page)) yield { what: 'remove', source, id }
  }
}

export async function sameRecords(from: Store, to: Store, source: string): Promise<boolean> {
  const [here, there] = await Promise.all([readRecords(from, source), readRecords(to, source)])
  return sameJson(here, there)
}

/** Which of these ids the index does not have. */
export async function missing(store: Store, source: string, ids: readonly string[]): Promise<readonly string[]> {
  const known = await store.heads(source, ids)
  return ids.filter((id) => !known.has(id))
}

/** What an index holds, in figures, and as one hash: the same for the same content, whichever driver keeps it. */
export interface Summary {
  readonly documents: number
  readonly chunks: number
  readonly vectors: number
  readonly content: string
}

export async function summaryOf(store: Store, scope: Scope): Promise<Summary> {
  const all = createHash('sha256')
  let [documents, chunks, vectors] = [0, 0, 0]
  for (const source of await store.sources()) {
    all.update(`${source}:${sha256(canonicalJson(await readRecords(store, source)))}\n`)
    for await (const page of idPages(store, source, PAGE)) {
      for (const [id, held] of await readHeld(store, page, scope)) {
        all.update(`${sha256(id)}:${held.hash}\n`)
        documents += 1
        chunks += held.chunks.length
        vectors += held.vectors.length
      }
    }
  }
  return { documents, chunks, vectors, content: all.digest('hex') }
}
