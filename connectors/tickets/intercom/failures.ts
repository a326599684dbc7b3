/** Documents that can't be read: listed, so that a stored one stays as it was, with a load that says what is wrong. */

import { type AccessPolicy, levelAccess } from '../../../src/core/access.ts'
import type { Change } from '../../../src/core/connector.ts'
import type { Head } from '../../../src/core/document.ts'
import { UnsiloError } from '../../../src/core/errors.ts'

/** Of a document of which the listing says nothing that could be read. The version is none that a body has. */
export function unreadableHead(id: string, { level }: AccessPolicy): Head {
  return {
    id,
    version: 'unreadable',
    title: `Ticket ${id.replace(/^\D+/, '')}`,
    url: 'https://app.intercom.com/',
    updatedAt: new Date(0).toISOString(),
    path: [],
    kind: 'ticket',
    access: levelAccess(level),
  }
}

export function failing(head: Head, problem: string): Change<never> {
  return { type: 'upsert', head, load: () => Promise.reject(unreadable(head.id, problem)) }
}

export function unreadable(id: string, problem: string, cause?: unknown): UnsiloError {
  return new UnsiloError('DOCUMENT_UNREADABLE', `Intercom: ${id} could not be read: ${problem}`, { cause })
}
