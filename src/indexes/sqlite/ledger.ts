/** What runs leave behind, into the tables and out of them: states, failures, skips, records. */
import { canonicalJson } from '../../core/ids.ts'
import { type Failure, KEPT_RUNS, type RunRecord, type Skip, type SourceState } from '../../core/ledger.ts'
import type { Batch } from '../../core/store.ts'
import { type FailureRow, type StateRow, toFailure, toRun, toState } from '../rows.ts'
import { stateSum } from '../sums.ts'
import type { Connection } from './connection.ts'

/** Makes a source known. */
export function nameSource(db: Connection, name: string): void {
  const sum = stateSum({ name, cursor: null, seen: null, policy: null })
  db.run('INSERT INTO source (name, sum) VALUES (?, ?) ON CONFLICT DO NOTHING', name, sum)
}

/** The part of a batch that is no document. In the caller's transaction. */
export function recordBatch(db: Connection, batch: Batch): void {
  const { source } = batch
  for (const id of settledIds(batch)) db.run('DELETE FROM failure WHERE source = ? AND id = ?', source, id)
  for (const failure of batch.failed) putFailure(db, source, failure)
  putSkips(db, batch)
  if (batch.state !== undefined) putState(db, source, batch.state)
  if (batch.run !== undefined) putRun(db, batch.run)
}

export function ignoreFailures(db: Connection, source: string, ids: readonly string[], ignored: boolean): string[] {
  const sql = 'UPDATE failure SET ignored = ? WHERE source = ? AND id = ?'
  return db.writing(() => {
    const known = ids.filter((id) => db.run(sql, ignored ? 1 : 0, source, id).changes > 0)
    const inOrder = 'SELECT id FROM failure WHERE source = ? AND id IN (SELECT value FROM json_each(?)) ORDER BY id'
    return db.all<{ id: string }>(inOrder, source, JSON.stringify(known)).map((row) => row.id)
  })
}

/** A source's records and its name, once its documents are gone. In the caller's transaction. */
export function forgetLedger(db: Connection, source: string): void {
  for (const table of ['failure', 'skip', 'run']) db.run(`DELETE FROM ${table} WHERE source = ?`, source)
  db.run('DELETE FROM source WHERE name = ?', source)
}

export function readState(db: Connection, source: string): SourceState | null {
  const row = db.get<StateRow>('SELECT name, cursor, seen, policy, sum FROM source WHERE name = ?', source)
  return row === undefined ? null : toState(db, row)
}

export function readSources(db: Connection): string[] {
  return db.all<{ name: string }>('SELECT name FROM source ORDER BY name').map((row) => row.name)
}

export function readRuns(db: Connection, source: string, limit: number): RunRecord[] {
  const sql = 'SELECT record FROM run WHERE source = ? ORDER BY started_at DESC, id DESC LIMIT ?'
  return db.all<{ record: string }>(sql, source, Math.max(0, limit)).map((row) => toRun(db, row))
}

export function readRun(db: Connection, id: string): RunRecord | null {
  const row = db.get<{ record: string }>('SELECT record FROM run WHERE id = ?', id)
  return row === undefined ? null : toRun(db, row)
}

export function readQuarantine(db: Connection, source: string): Failure[] {
  const sql = 'SELECT id, code, reason, at, version, ignored, attempts FROM failure WHERE source = ? ORDER BY id'
  return db.all<FailureRow>(sql, source).map(toFailure)
}

export function readSkips(db: Connection, source: string): Skip[] {
  return db.all<Skip>('SELECT id, reason, at FROM skip WHERE source = ? ORDER BY id', source)
}

function settledIds({ put, refresh, remove }: Batch): string[] {
  return [...put.map((document) => document.head.id), ...refresh.map((head) => head.id), ...remove]
}

function putFailure(db: Connection, source: string, failure: Failure): void {
  const { id, code, reason, at, version = null, ignored = false, attempts = null } = failure
  db.run(
    `INSERT OR REPLACE INTO failure (source, id, code, reason, at, version, ignored, attempts)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    ...[source, id, code, reason, at, version, ignored ? 1 : 0, attempts],
  )
}

function putSkips(db: Connection, { source, put, remove, skipped }: Batch): void {
  if (skipped?.all === true) db.run('DELETE FROM skip WHERE source = ?', source)
  for (const id of [...put.map((document) => document.head.id), ...remove]) {
    db.run('DELETE FROM skip WHERE source = ? AND id = ?', source, id)
  }
  for (const { id, reason, at } of skipped?.list ?? []) {
    db.run('INSERT OR REPLACE INTO skip (source, id, reason, at) VALUES (?, ?, ?, ?)', source, id, reason, at)
  }
}

/** Only if it differs: an equal one is not written again. */
function putState(db: Connection, source: string, state: SourceState): void {
  const seen = state.seen === null ? null : JSON.stringify(state.seen)
  const next = { name: source, cursor: canonicalJson(state.cursor), seen, policy: state.policy }
  const sql = 'UPDATE source SET cursor = ?, seen = ?, policy = ?, sum = ? WHERE name = ? AND sum IS NOT ?'
  const sum = stateSum(next)
  db.run(sql, next.cursor, seen, next.policy, sum, source, sum)
}

function putRun(db: Connection, run: RunRecord): void {
  db.run(
    'INSERT OR REPLACE INTO run (id, source, started_at, record) VALUES (?, ?, ?, ?)',
    run.id,
    run.source,
    run.startedAt,
    canonicalJson(run),
  )
  forgetRuns(db, run)
}

/** Never the one that was just recorded, whatever the clock said. */
function forgetRuns(db: Connection, { source, id }: RunRecord): void {
  const newest = (which: string) =>
    `SELECT id FROM run WHERE source = ? AND ${which} ORDER BY started_at DESC, id DESC LIMIT ?`
  const [good, complete] = ["record ->> '$.outcome' IN ('ok', 'partial')", "record ->> '$.receipt' IS NOT NULL"].map(
    newest,
  )
  db.run(
    `DELETE FROM run WHERE source = ? AND id <> ? AND id NOT IN (${newest('true')})
      AND id IS NOT (${good}) AND id IS NOT (${complete})`,
    ...[source, id, source, KEPT_RUNS, source, 1, source, 1],
  )
}
