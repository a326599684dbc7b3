/**
 * The border: the few fields of an article that the connector reads, each checked by itself, so that one odd field costs
 * one document and not the listing.
 */
import { z } from 'zod'
import { sha256 } from '../../../src/core/ids.ts'
import { held } from '../../../src/core/packed-list.ts'
import { firstIssue } from '../../../src/vendors/answers.ts'
import { numericId } from '../../../src/vendors/listing.ts'
import type { ArticleText } from '../articles.ts'
import { render } from '../render.ts'

/** An article as the listing shows it. */
export interface ListedArticle {
  readonly id: string
  /** Null if it can't be read. */
  readonly section: string | null
  /** Ids of user segments: each list holds whose members may read, and all must hold. Null if they can't be read. */
  readonly segments: readonly (readonly string[])[] | null
  readonly labels: readonly string[]
  readonly outdated: readonly string[]
  /** As they came; undefined if they didn't. */
  readonly translations: (() => unknown) | undefined
}

export interface ArticleTexts {
  /** What is wrong with all of them. */
  readonly problem: string | null
  readonly texts: readonly ArticleText[]
}

/** The label of a translation that is older than what it translates. */
const OUTDATED = 'outdated'

const sectionField = z.object({ section_id: numericId })
const labelsField = z.object({ label_names: z.array(z.string().min(1)) })
const outdatedField = z.object({ outdated_locales: z.array(z.string()) })
const segmentFields = z.object({
  user_segment_id: numericId.nullish(),
  user_segment_ids: z.array(numericId).nullish(),
})
const translationsField = z.object({ translations: z.unknown() })

const translationList = z.array(z.unknown()).min(1, 'expected at least one')
const localeField = z.object({ locale: z.string().regex(/^[A-Za-z]{2,3}([-_][A-Za-z0-9]{1,8}){0,4}$/, 'is no locale') })
const draftField = z.object({ draft: z.boolean() })
const textFields = z.object({
  title: z.string().nullish(),
  body: z.string().nullish(),
  outdated: z.boolean().nullish(),
  updated_at: z.iso.datetime({ offset: true, error: 'expected a time' }),
  html_url: z.url({ protocol: /^https?$/, error: 'expected a web address' }).nullish(),
})

export function readArticle(item: unknown, id: string): ListedArticle {
  const translations = translationsField.safeParse(item).data?.translations
  return {
    id,
    section: sectionField.safeParse(item).data?.section_id ?? null,
    segments: segmentsOf(item),
    labels: labelsField.safeParse(item).data?.label_names ?? [],
    outdated: outdatedField.safeParse(item).data?.outdated_locales ?? [],
    translations: translations === undefined ? undefined : held(translations),
  }
}

/** @param site for the address of a text that has none */
export function readTexts({ id, outdated, translations }: ListedArticle, site: string): ArticleTexts {
  const list = translationList.safeParse(translations?.())
  if (!list.success) return { problem: `translations: ${firstIssue(list.error)}`, texts: [] }
  const texts = list.data.map((item, index) => readText(item, { id, site, outdated, where: `translations.${index}.` }))
  return { problem: null, texts: oneALanguage(texts) }
}

/** Everybody is null, or an empty list. Several segments are an alternative: a member of any may read. */
function segmentsOf(item: unknown): readonly (readonly string[])[] | null {
  const read = segmentFields.safeParse(item).data
  if (read === undefined) return null
  const { user_segment_id: one, user_segment_ids: list } = read
  if (one === undefined && !list) return null
  const several = list ?? []
  const isSaid = typeof one === 'string' && !several.includes(one)
  return [...(several.length > 0 ? [several] : []), ...(isSaid ? [[one]] : [])]
}

interface Around {
  readonly id: string
  readonly site: string
  readonly outdated: readonly string[]
  /** Path of the text's fields, for messages. */
  readonly where: string
}

function readText(item: unknown, { id, site, outdated, where }: Around): ArticleText {
  const named = localeField.safeParse(item)
  if (!named.success) return { state: 'unreadable', locale: null, problem: where + firstIssue(named.error) }
  const { locale } = named.data
  const state = draftField.safeParse(item)
  if (!state.success) return { state: 'unreadable', locale, problem: where + firstIssue(state.error) }
  if (state.data.draft) return { state: 'unpublished', locale, reason: 'a draft, not published' }
  const read = textFields.safeParse(item)
  if (!read.success) return { state: 'unreadable', locale, problem: where + firstIssue(read.error) }
  const url = read.data.html_url ?? `${site}/hc/${locale}/articles/${id}`
  const body = render(read.data.body ?? '', url)
  return {
    state: 'published',
    locale,
    title: read.data.title?.trim() || `Article ${id}`,
    url,
    updatedAt: new Date(read.data.updated_at).toISOString(),
    // Of the body, since the time changes with every vote and comment.
    version: sha256(body.html).slice(0, 32),
    ...((read.data.outdated === true || outdated.includes(locale)) && { labels: [OUTDATED] }),
    body: held(body),
  }
}

/** Which of two texts in one language readers see, nobody can tell. */
function oneALanguage(texts: readonly ArticleText[]): readonly ArticleText[] {
  const byLocale = Map.groupBy(texts, ({ locale }) => locale)
  return [...byLocale].flatMap(([locale, [first, ...more]]): readonly ArticleText[] => {
    if (first === undefined) return []
    if (locale === null || more.length === 0) return [first]
    return [{ state: 'unreadable', locale, problem: 'translations: two of them are in this language' }]
  })
}
