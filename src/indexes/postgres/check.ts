/** An index in a database as `remote-check.ts` reads and repairs it. */
import { isDeepStrictEqual } from 'node:util'
import type { Chunk, StoredDocument } from '../../core/document.ts'
import { UnsiloError } from '../../core/errors.ts'
import type { Damage, RepairReport } from '../../core/repair.ts'
import { damaged } from '../damage.ts'
import { type Parts, type Readable, type RepairOptions, repair, verify, type Writable } from '../remote-check.ts'
import { holding, LEASE_MS, leaseOptions } from '../remote-lease.ts'
import type { CandidateRow } from '../rows.ts'
import { CHUNK_COLUMNS, type ChunkRow, DOCUMENT_COLUMNS, type DocumentRow, toChunk, toDocument } from '../rows.ts'
import { stateSum } from '../sums.ts'
import { toCandidate } from './candidates.ts'
import type { Connection, Session } from './connection.ts'
import { holdLease, type Lease, releaseLease, renew, takeLease } from './lease.ts'
import { readSources, readState } from './ledger.ts'
import { parseLocation } from './location.ts'
import { checkTables, type Opened, openForReading, openForWriting } from './open.ts'
import { CHUNKS } from './read.ts'
import { isCounted, recount } from './vocabulary.ts'
import { applyBatch, chosenBy } from './write.ts'

type SurveyedRow = DocumentRow & Record<string, unknown>

const PAGE = 20
/** Of no document: words are weighed by it. */
const MISCOUNTED: Damage = { what: 'how many passages there are is not counted, or not rightly' }

/** Most serious first. Changes nothing. Throws LOCKED where a copy has taken the index's place meanwhile. */
export async function verifyPostgres(location: string): Promise<readonly Damage[]> {
  const { db, tables } = await openForReading(parseLocation(location))
  try {
    const damage = await verify(readableIn(db))
    const isRight = await isCounted(db)
    await checkTables(db, tables)
    return isRight ? damage : [...damage, MISCOUNTED]
  } finally {
    await db.close()
  }
}

/** Alone in writing. */
export async function repairPostgres(location: string, options: RepairOptions): Promise<RepairReport> {
  const where = parseLocation(location)
  await (await openForReading(where).catch(notOlder))?.db.close()
  const opened = await openForWriting(where)
  const { db } = opened
  try {
    const lease = await takeLease(db, leaseOptions(options, LEASE_MS))
    const held = { renew: () => renew(db, lease, lease.scopes), release: () => releaseLease(db, lease) }
    return await holding(held, LEASE_MS, () => repairBy(opened, lease, options))
  } finally {
    await db.close()
  }
}

/** Counts anew before, since nothing is stored beside a count that is lost, and after: passages that are lost were taken off no count. */
async function repairBy(opened: Opened, lease: Lease, options: RepairOptions): Promise<RepairReport> {
  const { db } = opened
  const wasCounted = await isCounted(db)
  if (!wasCounted) await writing(db, lease, recount)
  const report = await repair(readableIn(db), writableBy(opened, lease), options)
  if (!(await isCounted(db))) await writing(db, lease, recount)
  return wasCounted ? report : { ...report, damage: [...report.damage, MISCOUNTED] }
}

async function writing(db: Connection, lease: Lease, work: (session: Session) => Promise<void>): Promise<void> {
  await db.writing(async (session) => {
    await holdLease(session, lease, null)
    await work(session)
  })
}

function writableBy({ db, vectors }: Opened, lease: Lease): Writable {
  return {
    apply: async (batch) => await writing(db, lease, (session) => applyBatch(session, batch, vectors)),
    unread: async (sources) => {
      for (const source of sources) await writing(db, lease, (session) => forgetState(session, source))
    },
  }
}

async function forgetState(session: Session, name: string): Promise<void> {
  const sum = stateSum({ name, cursor: null, seen: null, policy: null })
  const sql = 'UPDATE @.source SET cursor = NULL, seen = NULL, policy = NULL, sum = $2 WHERE name = $1'
  await session.run(sql, name, sum)
}

function readableIn(db: Connection): Readable {
  return {
    path: db.path,
    sources: async () => await readSources(db),
    state: async (source) => await readState(db, source),
    documents: () => documentsIn(db),
  }
}

async function* documentsIn(db: Connection): AsyncGenerator<Parts> {
  for (let after = ''; ; ) {
    const sql = `SELECT ${DOCUMENT_COLUMNS}, d.principals::text[] AS principals, d.kind, d.locale, d.updated,
        d.labels::text[] AS labels, d.place, d.title, d.article
      FROM @.document d LEFT JOIN @.document_text t ON t.document = d.key WHERE d.id > $1 ORDER BY d.id LIMIT ${PAGE}`
    const rows = await db.all<SurveyedRow>(sql, after)
    for (const row of rows) yield partsOf(db, row)
    const last = rows.at(-1)
    if (last === undefined) return
    after = last.id
  }
}

function partsOf(db: Connection, row: SurveyedRow): Parts {
  return {
    id: row.id,
    source: row.source,
    document: async () => toDocument(db, row),
    chunks: async () => await chunksOf(db, row),
    isChosenAs: (document) => isChosenAs(row, document),
  }
}

async function chunksOf(db: Connection, { id, chunks: count }: DocumentRow): Promise<readonly Chunk[]> {
  const rows = await db.all<ChunkRow>(
    `SELECT d.id, ${CHUNK_COLUMNS} FROM ${CHUNKS} WHERE d.id = $1 ORDER BY c.ordinal`,
    id,
  )
  const words = await db.all<CandidateRow>(
    `SELECT d.id, c.ordinal, d.updated, c.origin, w.words, w.sum FROM @.document d JOIN @.chunk c ON c.document = d.key
      LEFT JOIN @.chunk_words w ON w.chunk = c.key WHERE d.id = $1`,
    id,
  )
  for (const row of words) toCandidate(db, row, 0)
  if (rows.length !== count || words.length !== count) {
    throw damaged(db.path, `is damaged: it has lost passages of ${JSON.stringify(id)}.`)
  }
  return rows.map((row) => toChunk(db, row))
}

function isChosenAs(row: Record<string, unknown>, { source, head, language }: StoredDocument): boolean {
  const { principals, labels, ...others } = chosenBy(source, head, language)
  const lists = { principals: JSON.parse(principals) as unknown, labels: JSON.parse(labels) as unknown }
  return Object.entries({ ...others, ...lists }).every(([name, value]) => isDeepStrictEqual(row[name], value))
}

/** An older schema is brought up to date by a repair; where there is no index there is nothing to repair. */
function notOlder(thrown: unknown): null {
  if (thrown instanceof UnsiloError && thrown.code === 'INDEX_OLDER') return null
  throw thrown
}
