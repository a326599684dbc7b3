/** A transport that can't change anything at a source, whatever a connector does: what plans run on. */
import { UnsiloError } from '../core/errors.ts'
import { mayWrite, methodOf, nameOf, readUrl, urlOf } from './call.ts'

/** GET, HEAD, and what is marked as a search (`safeToRepeat`) or as asking for a token (`unrecorded`); all else throws UNEXPECTED. */
export function readOnly(inner: typeof fetch): typeof fetch {
  return async (input, init = {}) => {
    const method = methodOf(input, init)
    if (!mayWrite(method, init)) return inner(input, init)
    throw new UnsiloError('UNEXPECTED', `${nameOf({ method, url: readUrl(urlOf(input)) })} was refused: it may write`, {
      hint: 'This run only reads. Nothing was sent. Please report this with the name of the connector.',
    })
  }
}
