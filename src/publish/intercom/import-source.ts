/**
 * Content import sources: the places that external pages come from. Who gets answers from pages is set for their source,
 * so each source of ours and audience has one. It is known by its address, which says whose it is.
 */
import { z } from 'zod'
import type { Principal } from '../../core/access.ts'
import { UnsiloError } from '../../core/errors.ts'
import { canonicalJson, sha256 } from '../../core/ids.ts'
import { invalidAnswer } from '../../vendors/answers.ts'
import type { IntercomClient } from '../../vendors/intercom/client.ts'
import { readListing } from '../../vendors/intercom/listing.ts'

export interface ImportSource {
  readonly id: string
  readonly url: string
  readonly audiences: readonly number[]
}

const PARAMETER = 'unsilo'
const HASH_LENGTH = 8

const importSource = z.object({
  id: z.union([z.string().regex(/^\d+$/), z.int()]).transform(String),
  url: z.string(),
  sync_behavior: z.string(),
  audience_ids: z.array(z.int()).nullish(),
})

/** What a target is called: by its source, and by whom it is for. */
export function targetName(source: string, as: readonly Principal[]): string {
  const readers = as.length === 0 ? 'public' : sha256(canonicalJson([...as].sort())).slice(0, HASH_LENGTH)
  return `${source}-${readers}`
}

export function addressOf(url: string, name: string): string {
  const address = new URL(url)
  address.searchParams.set(PARAMETER, name)
  return address.href
}

/** By the targets' names, each in the order in which they were made: after an accident there can be more than one. */
export async function listImportSources(client: IntercomClient): Promise<ReadonlyMap<string, readonly ImportSource[]>> {
  const path = '/ai/content_import_sources'
  const { items } = await readListing(client, path, 'content import sources', (item, _, place) => read(item, place))
  const ours = items.flatMap(({ sync, ...source }) => {
    const name = sync === 'api' ? URL.parse(source.url)?.searchParams.get(PARAMETER) : null
    return name == null ? [] : [{ name, source }]
  })
  const grouped = Map.groupBy(ours, ({ name }) => name)
  return new Map(
    [...grouped].map(([name, all]) => [
      name,
      all.map(({ source }) => source).sort((a, b) => Number(a.id) - Number(b.id)),
    ]),
  )
}

export async function createImportSource(
  client: IntercomClient,
  url: string,
  audiences: readonly number[],
): Promise<ImportSource> {
  const body = { sync_behavior: 'api', url, ...(audiences.length > 0 && { audience_ids: [...audiences] }) }
  const answer = await client.post('/ai/content_import_sources', body)
  return checked(read(answer, 'Intercom: the content import source that was made'), audiences)
}

/** With what is in it already. */
export async function updateImportSource(
  client: IntercomClient,
  { id }: ImportSource,
  url: string,
  audiences: readonly number[],
): Promise<ImportSource> {
  const answer = await client.put('PUT', `/ai/content_import_sources/${id}`, {
    ...{ sync_behavior: 'api', url, audience_ids: [...audiences], apply_audience_to_existing_content: true },
  })
  return checked(read(answer, `Intercom: content import source ${id}`), audiences)
}

/** Only one that has no pages: those would go with it. */
export async function deleteImportSource(client: IntercomClient, { id }: ImportSource): Promise<void> {
  await client.put('DELETE', `/ai/content_import_sources/${id}`)
}

/** In any order, and however often each is named. */
export function sameAudiences(a: readonly number[], b: readonly number[]): boolean {
  return new Set([...a, ...b]).size === new Set(a).size && new Set(a).size === new Set(b).size
}

/** Nothing is put into a source that others get answers from than was asked for. */
function checked(source: ImportSource, audiences: readonly number[]): ImportSource {
  if (sameAudiences(source.audiences, audiences)) return source
  throw new UnsiloError(
    'ANSWER_INVALID',
    `Intercom: content import source ${source.id} is not for the audiences asked for`,
    {
      hint: 'No page was sent. Look at the source in Fin’s library, and at the ids of the audiences.',
    },
  )
}

function read(answer: unknown, place: string): ImportSource & { readonly sync: string } {
  const found = importSource.safeParse(answer)
  if (!found.success) throw invalidAnswer(place, found.error)
  const { id, url, sync_behavior: sync, audience_ids: audiences } = found.data
  return { id, url, sync, audiences: audiences ?? [] }
}
