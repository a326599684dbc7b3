/** What an emulated Intercom answers, in the shapes of its API 2.16. */
import { answerInbox } from './intercom-inbox-answers.ts'
import {
  type EmulatedArticle,
  type EmulatedCollection,
  type EmulatedHelpCenter,
  type EmulatedText,
  type IntercomModel,
  ONLY,
} from './intercom-model.ts'

export interface Answer {
  readonly status: number
  readonly body: unknown
}

export interface AnswerOptions {
  /** The most items of a page; 25 unless told. */
  readonly pageSize?: number
  /** Leave the number of pages out of listings, so that only an empty page tells their end. */
  readonly withoutTotalPages?: boolean
  /** Search as if no order had been asked for. */
  readonly ignoresSort?: boolean
  /** Search with `>` as "or equal", which one of the documentation's tables says. */
  readonly greaterOrEqual?: boolean
  /** Search with `>` as "on a later day", as Intercom does it for contacts. */
  readonly comparesDays?: boolean
}

const WORKSPACE = 'abcd1234'
const SITE = 'https://help.example.com'

export function answerIntercom(
  model: IntercomModel,
  path: string,
  query: URLSearchParams,
  body: string,
  options: AnswerOptions,
): Answer {
  const inbox = answerInbox(model.inbox, path, body, options)
  if (inbox !== null) return inbox
  if (path === '/help_center/help_centers') {
    return { status: 200, body: { type: 'list', data: [...model.helpCenters.values()].map(helpCenter) } }
  }
  if (path === '/help_center/collections') {
    const all = newestFirst(model.collections.values(), ({ updatedAt }) => updatedAt)
    return listing(all, collection, query, options)
  }
  if (path === '/articles') {
    const all = newestFirst(model.articles.values(), changedAt)
    return listing(all, article, query, options)
  }
  return errorAnswer(404, 'not_found', 'Resource Not Found')
}

export function errorAnswer(status: number, code: string, message: string): Answer {
  return {
    status,
    body: { type: 'error.list', request_id: '2e760b85-9020-471b-89dc-f579ec8a0104', errors: [{ code, message }] },
  }
}

function listing<T>(
  items: readonly T[],
  shape: (item: T) => unknown,
  query: URLSearchParams,
  options: AnswerOptions,
): Answer {
  const page = Number(query.get('page') ?? 1)
  const size = Math.min(Number(query.get('per_page') ?? 25), options.pageSize ?? 25)
  const pages = { type: 'pages', page, per_page: size, total_pages: Math.ceil(items.length / size) }
  const { total_pages: _, ...unsaid } = pages
  return {
    status: 200,
    body: {
      type: 'list',
      pages: options.withoutTotalPages ? unsaid : pages,
      total_count: items.length,
      data: items.slice((page - 1) * size, page * size).map(shape),
    },
  }
}

function helpCenter({ id, isOn, locales }: EmulatedHelpCenter) {
  return {
    id,
    workspace_id: WORKSPACE,
    created_at: 1_672_928_359,
    updated_at: 1_672_928_610,
    identifier: `help-center-${id}`,
    website_turned_on: isOn,
    display_name: 'Help',
    url: SITE,
    custom_domain: null,
    default: true,
    locales,
  }
}

function collection({ id, name, parentId, helpCenterId, names, updatedAt }: EmulatedCollection) {
  const translated = Object.entries(names).map(([locale, text]) => [
    locale,
    { type: 'group_content', name: text, description: '' },
  ])
  return {
    id,
    workspace_id: WORKSPACE,
    name,
    url: `${SITE}/en/collections/${id}`,
    order: 1,
    created_at: updatedAt,
    updated_at: updatedAt,
    description: null,
    icon: 'bookmark',
    parent_id: parentId,
    help_center_id: helpCenterId === null ? null : Number(helpCenterId),
    ...(translated.length > 0 && {
      translated_content: { type: 'group_translated_content', ...Object.fromEntries(translated) },
    }),
  }
}

function article(each: EmulatedArticle) {
  const { id, parentIds, audience, tags, locale, texts } = each
  const main = texts.get(locale ?? ONLY)
  return {
    type: 'article',
    id,
    workspace_id: WORKSPACE,
    parent_ids: parentIds.map(Number),
    tags: { type: 'tag.list', tags: tags.map((name, index) => ({ type: 'tag', id: String(index), name })) },
    ...(main !== undefined && content(id, locale ?? 'en', main)),
    ...(audience !== undefined && { help_center_audience: audience }),
    ...(locale !== null && {
      default_locale: locale,
      translated_content: {
        type: 'article_translated_content',
        ...Object.fromEntries(
          [...texts].map(([key, text]) => [key, { ...content(id, key, text), type: 'article_content' }]),
        ),
      },
    }),
  }
}

function content(id: string, locale: string, { title, description, body, state, updatedAt }: EmulatedText) {
  return {
    title,
    description,
    body: typeof body === 'string' ? freshlySigned(body) : body,
    body_markdown: '',
    author_id: 991_267_492,
    state,
    created_at: 1_672_928_359,
    updated_at: updatedAt,
    has_unpublished_changes: false,
    // Drafts have no address, though the description of a translation's `url` lacks null.
    ...(state === 'published' && { url: `${SITE}/${locale}/articles/${id}-title` }),
  }
}

/** Uploads are signed anew in each answer. */
export function freshlySigned(body: string): string {
  return body.replaceAll(
    'SIGNED',
    () => `expires=${process.hrtime.bigint()}&amp;signature=${process.hrtime.bigint()}&amp;req=abc`,
  )
}

function changedAt({ texts }: EmulatedArticle): number {
  return Math.max(...[...texts.values()].map(({ updatedAt }) => updatedAt))
}

function newestFirst<T>(items: Iterable<T>, time: (item: T) => number): T[] {
  return [...items].sort((a, b) => time(b) - time(a))
}
