/** What Intercom is told of an article: what it says in each language, who answers from it, and what becomes of a text that goes. */
import type { Principal } from '../../core/access.ts'
import type { Json } from '../../core/json.ts'
import type { IntercomClient } from '../../vendors/intercom/client.ts'
import { type Answering, type Article, type ArticleText, ONLY } from './article.ts'
import type { SentText } from './article-note.ts'
import { mayBeLive } from './articles-plan.ts'
import { stateOf } from './articles-there.ts'
import { createArticle, type Fresh, getArticle, publishDraft, stageDraft, updateArticle } from './library.ts'
import type { WantedArticle } from './wanted.ts'

export interface Sending {
  readonly client: IntercomClient
  readonly author: number
  readonly fin: boolean
  readonly copilot: boolean
  /** Of Fin: who gets answers from it. None leaves what Intercom has. */
  readonly audiences: readonly number[]
  readonly isLive: boolean
  readonly as: readonly Principal[]
}

type Fields = Readonly<Record<string, Json>>

export function goesLive(article: Article, sending: Sending): boolean {
  return sending.isLive && mayBeLive(article, sending)
}

/**
 * A new draft whose description is `marker`.
 *
 * @returns its id
 */
export async function sendMarked(wanted: WantedArticle, marker: string, sending: Sending): Promise<string> {
  const { title, markdown } = mainText(wanted)
  return await createArticle(sending.client, {
    ...{ title, body_markdown: markdown, description: marker, author_id: sending.author, state: 'draft' },
    ...{ parent_id: Number(wanted.collection), parent_type: 'collection' },
    ...availability(sending),
  })
}

/** These texts become drafts. */
export async function sendHidden(
  { id, locale }: Article,
  locales: readonly string[],
  client: IntercomClient,
): Promise<void> {
  const others = locales.filter((each) => each !== locale).map((each) => [each, { state: 'draft' }])
  await updateArticle(client, id, {
    ...(locales.includes(locale) && { state: 'draft' }),
    ...optional('translated_content', Object.fromEntries(others)),
  })
}

/** All texts, and those away whose languages are `withdrawn`. What is published gets them staged, and live where it goes live. */
export async function sendTexts(
  fresh: Fresh,
  wanted: WantedArticle,
  withdrawn: readonly string[],
  sending: Sending,
): Promise<void> {
  const send = stateOf(fresh.article) === 'draft' ? sendToDraft : sendToPublished
  await send(fresh, wanted, withdrawn, sending)
}

async function sendToDraft(
  { article }: Fresh,
  wanted: WantedArticle,
  withdrawn: readonly string[],
  sending: Sending,
): Promise<void> {
  const isLive = goesLive(article, sending)
  const sent = othersOf(wanted).filter((locale) => isLive || !isPublished(article, locale))
  await updateArticle(sending.client, article.id, {
    ...{ ...contentOf(mainText(wanted)), author_id: sending.author, ...stateIf(isLive) },
    ...{ parent_id: wanted.collection, parent_type: 'collection' },
    ...availability(sending),
    ...optional('translated_content', {
      ...answered(translations(sent, wanted, sending, isLive), sending),
      ...emptied(withdrawn, article, sending),
    }),
  })
}

async function sendToPublished(
  { article, draft }: Fresh,
  wanted: WantedArticle,
  withdrawn: readonly string[],
  sending: Sending,
): Promise<void> {
  const { client, author } = sending
  const isLive = goesLive(article, sending)
  const isStaged = (locale: string) => draft !== null && article.texts.get(locale)?.draftedAt != null
  const unpublished = othersOf(wanted).filter((locale) => !isPublished(article, locale))
  const published = isLive ? othersOf(wanted).filter((locale) => isPublished(article, locale)) : []
  const beside = {
    ...(isLive && {
      ...{ author_id: author, parent_id: wanted.collection, parent_type: 'collection' },
      ...availability(sending),
    }),
    ...optional('translated_content', {
      ...answered(translations(unpublished, wanted, sending, isLive), sending),
      ...answered(Object.fromEntries(published.map((locale) => [locale, {}])), sending),
      ...emptied(withdrawn, article, sending),
    }),
  }
  if (Object.keys(beside).length > 0) await updateArticle(client, article.id, beside)
  const onTop = othersOf(wanted).filter((locale) => isPublished(article, locale) || isStaged(locale))
  const gone = withdrawn.filter(isStaged).map((locale) => [locale, nothingOf(article.texts.get(locale))])
  await stageDraft(client, article.id, {
    ...contentOf(mainText(wanted)),
    ...optional('translated_content', {
      ...translations(onTop, wanted, sending, false),
      ...Object.fromEntries(gone),
    }),
  })
  if (isLive) await publishStaged(article, wanted, sending)
}

