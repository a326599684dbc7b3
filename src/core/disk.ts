/** What the file system refused, in our words: the person can mend it, so it is no fault of the program. */
import { asUnsiloError, UnsiloError } from './errors.ts'

const HINT = 'Check the path, its permissions and the free space.'

/** What was thrown as it is, but for the file system's errors: those become DISK, or USAGE for a path of the wrong kind. */
export function diskError(thrown: unknown, hint = HINT): UnsiloError {
  const code = systemCode(thrown)
  if (code === null) return asUnsiloError(thrown)
  const { message } = asUnsiloError(thrown)
  if (WRONG_KIND.has(code)) {
    return new UnsiloError('USAGE', message, {
      hint: 'A file stands where a folder is meant, or the reverse.',
      cause: thrown,
    })
  }
  return new UnsiloError('DISK', message, { hint, cause: thrown })
}

const WRONG_KIND: ReadonlySet<string> = new Set(['EEXIST', 'EISDIR', 'ENOTDIR'])

/** `ENOENT`, `EACCES` … of an error that names a path; null for any other. */
export function systemCode(thrown: unknown): string | null {
  const isSystem = thrown instanceof Error && 'syscall' in thrown && 'path' in thrown && 'code' in thrown
  return isSystem ? String(thrown.code) : null
}
