/**
 * The border: the few fields of an article that the connector reads, each checked by itself, so that one odd field costs
 * one document and not the listing.
 */
import { escapeText } from 'entities'
import { z } from 'zod'
import { sha256 } from '../../../src/core/ids.ts'
import { held } from '../../../src/core/packed-list.ts'
import { firstIssue } from '../../../src/vendors/answers.ts'
import { numericId } from '../../../src/vendors/listing.ts'
import type { ArticleText } from '../articles.ts'
import { render } from '../render.ts'
import { isLocale, localeOf } from './locales.ts'

/** An article as the listing shows it, before it is known where it stands. */
export interface ListedArticle {
  readonly id: string
  /** As Intercom names it, `everyone` among them; `unknown` if the answer doesn't say. */
  readonly audience: string
  /** Ids of the collections that it stands in; null if they can't be read. */
  readonly parents: readonly string[] | null
  readonly labels: readonly string[]
  /** What of it can't be read at all, so that not even its languages are known. */
  readonly problem: string | null
  readonly texts: readonly ArticleText[]
}

const audienceField = z.object({ help_center_audience: z.string().regex(/^[a-z_]{1,60}$/) })

const parentsField = z.object({ parent_ids: z.array(numericId).nullish() })

const tagsField = z.object({ tags: z.object({ tags: z.array(z.object({ name: z.string().min(1) })) }) })

const languages = z.object({
  default_locale: z.union([z.literal(''), z.string().refine(isLocale, 'is no locale')]).nullish(),
  translated_content: z.record(z.string(), z.unknown()).nullish(),
})

const stateField = z.object({ state: z.enum(['published', 'draft']) })

const text = z.object({
  title: z.string().nullish(),
  description: z.string().nullish(),
  body: z.string().nullish(),
  updated_at: z.int().min(0).max(99_999_999_999),
  url: z.url({ protocol: /^https?$/, error: 'expected a web address' }).nullish(),
})

const workspace = z.object({ workspace_id: z.string().regex(/^[\w-]{1,100}$/) })

/** @param locale of an article that names none, nor has one in its address */
export function articleReader(locale: string | null): (item: unknown, id: string) => ListedArticle {
  return (item, id) => {
    const article = readArticle(item, id)
    return { ...article, texts: article.texts.map((each) => ({ ...each, locale: each.locale ?? locale })) }
  }
}

/** Where teammates see it: an article that is published nowhere has no other address. */
function teammateAddress(item: unknown, id: string): string {
  const found = workspace.safeParse(item).data?.workspace_id
  return found === undefined
    ? 'https://app.intercom.com/'
    : `https://app.intercom.com/a/apps/${found}/articles/articles/${id}/show`
}

function readArticle(item: unknown, id: string): ListedArticle {
  const parents = parentsField.safeParse(item)
  const known = {
    id,
    audience: audienceField.safeParse(item).data?.help_center_audience ?? 'unknown',
    parents: parents.success ? (parents.data.parent_ids ?? []) : null,
    labels: tagsField.safeParse(item).data?.tags.tags.map(({ name }) => name) ?? [],
  }
  const read = languages.safeParse(item)
  if (!read.success) return { ...known, problem: firstIssue(read.error), texts: [] }
  return { ...known, problem: null, texts: readTexts(item, id, read.data) }
}

/** The default language's text stands at the top, and mostly again among the translations. */
function readTexts(item: unknown, id: string, read: z.infer<typeof languages>): readonly ArticleText[] {
  const main = read.default_locale || null
  const entries = Object.entries(read.translated_content ?? {}).filter(
    ([key, value]) => isLocale(key) && value !== null,
  )
  const elsewhere = teammateAddress(item, id)
  const texts = entries.map(([locale, value]) =>
    readText(value, { id, locale, elsewhere, where: `translated_content.${locale}.` }),
  )
  if (texts.some(({ locale }) => locale === main) || (main === null && texts.length > 0)) return texts
  return [readText(item, { id, locale: main, elsewhere, where: '' }), ...texts]
}

interface Around {
  readonly id: string
  readonly locale: string | null
  /** The address of a text that has none. */
  readonly elsewhere: string
  /** Path of the text's fields, for messages. */
  readonly where: string
}

function readText(value: unknown, { id, locale, elsewhere, where }: Around): ArticleText {
  const published = stateField.safeParse(value)
  if (!published.success) return { state: 'unreadable', locale, problem: where + firstIssue(published.error) }
  if (published.data.state === 'draft') return { state: 'unpublished', locale, reason: 'a draft, not published' }
  const read = text.safeParse(value)
  if (!read.success) return { state: 'unreadable', locale, problem: where + firstIssue(read.error) }
  const { title, updated_at } = read.data
  const url = read.data.url ?? elsewhere
  const body = render(introduction(read.data.description) + (read.data.body ?? ''), url)
  return {
    state: 'published',
    locale: locale ?? localeOf(url),
    title: title?.trim() || `Article ${id}`,
    url,
    updatedAt: new Date(updated_at * 1000).toISOString(),
    // Of the body, since two edits may fall into the same second.
    version: sha256(body.html).slice(0, 32),
    body: held(body),
  }
}

/** The line that help centers show below the title. */
function introduction(description: string | null | undefined): string {
  return description?.trim() ? `<p>${escapeText(description.trim())}</p>` : ''
}
