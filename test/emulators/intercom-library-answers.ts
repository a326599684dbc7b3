/** What an emulated Intercom answers to those who write into its library, in the shapes of its API 2.16. */
import { type Answer, errorAnswer } from './intercom-answers.ts'
import type {
  ArticleBody,
  Library,
  LibraryArticle,
  LibraryPage,
  LibrarySource,
  LibraryText,
  PageBody,
  Refusal,
} from './intercom-library-model.ts'
import { ONLY } from './intercom-model.ts'

export interface Asked {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  /** What was sent, as JSON; undefined where nothing was. */
  readonly body: unknown
}

const WORKSPACE = 'abcd1234'
const SITE = 'https://help.example.com'

export function answerLibrary(library: Library, asked: Asked): Answer {
  const { method, path, query, body } = asked
  const [, article, tail = ''] = /^\/articles\/(\d+)(\/draft(?:\/publish)?)?$/.exec(path) ?? []
  if (article !== undefined) return answerArticle(library, article, `${method} ${tail}`, body)
  switch (`${method} ${path}`) {
    case 'GET /me':
      return ok({ type: 'admin', id: '1', app: { type: 'app', id_code: library.workspace, name: 'Example' } })
    case 'GET /help_center/help_centers':
      return ok({ type: 'list', data: [{ id: '1', workspace_id: WORKSPACE, locales: [...library.locales] }] })
    case 'GET /help_center/collections':
      return listing(
        [...library.collections].map((each) => collection(library, each)),
        query,
      )
    case 'GET /articles':
      return listing(
        [...library.articles.values()].sort(byChange).map((each) => articleOf(library, each)),
        query,
      )
    case 'POST /articles':
      return answered(library.createArticle(body as ArticleBody), (made) => articleOf(library, made))
    case 'GET /ai/content_import_sources':
      return listing([...library.sources.values()].map(sourceOf), query)
    case 'POST /ai/content_import_sources': {
      const { url, audience_ids: audiences } = body as { url: string; audience_ids?: number[] }
      return ok(sourceOf(library.createSource(url, audiences ?? [])))
    }
    case 'GET /ai/external_pages':
      return listing([...library.pages.values()].map(pageOf).reverse(), query)
    case 'POST /ai/external_pages':
      return answered(library.putPage(body as PageBody), pageOf)
    default:
      return answerOne(library, asked)
  }
}

function answerArticle(library: Library, id: string, what: string, body: unknown): Answer {
  const article = library.articles.get(id)
  if (article === undefined) return missing()
  const shaped = (refusal: Refusal | null) => answered(refusal ?? article, (each) => articleOf(library, each))
  if (what === 'GET ') return shaped(null)
  if (what === 'PUT ') return shaped(library.updateArticle(article, body as ArticleBody))
  if (what === 'GET /draft') {
    const hasDraft = [...article.texts.values()].some(({ draft }) => draft !== null)
    return hasDraft ? ok(articleOf(library, article, true)) : missing()
  }
  if (what === 'PUT /draft') {
    const refusal = library.stage(article, body as ArticleBody)
    return answered(refusal ?? article, (each) => articleOf(library, each, true))
  }
  if (what === 'POST /draft/publish') {
    return shaped(library.publish(article, (body as { locales?: string[] } | undefined)?.locales))
  }
  if (what !== 'DELETE ') return missing()
  library.articles.delete(id)
  return ok({ id, object: 'article', deleted: true })
}

function answerOne(library: Library, { method, path, body }: Asked): Answer {
  const [, kind, id = ''] = /^\/ai\/(content_import_sources|external_pages)\/(\d+)$/.exec(path) ?? []
  const source = library.sources.get(Number(id))
  if (kind === 'content_import_sources' && source !== undefined) {
    if (method === 'DELETE') {
      library.removeSource(source.id)
      return { status: 204, body: null }
    }
    if (method === 'PUT') {
      const { url, audience_ids: audiences } = body as { url: string; audience_ids?: number[] }
      Object.assign(source, { url, audienceIds: audiences ?? [] })
    }
    return ok(sourceOf(source))
  }
  const page = library.pages.get(id)
  if (kind !== 'external_pages' || page === undefined) return missing()
  if (method === 'DELETE') library.pages.delete(id)
  return ok(method === 'DELETE' ? { ...pageOf(page), html: '' } : pageOf(page))
}

