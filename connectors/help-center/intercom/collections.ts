/** Where articles stand: collections within collections, each tree in a help center that is turned on or off. */
import { z } from 'zod'
import type { IntercomClient } from '../../../src/vendors/intercom/client.ts'
import { readListing, readWholeList } from '../../../src/vendors/intercom/listing.ts'
import { numericId } from '../../../src/vendors/listing.ts'
import { isLocale } from './locales.ts'

export interface Shelves {
  /** Of the collections that hold an article. */
  place(parents: readonly string[]): Place
  /** Locales of all help centers. */
  readonly locales: readonly string[]
  /** Requests that it took. */
  readonly pages: number
}

export interface Place {
  /** Names of the collections in a language, or in the default one, outermost first. */
  path(locale: string | null): readonly string[]
  readonly standing: Standing
  /** In which its help centers are available; none if that isn't said. */
  readonly locales: readonly string[]
}

/** Seen in a help center that is on or off, in none, or it can't be told. */
export type Standing = 'listed' | 'off' | 'unlisted' | 'unknown'

interface Collection {
  readonly name: string
  readonly names: ReadonlyMap<string, string>
  readonly parent: string | null
  readonly helpCenter: string | null
}

interface HelpCenter {
  readonly id: string
  /** Null if the answer doesn't say. */
  readonly isOn: boolean | null
  readonly locales: readonly string[]
}

/** Intercom has three levels; what is deeper goes round in a circle. */
const DEEPEST = 20

const helpCenterFields = z.object({ website_turned_on: z.boolean() })
const localeList = z.object({ locales: z.array(z.string()) })
const nameField = z.object({ name: z.string() })
const parentField = z.object({ parent_id: numericId.nullish() })
const helpCenterField = z.object({ help_center_id: numericId.nullish() })
const translations = z.object({ translated_content: z.record(z.string(), z.unknown()) })

export async function readShelves(client: IntercomClient): Promise<Shelves> {
  const centers = await readWholeList(client, '/help_center/help_centers', 'help centers', readHelpCenter)
  const listed = await readListing(client, '/help_center/collections', 'collections', readCollection)
  const collections = new Map(listed.items)
  const byId = new Map(centers.items.map((center) => [center.id, center]))
  return {
    place: (parents) => bestOf(parents.map((id) => placeIn(id, collections, byId))),
    locales: [...new Set(centers.items.flatMap(({ locales }) => locales))],
    pages: centers.pages + listed.pages,
  }
}

/** Each field by itself: what can't be read of one collection doesn't hide the others. */
function readHelpCenter(item: unknown, id: string): HelpCenter {
  const locales = localeList.safeParse(item).data?.locales ?? []
  return {
    id,
    isOn: helpCenterFields.safeParse(item).data?.website_turned_on ?? null,
    locales: locales.filter(isLocale),
  }
}

/** A parent that can't be read is one that isn't there, so that nothing above it is guessed. */
function readCollection(item: unknown, id: string): readonly [string, Collection] {
  const parent = parentField.safeParse(item)
  const content = translations.safeParse(item).data?.translated_content ?? {}
  const names = Object.entries(content).flatMap(([locale, text]): [string, string][] => {
    const name = nameField.safeParse(text).data?.name
    return isLocale(locale) && name !== undefined && name !== '' ? [[locale, name]] : []
  })
  return [
    id,
    {
      name: nameField.safeParse(item).data?.name ?? '',
      names: new Map(names),
      parent: parent.success ? (parent.data.parent_id ?? null) : 'unreadable',
      helpCenter: helpCenterField.safeParse(item).data?.help_center_id ?? null,
    },
  ]
}

const RANKS: readonly Standing[] = ['listed', 'off', 'unknown', 'unlisted']

/** An article in several collections is seen where any of them is, in the languages of all that show it. */
function bestOf(places: readonly Place[]): Place {
  for (const standing of RANKS) {
    const [first, ...others] = places.filter((each) => each.standing === standing)
    if (first === undefined) continue
    const all = [first, ...others].map(({ locales }) => locales)
    return { ...first, locales: all.some((locales) => locales.length === 0) ? [] : [...new Set(all.flat())] }
  }
  return { path: () => [], standing: 'unlisted', locales: [] }
}

function placeIn(
  id: string,
  collections: ReadonlyMap<string, Collection>,
  centers: ReadonlyMap<string, HelpCenter>,
): Place {
  const chain: Collection[] = []
  let isWhole = false
  for (let next: string | null = id; !isWhole && next !== null && chain.length < DEEPEST; ) {
    const collection = collections.get(next)
    if (collection === undefined) break
    chain.unshift(collection)
    next = collection.parent
    isWhole = next === null
  }
  // By the outermost collection: those inside it often don't name their help center.
  const center = isWhole ? centers.get(chain[0]?.helpCenter ?? '') : undefined
  return {
    path: (locale) => chain.map(({ name, names }) => names.get(locale ?? '') ?? name).filter((name) => name !== ''),
    standing: standingOf(center),
    locales: center?.locales ?? [],
  }
}

function standingOf(center: HelpCenter | undefined): Standing {
  if (center === undefined || center.isOn === null) return 'unknown'
  return center.isOn ? 'listed' : 'off'
}
