/**
 * Votes in a SQLite file of their own, beside the index: a server only reads the index. No more is kept of a person than
 * a hash, with a key that is made anew by each process and kept nowhere, so that nobody who has the file can tell, or
 * find out by trying, who voted. The price: after a restart somebody may vote once more.
 */
import { createHmac } from 'node:crypto'
import { closeSync, openSync } from 'node:fs'
import type Database from 'better-sqlite3'
import { UnsiloError } from '../core/errors.ts'
import type { FeedbackBook, Vote } from '../core/feedback.ts'

export interface BookOptions {
  /** Personal data out of what people wrote. */
  clean(text: string): string
  /** Bytes that nobody can guess. */
  readonly key: Uint8Array
}

/** How much is kept: beyond these, what was said first goes. */
export const CAPS = { votes: 50_000, ofOneAsker: 200, days: 400 } as const

const DAY_MS = 86_400_000
const PATIENCE_MS = 500
/** 'unfb' in ASCII, https://www.sqlite.org/pragma.html#pragma_application_id */
export const APPLICATION_ID = 0x756e6662
const SCHEMA = `
CREATE TABLE vote (
  key INTEGER PRIMARY KEY AUTOINCREMENT,
  document TEXT NOT NULL,
  asker TEXT NOT NULL,
  helpful INTEGER NOT NULL,
  query TEXT,
  comment TEXT,
  at TEXT NOT NULL,
  UNIQUE (document, asker)
) STRICT;
CREATE INDEX vote_by_asker ON vote (asker, key);
CREATE INDEX vote_by_time ON vote (at);
PRAGMA application_id = ${APPLICATION_ID};
PRAGMA user_version = 1;
`

/** The file that belongs to an index. */
export function feedbackFile(index: string): string {
  return `${index}.feedback`
}

/** The file is made by the first vote, readable by its owner only. */
export function openBook(path: string, options: BookOptions): FeedbackBook {
  let opened: Promise<Database.Database> | null = null

  async function database(): Promise<Database.Database> {
    opened ??= openFile(path).catch((thrown) => {
      opened = null
      throw thrown
    })
    return await opened
  }

  return {
    async add(vote) {
      try {
        write(await database(), vote, options)
      } catch (thrown) {
        throw unwritable(path, thrown)
      }
    },
    async close() {
      if (opened !== null) (await opened).close()
      opened = null
    },
  }
}

function write(db: Database.Database, vote: Vote, { clean, key }: BookOptions): void {
  const { document, helpful, query, comment, at } = vote
  const asker = createHmac('sha256', key).update(vote.asker).digest('hex').slice(0, 32)
  const sql = `INSERT OR REPLACE INTO vote (document, asker, helpful, query, comment, at) VALUES (?, ?, ?, ?, ?, ?)`
  const words = [query, comment].map((text) => (text === undefined ? null : clean(text) || null))
  db.transaction(() => {
    db.prepare(sql).run(document, asker, helpful ? 1 : 0, ...words, at)
    db.prepare('DELETE FROM vote WHERE at < ?').run(new Date(Date.parse(at) - CAPS.days * DAY_MS).toISOString())
    db.prepare('DELETE FROM vote WHERE key <= (SELECT max(key) FROM vote) - ?').run(CAPS.votes)
    db.prepare(
      'DELETE FROM vote WHERE key IN (SELECT key FROM vote WHERE asker = ? ORDER BY key DESC LIMIT -1 OFFSET ?)',
    ).run(asker, CAPS.ofOneAsker)
  }).immediate()
}

async function openFile(path: string): Promise<Database.Database> {
  const { default: Sqlite } = await import('better-sqlite3')
  closeSync(openSync(path, 'a', 0o600))
  const db = new Sqlite(path, { timeout: PATIENCE_MS })
  try {
    db.exec('PRAGMA journal_mode = DELETE; PRAGMA secure_delete = ON')
    db.transaction(() => {
      if (db.pragma('user_version', { simple: true }) === 0) db.exec(SCHEMA)
    }).immediate()
    return db
  } catch (thrown) {
    db.close()
    throw thrown
  }
}

function unwritable(path: string, cause: unknown): UnsiloError {
  const why = cause instanceof Error ? cause.message : String(cause)
  return new UnsiloError('DISK', `What a reader said can't be kept in ${path}: ${why}.`, {
    hint: 'Check free space and the permissions of the file and its folder. The index is not touched by this.',
    cause,
  })
}
