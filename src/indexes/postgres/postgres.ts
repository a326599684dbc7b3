/** The index as a schema of a Postgres database. README.md in this folder says what differs from SQLite. */
import type { StoredDocument } from '../../core/document.ts'
import { UnsiloError } from '../../core/errors.ts'
import type { Store } from '../../core/store.ts'
import { checkBatch } from '../batch.ts'
import { beating, LEASE_MS, type LeaseOptions, leaseOptions, type RemoteOptions } from '../remote-lease.ts'
import type { Connection, Session } from './connection.ts'
import { heldIn } from './held.ts'
import { holdLease, type Lease, readHolder, releaseLease, renew, takeLease } from './lease.ts'
import * as ledger from './ledger.ts'
import { readPassages, searchLexical } from './lexical.ts'
import { type Location, parseLocation } from './location.ts'
import { nearest } from './nearest.ts'
import { checkTables, type Opened, openForReading, openForWriting, tablesOf } from './open.ts'
import * as read from './read.ts'
import { countShelf, readBeside, readShelf } from './shelves.ts'
import { alikeIn } from './spellings.ts'
import { upkeepOf } from './upkeep.ts'
import { checkEmbedded, countUnembedded, embed, noVectors, readEmbedded, readUnembedded } from './vectors.ts'
import { countReadable, frequencies, listLanguages, listTokens } from './vocabulary.ts'
import { applyBatch, forgetSource } from './write.ts'

/**
 * Throws CONFIG_INVALID (the location, an old server), NOT_FOUND (reading, no index yet), LOCKED (another writer),
 * INDEX_UNAVAILABLE, AUTH_REJECTED, DISK (what this user may not), INDEX_OLDER (reading) or INDEX_NEWER.
 */
export async function openPostgres(location: string, options: RemoteOptions = {}, leaseMs = LEASE_MS): Promise<Store> {
  return await openAt(parseLocation(location), options, leaseMs)
}

export async function openAt(where: Location, options: RemoteOptions = {}, leaseMs = LEASE_MS): Promise<Store> {
  if (options.mode === 'read') return readingStore(await openForReading(where))
  return await writingStore(await openForWriting(where), options, leaseMs)
}

async function writingStore({ db, vectors }: Opened, options: RemoteOptions, milliseconds: number): Promise<Store> {
  const { lease, tables } = await leased(db, leaseOptions(options, milliseconds, options.sources))
  const heart = beating(() => renew(db, lease, lease.scopes), milliseconds)
  const upkeep = upkeepOf(db, vectors)

  async function writing<T>(source: string | null, work: (session: Session) => Promise<T>): Promise<T> {
    return await db.writing(async (session) => {
      await holdLease(session, lease, source)
      return await work(session)
    })
  }

  return {
    ...readingStore({ db, vectors, tables }),
    apply: async (batch) => {
      checkBatch(batch)
      await writing(batch.source, (session) => applyBatch(session, batch, vectors))
      await upkeep.stored(batch)
    },
    embed: async (embedder, made) => {
      if (vectors === null) throw noVectors(db.path)
      checkEmbedded(embedder, made)
      await writing(null, (session) => embed(session, embedder, made, vectors))
    },
    ignore: async (source, ids, ignored) =>
      await writing(source, (session) => ledger.ignoreFailures(session, source, ids, ignored)),
    forget: async (source) => await writing(source, (session) => forgetSource(session, source)),
    close: async () => {
      clearInterval(heart)
      if (!db.isOpen()) return
      try {
        await releaseLease(db, lease)
        await upkeep.settle()
      } finally {
        await db.close()
      }
    },
  }
}

/** With the tables that there are from then on: others may have taken their place while it was waited for. */
async function leased(
  db: Connection,
  options: LeaseOptions,
): Promise<{ readonly lease: Lease; readonly tables: number }> {
  try {
    const lease = await takeLease(db, options)
    return { lease, tables: await tablesOf(db) }
  } catch (thrown) {
    await db.close()
    throw thrown
  }
}

function readingStore({ db, vectors, tables }: Opened): Store {
  const refuse = async (): Promise<never> => {
    throw new UnsiloError('UNEXPECTED', `The index ${db.path} was opened for reading only.`)
  }

  /** Where others have taken their place meanwhile, it throws LOCKED: what is absent is taken away by who publishes them. */
  async function* ofOneIndex(documents: AsyncIterable<StoredDocument>): AsyncGenerator<StoredDocument> {
    yield* documents
    await checkTables(db, tables)
  }

  return {
    state: async (source) => await ledger.readState(db, source),
    heads: async (source, ids) => await read.readHeads(db, source, ids),
    ids: async (source, page) => await read.readIds(db, source, page),
    includers: async (source) => await read.readIncluders(db, source),
    apply: refuse,
    lexical: async (query) => await searchLexical(db, query),
    passages: async (places, reader) => await readPassages(db, places, reader),
    nearest: async (query) => (vectors === null ? [] : await nearest(db, query, vectors)),
    unembedded: async (...asked) => {
      if (vectors === null) throw noVectors(db.path)
      return await readUnembedded(db, ...asked)
    },
    unembeddedCounts: async (embedder) =>
      vectors === null ? { texts: 0, tokens: 0 } : await countUnembedded(db, embedder),
    embedded: async (ids) => (vectors === null ? [] : await readEmbedded(db, ids)),
    embed: refuse,
    frequencies: async (terms) => await frequencies(db, terms),
    tokens: async (prefix, limit) => await listTokens(db, prefix, limit),
    alike: alikeIn(db),
    languages: async (reader) => await listLanguages(db, reader),
    held: heldIn(db),
    readable: async (reader, most) => await countReadable(db, reader, most),
    document: async (id, as) => await read.readDocument(db, id, as),
    neighbours: async (query) => await read.readNeighbours(db, query),
    documents: (as, sources) => ofOneIndex(read.readDocuments(db, as, sources)),
    counts: async (shelf) => await countShelf(db, shelf),
    shelf: async (query) => await readShelf(db, query),
    beside: async (id, as) => await readBeside(db, id, as),
    stored: async (ids) => await read.readStored(db, ids),
    chunks: async (id) => await read.readChunks(db, id),
    sources: async () => await ledger.readSources(db),
    stats: async (source) => await read.readStats(db, source),
    runs: async (source, limit) => await ledger.readRuns(db, source, limit),
    quarantine: async (source) => await ledger.readQuarantine(db, source),
    run: async (id) => await ledger.readRun(db, id),
    ignore: refuse,
    forget: refuse,
    skips: async (source) => await ledger.readSkips(db, source),
    located: async (url) => await read.readLocated(db, url),
    holder: async () => await readHolder(db),
    checkCurrent: async () => await checkTables(db, tables),
    close: async () => await db.close(),
  }
}
