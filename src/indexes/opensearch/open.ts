/** Opens an index: checks the cluster and that what is there is an index this program knows; makes the first generation of one. */
import { UnsiloError } from '../../core/errors.ts'
import type { LeaseOptions } from '../remote-lease.ts'
import { type Connection, connect } from './connection.ts'
import { controlOf, type Lease, takeLease } from './lease.ts'
import type { Location } from './location.ts'
import { CONTROL_FIELDS, FORM, type Meta, mappingOf, ON_EVERY_COPY, SCHEMA, settingsOf } from './schema.ts'

/** One generation. */
export interface Generation extends Meta {
  /** The index itself, behind the alias. */
  readonly index: string
}

export interface Opened {
  readonly db: Connection
  readonly index: string
  /** Of what the alias stood for. */
  readonly generation: number
  /** Whether it can hold vectors. */
  readonly vectors: boolean
}

interface Server {
  readonly version: { readonly number: string; readonly distribution?: string }
}

/** The first with `delimited_term_freq`: https://github.com/opensearch-project/OpenSearch/blob/main/release-notes/opensearch.release-notes-2.10.0.md */
const OLDEST = [2, 10] as const
/** Somebody waits for the first answer. */
const FIRST_PATIENCE_MS = 5000
const DIGITS = 6

/** By the alias, so that a generation that takes its place is read at once. Throws NOT_FOUND where there is no index yet. */
export async function openForReading(location: Location): Promise<Opened> {
  return await opened(location, async (db) => {
    return { ...checkSchema(db.path, await presentOf(db)), index: location.name }
  })
}

/** Makes an index where there is none, and takes the lease of it. */
export async function openForWriting(
  location: Location,
  options: LeaseOptions,
): Promise<Opened & { readonly lease: Lease }> {
  return await opened(location, async (db) => {
    checkSchema(db.path, (await currentOf(db)) ?? (await makeFirst(db)))
    const { lease, found } = await takeLease(db, async () => checkSchema(db.path, await presentOf(db)), options)
    return { ...found, lease }
  })
}

async function opened<T extends Omit<Opened, 'db'>>(
  location: Location,
  prepare: (db: Connection) => Promise<T>,
): Promise<T & Opened> {
  const db = await connected(location)
  try {
    return { ...(await prepare(db)), db }
  } catch (thrown) {
    await db.close()
    throw thrown
  }
}

/** To a cluster that can hold an index. Close it. */
export async function connected(location: Location): Promise<Connection> {
  const db = await connect(location)
  try {
    await checkServer(db)
    return db
  } catch (thrown) {
    await db.close()
    throw thrown
  }
}

/** What the alias stands for; null: nothing. */
export async function currentOf(db: Connection): Promise<Generation | null> {
  const { name } = db.location
  const { status, body } = await db.ask<Record<string, unknown>>({
    method: 'GET',
    path: `/_alias/${name}`,
    accept: [404],
  })
  if (status !== 404) return await generationAt(db, Object.keys(body)[0] ?? '')
  const { status: found } = await db.ask({ method: 'HEAD', path: `/${name}`, accept: [404] })
  if (found === 404) return null
  throw notOurs(db.path)
}

/** Throws NOT_FOUND. */
export async function presentOf(db: Connection): Promise<Generation> {
  const generation = await currentOf(db)
  if (generation === null) throw missing(db.path)
  return generation
}

/** In their order. */
export async function generationsOf(db: Connection): Promise<readonly Generation[]> {
  const path = `/${db.location.name}-0*/_mapping?filter_path=*.mappings._meta`
  const { body } = await db.ask<Record<string, Described>>({ method: 'GET', path, accept: [404] })
  return Object.entries(body)
    .flatMap(([index, described]) => {
      const meta = described.mappings?._meta?.unsilo
      // Another index may be called after this one.
      return meta === undefined || index !== indexOf(db, meta.generation) ? [] : [{ ...meta, index }]
    })
    .sort((a, b) => a.generation - b.generation)
}

interface Described {
  readonly mappings?: { readonly _meta?: { readonly unsilo?: Meta } }
}

async function generationAt(db: Connection, index: string): Promise<Generation> {
  const path = `/${index}/_mapping?filter_path=*.mappings._meta`
  const { body } = await db.ask<Record<string, Described>>({ method: 'GET', path })
  const meta = Object.values(body)[0]?.mappings?._meta?.unsilo
  if (meta === undefined) throw notOurs(db.path)
  return { ...meta, index }
}

