/** Who may read an article, by the user segments that it names. */
import { z } from 'zod'
import type { ZendeskClient } from '../../../src/vendors/zendesk/client.ts'
import { readListing } from '../../../src/vendors/zendesk/listing.ts'

export interface Segments {
  /** The name that `principals` maps: of a built-in segment its kind of users, of another its id, since names change. */
  nameOf(id: string): string
  /** Requests that it took. */
  readonly pages: number
}

const builtIn = z.object({ built_in: z.literal(true), user_type: z.enum(['signed_in_users', 'staff']) })

/** Zendesk refuses it to all but agents, to whom alone the listing of articles is complete. */
export async function readSegments(client: ZendeskClient): Promise<Segments> {
  const { items, pages } = await readListing(
    client,
    '/api/v2/help_center/user_segments',
    { key: 'user_segments', what: 'user segments' },
    (item, id) => [id, builtIn.safeParse(item).data?.user_type ?? id] as const,
  )
  const names = new Map(items)
  return { nameOf: (id) => `segment:${names.get(id) ?? id}`, pages }
}
