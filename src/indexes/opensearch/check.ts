/** An index in a cluster as `remote-check.ts` reads and repairs it. */
import { isDeepStrictEqual } from 'node:util'
import type { Chunk, StoredDocument } from '../../core/document.ts'
import type { Damage, RepairReport } from '../../core/repair.ts'
import { damaged } from '../damage.ts'
import { type Parts, type Readable, type RepairOptions, repair, verify, type Writable } from '../remote-check.ts'
import { holding, LEASE_MS, leaseOptions } from '../remote-lease.ts'
import { toCandidate, toChunk, toDocument } from '../rows.ts'
import { show, type Target, writeAll } from './bulk.ts'
import type { Lease } from './lease.ts'
import { readSources, readState, unreadWrite } from './ledger.ts'
import { parseLocation } from './location.ts'
import { type Opened, openForReading, openForWriting } from './open.ts'
import { searchAll } from './search.ts'
import { chosenBy, chunkRow, chunksIn, documentKey, documentRow, type Stored } from './stored.ts'
import { applyBatch } from './write.ts'

const PAGE = 20

/** Most serious first. Changes nothing. */
export async function verifyOpenSearch(location: string): Promise<readonly Damage[]> {
  const opened = await openForReading(parseLocation(location))
  try {
    return await verify(readableIn(opened))
  } finally {
    await opened.db.close()
  }
}

/** Alone in writing. */
export async function repairOpenSearch(location: string, options: RepairOptions): Promise<RepairReport> {
  const where = parseLocation(location)
  await (await openForReading(where)).db.close()
  const { lease, ...opened } = await openForWriting(where, leaseOptions(options, LEASE_MS))
  try {
    return await holding(lease, LEASE_MS, async () => {
      await show(opened.db, opened.index)
      return await repair(readableIn(opened), writableBy(opened, lease), options)
    })
  } finally {
    await opened.db.close()
  }
}

function writableBy(opened: Opened, lease: Lease): Writable {
  const next = (): Target => ({ alias: lease.alias, version: lease.next(), check: lease.check })
  return {
    apply: async (batch) => await applyBatch(opened, next(), batch, new Map()),
    unread: async (sources) => await writeAll(opened.db, next(), sources.map(unreadWrite), { refresh: true }),
  }
}

function readableIn(opened: Opened): Readable {
  return {
    path: opened.db.path,
    sources: async () => await readSources(opened),
    state: async (source) => await readState(opened, source),
    documents: () => documentsIn(opened),
  }
}

async function* documentsIn({ db, index }: Opened): AsyncGenerator<Parts> {
  const query = { term: { type: 'document' } }
  const found = searchAll<Stored>(db, index, { query, _source: true }, { page: PAGE })
  for await (const { _id: key, _source: stored } of found) {
    yield {
      id: stored.id,
      source: stored.source,
      document: async () => toDocument(db, documentRow(stored)),
      chunks: async () => chunksOf(db, stored),
      isChosenAs: (document) => isChosenAs(key, stored, document),
    }
  }
}

function chunksOf({ path }: Opened['db'], stored: Stored): readonly Chunk[] {
  const chunks = chunksIn(stored)
  if (chunks.length !== stored.chunk_count) {
    throw damaged(path, `is damaged: it has lost passages of ${JSON.stringify(stored.id)}.`)
  }
  return chunks.map((chunk) => {
    const { ordinal, origin = null, words, words_sum: sum } = chunk
    const row = { id: stored.id, ordinal, updated: null, origin, words: Buffer.from(words, 'base64'), sum }
    toCandidate({ path }, row)
    return toChunk({ path }, chunkRow(stored.id, chunk))
  })
}

function isChosenAs(key: string, stored: Stored, { source, head, language }: StoredDocument): boolean {
  const chosen = Object.entries(chosenBy(source, head, language))
  const asIs = stored as unknown as Readonly<Record<string, unknown>>
  return key === documentKey(stored.id) && chosen.every(([name, value]) => isDeepStrictEqual(asIs[name], value))
}
