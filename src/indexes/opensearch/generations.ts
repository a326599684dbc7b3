/**
 * Generations of an index: one is behind the alias, and the one before it is kept to go back to. All of an index is in its
 * generation, cursors too: whoever goes back reads on from where that one was.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { UnsiloError } from '../../core/errors.ts'
import type { InitReport, RollbackReport } from '../../core/generation.ts'
import { holding, LEASE_MS, leaseOptions, type WriterOptions } from '../remote-lease.ts'
import { show } from './bulk.ts'
import type { Connection } from './connection.ts'
import { type Lease, takeLease } from './lease.ts'
import { parseLocation } from './location.ts'
import { renewControl } from './notes.ts'
import { connected, currentOf, type Generation, generationsOf, makeFirst, makeGeneration, presentOf } from './open.ts'
import { FIELDS, FORM, SCHEMA } from './schema.ts'

const POLL_MS = 500

/** Makes an index, or a new generation of one whose schema is older, or of any where that is asked for. Alone in writing. */
export async function initOpenSearch(
  location: string,
  { rebuild, ...options }: WriterOptions & { readonly rebuild: boolean },
  leaseMs = LEASE_MS,
): Promise<InitReport> {
  const db = await connected(parseLocation(location))
  try {
    const there = await currentOf(db)
    await renewControl(db)
    if (there === null) return { done: 'made', generation: (await makeFirst(db)).generation, documents: 0 }
    const asItIs = await leftAsItIs(db, there, rebuild)
    if (asItIs !== null) return asItIs
    return await alone(db, options, leaseMs, async (lease, current) => {
      return (await leftAsItIs(db, current, rebuild)) ?? (await renewed(db, current, lease, options.signal))
    })
  } finally {
    await db.close()
  }
}

/** Null: a new generation is to be made. Throws INDEX_NEWER. */
async function leftAsItIs(db: Connection, current: Generation, rebuild: boolean): Promise<InitReport | null> {
  if (current.schema > SCHEMA) throw newer(db.path, current)
  if (current.schema < SCHEMA || current.form !== FORM || rebuild) return null
  return { done: 'nothing', generation: current.generation, documents: await countOf(db, current.index) }
}

/** Puts the generation before, or the one that was gone back from, behind the alias. Throws NOT_FOUND where there is none. */
export async function rollbackOpenSearch(location: string, options: WriterOptions): Promise<RollbackReport> {
  const db = await connected(parseLocation(location))
  try {
    await besides(db, await currentOf(db))
    return await alone(db, options, LEASE_MS, async (lease, current) => {
      const other = await besides(db, current)
      lease.check()
      await swap(db, current.index, other.index)
      return { from: current.generation, to: other.generation, documents: await countOf(db, other.index) }
    })
  } finally {
    await db.close()
  }
}

/** The newest that is not behind the alias. */
async function besides(db: Connection, current: Generation | null): Promise<Generation> {
  const other = (await generationsOf(db)).findLast(({ generation }) => generation !== current?.generation)
  if (current === null || other === undefined) throw noOther(db.path)
  return other
}

/** @param work told what is behind the alias once nobody else can change it */
async function alone<T>(
  db: Connection,
  options: WriterOptions,
  milliseconds: number,
  work: (lease: Lease, current: Generation) => Promise<T>,
): Promise<T> {
  const { lease, found } = await takeLease(db, () => presentOf(db), leaseOptions(options, milliseconds))
  return await holding(lease, milliseconds, () => work(lease, found))
}

async function renewed(
  db: Connection,
  current: Generation,
  lease: Lease,
  signal: AbortSignal | undefined,
): Promise<InitReport> {
  const made = await vectorFieldsOf(db, current.index)
  const all = await generationsOf(db)
  for (const left of all) if (left.generation > current.generation) await drop(db, left)
  await show(db, current.index)
  // A number of its own: whoever stood still while it made one takes that one away when it wakes.
  const number = Math.max(...all.map(({ generation }) => generation)) + 1
  const next = await makeGeneration(db, number, {})
  try {
    await makeFields(db, next.index, made)
    await copyAll(db, current.index, next.index, signal)
    await show(db, next.index)
    const [before, after] = [await countOf(db, current.index, null), await countOf(db, next.index, null)]
    if (before !== after) throw notWhole(db.path, before, after)
    lease.check()
    await swap(db, current.index, next.index)
  } catch (thrown) {
    // Where the lease is over, that is left to whoever makes the next one.
    lease.check()
    await drop(db, next)
    throw thrown
  }
  for (const old of await generationsOf(db)) if (old.generation < current.generation) await drop(db, old)
  return { done: 'renewed', generation: next.generation, documents: await countOf(db, next.index) }
}

