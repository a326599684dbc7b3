/** What an emulated Zendesk account holds of its help center, and the ways in which agents change it. */

export interface EmulatedSegment {
  readonly id: number
  name: string
  userType: 'signed_in_users' | 'staff'
  builtIn: boolean
}

export interface EmulatedShelf {
  readonly id: number
  name: string
  /** Names in other languages. */
  names: Record<string, string>
  /** Of a section: the section or category around it. */
  parentId: number | null
  categoryId: number | null
}

export interface EmulatedTranslation {
  title: string
  /** A number stands for an answer of another shape than the API has. */
  body: string | number | null
  draft: boolean
  outdated: boolean
  /** ISO 8601, UTC. */
  updatedAt: string
}

export interface EmulatedArticle {
  readonly id: number
  sectionId: number
  /** Of the manual order, by which listings are sorted. */
  position: number
  /** Undefined: the answer doesn't say. */
  segmentId: number | null | undefined
  segmentIds: number[] | undefined
  labels: string[]
  locale: string
  translations: Map<string, EmulatedTranslation>
}

export type GuideModel = ReturnType<typeof createGuideModel>

const START = Date.parse('2026-01-05T09:00:00.000Z')

interface NewArticle {
  readonly title: string
  readonly sectionId: number
  readonly body?: string
  readonly segmentId?: number | null | undefined
  readonly segmentIds?: number[]
  readonly labels?: string[]
  readonly draft?: boolean
  /** The first is the source one. */
  readonly locales?: readonly string[]
}

export function createGuideModel() {
  const segments = new Map<number, EmulatedSegment>()
  const categories = new Map<number, EmulatedShelf>()
  const sections = new Map<number, EmulatedShelf>()
  const articles = new Map<number, EmulatedArticle>()
  const settings = { isOpen: true, defaultLocale: 'en-us', locales: ['en-us', 'fr'] }
  let lastId = 360_000_000_100
  let ticks = 0

  const nextId = () => ++lastId
  const nextTime = () => new Date(START + ++ticks * 60_000).toISOString().replace('.000Z', 'Z')

  function find(id: number): EmulatedArticle {
    const article = articles.get(id)
    if (article === undefined) throw new Error(`the emulated help center has no article ${id}`)
    return article
  }

  return {
    segments,
    categories,
    sections,
    articles,
    settings,
    find,
    addSegment(given: Partial<EmulatedSegment> & Pick<EmulatedSegment, 'name'>): EmulatedSegment {
      const segment: EmulatedSegment = { id: nextId(), userType: 'signed_in_users', builtIn: false, ...given }
      segments.set(segment.id, segment)
      return segment
    },
    addCategory(name: string, names: Record<string, string> = {}): EmulatedShelf {
      const category = { id: nextId(), name, names, parentId: null, categoryId: null }
      categories.set(category.id, category)
      return category
    },
    addSection(given: Partial<EmulatedShelf> & Pick<EmulatedShelf, 'name' | 'categoryId'>): EmulatedShelf {
      const section = { id: nextId(), names: {}, parentId: null, ...given }
      sections.set(section.id, section)
      return section
    },
    addArticle(given: NewArticle): EmulatedArticle {
      const { title, body = `<p>${title}</p>`, draft = false, locales = ['en-us'] } = given
      const updatedAt = nextTime()
      const translations = locales.map((locale, index): [string, EmulatedTranslation] => [
        locale,
        { title: index === 0 ? title : `${title} (${locale})`, body, draft, outdated: false, updatedAt },
      ])
      const article: EmulatedArticle = {
        id: nextId(),
        sectionId: given.sectionId,
        position: 0,
        segmentId: 'segmentId' in given ? given.segmentId : null,
        segmentIds: given.segmentIds,
        labels: given.labels ?? [],
        locale: locales[0] ?? 'en-us',
        translations: new Map(translations),
      }
      articles.set(article.id, article)
      return article
    },
    edit(id: number, change: Partial<EmulatedTranslation>, locale?: string): void {
      const article = find(id)
      const text = article.translations.get(locale ?? article.locale)
      if (text === undefined) throw new Error(`article ${id} has no translation in ${locale}`)
      Object.assign(text, { updatedAt: nextTime() }, change)
    },
    remove(id: number): void {
      articles.delete(id)
    },
  }
}
