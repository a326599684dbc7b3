/** One document made anew, from the source's body or from the stored markdown, or why it can't be. Nothing is stored. */

import type { AccessPolicy } from '../core/access.ts'
import type { Body, IndexedDocument, StoredDocument } from '../core/document.ts'
import { UnsiloError } from '../core/errors.ts'
import { nativeId } from '../core/ids.ts'
import type { Failure } from '../core/ledger.ts'
import { type Approvals, approvedAccess } from '../core/review.ts'
import type { Load, Rebuild } from './decision.ts'
import { type Stop, unlessStopped, whyDue } from './interrupt.ts'
import { fromBody, fromStored, type Making } from './prepare.ts'
import { redactError } from './redacting.ts'

export interface MakeOptions extends Making {
  readonly access: AccessPolicy
  readonly approvals: Approvals
  readonly stop: Stop
  readonly now: () => number
}

/** Failures that are not one document's: what is left would fail too. */
export const ENDS_THE_RUN: ReadonlySet<string> = new Set([
  'AUTH_REJECTED',
  'RATE_LIMITED',
  'INTERRUPTED',
  'OUT_OF_TIME',
  'REPLAY_MISMATCH',
])

export type Loaded = { readonly decision: Load } & ({ readonly body: Body } | { readonly error: UnsiloError })

export async function settle(options: MakeOptions, decision: Load): Promise<Loaded> {
  const { source, redact, stop } = options
  const due = whyDue(options)
  if (due !== null) return { decision, error: due }
  try {
    return {
      decision,
      body: await unlessStopped(decision.load(nativeId(source, decision.head.id)), source, stop.signal),
    }
  } catch (thrown) {
    return { decision, error: redactError(thrown, redact) }
  }
}

export type Made = { readonly decision: Load | Rebuild } & (
  | { readonly document: IndexedDocument }
  | { readonly failure: Failure }
)

export function converted(options: MakeOptions, loaded: Loaded): Made {
  const { decision } = loaded
  if ('error' in loaded) return { decision, failure: failure(options, decision, loaded.error) }
  const { body } = loaded
  return make(options, decision, () => fromBody(options, decision.given, body), body.people)
}

export function rebuilt(options: MakeOptions, decision: Rebuild, stored: StoredDocument): Made {
  return make(options, decision, () => fromStored(options, decision.head, stored))
}

/** @param people of the document, who may be named in what went wrong */
function make(
  options: MakeOptions,
  decision: Load | Rebuild,
  document: () => IndexedDocument,
  people: readonly string[] = [],
): Made {
  try {
    const made = document()
    const isStale = decision.do === 'rebuild' && decision.isStale
    return { decision, document: isStale ? made : approved(options, made) }
  } catch (thrown) {
    const message = `could not be converted: ${redactError(thrown, options.redact, people).message}`
    return { decision, failure: failure(options, decision, new UnsiloError('DOCUMENT_UNREADABLE', message)) }
  }
}

/** Only once it is made is it known whether its text is the one that a person has seen. */
function approved({ access, approvals }: MakeOptions, document: IndexedDocument): IndexedDocument {
  const { head, markdown } = document
  const risen = approvedAccess(head, markdown, approvals.get(head.id), access)
  return risen === null ? document : { ...document, head: { ...head, access: risen } }
}

function failure({ now }: MakeOptions, decision: Load | Rebuild, { code, message }: UnsiloError): Failure {
  const { head, failure: before } = decision
  const attempts = before?.version === head.version ? (before.attempts ?? 1) + 1 : 1
  const at = new Date(now()).toISOString()
  // Of a failure that doesn't say which version it was of, a person meant the one that fails now.
  const ignored = before?.ignored === true && before.version === undefined
  return { id: head.id, code, reason: message, at, version: head.version, attempts, ...(ignored && { ignored: true }) }
}
