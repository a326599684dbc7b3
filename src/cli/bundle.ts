/** `unsilo bundle`: an index of what one audience may read, in a file of its own. */
import { copyFile, mkdir, mkdtemp, rename, rm, stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
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
import { exists, indexFile, knownSources, openForReading, openOutline } from './setup.ts'

/** Documents in a transaction: what is made of them is held until it ends. */
const SLICE = 100

export async function runBundle(options: BundleOptions, io: Io): Promise<number> {
  const outline = await openOutline(options, io)
  const file = resolve(io.cwd, options.file)
  if (indexFile(outline.index) === file) throw ownIndex(file)
  const store = await openForReading(outline.index)
  try {
    await knownSources(options.sources, store, outline)
    const audience = audienceOf(store, options, await readApprovals(outline.review))
    const ids = await idsOf(audience)
    await besides(file, async (folder) => {
      await guardLosses(file, folder, store, options)
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
  await mkdir(dirname(file), { recursive: true })
  const folder = await mkdtemp(join(dirname(file), '.unsilo-bundle-'))
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
  readonly audience: Audience
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

/** In the folder until it is whole; then it takes the place of an earlier one at once, whoever reads that. */
async function writeBundle(file: string, folder: string, fillIt: (bundle: Store) => Promise<void>): Promise<void> {
  const part = join(folder, 'bundle.db')
  const bundle = await openSqlite(part)
  try {
    await fillIt(bundle)
  } finally {
    await bundle.close()
  }
  await rename(part, file)
}

// --- what a person should be asked about ------------------------------------------------------------------------

/** Of what the earlier one holds, documents that the index holds no more. What its audience alone lost always goes. */
async function guardLosses(
  file: string,
  folder: string,
  store: Store,
  { allowDeletes, force }: BundleOptions,
): Promise<void> {
  const earlier = await earlierIds(file, folder, force)
  const held = await idsIn(store)
  const lost = [...earlier].filter((id) => !held.has(id)).length
  if (mayBeGone(lost, earlier.size, allowDeletes)) return
  throw new UnsiloError(
    'GUARD_TRIPPED',
    `${lost} of ${counted(earlier.size, 'document')} in ${file} are no longer in the index, so it was left as it is.`,
    { hint: `\`unsilo status\` shows what the index holds. If it is right: add --allow-deletes ${lost}` },
  )
}

async function earlierIds(file: string, folder: string, force: boolean): Promise<ReadonlySet<string>> {
  if (force || !(await exists(file))) return new Set()
  const earlier = await openEarlier(file, folder)
  try {
    const states = await Promise.all((await earlier.sources()).map((source) => earlier.state(source)))
    if (states.some((state) => state !== null)) throw notABundle(file, 'it is an index that syncs fill')
    return await idsIn(earlier)
  } finally {
    await earlier.close()
  }
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
