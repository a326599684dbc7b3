/**
 * What OpenSearch and the network say, in our catalogue's words. Of an answer only the type of its error is repeated: its
 * reason may quote what was stored.
 */
import { asUnsiloError, UnsiloError } from '../../core/errors.ts'

/** What an answer says of what went wrong: https://docs.opensearch.org/latest/api-reference/ */
export interface Refusal {
  readonly type?: string
  readonly reason?: string
}

/** Of an answer that is none, or an item of one. */
export function refused(path: string, status: number, error: Refusal | string | undefined): UnsiloError {
  const { type = 'no reason' } = typeof error === 'object' ? error : {}
  const told = `${status} ${type}`
  if (status === 401) {
    return said(
      path,
      'AUTH_REJECTED',
      'does not let this user in',
      told,
      'Check the user and the password in its location.',
    )
  }
  if (type === 'cluster_block_exception') {
    return said(
      path,
      'DISK',
      'cannot be written',
      told,
      'The cluster blocks writing, as it does where a disk is nearly full. What was stored before is untouched.',
    )
  }
  if (status === 403) {
    return said(
      path,
      'DISK',
      'may not be used so by this user',
      told,
      'Grant what the README of this driver says. Nothing was changed.',
    )
  }
  if (type === 'index_not_found_exception') {
    return said(
      path,
      'INDEX_DAMAGED',
      'is not there any more',
      told,
      'Somebody removed it. Run `unsilo index init` and `unsilo sync` to make it anew.',
    )
  }
  if (status === 413) {
    return said(
      path,
      'UNEXPECTED',
      'takes no request of this size',
      told,
      'Raise http.max_content_length of its nodes to 100mb, as it is unless somebody lowered it.',
    )
  }
  if (status === 429 || status >= 500) {
    return said(
      path,
      'INDEX_UNAVAILABLE',
      'cannot answer now',
      told,
      'Try again later. What was stored before is untouched.',
    )
  }
  return said(
    path,
    'UNEXPECTED',
    'refused what it was asked',
    told,
    'Please report this with the version of OpenSearch.',
  )
}

export function unreachable(path: string, thrown: unknown): UnsiloError {
  if (thrown instanceof UnsiloError) return thrown
  const code = codeOf(thrown)
  if (code === '') return asUnsiloError(thrown)
  return said(
    path,
    'INDEX_UNAVAILABLE',
    'cannot be reached',
    code,
    'Check the address, the network and TLS (tls, ca). What was stored before is untouched.',
    thrown,
  )
}

/** Who answers is not who it says: it is no use to ask that node again. */
export function isUntrusted(code: string): boolean {
  return /^(CERT_|SELF_|DEPTH_|UNABLE_|ERR_TLS_)/.test(code)
}

/** Empty where it is none of the network's. */
export function codeOf(thrown: unknown): string {
  for (let error = thrown; error instanceof Error; error = error.cause) {
    if (
      'code' in error &&
      typeof error.code === 'string' &&
      /^(E[A-Z]|UND_|CERT_|SELF_|DEPTH_|UNABLE_|ERR_)/.test(error.code)
    ) {
      return error.code
    }
    if (error.name === 'TimeoutError') return 'ETIMEDOUT'
  }
  return ''
}

function said(
  path: string,
  code: UnsiloError['code'],
  why: string,
  detail: string,
  hint: string,
  cause?: unknown,
): UnsiloError {
  return new UnsiloError(code, `The index ${path} ${why}: ${detail}.`, { hint, cause })
}
