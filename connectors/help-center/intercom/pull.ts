/** Articles of an Intercom workspace: one document for each language that an article is published in. */
import { UnsiloError } from '../../../src/core/errors.ts'
import type { Access, AccessPolicy, Change, Head, Notes, PullContext, Receipt } from '../../../src/core/types.ts'
import { openIntercom } from '../../../src/vendors/intercom/client.ts'
import { type Listing, readListing } from '../../../src/vendors/intercom/listing.ts'
import { articleAccess } from '../access.ts'
import type { IntercomConfig } from '../config.ts'
import { type Article, type ArticleText, articleReader } from './answers.ts'
import { type Place, readShelves, type Shelves } from './collections.ts'

export interface Pulled {
  readonly changes: readonly Change<never>[]
  readonly receipt: Receipt
  readonly notes: Notes | null
}

/** So many, and not one that says who may read it, is no coincidence. */
const UNKNOWN_TOGETHER = 3

/** Nothing is known before all is listed: the languages of an article that can't be read are those of the others. */
export async function pullIntercom(context: PullContext<IntercomConfig>): Promise<Pulled> {
  const client = openIntercom(context.config, context.fetch)
  const shelves = await readShelves(client)
  const [only = null, ...others] = shelves.locales
  const reader = articleReader(others.length === 0 ? only : null)
  const listed = await readListing(client, '/articles', 'articles', reader)
  checkSomeKnown(listed.items)
  const locales = localesOf(listed.items, shelves)
  const changes = listed.items.flatMap((article) => changesOf(article, shelves, locales, context.access))
  return {
    changes,
    receipt: receiptOf(listed, shelves, changes.length),
    notes: notesOf(listed.items, shelves, context.access),
  }
}

function changesOf(
  article: Article,
  shelves: Shelves,
  locales: readonly (string | null)[],
  policy: AccessPolicy,
): readonly Change<never>[] {
  const place = shelves.place(article.parents ?? [])
  const access = articleAccess(conditionsOf(article, place), policy)
  return textsOf(article, locales).map((text) => changeOf(article, text, place, access))
}

/** For what is of no known language: every document that it may have been, so that none of them looks deleted. */
function textsOf({ problem, texts }: Article, locales: readonly (string | null)[]): readonly ArticleText[] {
  const inAll = (what: string): ArticleText[] =>
    locales.map((locale) => ({ state: 'unreadable', locale, problem: what }))
  if (problem !== null) return inAll(problem)
  return texts.flatMap((text) => (isPlaceless(text) ? inAll(text.problem) : [text]))
}

function isPlaceless(text: ArticleText): text is Extract<ArticleText, { state: 'unreadable' }> {
  return text.state === 'unreadable' && text.locale === null
}

function changeOf(article: Article, text: ArticleText, place: Place, access: Access): Change<never> {
  const id = text.locale === null ? article.id : `${article.id}:${text.locale}`
  if (text.state === 'unpublished') return { type: 'skip', id, reason: text.reason }
  const common = { id, path: place.path(text.locale), kind: 'article', group: article.id, access } as const
  const described = {
    ...common,
    ...(text.locale !== null && { locale: text.locale }),
    ...(article.labels.length > 0 && { labels: article.labels }),
  }
  if (text.state === 'unreadable') return unreadable(described, text.problem)
  const { title, url, updatedAt, version, body } = text
  return { type: 'upsert', head: { ...described, title, url, updatedAt, version }, load: async () => body }
}

/** The version is none that a body has, so the document is loaded, which fails and says why. */
function unreadable(known: Omit<Head, 'title' | 'url' | 'updatedAt' | 'version'>, problem: string): Change<never> {
  const head = {
    ...known,
    title: `Article ${known.group}`,
    url: 'https://app.intercom.com/',
    updatedAt: new Date(0).toISOString(),
    version: 'unreadable',
  }
  const message = `Intercom: article ${known.id} could not be read: ${problem}`
  return { type: 'upsert', head, load: () => Promise.reject(new UnsiloError('DOCUMENT_UNREADABLE', message)) }
}

/** What limits an article's readers, by the names that `principals` maps. */
function conditionsOf({ audience, parents }: Article, { standing }: Place): readonly string[] {
  const place = parents === null ? 'unknown' : standing
  return [
    ...(audience === 'everyone' ? [] : [`audience:${audience}`]),
    ...(place === 'listed' ? [] : [`help-center:${place}`]),
  ]
}

/** An API that says nothing of audiences would quietly hide every article. */
function checkSomeKnown(articles: readonly Article[]): void {
  const published = articles.filter(({ texts }) => texts.some(({ state }) => state === 'published'))
  if (published.length < UNKNOWN_TOGETHER || published.some(({ audience }) => audience !== 'unknown')) return
  const message = `Intercom: articles: help_center_audience: none of ${published.length} articles says who may read it`
  throw new UnsiloError('ANSWER_INVALID', message, {
    hint: 'Check whether the app is held to an older version of the API. Nothing was changed.',
  })
}

/** Every locale that a document may have; null is that of an article without one. */
function localesOf(articles: readonly Article[], shelves: Shelves): readonly (string | null)[] {
  const used = articles.flatMap(({ texts }) => texts.filter((text) => !isPlaceless(text)).map(({ locale }) => locale))
  const all = new Set([...shelves.locales, ...used])
  return all.size === 0 ? [null] : [...all]
}

function receiptOf({ pages, duplicates }: Listing<Article>, shelves: Shelves, seen: number): Receipt {
  return { pages: pages + shelves.pages, seen, duplicates, ended: 'no-next-link' }
}

/** Names that `principals` lacks, by how many published articles they hide. */
function notesOf(articles: readonly Article[], shelves: Shelves, { principals }: AccessPolicy): Notes | null {
  const counts = new Map<string, number>()
  for (const article of articles) {
    if (!article.texts.some(({ state }) => state === 'published')) continue
    for (const name of conditionsOf(article, shelves.place(article.parents ?? []))) {
      if (!Object.hasOwn(principals, name)) counts.set(name, (counts.get(name) ?? 0) + 1)
    }
  }
  const names = [...counts].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([name, count]) => `${name} (${count})`)
  return names.length === 0 ? null : { hidden: `nobody may read articles of ${names.join(', ')}: not in principals` }
}
