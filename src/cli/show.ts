/** `unsilo show`: one document as it is stored, or what its conversion could not keep. */

import type { StoredDocument } from '../core/document.ts'
import { UnsiloError } from '../core/errors.ts'
import { plain, plainLine } from '../core/plain.ts'
import type { Io } from './io.ts'
import type { DocumentLine } from './json-lines.ts'
import type { ShowOptions } from './options.ts'
import { json, note, say, table } from './output.ts'
import { openForReading, openOutline } from './setup.ts'

/** Byte for byte to a file or a pipe; made plain for a terminal. */
export async function runShow(options: ShowOptions, io: Io): Promise<number> {
  const { index } = await openOutline(options, io)
  const store = await openForReading(index)
  try {
    const document = await store.document(options.id, options.as)
    if (document === null) throw notFound(options)
    if (options.losses) showLosses(document, options, io)
    else if (options.json) json(io, documentLine(document))
    else showMarkdown(document, io)
  } finally {
    await store.close()
  }
  return 0
}

/** A hidden document and none at all are told in the same words. */
function notFound({ id, as }: ShowOptions): UnsiloError {
  const reader = as.length === 0 ? 'the public' : as.join(', ')
  return new UnsiloError('NOT_FOUND', `There is no document ${JSON.stringify(id)} that ${reader} may read.`, {
    hint: 'An id looks like wiki:65612: `unsilo search` prints them. --as names another reader.',
  })
}

function showMarkdown({ markdown }: StoredDocument, io: Io): void {
  const shown = plain(markdown)
  if (io.stdoutIsTerminal) io.stdout(shown.endsWith('\n') ? shown : `${shown}\n`)
  else io.stdout(markdown)
}

function showLosses({ head, losses }: StoredDocument, options: ShowOptions, io: Io): void {
  const rows = Object.entries(losses).map(([name, number]): [string, number] => [plainLine(name), number])
  if (options.json) json(io, { type: 'losses', id: head.id, losses })
  else if (rows.length > 0) say(io, table(rows.sort(([a], [b]) => (a < b ? -1 : 1))))
  else if (!options.quiet) note(io, 'Nothing was lost.')
}

function documentLine({ source, head, language, losses, markdown }: StoredDocument): DocumentLine {
  const { id, title, url, path, kind, updatedAt, version, access } = head
  return {
    type: 'document',
    id,
    source,
    title,
    url,
    path,
    kind,
    updatedAt,
    version,
    access,
    language,
    losses,
    markdown,
  }
}
