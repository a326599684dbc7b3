/** Whether a file is as it was written: SQLite's own checks, every checksum, and that its tables agree. */
import type { Damage } from '../../core/repair.ts'
import { vectorDamage } from './codes.ts'
import type { Connection } from './connection.ts'
import { readRun, readState } from './ledger.ts'
import { sealHolds } from './seal.ts'
import { attempted, everyKey, surveyDocuments } from './survey.ts'

/** Most serious first. Changes nothing. */
export function verify(db: Connection): readonly Damage[] {
  return [
    ...structureDamage(db),
    ...relationDamage(db),
    ...stateDamage(db).map(({ damage }) => damage),
    ...runDamage(db),
    ...searchDamage(db),
    ...documentDamage(db),
  ]
}

/** Pages, tables and their indexes: anything may be lost. */
export function structureDamage(db: Connection): readonly Damage[] {
  return integrity(db).filter(({ what }) => !OF_SEARCH.test(what))
}

/** Sources of which it is not known any more how far they were read. */
export function stateDamage(db: Connection): readonly { readonly source: string; readonly damage: Damage }[] {
  return everyKey<string>(db, 'source', 'name').flatMap((source) => {
    const isSound = attempted(() => [readState(db, source)]) !== null
    return isSound ? [] : [{ source, damage: { what: `how far the source ${source} was read is lost` } }]
  })
}

function runDamage(db: Connection): readonly Damage[] {
  const unreadable = everyKey<string>(db, 'run', 'id').filter((id) => attempted(() => readRun(db, id)) === null)
  return unreadable.map((id) => ({ what: `the record of run ${id} cannot be read` }))
}

/** Rows are left of a document that is there no more: which one it was is not known. */
export function losesDocuments(db: Connection): boolean {
  const owned = ['document_text', 'access', 'chunk'].map((table) => `SELECT document FROM ${table}`).join(' UNION ')
  const sql = `SELECT EXISTS (SELECT 1 FROM (${owned}) WHERE document NOT IN (SELECT key FROM document)) AS lost`
  return attempted(() => db.get<{ lost: number }>(sql))?.lost !== 0
}

/** What can be made anew from the documents. */
export function searchDamage(db: Connection): readonly Damage[] {
  return [
    ...integrity(db).filter(({ what }) => OF_SEARCH.test(what)),
    ...(attempted(() => sealHolds(db) !== false) ? [] : [{ what: 'the full-text index is not as it was written' }]),
    ...(attempted(() => everyChunkIsCounted(db))
      ? []
      : [{ what: 'how many passages there are is not as it was written' }]),
    ...(attempted(() => everyChunkIsIndexed(db)) ? [] : [{ what: 'the full-text index lacks passages' }]),
    ...(attempted(() => vectorDamage(db)) ?? ['its vectors cannot be read']).map((what) => ({ what })),
  ]
}

function documentDamage(db: Connection): readonly Damage[] {
  const found: Damage[] = []
  for (const { damage } of surveyDocuments(db)) found.push(...damage)
  return found
}

const OF_SEARCH = /fts5|\bfts\b/i
const MOST = 20

/** SQLite's, the full-text index's own among them (https://www.sqlite.org/pragma.html#pragma_integrity_check). */
function integrity(db: Connection): readonly Damage[] {
  const rows = attempted(() => db.all<{ integrity_check: string }>(`PRAGMA integrity_check(${MOST})`))
  if (rows === null) return [{ what: 'its pages cannot be read' }]
  return rows.filter((row) => row.integrity_check !== 'ok').map((row) => ({ what: row.integrity_check }))
}

function relationDamage(db: Connection): readonly Damage[] {
  const rows = attempted(() => db.all<{ table: string; parent: string }>('PRAGMA foreign_key_check'))
  if (rows === null) return [{ what: 'its relations cannot be read' }]
  const broken = new Set(rows.map(({ table, parent }) => `a row of ${table} is of no ${parent}`))
  return [...broken].map((what) => ({ what }))
}

function everyChunkIsCounted(db: Connection): boolean {
  return (
    db.get<{ same: number }>('SELECT (SELECT chunks FROM size) IS (SELECT count(*) FROM chunk) AS same')?.same === 1
  )
}

function everyChunkIsIndexed(db: Connection): boolean {
  const sql = `SELECT EXISTS (SELECT 1 FROM chunk WHERE key NOT IN (SELECT id FROM fts_docsize)) AS lacking`
  return db.get<{ lacking: number }>(sql)?.lacking === 0
}
