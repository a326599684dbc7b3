/** An index that is not as it was written, in our catalogue's words: whichever driver finds it. */
import { UnsiloError } from '../core/errors.ts'

/** An index that can't be read any more. */
export function damaged(path: string, why: string, cause?: unknown): UnsiloError {
  return new UnsiloError('INDEX_DAMAGED', `${path} ${why}`, {
    hint: 'Run `unsilo check --repair`: it saves what can be trusted, and the next `unsilo sync` loads the rest again.',
    cause,
  })
}

/** A part of one document that does not match its checksum. */
export function damagedDocument(path: string, id: string, part: 'head' | 'text' | 'passage' | 'vector'): UnsiloError {
  return damaged(path, `is damaged: the stored ${part} of ${JSON.stringify(id)} does not match its checksum.`)
}
