/** Where articles stand: in a section, which may be inside others, of a category. */
import { z } from 'zod'
import { numericId, type ReadItem } from '../../../src/vendors/listing.ts'
import type { ZendeskClient } from '../../../src/vendors/zendesk/client.ts'
import { readListing } from '../../../src/vendors/zendesk/listing.ts'

export interface Sections {
  /** Names in a language, or in the default one, the category first. */
  path(section: string | null, locale: string | null): readonly string[]
  /** Requests that it took. */
  readonly pages: number
}

interface Shelf {
  readonly name: string
  readonly names: ReadonlyMap<string, string>
  /** A section around this one. */
  readonly section: string | null
  readonly category: string | null
}

/** Zendesk has five levels of sections; what is deeper goes round in a circle. */
const DEEPEST = 20

const nameField = z.object({ name: z.string() })
const sectionField = z.object({ parent_section_id: numericId })
const categoryField = z.object({ category_id: numericId })
const translationList = z.object({ translations: z.array(z.unknown()) })
const translatedName = z.object({ locale: z.string(), title: z.string().min(1) })

const WITH_NAMES = { include: 'translations' }

export async function readSections(client: ZendeskClient): Promise<Sections> {
  const base = '/api/v2/help_center'
  const list = (key: 'categories' | 'sections') =>
    readListing(client, `${base}/${key}`, { key, what: key, params: WITH_NAMES }, readShelf)
  const categories = await list('categories')
  const sections = await list('sections')
  const byId = { categories: new Map(categories.items), sections: new Map(sections.items) }
  return {
    path: (section, locale) =>
      chainOf(section, byId)
        .map(({ name, names }) => names.get(locale ?? '') ?? name)
        .filter((name) => name !== ''),
    pages: categories.pages + sections.pages,
  }
}

/** Each field by itself: what can't be read of one doesn't hide the others. */
const readShelf: ReadItem<readonly [string, Shelf]> = (item, id) => {
  const translations = translationList.safeParse(item).data?.translations ?? []
  const names = translations.flatMap((each): [string, string][] => {
    const read = translatedName.safeParse(each).data
    return read === undefined ? [] : [[read.locale, read.title]]
  })
  return [
    id,
    {
      name: nameField.safeParse(item).data?.name ?? '',
      names: new Map(names),
      section: sectionField.safeParse(item).data?.parent_section_id ?? null,
      category: categoryField.safeParse(item).data?.category_id ?? null,
    },
  ]
}

function chainOf(
  section: string | null,
  { categories, sections }: Readonly<Record<'categories' | 'sections', ReadonlyMap<string, Shelf>>>,
): readonly Shelf[] {
  const chain: Shelf[] = []
  let outermost: Shelf | undefined
  for (let next = section; next !== null && chain.length < DEEPEST; next = outermost.section) {
    outermost = sections.get(next)
    if (outermost === undefined) break
    chain.unshift(outermost)
  }
  const category = categories.get(chain[0]?.category ?? '')
  return category === undefined ? chain : [category, ...chain]
}
