/** The index in an OpenSearch cluster. README.md in this folder says what differs from SQLite. */
import { UnsiloError } from '../../core/errors.ts'
import type { Store } from '../../core/store.ts'
import { checkBatch } from '../batch.ts'
import { beating, LEASE_MS, type LeaseOptions, leaseOptions, type RemoteOptions } from '../remote-lease.ts'
import { checkVectors } from '../vectors.ts'
import { show, type Target, writeAll } from './bulk.ts'
import { checkScope, readHolder, sourcesOf } from './lease.ts'
import * as ledger from './ledger.ts'
import { searchLexical } from './lexical.ts'
import { type Location, parseLocation } from './location.ts'
import { type Opened, openForReading, openForWriting } from './open.ts'
import * as read from './read.ts'
import { countShelf, readBeside, readShelf } from './shelves.ts'
import { unchangedSince } from './unchanged.ts'
import { countUnembedded, embed, nearest, noVectors, readEmbedded, readUnembedded } from './vectors.ts'
import { countHeld, countReadable, frequencies, listAlike, listLanguages, listTokens } from './vocabulary.ts'
import { applyBatch, forgetSource, type KnownWords } from './write.ts'

/**
 * Throws CONFIG_INVALID (the location, an old cluster), NOT_FOUND (reading, no index yet), LOCKED (another writer),
 * INDEX_UNAVAILABLE, AUTH_REJECTED, DISK (what this user may not), INDEX_OLDER or INDEX_NEWER.
 */
export async function openOpenSearch(
  location: string,
  options: RemoteOptions = {},
  leaseMs = LEASE_MS,
): Promise<Store> {
  const where = parseLocation(location)
  if (options.mode === 'read') return await unchangingStore(where)
  return await writingStore(where, options, leaseMs)
}

async function writingStore(where: Location, options: RemoteOptions, milliseconds: number): Promise<Store> {
  const known: KnownWords = new Map()
  const { lease, ...opened } = await begun(where, leaseOptions(options, milliseconds, options.sources))
  const { db, index } = opened
  const own = sourcesOf(lease)
  const heart = beating(() => lease.renew(), milliseconds)
  let turn: Promise<unknown> = Promise.resolve()

  /** One after the other: what is replaced is read before. */
  async function writing<T>(source: string | null, work: (target: Target) => Promise<T>): Promise<T> {
    const next = turn.then(async () => {
      if (source !== null) checkScope(db.path, lease, source)
      await lease.renew()
      return await work({ alias: lease.alias, version: lease.next(), check: lease.check })
    })
    turn = next.catch(() => undefined)
    return await next
  }

  return {
    ...readingStore(opened),
    apply: async (batch) => {
      checkBatch(batch)
      const copy = structuredClone(batch)
      await writing(batch.source, (target) => applyBatch(opened, target, copy, known))
    },
    embed: async (embedder, made) => {
      if (!opened.vectors) throw noVectors(db.path)
      checkVectors(embedder, made)
      await writing(null, (target) => embed(opened, target, own, embedder, made))
    },
    unembedded: async (...asked) => {
      if (!opened.vectors) throw noVectors(db.path)
      return await readUnembedded(opened, own, ...asked)
    },
    unembeddedCounts: async (embedder) =>
      opened.vectors ? await countUnembedded(opened, own, embedder) : { texts: 0, tokens: 0 },
    ignore: async (source, ids, ignored) =>
      await writing(source, async (target) => {
        const { known: ours, writes } = await ledger.ignoreWrites(opened, source, ids, ignored)
        await writeAll(db, target, writes)
        await show(db, index)
        return ours
      }),
    forget: async (source) => await writing(source, (target) => forgetSource(opened, target, source, known)),
    close: async () => {
      clearInterval(heart)
      if (!db.isOpen()) return
      try {
        await turn
        await lease.release()
      } finally {
        await db.close()
      }
    },
  }
}

/** Lists of all there is are of one index. */
async function unchangingStore(where: Location): Promise<Store> {
  const opened = await openForReading(where)
  try {
    const check = await unchangedSince(opened)
    return {
      ...readingStore(opened),
      ids: async (source, page) => {
        const ids = await read.readIds(opened, source, page)
        await check()
        return ids
      },
      async *documents(as, sources) {
        yield* read.readDocuments(opened, as, sources)
        await check()
      },
    }
  } catch (thrown) {
    await opened.db.close()
    throw thrown
  }
}

/** What somebody stored who was killed before it was shown is shown now, so that it is known of. */
async function begun(where: Location, options: LeaseOptions): ReturnType<typeof openForWriting> {
  const opened = await openForWriting(where, options)
  try {
    await show(opened.db, opened.index)
    return opened
  } catch (thrown) {
    await opened.db.close()
    throw thrown
  }
}

function readingStore(opened: Opened): Store {
  const { db } = opened
  const refuse = async (): Promise<never> => {
    throw new UnsiloError('UNEXPECTED', `The index ${db.path} was opened for reading only.`)
  }
  return {
    state: async (source) => await ledger.readState(opened, source),
    heads: async (source, ids) => await read.readHeads(opened, source, ids),
    ids: async (source, page) => await read.readIds(opened, source, page),
    includers: async (source) => await read.readIncluders(opened, source),
    apply: refuse,
    lexical: async (query) => await searchLexical(opened, query),
    passages: async (places, reader) => await read.readPassages(opened, places, reader),
    nearest: async (query) => (opened.vectors ? await nearest(opened, query) : []),
    unembedded: async (...asked) => {
      if (!opened.vectors) throw noVectors(db.path)
      return await readUnembedded(opened, undefined, ...asked)
    },
    unembeddedCounts: async (embedder) =>
      opened.vectors ? await countUnembedded(opened, undefined, embedder) : { texts: 0, tokens: 0 },
    embedded: async (ids) => (opened.vectors ? await readEmbedded(opened, ids) : []),
    embed: refuse,
    frequencies: async (terms) => await frequencies(opened, terms),
    tokens: async (prefix, limit) => await listTokens(opened, prefix, limit),
    alike: async (token, changes) => await listAlike(opened, token, changes),
    languages: async (reader) => await listLanguages(opened, reader),
    held: async (query) => await countHeld(opened, query),
    readable: async (reader, most) => await countReadable(opened, reader, most),
    document: async (id, as) => await read.readDocument(opened, id, as),
    neighbours: async (query) => await read.readNeighbours(opened, query),
    documents: (as, sources) => read.readDocuments(opened, as, sources),
    counts: async (shelf) => await countShelf(opened, shelf),
    shelf: async (query) => await readShelf(opened, query),
    beside: async (id, as) => await readBeside(opened, id, as),
    stored: async (ids) => await read.readStored(opened, ids),
    chunks: async (id) => await read.readChunks(opened, id),
    sources: async () => await ledger.readSources(opened),
    stats: async (source) => await read.readStats(opened, source),
    runs: async (source, limit) => await ledger.readRuns(opened, source, limit),
    quarantine: async (source) => await ledger.readQuarantine(opened, source),
    run: async (id) => await ledger.readRun(opened, id),
    ignore: refuse,
    forget: refuse,
    skips: async (source) => await ledger.readSkips(opened, source),
    located: async (url) => await read.readLocated(opened, url),
    holder: async () => await readHolder(db),
    close: async () => await db.close(),
  }
}
