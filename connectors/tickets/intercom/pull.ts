/** Closed conversations and resolved tickets of an Intercom workspace. */
import { z } from 'zod'
import type { Change, PullContext } from '../../../src/core/types.ts'
import type { IntercomConfig } from '../config.ts'

export const intercomCursor = z.strictObject({ provider: z.literal('intercom') })

export type IntercomCursor = z.infer<typeof intercomCursor>

export async function* pullIntercom(
  _context: PullContext<IntercomConfig>,
  _since: { readonly provider: string } | null,
): AsyncGenerator<Change<IntercomCursor>> {
  yield { type: 'begin' }
}
