/** What a run leaves for the next: positions in the streams of changes, and what tells whether a change concerns us. */
import { z } from 'zod'
import { canonicalJson, sha256 } from '../../src/core/ids.ts'
import type { GoogleDocsConfig } from './config.ts'
import type { Crawled } from './crawl.ts'
import type { Folder } from './tree.ts'

const place = z.string().nullable()

export const googleDocsCursor = z.strictObject({
  /** A hash of what the configuration says; of another one all must be listed again. */
  scope: z.string(),
  /** When everything was listed last, in milliseconds since 1970. */
  listedAt: z.number(),
  /** Shared drive (`''` is the account's own stream) and position. */
  tokens: z.array(z.tuple([z.string(), z.string()])),
  /** Id, name, id of the folder above. */
  folders: z.array(z.tuple([z.string(), z.string(), place])),
  /** Id, and the folder in which it stands through a shortcut. */
  linked: z.array(z.tuple([z.string(), place])),
  shortcuts: z.array(z.string()),
  /** Folders above those that are read. */
  above: z.array(z.string()),
  /** What was to be said of the last listing of everything. */
  notes: z.record(z.string(), z.string()),
})

export type GoogleDocsCursor = z.infer<typeof googleDocsCursor>

/** What decides about a document that did not change: whether it is read, and as whom. */
export function scopeOf(config: GoogleDocsConfig): string {
  const { folders, drives, documents, sharedWithMe, auth } = config
  return sha256(canonicalJson({ folders, drives, documents, sharedWithMe, subject: auth.subject ?? null }))
}

export function cursorOf(
  config: GoogleDocsConfig,
  { tokens, folders, linked, shortcuts, above }: Crawled,
  { listedAt, notes }: Pick<GoogleDocsCursor, 'listedAt' | 'notes'>,
): GoogleDocsCursor {
  return {
    ...{ scope: scopeOf(config), listedAt, notes },
    tokens: [...tokens].sort(),
    folders: [...folders]
      .map(([id, { name, parent }]): [string, string, string | null] => [id, name, parent])
      .sort(byId),
    linked: [...linked].sort(byId),
    shortcuts: [...shortcuts].sort(),
    above: [...above].sort(),
  }
}

export function foldersOf({ folders }: GoogleDocsCursor): Map<string, Folder> {
  return new Map(folders.map(([id, name, parent]) => [id, { name, parent }]))
}

function byId([a]: readonly [string, ...unknown[]], [b]: readonly [string, ...unknown[]]): number {
  return a < b ? -1 : a > b ? 1 : 0
}
