/** What stands where, by columns beside the heads. Indexes hold the beginnings of places: whole ones may be too long for them. */
import { canRead, type Principal } from '../../core/access.ts'
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
import type { Connection, Session } from './connection.ts'
import { type Parameters, parameters, readableBy } from './readers.ts'

interface Standing {
  readonly place: string
  readonly title: string
  readonly article: string | null
}

const SHELVED = `SELECT ${HEAD_COLUMNS} FROM @.document d`

export async function countShelf(db: Connection, { as, source, path }: Shelf): Promise<ShelfCounts> {
  const place = placeOf(source, path)
  const asked = parameters(place, placeEnd(place))
  const sql = `SELECT d.place, count(*) AS documents FROM @.document d
    WHERE left(d.place, 200) >= left($1, 200) AND left(d.place, 200) <= left($2, 200)
      AND d.place >= $1 AND d.place < $2 AND ${readableBy({ as }, asked)} GROUP BY d.place ORDER BY d.place`
  const rows = await db.all<{ place: string; documents: number }>(sql, ...asked.values)
  return countsOf(
    place,
    rows.map((row) => [row.place, row.documents]),
  )
}

export async function readShelf(
  db: Connection,
  { as, source, path, after, limit }: ShelfQuery,
): Promise<readonly Shelved[]> {
  const asked = parameters(placeOf(source, path), Math.max(0, limit))
  const behind = after && `(d.title, d.id) > (${asked.bind(orderOf(after.title))}, ${asked.bind(after.id)})`
  const sql = `${SHELVED} WHERE left(d.place, 200) = left($1, 200) AND d.place = $1 AND ${behind ?? 'true'}
    AND ${readableBy({ as }, asked)} ORDER BY d.title, d.id LIMIT $2`
  return await permitted(db, as, sql, asked)
}

export async function readBeside(db: Connection, id: string, as: readonly Principal[]): Promise<Beside | null> {
  const asked = parameters(id)
  const sql = `SELECT ${HEAD_COLUMNS}, d.place, d.title, d.article FROM @.document d
    WHERE d.id = $1 AND ${readableBy({ as }, asked)}`
  return await db.reading(async (session) => {
    const own = await session.get<HeadRow & Standing>(sql, ...asked.values)
    if (own === undefined || !canRead(toHead(db, own).head.access, as)) return null
    return {
      previous: await nearest(session, own, as, 'before'),
      next: await nearest(session, own, as, 'behind'),
      translations: await translationsOf(session, own, as),
    }
  })
}

async function nearest(
  session: Session,
  { id, source, place, title }: HeadRow & Standing,
  as: readonly Principal[],
  side: 'before' | 'behind',
): Promise<Shelved | null> {
  const whole = placeOf(source, [])
  const isBefore = side === 'before'
  const asked = parameters(place, title, id, isBefore ? whole : placeEnd(whole))
  const [sign, order, bound] = isBefore ? ['<', 'DESC', 'd.place >= $4'] : ['>', 'ASC', 'd.place < $4']
  const sql = `${SHELVED} WHERE left(d.place, 200) ${sign}= left($1, 200) AND ${bound}
    AND (d.place, d.title, d.id) ${sign} ($1, $2, $3) AND ${readableBy({ as }, asked)}
    ORDER BY left(d.place, 200) ${order}, d.place ${order}, d.title ${order}, d.id ${order} LIMIT 1`
  return (await permitted(session, as, sql, asked))[0] ?? null
}

async function translationsOf(
  session: Session,
  { id, article }: HeadRow & Standing,
  as: readonly Principal[],
): Promise<readonly Shelved[]> {
  if (article === null) return []
  const asked = parameters(article, id)
  const sql = `${SHELVED} WHERE left(d.article, 200) = left($1, 200) AND d.article = $1 AND d.id <> $2
    AND ${readableBy({ as }, asked)} ORDER BY d.id`
  return await permitted(session, as, sql, asked)
}

/** Access once more, on the result, by the head itself. */
async function permitted(
  session: Session,
  as: readonly Principal[],
  sql: string,
  { values }: Parameters,
): Promise<readonly Shelved[]> {
  const rows = await session.all<HeadRow>(sql, ...values)
  return rows
    .map((row) => ({ head: toHead(session, row).head, source: row.source, language: row.language }))
    .filter(({ head }) => canRead(head.access, as))
}
