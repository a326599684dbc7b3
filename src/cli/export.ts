/** `unsilo export`: every document that the reader may see, as a markdown file with front matter. */
import { resolve } from 'node:path'
import type { StoredDocument } from '../core/document.ts'
import { UnsiloError } from '../core/errors.ts'
import { sameJson } from '../core/ids.ts'
import type { Json } from '../core/json.ts'
import type { Store } from '../core/store.ts'
import { formatFile } from '../markdown/file.ts'
import { type ExportFolder, openExportFolder, type Selection } from './export-folder.ts'
import type { Io } from './io.ts'
import type { ExportOptions } from './options.ts'
import { counted, json, note, plainLine } from './output.ts'
import { knownSources, openForReading, openOutline } from './setup.ts'
import { fileName, folderName } from './slug.ts'

export async function runExport(options: ExportOptions, io: Io): Promise<number> {
  const outline = await openOutline(options, io)
  const store = await openForReading(outline.index)
  try {
    await knownSources(options.sources, store, outline)
    const names = await nameAll(store, options)
    const folder = await openExportFolder(resolve(io.cwd, options.dir))
    guardEarlier(folder, names.size, options)
    report(await exportAll(store, folder, names, options, io), folder, options, io)
  } finally {
    await store.close()
  }
  return 0
}

type Names = ReadonlyMap<string, string>

/** Names are settled before anything is written, so that the marker can list every file first. */
async function nameAll(store: Store, options: ExportOptions): Promise<Names> {
  const names = new Map<string, string>()
  const taken = new Set<string>()
  for await (const { head, source } of store.documents(options.as, chosen(options))) {
    const folder = folderName(source)
    const name = `${folder}/${fileName(plainLine(head.title), head.id, (file) => taken.has(`${folder}/${file}`))}`
    taken.add(name)
    names.set(head.id, name)
  }
  return names
}

/** What would remove files that a person may still want is done only when asked for. */
function guardEarlier({ path, earlier }: ExportFolder, documents: number, options: ExportOptions): void {
  if (earlier === null || options.force) return
  if (!sameJson(selection(earlier), selection(options))) {
    throw new UnsiloError('USAGE', `${path} holds an export for other readers or sources: ${words(earlier)}.`, {
      hint: 'Nothing was changed. Export into another folder, or add --force to replace that one.',
    })
  }
  if (documents > 0 || earlier.files.length === 0) return
  throw new UnsiloError(
    'GUARD_TRIPPED',
    `Nothing to export, and ${path} holds ${counted(earlier.files.length, 'file')}.`,
    {
      hint: 'Nothing was removed. `unsilo status` shows what the index holds; --force empties the export.',
    },
  )
}

interface Written {
  readonly written: number
  readonly unchanged: number
  readonly removed: number
}

async function exportAll(
  store: Store,
  folder: ExportFolder,
  names: Names,
  options: ExportOptions,
  io: Io,
): Promise<Written> {
  const files = new Set(names.values())
  const obsolete = (folder.earlier?.files ?? []).filter((file) => !files.has(file))
  await folder.mark({ ...selection(options), files: [...files, ...obsolete] })
  for (const file of obsolete) await folder.remove(file)
  let written = 0
  let unchanged = 0
  for await (const document of store.documents(options.as, chosen(options))) {
    if (io.signal.aborted)
      throw new UnsiloError('INTERRUPTED', 'Interrupted.', { hint: 'Files written so far are whole.' })
    const file = names.get(document.head.id)
    if (file === undefined) continue
    if (await folder.write(file, formatFile(frontMatter(document), document.markdown))) written += 1
    else unchanged += 1
  }
  await folder.mark({ ...selection(options), files: [...files] })
  return { written, unchanged, removed: obsolete.length }
}

function frontMatter({ source, head, language }: StoredDocument): Readonly<Record<string, Json>> {
  const { path, labels, access, ...rest } = head
  return {
    ...rest,
    source,
    path: [...path],
    ...(labels === undefined ? {} : { labels: [...labels] }),
    access: access === 'public' ? access : [...access],
    language,
  }
}

function selection({ as, sources }: Selection): Selection {
  return { as: [...as].sort(), sources: [...sources].sort() }
}

function words({ as, sources }: Selection): string {
  const readers = as.length === 0 ? 'public' : as.join(',')
  return `--as ${readers}${sources.map((source) => ` --source ${source}`).join('')}`
}

function chosen({ sources }: Selection): readonly string[] | undefined {
  return sources.length === 0 ? undefined : sources
}

function report(
  { written, unchanged, removed }: Written,
  { path }: ExportFolder,
  options: ExportOptions,
  io: Io,
): void {
  if (options.json) json(io, { type: 'export', folder: path, written, unchanged, removed })
  else if (!options.quiet) {
    note(io, `${path}: ${counted(written, 'file')} written, ${unchanged} unchanged, ${removed} removed`)
  }
}
