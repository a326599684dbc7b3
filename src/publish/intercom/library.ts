/** The endpoints of Intercom that publishing articles uses. https://developers.intercom.com/docs/references/rest-api */
import { z } from 'zod'
import { UnsiloError } from '../../core/errors.ts'
import type { Json } from '../../core/json.ts'
import { invalidAnswer } from '../../vendors/answers.ts'
import type { IntercomClient } from '../../vendors/intercom/client.ts'
import { readListing, readWholeList } from '../../vendors/intercom/listing.ts'
import { type Article, readArticle } from './article.ts'

export interface Collection {
  readonly id: string
  readonly name: string
  /** Null where the workspace has one language. */
  readonly locale: string | null
  readonly helpCenter: string | null
}

const me = z.object({ app: z.object({ id_code: z.string().min(1) }) })

const collection = z.object({
  name: z.string(),
  default_locale: z.string().min(1).nullish(),
  help_center_id: z.union([z.string(), z.number()]).nullish(),
})

const helpCenter = z.object({ locales: z.array(z.string()).nullish() })

const made = z.object({ id: z.union([z.string().regex(/^\d+$/), z.int()]).transform(String) })

/** Tells the workspace that a token is of. */
export async function workspaceOf(client: IntercomClient): Promise<string> {
  const read = me.safeParse(await client.get('/me'))
  if (!read.success) throw invalidAnswer('Intercom: /me', read.error)
  return read.data.app.id_code
}

export async function listCollections(client: IntercomClient): Promise<ReadonlyMap<string, Collection>> {
  const { items } = await readListing(client, '/help_center/collections', 'collections', (item, id, place) => {
    const read = collection.safeParse(item)
    if (!read.success) throw invalidAnswer(place, read.error)
    const { name, default_locale: locale, help_center_id: center } = read.data
    return { id, name, locale: locale ?? null, helpCenter: center == null ? null : String(center) }
  })
  return new Map(items.map((item) => [item.id, item]))
}

/** The languages of each help center. */
export async function listLocales(client: IntercomClient): Promise<ReadonlyMap<string, readonly string[]>> {
  const { items } = await readWholeList(client, '/help_center/help_centers', 'help centers', (item, id, place) => {
    const read = helpCenter.safeParse(item)
    if (!read.success) throw invalidAnswer(place, read.error)
    return [id, read.data.locales ?? []] as const
  })
  return new Map(items)
}

/** All of the workspace, read to the end or thrown. */
export async function listArticles(client: IntercomClient): Promise<ReadonlyMap<string, Article>> {
  const { items } = await readListing(client, '/articles', 'articles', (item, _, place) => readArticle(item, place))
  return new Map(items.map((item) => [item.id, item]))
}

/** Null where it is not there. */
export async function getArticle(client: IntercomClient, id: string): Promise<Article | null> {
  return await unlessMissing(async () => readArticle(await client.get(`/articles/${id}`), `Intercom: article ${id}`))
}

/** The article with what is staged on it; null where nothing is. */
export async function getDraft(client: IntercomClient, id: string): Promise<Article | null> {
  const path = `/articles/${id}/draft`
  return await unlessMissing(async () => readArticle(await client.get(path), `Intercom: the draft of article ${id}`))
}

/** What readers have of an article, and the same with what is staged on it. */
export interface Fresh {
  readonly article: Article
  readonly draft: Article | null
}

export async function getFresh(client: IntercomClient, id: string): Promise<Fresh | null> {
  const article = await getArticle(client, id)
  if (article === null) return null
  const hasDraft = [...article.texts.values()].some(({ draftedAt }) => draftedAt !== null)
  return { article, draft: hasDraft ? await getDraft(client, id) : null }
}

/** @returns its id */
export async function createArticle(client: IntercomClient, body: Json): Promise<string> {
  const read = made.safeParse(await client.post('/articles', body))
  if (!read.success) throw invalidAnswer('Intercom: the article that was made', read.error)
  return read.data.id
}

export async function updateArticle(client: IntercomClient, id: string, body: Json): Promise<void> {
  await client.put('PUT', `/articles/${id}`, body)
}

export async function stageDraft(client: IntercomClient, id: string, body: Json): Promise<void> {
  await client.put('PUT', `/articles/${id}/draft`, body)
}

/** @param locales those that have something staged; null where the workspace has one language */
export async function publishDraft(
  client: IntercomClient,
  id: string,
  locales: readonly string[] | null,
): Promise<void> {
  await client.post(`/articles/${id}/draft/publish`, locales === null ? {} : { locales })
}

/** Also where it is gone already. */
export async function deleteArticle(client: IntercomClient, id: string): Promise<void> {
  await unlessMissing(() => client.put('DELETE', `/articles/${id}`))
}

export async function unlessMissing<T>(ask: () => Promise<T>): Promise<T | null> {
  try {
    return await ask()
  } catch (thrown) {
    if (thrown instanceof UnsiloError && thrown.status === 404) return null
    throw thrown
  }
}
