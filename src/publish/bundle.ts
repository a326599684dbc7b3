/** A document as whoever has the file may read it: with nothing of who else may read what, nor of what it was made of. */
import type { Chunk, StoredDocument } from '../core/document.ts'

export interface Bundled {
  readonly document: StoredDocument
  readonly chunks: readonly Chunk[]
}

/** @param ids of the documents in the bundle: where a passage was taken from is told of these alone */
export function bundled(
  { source, head, markdown, losses, recipe, language }: StoredDocument,
  chunks: readonly Chunk[],
  ids: ReadonlySet<string>,
): Bundled {
  const known = chunks.map(({ origin, ...chunk }) => {
    return { ...chunk, ...(origin !== undefined && ids.has(origin) && { origin }) }
  })
  return {
    document: { source, head: { ...head, access: 'public' }, markdown, losses, recipe, language },
    chunks: known,
  }
}