/** Throws INDEX_OLDER or INDEX_NEWER. */
export function checkSchema(path: string, generation: Generation): Generation {
  const { schema, form } = generation
  if (schema === SCHEMA && form === FORM) return generation
  if (schema === SCHEMA) {
    throw new UnsiloError(
      'INDEX_OLDER',
      `${path} was made by another build of unsilo, with other fields than this one's.`,
      {
        hint: 'Nothing of it is lost. `unsilo index init` makes a generation of it with the fields of this one.',
      },
    )
  }
  if (schema > SCHEMA) {
    throw new UnsiloError(
      'INDEX_NEWER',
      `${path} was written by a newer unsilo: its schema is ${schema}, this one knows ${SCHEMA}.`,
      {
        hint: 'Update unsilo, or name another index. Nothing was changed.',
      },
    )
  }
  throw new UnsiloError(
    'INDEX_OLDER',
    `${path} was written by an older unsilo: its schema is ${schema}, this one reads ${SCHEMA}.`,
    {
      hint: 'Nothing of it is lost. `unsilo index init` brings it up to date.',
    },
  )
}

export async function makeFirst(db: Connection): Promise<Generation> {
  await makeControl(db)
  await makeGeneration(db, 1, { [db.location.name]: {} })
  return (await currentOf(db)) ?? (await makeFirst(db))
}

/** Empty. One that is there already is left as it is. */
export async function makeGeneration(db: Connection, generation: number, aliases: object): Promise<Generation> {
  const index = indexOf(db, generation)
  let refusal = 'no reason'
  // Without the plugin there is no such setting.
  for (const vectors of [true, false]) {
    const meta = { schema: SCHEMA, form: FORM, generation, vectors }
    const settings = settingsOf({ ...db.location, vectors })
    const refused = await createCopied(db, index, { settings, mappings: mappingOf(meta), aliases })
    if (refused === null) return { ...meta, index }
    refusal = refused
  }
  throw notMade(db.path, refusal)
}

/** Who writes and what was published, whatever becomes of generations. */
async function makeControl(db: Connection): Promise<void> {
  const index = controlOf(db)
  const mappings = { dynamic: 'strict', properties: CONTROL_FIELDS }
  const settings = { number_of_shards: 1, number_of_replicas: db.location.replicas }
  const refusal = await createCopied(db, index, { settings, mappings })
  if (refusal !== null) throw notMade(db.path, refusal)
  await db.ask({ method: 'PUT', path: `/${index}/_create/lease`, body: { token: 0, leases: [] }, accept: [409] })
}

/** Its copies as the cluster has them where it allows no other, as one does whose storage is remote. */
async function createCopied(
  db: Connection,
  index: string,
  { settings, ...others }: { readonly settings: object; readonly mappings: object; readonly aliases?: object },
): Promise<string | null> {
  const refusal = await create(db, index, { ...others, settings: { ...settings, ...ON_EVERY_COPY } })
  return refusal === null ? null : await create(db, index, { ...others, settings })
}

/** Why it is refused; null: it is there. */
async function create(db: Connection, index: string, body: object): Promise<string | null> {
  const asked = { method: 'PUT', path: `/${index}`, body, accept: [400] } as const
  const { status, body: said } = await db.ask<{ error?: { type?: string } }>(asked)
  const refusal = status === 400 ? (said.error?.type ?? 'no reason') : null
  return refusal === 'resource_already_exists_exception' ? null : refusal
}

function notMade(path: string, refusal: string): UnsiloError {
  return new UnsiloError('CONFIG_INVALID', `${path} cannot be made: ${refusal}.`, {
    hint: 'The cluster refuses what an index of unsilo needs: nested documents, scripts and the usual analysers.',
  })
}

function indexOf(db: Connection, generation: number): string {
  return `${db.location.name}-${String(generation).padStart(DIGITS, '0')}`
}

async function checkServer(db: Connection): Promise<void> {
  const { body } = await db.ask<Server | null>({ method: 'GET', path: '/', patienceMs: FIRST_PATIENCE_MS })
  const { number = 'unknown', distribution = 'no OpenSearch' } = body?.version ?? {}
  if (distribution !== 'opensearch') {
    throw new UnsiloError('CONFIG_INVALID', `${db.path} is ${distribution}.`, {
      hint: `An index needs OpenSearch ${OLDEST.join('.')} or newer.`,
    })
  }
  const [major = 0, minor = 0] = number.split('.').map(Number)
  if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return
  throw new UnsiloError('CONFIG_INVALID', `${db.path} is OpenSearch ${number}, which is too old.`, {
    hint: `An index needs OpenSearch ${OLDEST.join('.')} or newer.`,
  })
}

function missing(path: string): UnsiloError {
  return new UnsiloError('NOT_FOUND', `There is no index at ${path}.`, {
    hint: 'Run `unsilo index init` or `unsilo sync` to make it.',
  })
}

function notOurs(path: string): UnsiloError {
  return new UnsiloError('INDEX_DAMAGED', `${path} is no index of unsilo.`, {
    hint: 'Nothing was changed. Name another index.',
  })
}
