/** Articles as every provider reads them, and the changes that they are: one document for each language of an article. */

import type { Access, AccessPolicy } from '../../src/core/access.ts'
import type { Change, Notes, Receipt } from '../../src/core/connector.ts'
import type { Head } from '../../src/core/document.ts'
import { UnsiloError } from '../../src/core/errors.ts'
import { articleAccess } from './access.ts'
import type { Rendered } from './render.ts'

export interface Article {
  readonly id: string
  /**
   * What limits the readers of its text in a language, by the provider's names: each list holds who may read, and all
   * lists must hold.
   */
  restrictions(locale: string | null): readonly (readonly string[])[]
  /** Where it stands, in a language or in the default one, outermost first. */
  path(locale: string | null): readonly string[]
  readonly labels: readonly string[]
  /** What of it can't be read at all, so that not even its languages are known. */
  readonly problem: string | null
  readonly texts: readonly ArticleText[]
}

export type ArticleText = Published | Unpublished | Unreadable

interface Published {
  readonly state: 'published'
  /** As the provider writes it; null if the article has only this text, and doesn't say its language. */
  readonly locale: string | null
  readonly title: string
  readonly url: string
  /** ISO 8601, UTC. */
  readonly updatedAt: string
  readonly version: string
  /** Of this text alone. */
  readonly labels?: readonly string[]
  /** The listing brings all bodies, and only those that are new are loaded: held packed. */
  readonly body: () => Rendered
}

interface Unpublished {
  readonly state: 'unpublished'
  readonly locale: string | null
  readonly reason: string
}

interface Unreadable {
  readonly state: 'unreadable'
  readonly locale: string | null
  readonly problem: string
}

/** All of a help center. */
export interface Pulled {
  readonly changes: readonly Change<never>[]
  readonly receipt: Receipt
  readonly notes: Notes | null
}

export interface Source {
  /** As messages name it. */
  readonly vendor: string
  /** The address of what can't be read. */
  readonly site: string
  /** Of the help center; those of its articles are found in them. */
  readonly locales: readonly string[]
}

export function changesOf(
  articles: readonly Article[],
  source: Source,
  policy: AccessPolicy,
): readonly Change<never>[] {
  const locales = localesOf(articles, source)
  return articles.flatMap((article) =>
    textsOf(article, locales).map((text) => {
      const access = articleAccess(article.restrictions(text.locale), policy)
      return changeOf(article, text, access, source)
    }),
  )
}

/** Names that `principals` lacks, by how many published articles they hide, wholly or in a language. */
export function notesOf(articles: readonly Article[], { principals }: AccessPolicy): Notes | null {
  const counts = new Map<string, number>()
  for (const { restrictions, texts } of articles) {
    const all = texts.filter(({ state }) => state === 'published').flatMap(({ locale }) => restrictions(locale))
    const unmapped = all.filter((names) => !names.some((name) => Object.hasOwn(principals, name)))
    for (const name of new Set(unmapped.flat())) counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  const names = [...counts].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([name, count]) => `${name} (${count})`)
  return names.length === 0 ? null : { hidden: `nobody may read articles of ${names.join(', ')}: not in principals` }
}

/** Readers don't see a language that the help center isn't available in; an empty list of those says nothing. */
export function languageRestriction(
  locale: string | null,
  available: readonly string[],
): readonly (readonly string[])[] {
  if (locale === null || available.length === 0) return []
  const isAvailable = available.some((each) => each.toLowerCase() === locale.toLowerCase())
  return isAvailable ? [] : [['help-center:language-off']]
}

export function isPublished({ texts }: Pick<Article, 'texts'>): boolean {
  return texts.some(({ state }) => state === 'published')
}

/** For what is of no known language: every document that it may have been, so that none of them looks deleted. */
function textsOf({ problem, texts }: Article, locales: readonly (string | null)[]): readonly ArticleText[] {
  const known = texts.filter((text) => !isPlaceless(text))
  const lost = problem ?? texts.find(isPlaceless)?.problem
  if (lost === undefined) return known
  const others = locales.filter((locale) => !known.some((text) => text.locale === locale))
  return [...known, ...others.map((locale) => ({ state: 'unreadable', locale, problem: lost }) as const)]
}

function isPlaceless(text: ArticleText): text is Unreadable {
  return text.state === 'unreadable' && text.locale === null
}

/** Every locale that a document may have; null is that of an article without one. */
function localesOf(articles: readonly Article[], { locales }: Source): readonly (string | null)[] {
  const used = articles.flatMap(({ texts }) => texts.filter((text) => !isPlaceless(text)).map(({ locale }) => locale))
  const all = new Set([...locales, ...used])
  return all.size === 0 ? [null] : [...all]
}

function changeOf(article: Article, text: ArticleText, access: Access, source: Source): Change<never> {
  const id = text.locale === null ? article.id : `${article.id}:${text.locale}`
  if (text.state === 'unpublished') return { type: 'skip', id, reason: text.reason }
  const language = languageTag(text.locale)
  const labels = [...article.labels, ...(text.state === 'published' ? (text.labels ?? []) : [])]
  const described = {
    id,
    path: article.path(text.locale),
    kind: 'article',
    group: article.id,
    access,
    ...(language !== null && { locale: language }),
    ...(labels.length > 0 && { labels }),
  } as const
  if (text.state === 'unreadable') return unreadable(described, text.problem, source)
  const { title, url, updatedAt, version, body } = text
  return { type: 'upsert', head: { ...described, title, url, updatedAt, version }, load: async () => body() }
}

/** The version is none that a body has, so the document is loaded, which fails and says why. */
function unreadable(
  known: Omit<Head, 'title' | 'url' | 'updatedAt' | 'version'>,
  problem: string,
  { vendor, site }: Source,
): Change<never> {
  const title = `Article ${known.group}`
  const head = { ...known, title, url: site, updatedAt: new Date(0).toISOString(), version: 'unreadable' }
  const message = `${vendor}: article ${known.id} could not be read: ${problem}`
  return { type: 'upsert', head, load: () => Promise.reject(new UnsiloError('DOCUMENT_UNREADABLE', message)) }
}

/** As BCP 47 writes it: Zendesk's `en-us` is `en-US`. Null for what is no such tag. */
function languageTag(locale: string | null): string | null {
  if (locale === null) return null
  try {
    return Intl.getCanonicalLocales(locale.replaceAll('_', '-'))[0] ?? null
  } catch {
    return null
  }
}
