/** `unsilo bundle`: an index of what one audience may read, in a file of its own. */
import { copyFile, mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import type { IndexedDocument } from '../core/document.ts'
import { UnsiloError } from '../core/errors.ts'
import { emptyBatch, type Store } from '../core/store.ts'
import { mayBeGone } from '../core/unusual.ts'
import { openSqlite } from '../indexes/sqlite/sqlite.ts'
import { bundled } from '../publish/bundle.ts'
import { remake } from '../sync/remake.ts'
import { type Audience, audienceOf, idsIn, readApprovals } from './audience.ts'
import type { Io } from './io.ts'
import type { BundleOptions } from './options.ts'
import { bytes, counted, json, note } from './output.ts'
import { exists, knownSources, openForReading, openOutline, placeOf } from './setup.ts'

/** Documents in a transaction: what is made of them is held until it ends. */
const SLICE = 100

export async function runBundle(options: BundleOptions, io: Io): Promise<number> {
  const outline = await openOutline(options, io)
  const file = resolve(io.cwd, options.file)
  if (placeOf(outline.index) === placeOf(file)) throw ownIndex(file)
  const store = await openForReading(outline.index)
  try {
    await knownSources(options.sources, store, outline)
    const audience = audienceOf(store, options, await readApprovals(outline.review))
    const ids = await idsOf(audience)
    await besides(file, async (folder) => {
      await guardLosses({ file, folder, store, ids, signal: io.signal }, options)
      await writeBundle(file, folder, (bundle) => fill(bundle, store, { audience, ids, signal: io.signal }))
    })
    await report(file, { documents: ids.size, unreviewed: audience.unreviewed() }, options, io)
  } finally {
    await store.close()
  }
  return 0
}

/** With a folder beside the file, for as long as that takes. */
async function besides(file: string, work: (folder: string) => Promise<void>): Promise<void> {
  const beside = dirname(file)
  const prefix = `.${basename(file)}.unsilo-`
  await mkdir(beside, { recursive: true })
  for (const name of await readdir(beside)) {
    // What a run that was killed left: it may hold what nobody is to read any more.
    if (name.startsWith(prefix) && /^\w{6}$/.test(name.slice(prefix.length)))
      await rm(join(beside, name), { recursive: true, force: true })
  }
  const folder = await mkdtemp(join(beside, prefix))
  try {
    await work(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function idsOf({ documents }: Audience): Promise<ReadonlySet<string>> {
  const ids = new Set<string>()
  for await (const { head } of documents()) ids.add(head.id)
  return ids
}

interface Content {
  readonly audience: Pick<Audience, 'documents'>
  readonly ids: ReadonlySet<string>
  readonly signal: AbortSignal
}

async function fill(bundle: Store, store: Store, { audience, ids, signal }: Content): Promise<void> {
  let slice: IndexedDocument[] = []
  async function put(): Promise<void> {
    const [first] = slice
    if (first !== undefined) await bundle.apply({ ...emptyBatch(first.source), put: slice })
    slice = []
  }
  for await (const document of audience.documents()) {
    if (signal.aborted) throw new UnsiloError('INTERRUPTED', 'Interrupted.', { hint: 'No file was changed.' })
    if (slice.length === SLICE || slice.some(({ source }) => source !== document.source)) await put()
    const { document: shown, chunks } = bundled(document, await store.chunks(document.head.id), ids)
    slice.push(remake(shown, chunks))
  }
  await put()
}

/**
 * In the folder until it is whole; then it takes the place of an earlier one at once, whoever reads that. What a writer of
 * that left beside it would be taken for the new one's.
 */
async function writeBundle(file: string, folder: string, fillIt: (bundle: Store) => Promise<void>): Promise<void> {
  const part = join(folder, 'bundle.db')
  const bundle = await openSqlite(part)
  try {
    await fillIt(bundle)
  } finally {
    await bundle.close()
  }
  for (const companion of ['-wal', '-shm', '-journal']) await rm(file + companion, { force: true })
  await rename(part, file)
}

// --- what a person should be asked about ------------------------------------------------------------------------

interface Change {
  readonly file: string
  readonly folder: string
  readonly store: Store
  /** What the bundle is to hold. */
  readonly ids: ReadonlySet<string>
  readonly signal: AbortSignal
}

/** Throws where the index lost too much of what the earlier one holds. What its audience alone lost always goes, also then. */
async function guardLosses(change: Change, { allowDeletes, force }: BundleOptions): Promise<void> {
  const { file, folder, store } = change
  if (force || !(await exists(file))) return
  const earlier = await openEarlier(file, folder)
  try {
    const [there, held] = [await bundledIds(earlier, file), await idsIn(store)]
    const lost = [...there].filter((id) => !held.has(id)).length
    if (mayBeGone(lost, there.size, allowDeletes)) return
    await withdraw(earlier, there, held, change)
    throw new UnsiloError(
      'GUARD_TRIPPED',
      `${lost} of ${counted(there.size, 'document')} in ${file} are no longer in the index.`,
      {
        hint: `Only what the audience may no longer read was taken away. \`unsilo status\` shows what the index holds. If it is right: add --allow-deletes ${lost}`,
      },
    )
  } finally {
    await earlier.close()
  }
}

async function bundledIds(earlier: Store, file: string): Promise<ReadonlySet<string>> {
  const states = await Promise.all((await earlier.sources()).map((source) => earlier.state(source)))
  if (states.some((state) => state !== null)) throw notABundle(file, 'it is an index that syncs fill')
  return await idsIn(earlier)
}

/** Made anew of what is in it: nothing of what goes is left in the file. */
async function withdraw(
  earlier: Store,
  there: ReadonlySet<string>,
  held: ReadonlySet<string>,
  { file, folder, ids, signal }: Change,
): Promise<void> {
  const kept = new Set([...there].filter((id) => ids.has(id) || !held.has(id)))
  if (kept.size === there.size) return
  async function* documents() {
    for await (const document of earlier.documents([])) if (kept.has(document.head.id)) yield document
  }
  await writeBundle(file, folder, (bundle) => fill(bundle, earlier, { audience: { documents }, ids: kept, signal }))
}

/** One that an older unsilo wrote is read as a copy that is brought up to date. */
async function openEarlier(file: string, folder: string): Promise<Store> {
  try {
    return await openSqlite(file, { mode: 'read' })
  } catch (thrown) {
    const code = thrown instanceof UnsiloError ? thrown.code : null
    if (code !== 'INDEX_OLDER')
      throw code === 'INDEX_DAMAGED' ? notABundle(file, 'it is no index of unsilo', thrown) : thrown
    const copy = join(folder, 'earlier.db')
    await copyFile(file, copy)
    return await openSqlite(copy)
  }
}

function notABundle(file: string, what: string, cause?: unknown): UnsiloError {
  return new UnsiloError('USAGE', `${file} is there, and not a bundle: ${what}.`, {
    hint: 'Nothing was changed. Name another file, or add --force to replace this one.',
    cause,
  })
}

function ownIndex(file: string): UnsiloError {
  return new UnsiloError('USAGE', `${file} is the index itself.`, { hint: 'Name another file for the bundle.' })
}

async function report(
  file: string,
  { documents, unreviewed }: { readonly documents: number; readonly unreviewed: number },
  options: BundleOptions,
  io: Io,
): Promise<void> {
  const { size } = await stat(file)
  if (options.json) json(io, { type: 'bundle', file, documents, bytes: size, unreviewed })
  if (options.json || options.quiet) return
  note(io, `${file}: ${counted(documents, 'document')}, ${bytes(size)}. Whoever has it may read all of it.`)
  if (unreviewed === 0) return
  note(io, `${counted(unreviewed, 'ticket')} left out: not reviewed as they are now. See \`unsilo review\`.`)
}
