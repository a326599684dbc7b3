/** Who may view a content: what limits it here and above, or its own restriction where the server can't say both. */
import type { ReaderLists } from '../access.ts'
import { readOwnRestriction } from '../readers.ts'
import { absentAsNull, type Get } from '../transport.ts'
import { readRelevant } from './answers.ts'

/** The API's maximum for direct and inherited restrictions together. */
const RELEVANT_SIZE = 50

const ABSENT = [404, 405]

/**
 * The restrictions that hold for a content, each by the names of its readers. At least its own are among them; inherited
 * ones are where the server tells, so what stands above must be asked for as well. Throws with status 403 or 404 if hidden.
 */
export function restrictionReader(get: Get): (id: string) => Promise<ReaderLists> {
  let tellsInherited: boolean | null = null
  let findingOut: Promise<void> | null = null

  async function readOwn(id: string): Promise<ReaderLists> {
    const path = `/rest/api/content/${id}/restriction/byOperation/read`
    const expand = 'restrictions.user,restrictions.group'
    const own = await readOwnRestriction(id, (page) => get(path, { expand, ...page }))
    return own === null ? [] : [own]
  }

  /** A 404 that isn't for the content's own restriction too is the endpoint's: an older version. */
  async function read(id: string): Promise<ReaderLists> {
    if (tellsInherited === false) return readOwn(id)
    const path = `/rest/api/content/${id}/restriction/relevantViewRestrictions`
    const answer = await absentAsNull(() => get(path, { limit: RELEVANT_SIZE }), ABSENT)
    const relevant = answer === null ? null : readRelevant(answer)
    const lists = relevant ?? (await readOwn(id))
    tellsInherited ??= answer !== null
    return lists
  }

  /** One content finds out for all, so that a recorded run asks the same again. */
  return async (id) => {
    while (tellsInherited === null && findingOut !== null) await findingOut
    if (tellsInherited !== null) return read(id)
    const { promise, resolve } = Promise.withResolvers<void>()
    findingOut = promise
    try {
      return await read(id)
    } finally {
      findingOut = null
      resolve()
    }
  }
}
