/** What an index holds, so that another's can be held against it: documents as they are stored, and what runs left behind. */
import type { Chunk, StoredDocument } from '../core/document.ts'
import { canonicalJson, sha256 } from '../core/ids.ts'
import type { Failure, RunRecord, Skip, SourceState } from '../core/ledger.ts'
import { passageOf } from '../core/passage.ts'
import type { Store } from '../core/store.ts'
import type { StoredVector } from '../core/vectors.ts'

export interface Held {
  readonly document: StoredDocument
  readonly chunks: readonly Chunk[]
  /** Those of what its passages say now. */
  readonly vectors: readonly StoredVector[]
  /** Of all that. What the analyser made of the text is made anew by a copy, and is not among it. */
  readonly hash: string
}

/** What runs left behind of one source. */
export interface Records {
  readonly state: SourceState | null
  readonly quarantine: readonly Failure[]
  readonly skips: readonly Skip[]
  /** Newest first. */
  readonly runs: readonly RunRecord[]
}

/** What of an index is looked at. */
export interface Scope {
  readonly vectors: boolean
}

/** Documents held in memory at once: few, since each may be large. */
export const PAGE = 20

/** Whoever may read them; known ones only, in the order of the ids. */
export async function readHeld(store: Store, ids: readonly string[], scope: Scope): Promise<ReadonlyMap<string, Held>> {
  const [documents, embedded] = await Promise.all([store.stored(ids), scope.vectors ? store.embedded(ids) : []])
  const vectors = Map.groupBy(embedded, ({ document }) => document)
  const held = await Promise.all(
    [...documents].map(async ([id, document]): Promise<[string, Held]> => {
      return [id, heldOf(document, await store.chunks(id), vectors.get(id) ?? [])]
    }),
  )
  return new Map(held)
}

export async function readRecords(store: Store, source: string): Promise<Records> {
  const [state, quarantine, skips, runs] = await Promise.all([
    store.state(source),
    store.quarantine(source),
    store.skips(source),
    store.runs(source, Number.MAX_SAFE_INTEGER),
  ])
  return { state, quarantine, skips, runs }
}

/** Every id of a source, so many at a time. */
export async function* idPages(store: Store, source: string, limit: number): AsyncGenerator<readonly string[]> {
  for (let after: string | undefined; ; ) {
    const page = await store.ids(source, { limit, ...(after !== undefined && { after }) })
    if (page.length > 0) yield page
    after = page.at(-1)
    if (after === undefined || page.length < limit) return
  }
}

function heldOf(document: StoredDocument, chunks: readonly Chunk[], embedded: readonly StoredVector[]): Held {
  const vectors = current(document, chunks, embedded)
  const { language: _, recipe, ...rest } = document
  const { analyser: __, ...made } = recipe
  const numbers = vectors.map(({ ordinal, embedder, hash, vector }) => [ordinal, embedder, hash, [...vector].join()])
  return { document, chunks, vectors, hash: sha256(canonicalJson([rest, made, chunks, numbers])) }
}

/** A title that changed leaves a vector of the old one behind, which no index takes. */
function current(
  { head }: StoredDocument,
  chunks: readonly Chunk[],
  embedded: readonly StoredVector[],
): readonly StoredVector[] {
  if (embedded.length === 0) return embedded
  const hashes = new Map(chunks.map((chunk) => [chunk.ordinal, passageOf(head.id, head.title, chunk).hash]))
  return embedded.filter(({ ordinal, hash }) => hashes.get(ordinal) === hash)
}
