/** What runs leave behind, into the tables and out of them: states, failures, skips, records. */
import { canonicalJson } from '../../core/ids.ts'
import { type Failure, KEPT_RUNS, type RunRecord, type Skip, type SourceState } from '../../core/ledger.ts'
import type { Batch } from '../../core/store.ts'
import { type FailureRow, type StateRow, toFailure, toRun, toState } from '../rows.ts'
import { stateSum } from '../sums.ts'
import type { Session } from './connection.ts'

/** Makes a source known. */
export async function nameSource(session: Session, name: string): Promise<void> {
  const sum = stateSum({ name, cursor: null, seen: null, policy: null })
  await session.run('INSERT INTO @.source (name, sum) VALUES ($1, $2) ON CONFLICT DO NOTHING', name, sum)
}

/** The part of a batch that is no document. In the caller's transaction. */
export async function recordBatch(session: Session, batch: Batch): Promise<void> {
  const { source } = batch
  const settled = [...batch.put.map(({ head }) => head.id), ...batch.refresh.map(({ id }) => id), ...batch.remove]
  if (settled.length > 0) {
    await session.run('DELETE FROM @.failure WHERE source = $1 AND id = ANY ($2)', source, settled)
  }
  await putFailures(session, source, batch.failed)
  await putSkips(session, batch)
  if (batch.state !== undefined) await putState(session, source, batch.state)
  if (batch.run !== undefined) await putRun(session, batch.run)
}

export async function ignoreFailures(
  session: Session,
  source: string,
  ids: readonly string[],
  ignored: boolean,
): Promise<string[]> {
  const sql = `WITH known AS (UPDATE @.failure SET ignored = $1 WHERE source = $2 AND id = ANY ($3) RETURNING id)
    SELECT id FROM known ORDER BY id`
  return (await session.all<{ id: string }>(sql, ignored ? 1 : 0, source, ids)).map(({ id }) => id)
}

/** A source's records and its name, once its documents are gone. In the caller's transaction. */
export async function forgetLedger(session: Session, source: string): Promise<void> {
  for (const table of ['failure', 'skip', 'run']) await session.run(`DELETE FROM @.${table} WHERE source = $1`, source)
  await session.run('DELETE FROM @.source WHERE name = $1', source)
}

export async function readState(session: Session, source: string): Promise<SourceState | null> {
  const sql = 'SELECT name, cursor, seen, policy, sum FROM @.source WHERE name = $1'
  const row = await session.get<StateRow>(sql, source)
  return row === undefined ? null : toState(session, row)
}

export async function readSources(session: Session): Promise<string[]> {
  return (await session.all<{ name: string }>('SELECT name FROM @.source ORDER BY name')).map(({ name }) => name)
}

export async function readRuns(session: Session, source: string, limit: number): Promise<RunRecord[]> {
  const sql = 'SELECT record FROM @.run WHERE source = $1 ORDER BY started_at DESC, id DESC LIMIT $2'
  const rows = await session.all<{ record: string }>(sql, source, Math.max(0, limit))
  return rows.map((row) => toRun(session, row))
}

export async function readRun(session: Session, id: string): Promise<RunRecord | null> {
  const row = await session.get<{ record: string }>('SELECT record FROM @.run WHERE id = $1', id)
  return row === undefined ? null : toRun(session, row)
}

export async function readQuarantine(session: Session, source: string): Promise<Failure[]> {
  const sql = 'SELECT id, code, reason, at, version, ignored, attempts FROM @.failure WHERE source = $1 ORDER BY id'
  return (await session.all<FailureRow>(sql, source)).map(toFailure)
}

export async function readSkips(session: Session, source: string): Promise<Skip[]> {
  return await session.all<Skip>('SELECT id, reason, at FROM @.skip WHERE source = $1 ORDER BY id', source)
}

async function putFailures(session: Session, source: string, failures: readonly Failure[]): Promise<void> {
  if (failures.length === 0) return
  const all = lastOfEach(failures)
  const column = <T>(value: (failure: Failure) => T) => all.map(value)
  await session.run(
    `INSERT INTO @.failure (source, id, code, reason, at, version, ignored, attempts)
      SELECT $1, * FROM unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::int[], $8::int[])
      ON CONFLICT (source, id) DO UPDATE SET code = excluded.code, reason = excluded.reason, at = excluded.at,
        version = excluded.version, ignored = excluded.ignored, attempts = excluded.attempts`,
    ...[source, column(({ id }) => id), column(({ code }) => code), column(({ reason }) => reason)],
    ...[column(({ at }) => at), column(({ version }) => version ?? null)],
    ...[column(({ ignored }) => (ignored ? 1 : 0)), column(({ attempts }) => attempts ?? null)],
  )
}

async function putSkips(session: Session, { source, put, remove, skipped }: Batch): Promise<void> {
  if (skipped?.all === true) await session.run('DELETE FROM @.skip WHERE source = $1', source)
  const settled = [...put.map(({ head }) => head.id), ...remove]
  if (settled.length > 0) await session.run('DELETE FROM @.skip WHERE source = $1 AND id = ANY ($2)', source, settled)
  const list = lastOfEach(skipped?.list ?? [])
  if (list.length === 0) return
  await session.run(
    `INSERT INTO @.skip (source, id, reason, at) SELECT $1, * FROM unnest($2::text[], $3::text[], $4::text[])
      ON CONFLICT (source, id) DO UPDATE SET reason = excluded.reason, at = excluded.at`,
    ...[source, list.map(({ id }) => id), list.map(({ reason }) => reason), list.map(({ at }) => at)],
  )
}

/** One statement takes each id once. */
export function lastOfEach<T extends { readonly id: string }>(items: readonly T[]): readonly T[] {
  return [...new Map(items.map((item) => [item.id, item])).values()]
}

/** Only if it differs: an equal one is not written again. */
async function putState(session: Session, source: string, state: SourceState): Promise<void> {
  const seen = state.seen === null ? null : JSON.stringify(state.seen)
  const next = { name: source, cursor: canonicalJson(state.cursor), seen, policy: state.policy }
  const sql = 'UPDATE @.source SET cursor = $1, seen = $2, policy = $3, sum = $4 WHERE name = $5 AND sum <> $4'
  await session.run(sql, next.cursor, seen, next.policy, stateSum(next), source)
}

async function putRun(session: Session, run: RunRecord): Promise<void> {
  const isGood = run.outcome === 'ok' || run.outcome === 'partial'
  await session.run(
    `INSERT INTO @.run (id, source, started_at, is_good, is_complete, record) VALUES ($1, $2, $3, $4, $5, $6)
      ON CONFLICT (id) DO UPDATE SET source = excluded.source, started_at = excluded.started_at,
        is_good = excluded.is_good, is_complete = excluded.is_complete, record = excluded.record`,
    ...[run.id, run.source, run.startedAt, isGood, run.receipt !== undefined, canonicalJson(run)],
  )
  await forgetRuns(session, run)
}

/** Never the one that was just recorded, whatever the clock said. */
async function forgetRuns(session: Session, { source, id }: RunRecord): Promise<void> {
  const newest = (which: string, most: number) =>
    `(SELECT id FROM @.run WHERE source = $1 AND ${which} ORDER BY started_at DESC, id DESC LIMIT ${most})`
  await session.run(
    `DELETE FROM @.run WHERE source = $1 AND id <> $2 AND id NOT IN (${newest('true', KEPT_RUNS)}
      UNION ALL ${newest('is_good', 1)} UNION ALL ${newest('is_complete', 1)})`,
    ...[source, id],
  )
}
