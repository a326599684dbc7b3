/** The reference driver: everything in maps, every query a scan. What it answers is what the others must answer. */

import { canRead, type Principal } from '../../core/access.ts'
import type { Chunk, Includer, IndexedDocument, StoredDocument, StoredHead } from '../../core/document.ts'
import { UnsiloError } from '../../core/errors.ts'
import { type Failure, KEPT_RUNS, type RunRecord, type Skip, type SourceState } from '../../core/ledger.ts'
import type { Batch, IdPage, IndexStats, NeighbourQuery, Store } from '../../core/store.ts'
import { checkBatch } from '../batch.ts'
import { byUtf8 } from '../utf8.ts'
import { readPassages, searchMemory } from './query.ts'
import { countShelf, readBeside, readShelf } from './shelves.ts'
import {
  countPassages,
  embed,
  embedded,
  isBehind,
  keepVectors,
  type MemoryVectors,
  nearest,
  unembedded,
} from './vectors.ts'
import { countHeld, countReadable, frequencies, listAlike, listLanguages, listTokens } from './vocabulary.ts'

interface Contents {
  /** By prefixed id. */
  readonly documents: Map<string, IndexedDocument>
  readonly sources: Map<string, SourceState | null>
  /** By source, then id. */
  readonly failures: Map<string, Map<string, Failure>>
  readonly skips: Map<string, Map<string, Skip>>
  readonly runs: Map<string, RunRecord>
  readonly vectors: MemoryVectors
}

/** @param holder what the one who opens it is called: nobody else can */
export function openMemory(holder = `process ${process.pid}`): Store {
  const contents = emptyContents()
  let open = true

  async function use<T>(work: (contents: Contents) => T): Promise<T> {
    if (open) return work(contents)
    throw new UnsiloError('UNEXPECTED', 'The index in memory is closed.', { hint: 'Open it again before using it.' })
  }

  return {
    state: (source) => use(({ sources }) => structuredClone(sources.get(source) ?? null)),
    heads: (source, ids) => use(({ documents }) => pick(ids, (id) => headOf(documents.get(id), source))),
    ids: (source, page) => use((all) => pageOf(documentsOf(all, source), page)),
    includers: (source) => use((all) => documentsOf(all, source).flatMap(toIncluder)),
    apply: (batch) => use((all) => applyBatch(all, batch)),
    lexical: (query) => use(({ documents }) => searchMemory([...documents.values()], query)),
    passages: (places, reader) => use(({ documents }) => readPassages(documents, places, reader)),
    nearest: (query) => use(({ documents, vectors }) => nearest(vectors, documents, query)),
    unembedded: (embedder, limit, after) =>
      use(({ documents, vectors }) =>
        unembedded(vectors, documents, embedder)
          .filter((passage) => isBehind(passage, after))
          .slice(0, limit),
      ),
    unembeddedCounts: (embedder) =>
      use(({ documents, vectors }) => countPassages(unembedded(vectors, documents, embedder))),
    embedded: (ids) => use(({ vectors }) => embedded(vectors, ids)),
    embed: (embedder, made) => use(({ documents, vectors }) => embed(vectors, documents, embedder, made)),
    frequencies: (terms) => use(({ documents }) => frequencies([...documents.values()], terms)),
    tokens: (prefix, limit) => use(({ documents }) => listTokens([...documents.values()], prefix, limit)),
    alike: (token, changes) => use(({ documents }) => listAlike([...documents.values()], token, changes)),
    languages: (reader) => use(({ documents }) => listLanguages([...documents.values()], reader)),
    held: (query) => use(({ documents }) => countHeld([...documents.values()], query)),
    readable: (reader, most) => use(({ documents }) => countReadable([...documents.values()], reader, most)),
    document: (id, as) => use(({ documents }) => readable(documents.get(id), as)),
    neighbours: (query) => use(({ documents }) => neighbours(documents.get(query.document), query)),
    counts: (shelf) => use((all) => countShelf(inOrder(all), shelf)),
    shelf: (query) => use((all) => readShelf(inOrder(all), query)),
    beside: (id, as) => use((all) => readBeside(inOrder(all), id, as)),
    documents: (as, sources) => readAll(() => use(inOrder), as, sources),
    stored: (ids) => use(({ documents }) => pick(ids, (id) => withoutChunks(documents.get(id)))),
    chunks: (id) => use(({ documents }) => withoutTerms(documents.get(id)?.chunks ?? [])),
    sources: () => use(({ sources }) => [...sources.keys()].sort(byUtf8)),
    stats: (source) => use((all) => stats(documentsOf(all, source))),
    runs: (source, limit) => use(({ runs }) => newestRuns([...runs.values()], source, limit)),
    run: (id) => use(({ runs }) => structuredClone(runs.get(id) ?? null)),
    quarantine: (source) => use(({ failures }) => inIdOrder(failures.get(source))),
    ignore: (source, ids, ignored) => use((all) => ignoreFailures(all, source, ids, ignored)),
    forget: (source) => use((all) => forgetSource(all, source)),
    skips: (source) => use(({ skips }) => inIdOrder(skips.get(source))),
    located: (url) => use((all) => inOrder(all).flatMap(({ head }) => (head.url === url ? [head.id] : []))),
    holder: () => use(() => holder),
    close: async () => {
      open = false
    },
  }
}

