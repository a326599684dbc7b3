/** What an emulated Intercom workspace holds of what is written into it: articles with staged drafts, sources and pages. */
import { marked } from 'marked'
import { ONLY } from './intercom-model.ts'

export interface LibraryText {
  title: string
  description: string
  body: string
  state: 'published' | 'draft'
  updatedAt: number
  draft: { title: string; description: string; body: string; updatedAt: number } | null
  /** Whether Fin answers from it, once that was said of its language. */
  chatbot?: boolean
  /** The same of its Sales Agent. */
  salesAgent?: boolean
}

export interface LibraryArticle {
  readonly id: string
  parents: number[]
  authorId: number
  audience: string
  chatbot: boolean
  salesAgent: boolean
  copilot: boolean
  /** Of Fin. */
  audienceIds: readonly number[]
  /** By locale; in a workspace with one language only `ONLY`. */
  readonly texts: Map<string, LibraryText>
}

export interface LibrarySource {
  readonly id: number
  url: string
  audienceIds: number[]
  readonly createdAt: number
}

export interface LibraryPage {
  readonly id: string
  readonly sourceId: number
  readonly externalId: string
  title: string
  html: string
  url: string | null
  agent: boolean
  copilot: boolean
  updatedAt: number
}

export interface LibraryOptions {
  /** The first is the default one; none is a workspace with one language. */
  readonly locales?: readonly string[]
  /** Who sees new articles. */
  readonly audience?: string
}

export type Library = ReturnType<typeof createLibrary>

/** A request that the workspace refuses. */
export interface Refusal {
  readonly status: number
  readonly code: string
  readonly message: string
}

interface TextBody {
  readonly title?: string
  readonly description?: string
  readonly body?: string
  readonly body_markdown?: string
  readonly state?: 'published' | 'draft'
  /** Of an article: of its default language. */
  readonly ai_chatbot_availability?: boolean
  readonly ai_sales_agent_availability?: boolean
}

export interface ArticleBody extends TextBody {
  readonly author_id?: number
  readonly parent_id?: number | string
  readonly ai_copilot_availability?: boolean
  readonly audience_ids?: readonly number[]
  readonly translated_content?: Readonly<Record<string, TextBody>>
}

export interface PageBody {
  readonly title: string
  readonly html: string
  readonly url?: string
  readonly source_id: number
  readonly external_id: string
  readonly ai_agent_availability?: boolean
  readonly ai_copilot_availability?: boolean
}

