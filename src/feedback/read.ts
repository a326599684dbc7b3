/** What readers said, added up for whoever runs the server. */
import { existsSync } from 'node:fs'
import type Database from 'better-sqlite3'
import { UnsiloError } from '../core/errors.ts'
import type { DocumentFeedback, Feedback, Remark, UnansweredQuery } from '../core/feedback.ts'

interface Row {
  readonly document: string
  readonly helpful: number
  readonly query: string | null
  readonly comment: string | null
  readonly at: string
}

/** Of each document so many are told. */
const MOST_REMARKS = 20

/** Of no file, nothing: nobody has said anything yet. */
export async function readFeedback(path: string): Promise<Feedback> {
  if (!existsSync(path)) return { documents: [], unanswered: [] }
  const rows = await readRows(path)
  return { documents: documentsOf(rows), unanswered: unansweredOf(rows) }
}

async function readRows(path: string): Promise<readonly Row[]> {
  const { default: Sqlite } = await import('better-sqlite3')
  const open = (readonly: boolean) => new Sqlite(path, { readonly, fileMustExist: true, timeout: 5000 })
  try {
    try {
      return rowsIn(open(true))
    } catch (thrown) {
      if (!isHalfWritten(thrown)) throw thrown
    }
    return rowsIn(open(false))
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new UnsiloError('DISK', `What readers said can't be read from ${path}: ${why}.`, {
      hint: 'Check the permissions of the file and its folder. If it is damaged, delete it: a new one is made by the next vote.',
      cause,
    })
  }
}

function rowsIn(db: Database.Database): readonly Row[] {
  try {
    // Made, and then nothing could be written: on a full disk.
    if (db.pragma('user_version', { simple: true }) === 0) return []
    return db.prepare<[], Row>('SELECT document, helpful, query, comment, at FROM vote ORDER BY key DESC').all()
  } finally {
    db.close()
  }
}

/** By a server that was killed. Taken back by who opens it to write: https://www.sqlite.org/rescode.html#readonly_rollback */
function isHalfWritten(thrown: unknown): boolean {
  return thrown instanceof Error && 'code' in thrown && thrown.code === 'SQLITE_READONLY_ROLLBACK'
}

function documentsOf(rows: readonly Row[]): readonly DocumentFeedback[] {
  return [...grouped(rows, ({ document }) => document)]
    .map(([document, own]) => ({
      document,
      helpful: own.filter(({ helpful }) => helpful === 1).length,
      unhelpful: own.filter(({ helpful }) => helpful === 0).length,
      remarks: own.filter(hasWords).slice(0, MOST_REMARKS).map(remarkOf),
    }))
    .sort((a, b) => b.unhelpful - a.unhelpful || a.helpful - b.helpful || (a.document < b.document ? -1 : 1))
}

function unansweredOf(rows: readonly Row[]): readonly UnansweredQuery[] {
  const asked = rows.filter(({ helpful, query }) => helpful === 0 && query !== null)
  return [...grouped(asked, ({ query }) => (query ?? '').toLowerCase())]
    .map(([, own]) => ({
      query: own[0]?.query ?? '',
      votes: own.length,
      documents: [...new Set(own.map(({ document }) => document))].sort(),
    }))
    .sort((a, b) => b.votes - a.votes || (a.query < b.query ? -1 : 1))
}

function grouped(rows: readonly Row[], keyOf: (row: Row) => string): ReadonlyMap<string, readonly Row[]> {
  const groups = new Map<string, Row[]>()
  for (const row of rows) {
    const own = groups.get(keyOf(row)) ?? []
    groups.set(keyOf(row), own)
    own.push(row)
  }
  return groups
}

function hasWords({ query, comment }: Row): boolean {
  return query !== null || comment !== null
}

function remarkOf({ at, helpful, query, comment }: Row): Remark {
  return { at, helpful: helpful === 1, ...(query !== null && { query }), ...(comment !== null && { comment }) }
}
