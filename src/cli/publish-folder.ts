/** `unsilo publish folder`: what one audience may read, as markdown with llms.txt and llms-full.txt. */
import { resolve } from 'node:path'
import type { StoredDocument } from '../core/document.ts'
import { UnsiloError } from '../core/errors.ts'
import type { Json } from '../core/json.ts'
import type { Store } from '../core/store.ts'
import { mayBeGone } from '../core/unusual.ts'
import { formatFile } from '../markdown/file.ts'
import { type Cover, FULL, formatFull, formatList, LIST, type Listed, listed } from '../publish/folder/llms.ts'
import {
  type MarkedFolder,
  openMarkedFolder,
  sameSelection,
  selectionOf,
  selectionWords,
} from '../publish/folder/marked-folder.ts'
import { isFileOf } from '../publish/folder/names.ts'
import { listedIn, toldIn } from '../publish/folder/published.ts'
import { type Names, nameAll, obsoleteIn, type Written, withdraw, writeTree } from '../publish/folder/tree.ts'
import { audienceOf, idsIn, readApprovals } from './audience.ts'
import { folderLock } from './folder-lock.ts'
import type { Io } from './io.ts'
import type { PublishFolderOptions } from './options.ts'
import { counted, json, note } from './output.ts'
import { knownSources, openForReading, openOutline } from './setup.ts'

export async function runPublishFolder(options: PublishFolderOptions, io: Io): Promise<number> {
  const cover = coverOf(options)
  const outline = await openOutline(options, io)
  const store = await openForReading(outline.index)
  try {
    await knownSources(options.sources, store, outline)
    const audience = audienceOf(store, options, await readApprovals(outline.review))
    const names = await nameAll(audience.documents())
    const unreviewed = audience.unreviewed()
    const folder = await openMarkedFolder(resolve(io.cwd, options.dir), 'publish', folderLock('publish folder', io))
    try {
      guardSelection(folder, options)
      await guardLosses(folder, cover, await obsoleteFrom(store, folder, names), options)
      const publication = { options, names, documents: audience.documents, signal: io.signal }
      report({ ...(await publish(folder, cover, publication)), unreviewed }, folder, options, io)
    } finally {
      folder.close()
    }
  } finally {
    await store.close()
  }
  return 0
}

interface Publication {
  readonly options: PublishFolderOptions
  readonly names: Names
  readonly documents: () => AsyncIterable<StoredDocument>
  readonly signal: AbortSignal
}

async function publish(
  folder: MarkedFolder,
  cover: Cover,
  { options, names, documents, signal }: Publication,
): Promise<Written> {
  const list: Listed[] = []
  const tree = { selection: selectionOf(options), names, documents: documents(), formatted, signal }
  const written = await writeTree(folder, tree, [LIST, FULL], (document, file) => list.push(listed(document, file)))
  await folder.write(LIST, formatList(cover, list))
  await folder.write(FULL, formatFull(cover, documents()))
  return written
}

function formatted({ source, head, markdown, language }: StoredDocument): string {
  const { id, title, url, updatedAt, path, kind, locale, labels } = head
  const front: Record<string, Json> = {
    ...{ id, title, url, updatedAt, kind, source },
    path: [...path],
    ...(labels !== undefined && { labels: [...labels] }),
    language: locale ?? language,
  }
  return formatFile(front, markdown)
}

// --- what a person should be asked about ------------------------------------------------------------------------

function guardSelection({ path, earlier }: MarkedFolder, options: PublishFolderOptions): void {
  if (earlier === null || options.force || sameSelection(earlier, options)) return
  throw new UnsiloError(
    'USAGE',
    `${path} was published for another audience or of other sources: ${selectionWords(earlier)}.`,
    {
      hint: 'Nothing was changed. Publish into another folder, or add --force to replace that one.',
    },
  )
}

/** Files of documents that are not published any more. Those of other names that documents had are neither. */
interface Obsolete {
  /** The index holds them no more. */
  readonly lost: readonly string[]
  /** It holds them, and the audience may no longer read them. */
  readonly narrowed: ReadonlySet<string>
}

async function obsoleteFrom(store: Store, folder: MarkedFolder, names: Names): Promise<Obsolete> {
  const obsolete = obsoleteIn(folder, names)
  if (obsolete.length === 0) return { lost: [], narrowed: new Set() }
  const [isHeld, isWanted] = [isFileOf(await idsIn(store)), isFileOf(new Set(names.keys()))]
  return {
    lost: obsolete.filter((file) => !isHeld(file)),
    narrowed: new Set(obsolete.filter((file) => isHeld(file) && !isWanted(file))),
  }
}

/** Where too much is lost, only what the audience may no longer read is taken away; the rest stays as it is, and listed. */
async function guardLosses(
  folder: MarkedFolder,
  cover: Cover,
  { lost, narrowed }: Obsolete,
  { allowDeletes }: PublishFolderOptions,
): Promise<void> {
  const files = (folder.earlier?.files ?? []).filter((file) => file.includes('/'))
  if (mayBeGone(lost.length, files.length, allowDeletes)) return
  await withdraw(folder, narrowed, async () => {
    const list = await listedIn(
      folder,
      files.filter((file) => !narrowed.has(file)),
    )
    await folder.write(LIST, formatList(cover, list))
    await folder.write(FULL, formatFull(cover, toldIn(folder, list)))
  })
  throw new UnsiloError(
    'GUARD_TRIPPED',
    `${folder.path}: ${lost.length} of ${counted(files.length, 'document')} are no longer in the index.`,
    {
      hint: `${withdrawn(narrowed)} \`unsilo status\` shows what the index holds. If it is right: add --allow-deletes ${lost.length}`,
    },
  )
}

function withdrawn({ size }: ReadonlySet<string>): string {
  if (size === 0) return 'Nothing was published, and nothing taken away.'
  return `Nothing was published; only what the audience may no longer read was taken away, and ${LIST} and ${FULL} say what stays in the folder.`
}

function coverOf({ title, summary, url }: PublishFolderOptions): Cover {
  if (url === undefined) return { title, summary, base: '' }
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    throw new UnsiloError('USAGE', `--url ${JSON.stringify(url)} is no address of a web server.`, {
      hint: 'Write it whole, such as https://docs.example.com/help/.',
    })
  }
  const { origin, pathname } = new URL(url)
  return { title, summary, base: `${origin}${pathname.endsWith('/') ? pathname : `${pathname}/`}` }
}

function report(
  { written, unchanged, removed, unreviewed }: Written & { readonly unreviewed: number },
  { path }: MarkedFolder,
  options: PublishFolderOptions,
  io: Io,
): void {
  if (options.json) json(io, { type: 'published', folder: path, written, unchanged, removed, unreviewed })
  if (options.json || options.quiet) return
  note(io, `${path}: ${counted(written, 'file')} written, ${unchanged} unchanged, ${removed} removed`)
  if (unreviewed === 0) return
  note(io, `${counted(unreviewed, 'ticket')} left out: not reviewed as they are now. See \`unsilo review\`.`)
}
