/** What Postgres, its client and the network say, in our catalogue's words. */
import { asUnsiloError, type ErrorCode, UnsiloError } from '../../core/errors.ts'

/** https://www.postgresql.org/docs/current/errcodes-appendix.html, the whole code or the class in front of it. */
const SAID: readonly (readonly [codes: RegExp, code: ErrorCode, why: string, hint: string])[] = [
  [
    /^28|^ENOPASSWORD$/,
    'AUTH_REJECTED',
    'does not let this user in',
    'Check the user, its password (PGPASSWORD or ~/.pgpass) and pg_hba.conf.',
  ],
  [/^3D000$/, 'NOT_FOUND', 'is no database there', 'Make it with createdb, or name another.'],
  [
    /^42501$|^25006$/,
    'DISK',
    'may not be used so by this user',
    'Grant what the README of this driver says. Nothing was changed.',
  ],
  [
    /^(42P01|3F000|42703)$/,
    'INDEX_DAMAGED',
    'is damaged: a part of its schema is not there',
    'Name another schema, or drop this one and run `unsilo sync`.',
  ],
  [
    /^XX00[12]$/,
    'INDEX_DAMAGED',
    'is damaged: the database says that its data is',
    'Restore it from a backup, or drop the schema and run `unsilo sync`.',
  ],
  [
    /^2BP01$/,
    'USAGE',
    'has tables that something of yours is made of',
    'Drop it, a view for example, and make it anew afterwards. Nothing was changed.',
  ],
  [/^53100$|^53200$/, 'DISK', 'cannot be written: the server has no room', 'What was stored before is untouched.'],
  [
    /^57014$/,
    'INDEX_UNAVAILABLE',
    'took longer than a statement may',
    'Raise `timeout` (seconds) in its location, or try again later.',
  ],
  [/^55P03$/, 'LOCKED', 'is in use by another program', 'Try again when it has finished. Nothing was changed.'],
  [
    /^(08|53|57P|25P03|40)/,
    'INDEX_UNAVAILABLE',
    'cannot be reached now',
    'Try again later. What was stored before is untouched.',
  ],
]
const NETWORK = /^(E[A-Z]+|CERT_|SELF_SIGNED|DEPTH_ZERO|UNABLE_TO|ERR_TLS|ERR_SSL)/
/** The client has no codes for what it finds by itself. */
const LOST = /terminat|timeout|ended|not queryable|does not support SSL|Connection/i

export function translated(path: string, thrown: unknown): UnsiloError {
  if (thrown instanceof UnsiloError) return thrown
  const code = codeOf(thrown)
  const detail = detailOf(thrown)
  const known = SAID.find(([codes]) => codes.test(code))
  if (known !== undefined) return said(path, known[1], known[2], known[3], detail, thrown)
  if (NETWORK.test(code) || (code === '' && LOST.test(detail))) {
    const hint = 'Check the address, the network and TLS (sslmode, sslrootcert). What was stored before is untouched.'
    return said(path, 'INDEX_UNAVAILABLE', 'cannot be reached', hint, detail, thrown)
  }
  return asUnsiloError(thrown)
}

function said(path: string, code: ErrorCode, why: string, hint: string, detail: string, cause: unknown): UnsiloError {
  return new UnsiloError(code, `The index ${path} ${why}: ${detail}.`, { hint, cause })
}

function codeOf(thrown: unknown): string {
  const [first] = thrown instanceof AggregateError ? thrown.errors : [thrown]
  return first instanceof Error && 'code' in first && typeof first.code === 'string' ? first.code : ''
}

/** Neither the client nor the server repeats a password. */
function detailOf(thrown: unknown): string {
  const [first] = thrown instanceof AggregateError ? thrown.errors : [thrown]
  return (first instanceof Error ? first.message : String(first)).replace(/\.$/, '')
}