/** Only languages that have something staged are taken. */
async function publishStaged({ id, locale }: Article, { texts }: WantedArticle, { client }: Sending): Promise<void> {
  const now = await getArticle(client, id)
  const staged = Object.keys(texts).filter((each) => now?.texts.get(each)?.draftedAt != null)
  if (staged.length > 0) await publishDraft(client, id, locale === ONLY ? null : staged)
}

function contentOf({ title, markdown }: SentText) {
  return { title, description: '', body_markdown: markdown }
}

function translations(
  locales: readonly string[],
  { texts }: WantedArticle,
  { author }: Sending,
  isLive: boolean,
): Record<string, Fields> {
  return Object.fromEntries(
    locales.flatMap((locale) => {
      const text = texts[locale]
      return text === undefined ? [] : [[locale, { ...contentOf(text), author_id: author, ...stateIf(isLive) }]]
    }),
  )
}

/** Left out, it stays what it is: somebody may publish a draft this very moment. */
function stateIf(isLive: boolean) {
  return isLive ? { state: 'published' } : {}
}

/** A translation can't be deleted: its text goes, and what is left is a draft. */
function emptied(locales: readonly string[], { texts }: Article, { author }: Sending): Record<string, Json> {
  const there = locales.filter((locale) => texts.has(locale))
  return Object.fromEntries(
    there.map((locale) => [locale, { ...nothingOf(texts.get(locale)), author_id: author, state: 'draft' }]),
  )
}

/** What is left of a text that goes, and of what is staged on top of it. */
function nothingOf(text: ArticleText | undefined) {
  return { title: text?.title ?? '', description: '', body_markdown: '' }
}

function isPublished({ texts }: Article, locale: string): boolean {
  return texts.get(locale)?.state === 'published'
}

/** Languages beside the main one. */
function othersOf({ texts, locale }: WantedArticle): readonly string[] {
  return Object.keys(texts).filter((each) => each !== locale)
}

function optional(key: string, value: Fields) {
  return Object.keys(value).length === 0 ? {} : { [key]: value }
}

/** With who answers from each: what is said of the article itself is of its default language alone, but for `audience_ids`. */
function answered(texts: Readonly<Record<string, Fields>>, sending: Sending): Record<string, Fields> {
  return Object.fromEntries(
    Object.entries(texts).map(([locale, text]) => [locale, { ...text, ...availability(sending) }]),
  )
}

function availability({ fin, copilot, audiences, as }: Sending) {
  return {
    ...{ ai_chatbot_availability: fin, ai_copilot_availability: copilot },
    ai_sales_agent_availability: salesAgentAnswers(fin, as),
    ...(audiences.length > 0 && { audience_ids: [...audiences] }),
  }
}

/** What is asked for, as Intercom is to say it. That a workspace without a Sales Agent says no is as good. */
export function wantedAnswering({ fin, copilot, audiences, as }: Sending): Answering {
  const salesAgent = salesAgentAnswers(fin, as) ? null : false
  return { fin, copilot, salesAgent, audiences: audiences.length > 0 ? audiences : null }
}

/** The Sales Agent talks to visitors and leads, so it answers from what everybody may read alone. */
export function salesAgentAnswers(fin: boolean, as: readonly Principal[]): boolean {
  return fin && as.length === 0
}

function mainText({ texts, locale }: WantedArticle): SentText {
  return texts[locale] ?? { title: 'Untitled', markdown: '' }
}
