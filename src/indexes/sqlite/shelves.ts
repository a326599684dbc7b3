/** What stands where, by a table beside the heads that is written and verified with them. */
import { canRead, type Principal } from '../../core/access.ts'
import type { Head } from '../../core/document.ts'
import {
  type Beside,
  countsOf,
  orderOf,
  placeEnd,
  placeOf,
  type Shelf,
  type ShelfCounts,
  type ShelfQuery,
  type Shelved,
} from '../../core/shelves.ts'
import { HEAD_COLUMNS, type HeadRow, toHead } from '../rows.ts'
import { type Standing, standingOf } from '../standing.ts'
import type { Connection, SqlValue } from './connection.ts'
import { readableBy, slots } from './readers.ts'

interface Group {
  readonly place: string
  readonly readers: string
  readonly documents: number
  /** One of them. */
  readonly sample: number
}

const SHELVED = `SELECT ${HEAD_COLUMNS} FROM place p CROSS JOIN document d ON d.key = p.document`

export function putPlace(db: Connection, document: number, source: string, head: Head): void {
  const { place, title, readers, article } = standingOf(source, head)
  const sql = 'INSERT OR REPLACE INTO place (document, place, title, readers, article) VALUES (?, ?, ?, ?, ?)'
  db.run(sql, document, place, title, readers, article)
}

export function readPlace(db: Connection, document: number): Standing | null {
  return db.get<Standing>('SELECT place, title, readers, article FROM place WHERE document = ?', document) ?? null
}

/** Whole groups are looked at, one document of each for all: a source has many documents, and few kinds of readers. */
export function countShelf(db: Connection, { as, source, path }: Shelf): ShelfCounts {
  const place = placeOf(source, path)
  const sql = `SELECT place, readers, count(*) AS documents, min(document) AS sample FROM place
    WHERE place >= ? AND place < ? GROUP BY place, readers`
  return db.reading(() => {
    const readable = readableGroups(db, as)
    const groups = db.all<Group>(sql, place, placeEnd(place)).filter(readable)
    return countsOf(
      place,
      groups.map((group) => [group.place, group.documents]),
    )
  })
}

export function readShelf(db: Connection, { as, source, path, after, limit }: ShelfQuery): readonly Shelved[] {
  const behind = after && [orderOf(after.title), orderOf(after.title), after.id]
  const filter = readableBy({ as })
  const sql = `${SHELVED} WHERE p.place = ?
    ${behind ? 'AND p.title >= ? AND (p.title > ? OR d.id > ?)' : ''} AND ${filter.sql}
    ORDER BY p.title, d.id LIMIT ?`
  const values = [placeOf(source, path), ...(behind ?? []), ...filter.values, Math.max(0, limit)]
  return db.reading(() => permitted(db, as, sql, values))
}

export function readBeside(db: Connection, id: string, as: readonly Principal[]): Beside | null {
  const filter = readableBy({ as })
  const sql = `SELECT ${HEAD_COLUMNS}, p.place, p.title, p.article
    FROM document d CROSS JOIN place p ON p.document = d.key WHERE d.id = ? AND ${filter.sql}`
  return db.reading(() => {
    const own = db.get<HeadRow & Standing>(sql, id, ...filter.values)
    if (own === undefined || !canRead(toHead(db, own).head.access, as)) return null
    return {
      previous: nearest(db, own, id, as, 'before'),
      next: nearest(db, own, id, as, 'behind'),
      translations: translationsOf(db, own, id, as),
    }
  })
}

function nearest(
  db: Connection,
  { source, place, title }: Standing & { readonly source: string },
  id: string,
  as: readonly Principal[],
  side: 'before' | 'behind',
): Shelved | null {
  const filter = readableBy({ as })
  const whole = placeOf(source, [])
  const [sign, order, within] =
    side === 'before' ? (['<', 'DESC', 'p.place >= ?'] as const) : (['>', 'ASC', 'p.place < ?'] as const)
  const sql = `${SHELVED} WHERE ${within} AND (p.place, p.title) ${sign}= (?, ?)
    AND ((p.place, p.title) ${sign} (?, ?) OR d.id ${sign} ?) AND ${filter.sql}
    ORDER BY p.place ${order}, p.title ${order}, d.id ${order} LIMIT 1`
  const bound = side === 'before' ? whole : placeEnd(whole)
  return permitted(db, as, sql, [bound, place, title, place, title, id, ...filter.values])[0] ?? null
}

function translationsOf(
  db: Connection,
  { article }: Standing,
  id: string,
  as: readonly Principal[],
): readonly Shelved[] {
  if (article === null) return []
  const filter = readableBy({ as })
  const sql = `${SHELVED} WHERE p.article = ? AND d.id <> ? AND ${filter.sql} ORDER BY d.id`
  return permitted(db, as, sql, [article, id, ...filter.values])
}

/** Access once more, on the result, by the head itself. */
function permitted(
  db: Connection,
  as: readonly Principal[],
  sql: string,
  values: readonly SqlValue[],
): readonly Shelved[] {
  return db
    .all<HeadRow>(sql, ...values)
    .map((row) => ({ head: toHead(db, row).head, source: row.source, language: row.language }))
    .filter(({ head }) => canRead(head.access, as))
}

function readableGroups(db: Connection, as: readonly Principal[]): (group: Group) => boolean {
  const principals = ['public', ...as]
  const sql = `SELECT 1 FROM access WHERE document = ? AND principal IN (${slots(principals)}) LIMIT 1`
  const known = new Map<string, boolean>()
  return ({ readers, sample }) => {
    const found = known.get(readers) ?? db.get(sql, sample, ...principals) !== undefined
    known.set(readers, found)
    return found
  }
}