function emptyContents(): Contents {
  return {
    documents: new Map(),
    sources: new Map(),
    failures: new Map(),
    skips: new Map(),
    runs: new Map(),
    vectors: new Map(),
  }
}

function applyBatch(contents: Contents, batch: Batch): void {
  checkBatch(batch)
  const { source, put, refresh, remove, failed, state, run } = structuredClone(batch)
  const { documents, sources, runs } = contents
  if (!sources.has(source)) sources.set(source, null)
  for (const document of put) {
    const stored = wellFormed(document)
    documents.set(document.head.id, stored)
    keepVectors(contents.vectors, stored)
  }
  for (const head of refresh) {
    const stored = documents.get(head.id)
    if (stored !== undefined) documents.set(head.id, { ...stored, head })
  }
  for (const id of remove) {
    documents.delete(id)
    contents.vectors.delete(id)
  }
  const failures = contents.failures.get(source) ?? new Map<string, Failure>()
  for (const id of [...put.map((document) => document.head.id), ...refresh.map((head) => head.id), ...remove]) {
    failures.delete(id)
  }
  for (const failure of failed) failures.set(failure.id, failure)
  contents.failures.set(source, failures)
  contents.skips.set(source, nextSkips(contents.skips.get(source), batch))
  if (state !== undefined) sources.set(source, state)
  if (run !== undefined) {
    runs.set(run.id, run)
    forgetRuns(runs, run)
  }
}

function nextSkips(stored: ReadonlyMap<string, Skip> | undefined, { put, remove, skipped }: Batch): Map<string, Skip> {
  const skips = new Map(skipped?.all === true ? [] : stored)
  for (const id of [...put.map((document) => document.head.id), ...remove]) skips.delete(id)
  for (const skip of skipped?.list ?? []) skips.set(skip.id, structuredClone(skip))
  return skips
}

function ignoreFailures({ failures }: Contents, source: string, ids: readonly string[], ignored: boolean): string[] {
  const stored = failures.get(source) ?? new Map<string, Failure>()
  const known = [...new Set(ids)].filter((id) => stored.has(id)).sort(byUtf8)
  for (const failure of pick(known, (id) => stored.get(id)).values()) {
    const { ignored: _, ...rest } = failure
    stored.set(failure.id, { ...rest, ...(ignored && { ignored }) })
  }
  return known
}

function forgetSource(contents: Contents, source: string): void {
  const { documents, sources, failures, skips, runs, vectors } = contents
  for (const { head } of documentsOf(contents, source)) {
    documents.delete(head.id)
    vectors.delete(head.id)
  }
  for (const run of runs.values()) if (run.source === source) runs.delete(run.id)
  for (const known of [sources, failures, skips]) known.delete(source)
}

/** UTF-8 has no halves of characters, so no driver keeps them. */
function wellFormed(document: IndexedDocument): IndexedDocument {
  const chunks = document.chunks
    .map((chunk) => ({ ...chunk, text: chunk.text.toWellFormed() }))
    .sort((a, b) => a.ordinal - b.ordinal)
  return { ...document, markdown: document.markdown.toWellFormed(), chunks }
}

