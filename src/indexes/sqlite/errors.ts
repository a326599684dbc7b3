/** What SQLite and the file system say, in our catalogue's words. */
import { asUnsiloError, UnsiloError } from '../../core/errors.ts'
import { damaged } from '../damage.ts'

/** Runs `work`; an error names the index file and what to do. */
export function translating<T>(path: string, work: () => T): T {
  try {
    return work()
  } catch (thrown) {
    throw translated(path, thrown)
  }
}

/** Some other file, which must not be touched. */
export function notAnIndex(path: string, why: string, cause?: unknown): UnsiloError {
  return new UnsiloError('INDEX_DAMAGED', `${path} ${why}`, {
    hint: 'Nothing was changed. Name the index with --index, or as `index` in the configuration.',
    cause,
  })
}

/** Our statements fit the schema, so where one does not the file has lost it. */
const BROKEN_SCHEMA =
  /^(no such (fts5 table|table|column|module|tokenizer)|vtable constructor failed|malformed|error in |table .* has )/i

function translated(path: string, thrown: unknown): UnsiloError {
  const code = errorCode(thrown)
  const detail = thrown instanceof Error ? thrown.message : String(thrown)
  if (code === 'SQLITE_NOTADB') return notAnIndex(path, `is no index of unsilo: ${detail}.`, thrown)
  if (code === 'SQLITE_ERROR' && BROKEN_SCHEMA.test(detail)) return damaged(path, `is damaged: ${detail}.`, thrown)
  if (code.startsWith('SQLITE_CORRUPT')) return damaged(path, `is damaged: ${detail}.`, thrown)
  if (/^SQLITE_(BUSY|LOCKED)/.test(code)) return busy(path, thrown)
  if (code === HALF_WRITTEN) return halfWritten(path, 'LOCKED', thrown)
  if (code === 'SQLITE_FULL' || code === 'ENOSPC' || code === 'EDQUOT') return disk(path, 'the disk is full', thrown)
  if (/^SQLITE_(IOERR|READONLY|CANTOPEN|PERM|NOLFS)|^E[A-Z]+$/.test(code)) return disk(path, detail, thrown)
  return asUnsiloError(thrown)
}

/** Where a connection that only reads finds what a killed process had begun to write: https://www.sqlite.org/rescode.html#readonly_rollback */
const HALF_WRITTEN = 'SQLITE_READONLY_ROLLBACK'

export function isHalfWritten(thrown: unknown): boolean {
  return thrown instanceof UnsiloError && errorCode(thrown.cause) === HALF_WRITTEN
}

/** LOCKED: whoever opens it anew may take that back. DISK: who did may not. */
export function halfWritten(path: string, code: 'LOCKED' | 'DISK', cause: unknown): UnsiloError {
  return new UnsiloError(code, `A process that was killed had begun to write to ${path}.`, {
    hint: 'Run this as a user who may write to the file and its folder: it is taken back then, as by the next run that writes there. Nothing is lost.',
    cause,
  })
}

function disk(path: string, detail: string, cause: unknown): UnsiloError {
  return new UnsiloError('DISK', `The index ${path} cannot be read or written: ${detail}.`, {
    hint: 'Check free space and the permissions of the file and its folder. What was stored before is untouched.',
    cause,
  })
}

function busy(path: string, cause: unknown): UnsiloError {
  return new UnsiloError('LOCKED', `The index ${path} is in use by another program.`, {
    hint: 'Try again when it has finished. Nothing was changed.',
    cause,
  })
}

function errorCode(thrown: unknown): string {
  return thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : ''
}