function answered<T>(result: T | Refusal, shape: (value: T) => unknown): Answer {
  if (typeof result === 'object' && result !== null && 'status' in result) {
    return errorAnswer(result.status, result.code, result.message)
  }
  return ok(shape(result as T))
}

function ok(body: unknown): Answer {
  return { status: 200, body }
}

function missing(): Answer {
  return errorAnswer(404, 'not_found', 'Resource Not Found')
}

function listing(items: readonly unknown[], query: URLSearchParams): Answer {
  const page = Number(query.get('page') ?? 1)
  const size = Math.min(Number(query.get('per_page') ?? 25), 50)
  const pages = { type: 'pages', page, per_page: size, total_pages: Math.ceil(items.length / size) }
  return ok({ type: 'list', pages, total_count: items.length, data: items.slice((page - 1) * size, page * size) })
}

function byChange(a: LibraryArticle, b: LibraryArticle): number {
  const changed = ({ texts }: LibraryArticle) => Math.max(...[...texts.values()].map(({ updatedAt }) => updatedAt))
  return changed(b) - changed(a)
}

function collection(library: Library, [id, name]: readonly [number, string]) {
  return {
    ...{ id: String(id), workspace_id: WORKSPACE, name, url: `${SITE}/en/collections/${id}`, order: 1 },
    ...{ created_at: 1, updated_at: 1, description: null, icon: 'bookmark', parent_id: null, help_center_id: 1 },
    ...(library.locales.length > 0 && { default_locale: library.main }),
  }
}

function articleOf(library: Library, article: LibraryArticle, withDraft = false) {
  const { id, parents, authorId, audience, chatbot, copilot, texts } = article
  const shown = (locale: string) => textOf(article, locale, texts.get(locale), authorId, withDraft)
  return {
    ...{ type: 'article', id, workspace_id: WORKSPACE, parent_ids: parents, help_center_audience: audience },
    tags: { type: 'tag.list', tags: [] },
    ...shown(library.main),
    ...{ ai_chatbot_availability: chatbot, ai_copilot_availability: copilot },
    ...{ ai_sales_agent_availability: article.salesAgent },
    ...(library.main === ONLY && { audience_ids: article.audienceIds }),
    ...(library.main !== ONLY && {
      default_locale: library.main,
      translated_content: {
        type: 'article_translated_content',
        ...Object.fromEntries(
          library.locales.map((locale) => [
            locale,
            texts.has(locale) ? { type: 'article_content', ...shown(locale), ...answeredFrom(article, locale) } : null,
          ]),
        ),
      },
    }),
  }
}

/** As was said of this language, else of the article. */
function answeredFrom({ chatbot, copilot, salesAgent, audienceIds, texts }: LibraryArticle, locale: string) {
  const text = texts.get(locale)
  return {
    ...{ ai_chatbot_availability: text?.chatbot ?? chatbot, ai_copilot_availability: copilot },
    ...{ ai_sales_agent_availability: text?.salesAgent ?? salesAgent, audience_ids: audienceIds },
  }
}

function textOf(
  { id }: LibraryArticle,
  locale: string,
  text: LibraryText | undefined,
  authorId: number,
  withDraft: boolean,
) {
  if (text === undefined) return {}
  const { title, description, body } = (withDraft ? text.draft : null) ?? text
  return {
    ...{ title, description, body, body_markdown: '', author_id: authorId, state: text.state },
    ...{ created_at: 1_672_928_359, updated_at: text.updatedAt },
    ...{ has_unpublished_changes: text.draft !== null, draft_updated_at: text.draft?.updatedAt ?? null },
    ...(text.state === 'published' && { url: `${SITE}/${locale || 'en'}/articles/${id}-title` }),
  }
}

function sourceOf({ id, url, audienceIds, createdAt }: LibrarySource) {
  return {
    ...{ id, type: 'content_import_source', last_synced_at: createdAt, status: 'active', url, sync_behavior: 'api' },
    ...{ created_at: createdAt, updated_at: createdAt, audience_ids: audienceIds },
  }
}

function pageOf({ id, sourceId, externalId, title, html, url, agent, copilot, updatedAt }: LibraryPage) {
  return {
    ...{ id, type: 'external_page', title, html, ...(url !== null && { url }), locale: 'en' },
    ...{ ai_agent_availability: agent, ai_copilot_availability: copilot, ai_sales_agent_availability: false },
    ...{ fin_availability: agent, source_id: sourceId, external_id: externalId },
    ...{ created_at: updatedAt, updated_at: updatedAt, last_ingested_at: updatedAt },
  }
}
