/** `unsilo export`: every document that the reader may see, as a markdown file with front matter. */
import { resolve } from 'node:path'
import type { StoredDocument } from '../core/document.ts'
import { UnsiloError } from '../core/errors.ts'
import type { Json } from '../core/json.ts'
import { formatFile } from '../markdown/file.ts'
import {
  type MarkedFolder,
  openMarkedFolder,
  sameSelection,
  selectionOf,
  selectionWords,
} from '../publish/folder/marked-folder.ts'
import { nameAll, type Written, writeTree } from '../publish/folder/tree.ts'
import { folderLock } from './folder-lock.ts'
import type { Io } from './io.ts'
import type { ExportOptions } from './options.ts'
import { counted, json, note } from './output.ts'
import { knownSources, openForReading, openOutline } from './setup.ts'

export async function runExport(options: ExportOptions, io: Io): Promise<number> {
  const outline = await openOutline(options, io)
  const store = await openForReading(outline.index)
  try {
    await knownSources(options.sources, store, outline)
    const documents = () => store.documents(options.as, chosen(options))
    const names = await nameAll(documents())
    const folder = await openMarkedFolder(resolve(io.cwd, options.dir), 'export', folderLock('export', io))
    try {
      guardEarlier(folder, names.size, options)
      const tree = { selection: selectionOf(options), names, documents: documents(), formatted, signal: io.signal }
      report(await writeTree(folder, tree), folder, options, io)
    } finally {
      folder.close()
    }
  } finally {
    await store.close()
  }
  return 0
}

/** What would remove files that a person may still want is done only when asked for. */
function guardEarlier({ path, earlier }: MarkedFolder, documents: number, options: ExportOptions): void {
  if (earlier === null || options.force) return
  if (!sameSelection(earlier, options)) {
    throw new UnsiloError(
      'USAGE',
      `${path} holds an export for other readers or sources: ${selectionWords(earlier)}.`,
      {
        hint: 'Nothing was changed. Export into another folder, or add --force to replace that one.',
      },
    )
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

function formatted(document: StoredDocument): string {
  return formatFile(frontMatter(document), document.markdown)
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

function chosen({ sources }: ExportOptions): readonly string[] | undefined {
  return sources.length === 0 ? undefined : sources
}

function report(
  { written, unchanged, removed }: Written,
  { path }: MarkedFolder,
  options: ExportOptions,
  io: Io,
): void {
  if (options.json) json(io, { type: 'export', folder: path, written, unchanged, removed })
  else if (!options.quiet) {
    note(io, `${path}: ${counted(written, 'file')} written, ${unchanged} unchanged, ${removed} removed`)
  }
}
