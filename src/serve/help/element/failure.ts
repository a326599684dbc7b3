/** What can go wrong between the Help space and its server, as far as a reader can do something about it. */

/**
 * `offline`: there was no answer. `refused`: the token isn't good. `missing`: there is none, or none for this reader.
 * `busy`: too often, or not just now. `failed`: anything else.
 */
export type FailureKind = 'offline' | 'refused' | 'missing' | 'busy' | 'failed'

const KINDS: Readonly<Record<number, FailureKind>> = {
  401: 'refused',
  404: 'missing',
  429: 'busy',
  503: 'busy',
}

export interface Failure extends Error {
  readonly kind: FailureKind
}

export function failure(kind: FailureKind): Failure {
  return Object.assign(new Error(kind), { kind })
}

export function failureOf(status: number): Failure {
  return failure(KINDS[status] ?? 'failed')
}

export function kindOf(thrown: unknown): FailureKind {
  return thrown instanceof Error && 'kind' in thrown ? (thrown as Failure).kind : 'failed'
}

export function isAborted(thrown: unknown): boolean {
  return thrown instanceof DOMException && thrown.name === 'AbortError'
}
