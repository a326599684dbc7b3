/** The border of Intercom's articles: what of one is looked at, in every language that it has. */
import { z } from 'zod'
import { sha256 } from '../../core/ids.ts'
import { toMarkdown } from '../../markdown/from-html.ts'
import { invalidAnswer } from '../../vendors/answers.ts'
import { numericId } from '../../vendors/listing.ts'

/** Stands for the language of an article in a workspace that has one. */
export const ONLY = ''

export type ArticleState = 'published' | 'draft'

/** Who answers from a text, and whom Fin does: null where Intercom doesn't say it. */
export interface Answering {
  readonly fin: boolean | null
  readonly copilot: boolean | null
  readonly salesAgent: boolean | null
  /** None is everybody. */
  readonly audiences: readonly number[] | null
}

/** A text as Intercom has it. Images are compared without their addresses, which Intercom makes its own and signs anew. */
export interface ArticleText {
  readonly title: string
  readonly description: string
  readonly html: string
  readonly state: ArticleState
  /** Unix seconds of the last change that is staged on top of it; null where none is. */
  readonly draftedAt: number | null
  readonly answering: Answering
}

export interface Article {
  readonly id: string
  readonly collections: readonly string[]
  /** Who sees it in the Help Center, in Intercom's words; null where it isn't said. */
  readonly audience: string | null
  /** Of a workspace with several languages, else `ONLY`. */
  readonly locale: string
  readonly texts: ReadonlyMap<string, ArticleText>
}

const state = z.enum(['published', 'draft'])

const text = z.object({
  title: z.string().nullish(),
  description: z.string().nullish(),
  body: z.string().nullish(),
  state: state.nullish(),
  has_unpublished_changes: z.boolean().nullish(),
  draft_updated_at: z.int().nullish(),
  ai_chatbot_availability: z.boolean().nullish(),
  ai_copilot_availability: z.boolean().nullish(),
  ai_sales_agent_availability: z.boolean().nullish(),
  audience_ids: z.array(z.int()).nullish(),
})

const article = text.extend({
  id: numericId,
  parent_ids: z.array(numericId).nullish(),
  help_center_audience: z.string().nullish(),
  default_locale: z.string().min(1).nullish(),
  translated_content: z.record(z.string(), z.unknown()).nullish(),
})

export function readArticle(answer: unknown, place: string): Article {
  const read = article.safeParse(answer)
  if (!read.success) throw invalidAnswer(place, read.error)
  const { id, parent_ids, help_center_audience, default_locale, translated_content } = read.data
  const locale = default_locale ?? ONLY
  const texts = new Map([[locale, textOf(read.data)]])
  for (const [key, value] of Object.entries(translated_content ?? {})) {
    if (key === 'type' || value === null) continue
    const translation = text.safeParse(value)
    if (!translation.success) throw invalidAnswer(`${place}: translated_content.${key}`, translation.error)
    const { audience_ids } = translation.data
    // Of the default language only the audiences are said there alone.
    texts.set(key, textOf(key === locale ? { ...read.data, audience_ids } : translation.data))
  }
  return { id, collections: parent_ids ?? [], audience: help_center_audience ?? null, locale, texts }
}

function textOf(given: z.output<typeof text>): ArticleText {
  const { title, description, body, state: said, ...draft } = given
  return {
    title: title ?? '',
    description: description ?? '',
    html: body ?? '',
    state: said ?? 'draft',
    draftedAt: draft.has_unpublished_changes === true ? (draft.draft_updated_at ?? 0) : null,
    answering: {
      fin: given.ai_chatbot_availability ?? null,
      copilot: given.ai_copilot_availability ?? null,
      salesAgent: given.ai_sales_agent_availability ?? null,
      audiences: given.audience_ids ?? null,
    },
  }
}

/** Tells two bodies apart, whatever Intercom does to the addresses of their images. */
export function htmlHash(html: string): string {
  return sha256(withoutImageAddresses(html))
}

/** For comparing and for people: our own reading of what Intercom made of a text. */
export function markdownOf(html: string): string {
  return toMarkdown({ html: withoutImageAddresses(html) }).markdown
}

function withoutImageAddresses(html: string): string {
  return html.replaceAll(/<img\b[^>]*>/gi, (tag) =>
    tag.replaceAll(/\s(?:src|srcset)=("[^"]*"|'[^']*'|[^\s>]+)/gi, ' src="image"'),
  )
}
