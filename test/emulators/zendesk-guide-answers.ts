/** What an emulated help center answers, in the shapes of Zendesk's Help Center API. */
import { type Answer, noEndpoint, notFound, notSignedIn } from './zendesk-answer.ts'
import type {
  EmulatedArticle,
  EmulatedSegment,
  EmulatedShelf,
  EmulatedTranslation,
  GuideModel,
} from './zendesk-guide-model.ts'
import { type ListingOptions, listing } from './zendesk-listings.ts'

export interface GuideOptions extends ListingOptions {
  /** Leave translations out of listings that were asked to bring them along. */
  readonly withoutSideloads?: boolean
}

const SITE = 'https://example.zendesk.com'

/** @param path below `/api/v2/help_center`, without a suffix */
export function answerGuide(model: GuideModel, path: string, query: URLSearchParams, options: GuideOptions): Answer {
  const { articles, categories, sections, segments, settings } = model
  const byId = ({ id }: { readonly id: number }) => [id]
  const withTexts = query.get('include') === 'translations' && !options.withoutSideloads
  if (path === '/locales') {
    return { status: 200, body: { locales: settings.locales, default_locale: settings.defaultLocale } }
  }
  if (path === '/user_segments') return listing('user_segments', [...segments.values()], byId, segment, query, options)
  if (path === '/categories' || path === '/sections') {
    const shelves = [...(path === '/categories' ? categories : sections).values()]
    const shape = (each: EmulatedShelf) => shelf(each, path, withTexts)
    return listing(path.slice(1), shelves, byId, shape, query, options)
  }
  if (path === '/articles') {
    const shape = (each: EmulatedArticle) => article(each, withTexts)
    return listing('articles', [...articles.values()], manualOrder, shape, query, options)
  }
  const of = /^\/articles\/(\d+)\/translations$/.exec(path)?.[1]
  if (of === undefined) return noEndpoint
  const found = articles.get(Number(of))
  if (found === undefined) return notFound
  return listing('translations', translationsOf(found), byId, (each) => each, query, options)
}

/** To people who aren't signed in only what is for everybody, by locale, and only of a help center that is open. */
export function answerSignedOut(
  model: GuideModel,
  path: string,
  query: URLSearchParams,
  options: GuideOptions,
): Answer {
  const locale = /^\/([A-Za-z0-9-]+)\/articles$/.exec(path)?.[1]
  if (!model.settings.isOpen || locale === undefined) return notSignedIn
  const shown = [...model.articles.values()].filter(
    ({ segmentId, segmentIds, translations }) =>
      segmentId === null && !segmentIds?.length && translations.get(locale)?.draft === false,
  )
  return listing('articles', shown, manualOrder, (each) => article(each, false), query, options)
}

function manualOrder({ position, locale, translations, id }: EmulatedArticle): readonly (string | number)[] {
  return [position, translations.get(locale)?.title ?? '', id]
}

function segment({ id, name, userType, builtIn }: EmulatedSegment) {
  return {
    id,
    user_type: userType,
    name,
    built_in: builtIn,
    group_ids: [],
    organization_ids: [],
    tags: [],
    or_tags: [],
    added_user_ids: [],
    created_at: '2026-01-05T08:00:00Z',
    updated_at: '2026-01-05T08:00:00Z',
  }
}

function shelf({ id, name, names, parentId, categoryId }: EmulatedShelf, path: string, withTexts: boolean) {
  const place = path === '/sections' ? { category_id: categoryId, parent_section_id: parentId } : {}
  const translations = Object.entries({ 'en-us': name, ...names }).map(([locale, title]) => ({
    locale,
    title,
    body: '',
    draft: false,
  }))
  return {
    id,
    url: `${SITE}/api/v2/help_center/en-us${path}/${id}.json`,
    html_url: `${SITE}/hc/en-us${path}/${id}`,
    position: 0,
    created_at: '2026-01-05T08:00:00Z',
    updated_at: '2026-01-05T08:00:00Z',
    name,
    description: '',
    locale: 'en-us',
    source_locale: 'en-us',
    outdated: false,
    ...place,
    ...(withTexts && { translations }),
  }
}

function article(each: EmulatedArticle, withTexts: boolean) {
  const { id, sectionId, position, segmentId, segmentIds, labels, locale, translations } = each
  const source = translations.get(locale)
  return {
    id,
    url: `${SITE}/api/v2/help_center/${locale}/articles/${id}.json`,
    html_url: addressOf(id, locale),
    author_id: 3465,
    comments_disabled: false,
    draft: source?.draft ?? true,
    promoted: false,
    position,
    vote_sum: 0,
    vote_count: 0,
    section_id: sectionId,
    created_at: '2026-01-05T08:00:00Z',
    updated_at: source?.updatedAt ?? '2026-01-05T08:00:00Z',
    name: source?.title ?? '',
    title: source?.title ?? '',
    source_locale: locale,
    locale,
    outdated: false,
    outdated_locales: [...translations].filter(([, { outdated }]) => outdated).map(([key]) => key),
    edited_at: source?.updatedAt ?? '2026-01-05T08:00:00Z',
    permission_group_id: 123,
    content_tag_ids: [],
    label_names: labels,
    body: source?.body ?? '',
    ...(segmentId !== undefined && { user_segment_id: segmentId }),
    ...(segmentIds !== undefined && { user_segment_ids: segmentIds }),
    ...(withTexts && { translations: translationsOf(each) }),
  }
}

function translationsOf({ id, translations }: EmulatedArticle) {
  return [...translations].map(([locale, text], index) => translation(id, id * 10 + index, locale, text))
}

function translation(id: number, ownId: number, locale: string, text: EmulatedTranslation) {
  return {
    id: ownId,
    url: `${SITE}/api/v2/help_center/articles/${id}/translations/${locale}.json`,
    html_url: addressOf(id, locale),
    source_id: id,
    source_type: 'Article',
    locale,
    title: text.title,
    body: text.body,
    outdated: text.outdated,
    draft: text.draft,
    hidden: false,
    created_at: '2026-01-05T08:00:00Z',
    updated_at: text.updatedAt,
    updated_by_id: 3465,
    created_by_id: 3465,
  }
}

function addressOf(id: number, locale: string): string {
  return `${SITE}/hc/${locale}/articles/${id}-title`
}
