/** An account's groups, brands and ticket fields, by their ids. */
import type { ReadItem } from '../../../src/vendors/listing.ts'
import type { ZendeskClient } from '../../../src/vendors/zendesk/client.ts'
import { readListing } from '../../../src/vendors/zendesk/listing.ts'
import type { ZendeskConfig } from '../config.ts'
import { requireNames } from '../filters.ts'
import { named, ticketField } from './answers.ts'

export interface Directory {
  /** Names, by id. */
  readonly groups: ReadonlyMap<string, string>
  readonly brands: ReadonlyMap<string, string>
  /** Those that the configuration names, in its order. */
  readonly fields: readonly TicketField[]
  /** Requests that it took. */
  readonly pages: number
}

export interface TicketField {
  readonly id: string
  readonly name: string
  /** Of a list to choose from: what people see, by what is stored. */
  readonly options: ReadonlyMap<string, string>
}

export async function readDirectory(client: ZendeskClient, config: ZendeskConfig): Promise<Directory> {
  const { fields = [] } = config
  const list = <T>(key: string, read: ReadItem<T>) =>
    readListing(client, `/api/v2/${key}`, { key, what: key.replace('_', ' ') }, read)
  const groups = await list('groups', readName)
  const brands = await list('brands', readName)
  requireNames('teams', config.teams, names(groups.items))
  requireNames('brands', config.brands, names(brands.items))
  const all = fields.length === 0 ? null : await list('ticket_fields', readField)
  return {
    groups: new Map(groups.items),
    brands: new Map(brands.items),
    fields: fields
      .flatMap((name) => (all?.items ?? []).filter((each) => each?.name === name))
      .flatMap((each) => each ?? []),
    pages: groups.pages + brands.pages + (all?.pages ?? 0),
  }
}

function names(items: readonly (readonly [id: string, name: string])[]): readonly string[] {
  return items.map(([, name]) => name)
}

/** What has no name is in no filter and in no path. */
const readName: ReadItem<readonly [string, string]> = (item, id) => [id, named.safeParse(item).data?.name ?? '']

const readField: ReadItem<TicketField | null> = (item, id) => {
  const read = ticketField.safeParse(item).data
  if (read === undefined) return null
  const options = (read.custom_field_options ?? []).map(({ name, value }) => [value, name] as const)
  return { id, name: read.title, options: new Map(options) }
}
