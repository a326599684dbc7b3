/**
 * Bodies from the database and not from the search index, which lags: in bulk where the server knows `ids` (later
 * versions), else one by one.
 */

import { AT_A_TIME, forEachConcurrently } from '../../../src/core/concurrently.ts'
import { UnsiloError } from '../../../src/core/errors.ts'
import { readBody, type StoredBody } from '../answers.ts'
import { readPage } from '../paging.ts'
import { absentAsNull, type Get } from '../transport.ts'

type Bodies = Map<string, StoredBody | UnsiloError>

const EXPAND = 'body.storage,version'

/** A server that doesn't know the parameter, or the parameter in this form. */
const REFUSED = [400, 404, 405]

/** An unreadable body is an error, a missing one is absent. */
export function bodyReader(
  get: Get,
): (ids: readonly string[]) => Promise<ReadonlyMap<string, StoredBody | UnsiloError>> {
  let knowsIds = true
  return async (ids) => {
    const bodies: Bodies = new Map()
    let left = ids
    while (knowsIds && left.length > 1) {
      if (!(await readTogether(get, left, bodies))) knowsIds = false
      const rest = left.filter((id) => !bodies.has(id))
      if (rest.length === left.length) break
      left = rest
    }
    await readOneByOne(get, left, bodies)
    return bodies
  }
}

/** As many as the server gives at a time. False if it gives what wasn't asked for, as one does that doesn't know `ids`. */
async function readTogether(get: Get, ids: readonly string[], bodies: Bodies): Promise<boolean> {
  const query = { ids, status: 'current', expand: EXPAND, limit: ids.length }
  const answer = await absentAsNull(() => get('/rest/api/content', query), REFUSED)
  if (answer === null) return false
  const { results } = readPage(answer, 'bodies')
  const read = results.flatMap((item, index) => {
    const body = readBody(item, `bodies: item ${index}`)
    return body === null ? [] : [body]
  })
  if (!read.every(([id]) => ids.includes(id))) return false
  for (const [id, body] of read) bodies.set(id, body)
  return true
}

/** Throws at the first that fails: the caller asks again for fewer, until it knows which. */
async function readOneByOne(get: Get, ids: readonly string[], bodies: Bodies): Promise<void> {
  await forEachConcurrently(ids, AT_A_TIME, async (id) => {
    const answer = await absentAsNull(() => get(`/rest/api/content/${id}`, { expand: EXPAND }))
    const read = answer === null ? null : readBody(answer, `body of ${id}`)
    if (read !== null) bodies.set(id, read[0] === id ? read[1] : mixedUp(id, read[0]))
  })
}

/** By something in front of the site, perhaps. The other's readers may not be this one's. */
function mixedUp(asked: string, answered: string): UnsiloError {
  return new UnsiloError('ANSWER_INVALID', `Confluence: the body of ${asked} was asked for, that of ${answered} came`)
}
