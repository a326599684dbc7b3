/** A document's body, sure to be of the version that was listed. */

import type { Body } from '../../src/core/document.ts'
import { UnsiloError } from '../../src/core/errors.ts'
import type { DriveFile } from './answers.ts'
import type { GoogleClient } from './client.ts'
import { render } from './render.ts'

/** This many nonsensical answers in a row mean that the source fails, not the documents. A refusal is an answer. */
const NONSENSE_IN_A_ROW = 3
const NONSENSE = ['SOURCE_UNAVAILABLE', 'ANSWER_INVALID']

/** Fails with DOCUMENT_UNREADABLE where the fault is the document's. */
export function bodyLoader(client: GoogleClient): (file: DriveFile, url: string) => Promise<Body> {
  let nonsense = 0
  return async (file, url) => {
    if (file.problem !== null) throw unreadable(file.id, `the listing’s ${file.problem}`)
    try {
      const body = await readBody(client, file, url)
      nonsense = 0
      return body
    } catch (error) {
      if (!isOneDocuments(error)) throw error
      nonsense = NONSENSE.includes(error.code) ? nonsense + 1 : 0
      if (nonsense > NONSENSE_IN_A_ROW) throw error
      throw unreadable(file.id, error.message, error)
    }
  }
}

/**
 * The Docs API doesn't tell the version that Drive lists. It only goes up, so one that is the same after the body was read
 * was the same all the while.
 */
async function readBody(client: GoogleClient, { id, version }: DriveFile, url: string): Promise<Body> {
  const document = await client.document(id)
  const after = await client.file(id)
  if (after === null || after.trashed) throw unreadable(id, 'it is gone, or hidden, since it was listed')
  if (after.version === version) return render(document, url)
  throw unreadable(id, 'it was changed while it was synced; the next run takes it')
}

function isOneDocuments(error: unknown): error is UnsiloError {
  if (!(error instanceof UnsiloError)) return false
  if (error.code === 'AUTH_REJECTED') return error.status === 403
  return ['SOURCE_UNAVAILABLE', 'ANSWER_INVALID', 'LISTING_INCOMPLETE', 'DOCUMENT_UNREADABLE'].includes(error.code)
}

function unreadable(id: string, why: string, cause?: unknown): UnsiloError {
  if (cause instanceof UnsiloError && cause.code === 'DOCUMENT_UNREADABLE') return cause
  return new UnsiloError('DOCUMENT_UNREADABLE', `Google: ${id} could not be read: ${why}`, { cause })
}
