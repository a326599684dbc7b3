/** Documents as files of a folder, each under a name of ours that stays the same from one time to the next. */
import type { StoredDocument } from '../../core/document.ts'
import { UnsiloError } from '../../core/errors.ts'
import { plainLine } from '../../core/plain.ts'
import type { MarkedFolder, Selection } from './marked-folder.ts'
import { fileName, folderName } from './names.ts'

/** From prefixed ids to files below the folder. */
export type Names = ReadonlyMap<string, string>

export interface Tree {
  readonly selection: Selection
  /** Settled before anything is written, so that the marker can list every file first. */
  readonly names: Names
  readonly documents: AsyncIterable<StoredDocument>
  readonly formatted: (document: StoredDocument) => string
  readonly signal: AbortSignal
}

export interface Written {
  readonly written: number
  readonly unchanged: number
  readonly removed: number
}

export async function nameAll(documents: AsyncIterable<StoredDocument>): Promise<Names> {
  const names = new Map<string, string>()
  const taken = new Set<string>()
  for await (const { head, source } of documents) {
    const folder = folderName(source)
    const name = `${folder}/${fileName(plainLine(head.title), head.id, (file) => taken.has(`${folder}/${file}`))}`
    taken.add(name)
    names.set(head.id, name)
  }
  return names
}

/** Files that were written earlier and would be no more. */
export function obsoleteIn({ earlier }: MarkedFolder, names: Names): readonly string[] {
  const files = new Set(names.values())
  return (earlier?.files ?? []).filter((file) => file.includes('/') && !files.has(file))
}

/**
 * Writes the documents, what is no more removed first: also what was named and is no more once it is its turn. May be
 * stopped and repeated.
 *
 * @param beside files that stand beside the folders, written by whoever asks
 * @param each told of every document whose file stands
 */
export async function writeTree(
  folder: MarkedFolder,
  { selection, names, documents, formatted, signal }: Tree,
  beside: readonly string[] = [],
  each: (document: StoredDocument, file: string) => void = () => undefined,
): Promise<Written> {
  const obsolete = obsoleteIn(folder, names)
  await folder.mark({ ...selection, files: [...names.values(), ...beside, ...obsolete] })
  for (const file of obsolete) await folder.remove(file)
  const missing = new Set(names.values())
  let written = 0
  for await (const document of documents) {
    if (signal.aborted) throw interrupted()
    const file = names.get(document.head.id)
    if (file === undefined) continue
    if (await folder.write(file, formatted(document))) written += 1
    missing.delete(file)
    each(document, file)
  }
  for (const file of missing) await folder.remove(file)
  const files = [...names.values()].filter((file) => !missing.has(file))
  await folder.mark({ ...selection, files: [...files, ...beside] })
  return { written, unchanged: files.length - written, removed: obsolete.length + missing.size }
}

/**
 * Takes files away and writes no document. May be stopped and repeated: until all is done the marker lists what goes.
 *
 * @param beside writes the files anew that stand beside the folders
 */
export async function withdraw(
  folder: MarkedFolder,
  gone: ReadonlySet<string>,
  beside: () => Promise<void>,
): Promise<void> {
  const { earlier } = folder
  if (earlier === null || gone.size === 0) return
  for (const file of gone) await folder.remove(file)
  await beside()
  await folder.mark({ ...earlier, files: earlier.files.filter((file) => !gone.has(file)) })
}

function interrupted(): UnsiloError {
  return new UnsiloError('INTERRUPTED', 'Interrupted.', { hint: 'Files written so far are whole.' })
}