/** By the cluster itself: https://docs.opensearch.org/latest/api-reference/document-apis/reindex/ */
async function copyAll(db: Connection, from: string, to: string, signal: AbortSignal | undefined): Promise<void> {
  const { body } = await db.ask<{ task: string }>({
    method: 'POST',
    path: '/_reindex?wait_for_completion=false&slices=auto',
    body: { source: { index: from, size: 100 }, dest: { index: to, version_type: 'external' } },
  })
  for (;;) {
    const { body: task } = await db.ask<{
      completed: boolean
      error?: object
      response?: { failures: readonly object[] }
    }>({
      method: 'GET',
      path: `/_tasks/${body.task}`,
    })
    if (task.completed) {
      if (task.error === undefined && task.response?.failures.length === 0) return
      throw new UnsiloError('INDEX_UNAVAILABLE', `${db.path} could not be copied into a new generation.`, {
        hint: UNCHANGED,
      })
    }
    if (signal?.aborted) {
      await db.ask({ method: 'POST', path: `/_tasks/${body.task}/_cancel` })
      throw new UnsiloError('INTERRUPTED', `Making a new generation of ${db.path} was stopped.`, { hint: UNCHANGED })
    }
    await sleep(POLL_MS)
  }
}

const UNCHANGED = 'The index is as it was. Try again later.'

type Fields = Readonly<Record<string, { readonly type?: string; readonly properties?: Fields }>>

/** Each embedder has a field of its own, made when it was first used. Throws INDEX_NEWER where others are unknown here. */
async function vectorFieldsOf(db: Connection, index: string): Promise<Fields> {
  const { body } = await db.ask<Record<string, { mappings: { properties: Fields } }>>({
    method: 'GET',
    path: `/${index}/_mapping`,
  })
  const { chunks, ...others } = Object.values(body)[0]?.mappings.properties ?? {}
  const inner = Object.entries(chunks?.properties ?? {})
  const made = inner.filter(([, { type }]) => type === 'knn_vector')
  const named = [
    ...Object.keys(others),
    ...inner.filter((each) => !made.includes(each)).map(([name]) => `chunks.${name}`),
  ]
  const unknown = named.filter((name) => !FIELDS.includes(name))
  if (unknown.length > 0) throw unknownFields(db.path, unknown)
  return Object.fromEntries(made)
}

async function makeFields(db: Connection, index: string, fields: Fields): Promise<void> {
  if (Object.keys(fields).length === 0) return
  const body = { properties: { chunks: { type: 'nested', properties: fields } } }
  await db.ask({ method: 'PUT', path: `/${index}/_mapping`, body })
}

async function swap(db: Connection, from: string, to: string): Promise<void> {
  const alias = db.location.name
  const actions = [{ remove: { index: from, alias, must_exist: false } }, { add: { index: to, alias } }]
  await db.ask({ method: 'POST', path: '/_aliases', body: { actions } })
}

async function drop(db: Connection, { index }: Generation): Promise<void> {
  await db.ask({ method: 'DELETE', path: `/${index}`, accept: [404] })
}

/** @param type null: of all there is */
async function countOf(db: Connection, index: string, type: string | null = 'document'): Promise<number> {
  const query = type === null ? { match_all: {} } : { term: { type } }
  return (await db.ask<{ count: number }>({ method: 'POST', path: `/${index}/_count`, body: { query } })).body.count
}

function noOther(path: string): UnsiloError {
  return new UnsiloError('NOT_FOUND', `${path} has no other generation to go back to.`, {
    hint: '`unsilo index init` keeps the one that it replaces. Nothing was changed.',
  })
}

function newer(path: string, { schema }: Generation): UnsiloError {
  return new UnsiloError(
    'INDEX_NEWER',
    `${path} was written by a newer unsilo: its schema is ${schema}, this one knows ${SCHEMA}.`,
    {
      hint: 'Update unsilo, or go back with `unsilo index rollback`. Nothing was changed.',
    },
  )
}

function unknownFields(path: string, names: readonly string[]): UnsiloError {
  return new UnsiloError(
    'INDEX_NEWER',
    `${path} was made by another build of unsilo, with fields unknown here: ${names.toSorted().join(', ')}.`,
    {
      hint: 'Use the build that made it, or name another index and run `unsilo sync`. Nothing was changed.',
    },
  )
}

function notWhole(path: string, before: number, after: number): UnsiloError {
  return new UnsiloError('INDEX_UNAVAILABLE', `The new generation of ${path} has ${after} entries of ${before}.`, {
    hint: UNCHANGED,
  })
}
