/**
 * Whether the site knows who asks. With anonymous access on, it answers a request whose credentials were dropped, have
 * ended or are of a kind that it doesn't know with what everybody sees, and all else would look deleted.
 */
import { z } from 'zod'
import { UnsiloError } from '../../../src/core/errors.ts'
import { absentAsNull, type Get } from '../transport.ts'

const nobody = z.object({ type: z.literal('anonymous') })

/** Older versions don't tell. */
export async function checkAccount(get: Get): Promise<void> {
  const user = await absentAsNull(() => get('/rest/api/user/current', {}))
  if (!nobody.safeParse(user).success) return
  throw new UnsiloError('AUTH_REJECTED', 'Confluence: the site answers as if nobody were logged in', {
    hint:
      'Check that the token has not ended, that the version takes one (7.9 or later), and that nothing in front of the site ' +
      'drops the Authorization header. Nothing was removed.',
  })
}
