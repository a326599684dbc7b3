/** What an emulated Intercom workspace holds of its help centers, and the ways in which teammates change it. */
import { createInbox } from './intercom-inbox-model.ts'

export interface EmulatedHelpCenter {
  readonly id: string
  isOn: boolean
  locales: string[]
}

export interface EmulatedCollection {
  readonly id: string
  name: string
  parentId: string | null
  helpCenterId: string | null
  /** Names in other languages. */
  names: Record<string, string>
  updatedAt: number
}

export type ArticleState = 'published' | 'draft'

export interface EmulatedText {
  title: string
  description: string
  /** A number stands for an answer of another shape than the API has. */
  body: string | number
  state: ArticleState
  /** Unix seconds. */
  updatedAt: number
}

export interface EmulatedArticle {
  readonly id: string
  parentIds: string[]
  /** Undefined: the answer doesn't say, as in versions before 2.16. */
  audience: string | null | undefined
  tags: string[]
  /** Of a workspace with one language: the text alone. Else the default one's. */
  locale: string | null
  texts: Map<string, EmulatedText>
}

export type IntercomModel = ReturnType<typeof createIntercomModel>

const START = Date.parse('2026-01-05T09:00:00.000Z') / 1000

/** The key of the only text of an article without languages. */
export const ONLY = ''

interface NewArticle {
  readonly title: string
  readonly description?: string
  readonly body?: string
  readonly parentIds?: string[]
  readonly audience?: string | null | undefined
  readonly tags?: string[]
  readonly state?: ArticleState
  /** The first is the default one; none is a workspace with one language. */
  readonly locales?: readonly string[]
}

export function createIntercomModel() {
  const helpCenters = new Map<string, EmulatedHelpCenter>()
  const collections = new Map<string, EmulatedCollection>()
  const articles = new Map<string, EmulatedArticle>()
  let lastId = 100
  let ticks = 0

  const nextId = () => String(++lastId)
  const nextTime = () => START + ++ticks * 60

  function find(id: string): EmulatedArticle {
    const article = articles.get(id)
    if (article === undefined) throw new Error(`the emulated workspace has no article ${id}`)
    return article
  }

  return {
    helpCenters,
    collections,
    articles,
    inbox: createInbox(nextId, nextTime),
    find,
    addHelpCenter(given: Partial<EmulatedHelpCenter> = {}): EmulatedHelpCenter {
      const center = { id: nextId(), isOn: true, locales: ['en'], ...given }
      helpCenters.set(center.id, center)
      return center
    },
    addCollection(given: Partial<EmulatedCollection> & Pick<EmulatedCollection, 'name'>): EmulatedCollection {
      const place = { parentId: null, helpCenterId: null, names: {} }
      const collection = { id: nextId(), ...place, updatedAt: nextTime(), ...given }
      collections.set(collection.id, collection)
      return collection
    },
    addArticle(given: NewArticle): EmulatedArticle {
      const { title, state = 'published', locales = [] } = given
      const keys = locales.length === 0 ? [ONLY] : locales
      const updatedAt = nextTime()
      const texts = keys.map((key): [string, EmulatedText] => [
        key,
        {
          title: key === ONLY ? title : `${title} (${key})`,
          description: given.description ?? '',
          body: given.body ?? `<p>${title}</p>`,
          state,
          updatedAt,
        },
      ])
      const article: EmulatedArticle = {
        id: nextId(),
        parentIds: given.parentIds ?? [],
        audience: 'audience' in given ? given.audience : 'everyone',
        tags: given.tags ?? [],
        locale: locales[0] ?? null,
        texts: new Map(texts),
      }
      articles.set(article.id, article)
      return article
    },
    /** Moves the article to the front of every listing. */
    edit(id: string, change: Partial<EmulatedText>, locale?: string): void {
      const article = find(id)
      const text = article.texts.get(locale ?? article.locale ?? ONLY)
      if (text === undefined) throw new Error(`article ${id} has no text in ${locale}`)
      Object.assign(text, change, { updatedAt: nextTime() })
    },
    remove(id: string): void {
      articles.delete(id)
    },
  }
}
