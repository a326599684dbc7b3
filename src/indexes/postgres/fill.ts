/**
 * An index that is replaced while it is asked: it is filled in a schema beside its own, and what is there then takes the place of
 * the old tables in one transaction. Until it ends readers have the old ones. One that nobody can have opened is filled where it is.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { UnsiloError } from '../../core/errors.ts'
import type { Store } from '../../core/store.ts'
import { type Filling, type FillOptions, fillInPlace, fillingFrom, mark, openIfThere, unmarked } from '../filling.ts'
import { beating, LEASE_MS, leaseOptions } from '../remote-lease.ts'
import type { Connection } from './connection.ts'
import { type Lease, releaseLease, renew, takeLease } from './lease.ts'
import { type Location, parseLocation } from './location.ts'
import { openForWriting } from './open.ts'
import { checkOwn } from './own-tables.ts'
import { openAt } from './postgres.ts'
import { CONTENT_TABLES, checkReplaceable, KEPT_TABLES, swapIn } from './swap.ts'

const BESIDE = '_copying'
/** Postgres cuts longer names. */
const LONGEST_NAME = 63
/** A reader is waited for as long as that, a little at a time, so that it keeps others waiting for a third of it at most. */
const PATIENCE_MS = 120_000
const PAUSE_MS = 1000

/** Holds the writer's lease of the index, so that nobody writes what would be replaced. */
export async function fillPostgres(location: string, options: FillOptions): Promise<Filling> {
  const where = parseLocation(location)
  const inPlace = () => fillInPlace((mode) => openAt(where, { ...options, mode }))
  const present = await openIfThere(() => openAt(where, { mode: 'read' }))
  if (present === null) return await inPlace()
  try {
    if ((await fillingFrom(present)) === null) return await fillBeside(where, present, options)
  } catch (thrown) {
    await present.close()
    throw thrown
  }
  await present.close()
  return await inPlace()
}

async function fillBeside(where: Location, present: Store, options: FillOptions): Promise<Filling> {
  const beside = besideOf(where)
  const { db } = await openForWriting(where)
  const lease = await takeLease(db, leaseOptions(options, LEASE_MS)).catch(async (thrown: unknown) => {
    await db.close()
    throw thrown
  })
  const heart = beating(() => renew(db, lease, lease.scopes), LEASE_MS)
  let store: Store | null = null

  async function close(): Promise<void> {
    clearInterval(heart)
    try {
      await store?.close()
    } finally {
      await present.close()
      if (db.isOpen()) await releaseLease(db, lease).finally(() => db.close())
    }
  }

  return {
    present,
    // Readers and writers go on with what is there, so leave that was given for a copy of before is none for what came since.
    begun: null,
    async begin(from) {
      await checkReplaceable(db, where.schema)
      await checkOwn(db, { schema: beside.schema, tables: [...CONTENT_TABLES, ...KEPT_TABLES], isAlone: true })
      await checkThere(beside)
      store = await openAt(beside, options)
      await checkUnused(store, beside)
      await mark(store, from)
      return unmarked(store)
    },
    async finish() {
      if (store !== null) {
        await store.close()
        await swappedIn(db, lease, beside.schema)
      }
      await close()
    },
    close,
  }
}

function besideOf(where: Location): Location {
  const schema = `${where.schema}${BESIDE}`
  if (schema.length <= LONGEST_NAME) return { ...where, schema, shown: `${where.shown} (${schema})` }
  const most = LONGEST_NAME - BESIDE.length
  throw new UnsiloError(
    'USAGE',
    `${where.shown} can't be copied over: its schema's name is longer than ${most} letters.`,
    {
      hint: 'Nothing was changed. Rename the schema, or copy into another one.',
    },
  )
}

/** Before it is opened to write, which would bring it up to date. */
async function checkThere(beside: Location): Promise<void> {
  const store = await openIfThere(() => openAt(beside, { mode: 'read' })).catch((thrown: unknown) => {
    throw thrown instanceof UnsiloError && thrown.code === 'INDEX_OLDER' ? ofOlder(beside) : thrown
  })
  if (store !== null) await checkUnused(store, beside).finally(() => store.close())
}

function ofOlder({ schema }: Location): UnsiloError {
  return new UnsiloError('USAGE', `The schema ${schema}, where a copy is made first, is of an older unsilo.`, {
    hint: 'Nothing was changed. Rename that schema, or drop it where nobody needs it, as what a copy left there that was stopped; or copy into another one.',
  })
}

/** An index that is not marked is not one that a copy left there: it is marked until it takes its place. */
async function checkUnused(store: Store, { schema }: Location): Promise<void> {
  if ((await fillingFrom(store)) !== null || (await store.sources()).length === 0) return
  throw new UnsiloError('USAGE', `The schema ${schema}, where a copy is made first, holds an index of its own.`, {
    hint: 'Nothing was changed. Rename that schema, or drop it where nobody needs it; or copy into another one.',
  })
}

async function swappedIn(db: Connection, lease: Lease, beside: string): Promise<void> {
  for (const end = Date.now() + PATIENCE_MS; ; await sleep(PAUSE_MS)) {
    if (await swapIn(db, lease, beside)) return
    if (Date.now() < end) continue
    throw new UnsiloError('LOCKED', `The index ${db.path} is being read by somebody that does not let go of it.`, {
      hint: 'The copy is whole and waits beside it. Run the same again when that program has finished.',
    })
  }
}