function inOrder({ documents }: Contents): IndexedDocument[] {
  return [...documents.values()].sort((a, b) => byUtf8(a.head.id, b.head.id))
}

function documentsOf(contents: Contents, source: string): IndexedDocument[] {
  return inOrder(contents).filter((document) => document.source === source)
}

function pageOf(documents: readonly IndexedDocument[], page?: IdPage): string[] {
  const ids = documents.map(({ head }) => head.id)
  if (page === undefined) return ids
  const { after, limit } = page
  return ids.filter((id) => after === undefined || byUtf8(id, after) > 0).slice(0, limit)
}

function toIncluder({ head, template, edges }: IndexedDocument): Includer[] {
  return template === undefined ? [] : [structuredClone({ head, edges: edges ?? null })]
}

function headOf(document: IndexedDocument | undefined, source: string): StoredHead | undefined {
  if (document?.source !== source) return undefined
  const { head, recipe, listed } = document
  return structuredClone({ head, recipe, ...(listed !== undefined && { listed }) })
}

function readable(document: IndexedDocument | undefined, as: readonly Principal[]): StoredDocument | null {
  return document !== undefined && canRead(document.head.access, as) ? (withoutChunks(document) ?? null) : null
}

async function* readAll(
  load: () => Promise<IndexedDocument[]>,
  as: readonly Principal[],
  sources?: readonly string[],
): AsyncGenerator<StoredDocument> {
  for (const document of await load()) {
    const found = readable(document, as)
    if (found !== null && (sources === undefined || sources.includes(found.source))) yield found
  }
}

function stats(documents: readonly IndexedDocument[]): IndexStats {
  return { documents: documents.length, chunks: documents.reduce((sum, document) => sum + document.chunks.length, 0) }
}

/** Never the one that was just recorded, whatever the clock said. */
function forgetRuns(runs: Map<string, RunRecord>, { source, id }: RunRecord): void {
  const own = newestRuns([...runs.values()], source, Number.POSITIVE_INFINITY)
  const lastGood = own.find(({ outcome }) => outcome === 'ok' || outcome === 'partial')
  const lastComplete = own.find(({ receipt }) => receipt !== undefined)
  const kept = [id, lastGood?.id, lastComplete?.id]
  for (const old of own.slice(KEPT_RUNS)) if (!kept.includes(old.id)) runs.delete(old.id)
}

function newestRuns(runs: readonly RunRecord[], source: string, limit: number): RunRecord[] {
  const own = runs.filter((run) => run.source === source)
  own.sort((a, b) => byUtf8(b.startedAt, a.startedAt) || byUtf8(b.id, a.id))
  return structuredClone(own.slice(0, Math.max(0, limit)))
}

function pick<T>(ids: readonly string[], find: (id: string) => T | undefined): Map<string, T> {
  const found = new Map<string, T>()
  for (const id of ids) {
    const value = find(id)
    if (value !== undefined) found.set(id, value)
  }
  return found
}

function withoutChunks(document: IndexedDocument | undefined): StoredDocument | undefined {
  if (document === undefined) return undefined
  const { chunks: _, ...stored } = document
  return structuredClone(stored)
}

function neighbours(document: IndexedDocument | undefined, { ordinal, most, as }: NeighbourQuery): Chunk[] {
  if (document === undefined || !canRead(document.head.access, as)) return []
  return withoutTerms(document.chunks.filter((chunk) => Math.abs(chunk.ordinal - ordinal) <= most))
}

function withoutTerms(chunks: readonly (Chunk & { readonly terms?: unknown })[]): Chunk[] {
  return chunks.map(({ terms: _, ...chunk }) => structuredClone(chunk))
}

function inIdOrder<T extends { readonly id: string }>(items: ReadonlyMap<string, T> | undefined): T[] {
  return structuredClone([...(items?.values() ?? [])].sort(byId))
}

function byId(a: { readonly id: string }, b: { readonly id: string }): number {
  return byUtf8(a.id, b.id)
}