export function createLibrary({ locales = [], audience = 'everyone' }: LibraryOptions = {}) {
  const main = locales[0] ?? ONLY
  const collections = new Map<number, string>([
    [145, 'Handbook'],
    [146, 'Support'],
  ])
  const articles = new Map<string, LibraryArticle>()
  const sources = new Map<number, LibrarySource>()
  const pages = new Map<string, LibraryPage>()
  let lastId = 1000
  let time = 1_767_603_600

  const now = () => ++time

  function refused(body: ArticleBody): Refusal | null {
    const all = [body, ...Object.values(body.translated_content ?? {})]
    if (all.some((text) => text.body !== undefined && text.body_markdown !== undefined))
      return { status: 400, code: 'parameter_invalid', message: 'body and body_markdown are mutually exclusive' }
    if (body.parent_id !== undefined && !collections.has(Number(body.parent_id)))
      return { status: 404, code: 'not_found', message: 'Collection Not Found' }
    const unknown = Object.keys(body.translated_content ?? {}).find((locale) => !locales.includes(locale))
    if (unknown !== undefined) return { status: 400, code: 'parameter_invalid', message: `unknown locale ${unknown}` }
    return null
  }

  function bodyOf(text: TextBody): string | undefined {
    return text.body_markdown === undefined ? text.body : htmlOf(text.body_markdown)
  }

  function setText(article: LibraryArticle, locale: string, given: TextBody): void {
    const text: LibraryText = article.texts.get(locale) ?? {
      ...{ title: '', description: '', body: '', state: 'draft' as const, updatedAt: now(), draft: null },
    }
    article.texts.set(locale, text)
    const body = bodyOf(given)
    if (given.title !== undefined) text.title = given.title
    if (given.description !== undefined) text.description = given.description
    if (body !== undefined) text.body = body
    if (given.state !== undefined) text.state = given.state
    if (given.ai_chatbot_availability !== undefined) text.chatbot = given.ai_chatbot_availability
    if (given.ai_sales_agent_availability !== undefined) text.salesAgent = given.ai_sales_agent_availability
    text.updatedAt = now()
  }

  function setArticle(article: LibraryArticle, body: ArticleBody): void {
    if (body.author_id !== undefined) article.authorId = body.author_id
    if (body.parent_id !== undefined) article.parents = [Number(body.parent_id)]
    if (body.ai_chatbot_availability !== undefined) article.chatbot = body.ai_chatbot_availability
    if (body.ai_sales_agent_availability !== undefined) article.salesAgent = body.ai_sales_agent_availability
    if (body.audience_ids !== undefined) article.audienceIds = body.audience_ids
    if (body.ai_copilot_availability !== undefined) article.copilot = body.ai_copilot_availability
    if (['title', 'description', 'body', 'body_markdown', 'state'].some((key) => key in body)) {
      setText(article, main, body)
    }
    for (const [locale, text] of Object.entries(body.translated_content ?? {})) setText(article, locale, text)
  }

  function stageText(text: LibraryText, given: TextBody): void {
    const { title, description, body } = text.draft ?? text
    const staged = {
      title: given.title ?? title,
      description: given.description ?? description,
      body: bodyOf(given) ?? body,
    }
    const isSame = staged.title === text.title && staged.description === text.description && staged.body === text.body
    text.draft = isSame ? null : { ...staged, updatedAt: now() }
  }

  return {
    /** The token is of this one. */
    workspace: 'abcd1234',
    main,
    locales,
    collections,
    articles,
    sources,
    pages,
    createArticle(body: ArticleBody): LibraryArticle | Refusal {
      const refusal = refused(body)
      if (refusal !== null) return refusal
      if (body.title === undefined || body.author_id === undefined)
        return { status: 400, code: 'parameter_not_found', message: 'title and author_id are needed' }
      const article: LibraryArticle = {
        ...{
          id: String(++lastId),
          parents: [],
          authorId: 0,
          audience,
          chatbot: false,
          salesAgent: true,
          copilot: false,
        },
        audienceIds: [],
        texts: new Map(),
      }
      setArticle(article, { state: 'draft', ...body })
      articles.set(article.id, article)
      return article
    },
    updateArticle(article: LibraryArticle, body: ArticleBody): Refusal | null {
      const refusal = refused(body)
      if (refusal === null) setArticle(article, body)
      return refusal
    },
    stage(article: LibraryArticle, body: ArticleBody): Refusal | null {
      if (article.texts.get(main)?.state !== 'published')
        return {
          status: 422,
          code: 'parameter_invalid',
          message: 'Article must be published before a draft can be staged',
        }
      const refusal = refused(body)
      if (refusal !== null) return refusal
      for (const [locale, given] of [[main, body] as const, ...Object.entries(body.translated_content ?? {})]) {
        const text = article.texts.get(locale)
        if (text !== undefined) stageText(text, given)
      }
      return null
    },
    publish(article: LibraryArticle, asked: readonly string[] | undefined): Refusal | null {
      if (locales.length > 0 && asked === undefined)
        return { status: 422, code: 'parameter_not_found', message: 'locales must be specified to publish a draft' }
      for (const locale of asked ?? [ONLY]) {
        const text = article.texts.get(locale)
        if (text?.draft == null)
          return { status: 422, code: 'parameter_invalid', message: `no pending changes: ${locale}` }
        Object.assign(text, text.draft, { draft: null, updatedAt: now() })
      }
      return null
    },
    createSource(url: string, audienceIds: number[]): LibrarySource {
      const source = { id: ++lastId, url, audienceIds, createdAt: now() }
      sources.set(source.id, source)
      return source
    },
    /** Made, or replaced where source and external id are those of one. What isn't sent stays as it is, or is false. */
    putPage(body: PageBody): LibraryPage | Refusal {
      if (!sources.has(body.source_id)) return { status: 404, code: 'not_found', message: 'Source Not Found' }
      const found = [...pages.values()].find(
        ({ sourceId, externalId }) => sourceId === body.source_id && externalId === body.external_id,
      )
      const page: LibraryPage = found ?? {
        ...{ id: String(++lastId), sourceId: body.source_id, externalId: body.external_id, title: '', html: '' },
        ...{ url: null, agent: false, copilot: false, updatedAt: 0 },
      }
      page.title = body.title
      page.html = body.html
      page.url = body.url ?? page.url
      page.agent = body.ai_agent_availability ?? page.agent
      page.copilot = body.ai_copilot_availability ?? page.copilot
      page.updatedAt = now()
      pages.set(page.id, page)
      return page
    },
    removeSource(id: number): void {
      sources.delete(id)
      for (const page of pages.values()) if (page.sourceId === id) pages.delete(page.id)
    },
    /** As a teammate does it in the editor. */
    edit(id: string, change: Partial<LibraryText>, locale: string = main): void {
      const text = articles.get(id)?.texts.get(locale)
      if (text === undefined) throw new Error(`the emulated library has no article ${id} in ${JSON.stringify(locale)}`)
      Object.assign(text, change, { updatedAt: now() })
    },
  }
}

/** HTML as Intercom writes it: paragraphs of a class of its own. */
function htmlOf(markdown: string): string {
  const html = marked.parse(markdown, { async: false })
  return html.replaceAll('<p>', '<p class="no-margin">').trim()
}
