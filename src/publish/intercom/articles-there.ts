/** The articles of a workspace as far as they are ours, or may have been. */
import type { Article } from './article.ts'
import { type ArticleNote, markerOf } from './article-note.ts'
import type { WantedArticle } from './wanted.ts'

export interface Located {
  readonly note: ArticleNote
  readonly article: Article | null
}

/** An article whose answer never came is known by what its description says. */
export function located(
  notes: ReadonlyMap<string, ArticleNote>,
  articles: ReadonlyMap<string, Article>,
): Map<string, Located> {
  const byMarker = new Map([...articles.values()].map((article) => [descriptionOf(article), article]))
  return new Map(
    [...notes].map(([name, note]) => {
      const article = note.article === null ? byMarker.get(markerOf(name)) : articles.get(note.article)
      return [name, { note: article === undefined ? note : { ...note, article: article.id }, article: article ?? null }]
    }),
  )
}

/** What a request made that was given up as lost, and that came after all. */
export function leftBehind(
  known: ReadonlyMap<string, Located>,
  articles: ReadonlyMap<string, Article>,
): readonly Article[] {
  const markers = new Map([...known].map(([name, { note }]) => [markerOf(name), note.article]))
  return [...articles.values()].filter((article) => {
    const owner = markers.get(descriptionOf(article))
    return owner !== undefined && owner !== article.id && stateOf(article) === 'draft'
  })
}

/** Articles of a workspace by title and collection, without those that are somebody's already. */
export interface Twins {
  /** One that isn't ours, or was before our notes were lost: another with its title would be a double. */
  of(wanted: WantedArticle): Article | undefined
  take(article: Article): void
}

export function twinsIn(articles: Iterable<Article>, known: Iterable<Located>): Twins {
  const taken = new Set([...known].flatMap(({ article }) => (article === null ? [] : [article.id])))
  const byTitle = Map.groupBy(articles, (article) => titleOf(article).trim().toLowerCase())
  return {
    of: ({ texts, locale, collection }) =>
      byTitle
        .get((texts[locale]?.title ?? '').trim().toLowerCase())
        ?.find(({ id, collections }) => !taken.has(id) && collections.includes(collection)),
    take: ({ id }) => void taken.add(id),
  }
}

export function titleOf({ texts, locale }: Article): string {
  return texts.get(locale)?.title ?? ''
}

export function stateOf({ texts, locale }: Article): 'published' | 'draft' {
  return texts.get(locale)?.state ?? 'draft'
}

function descriptionOf({ texts, locale }: Article): string {
  return texts.get(locale)?.description ?? ''
}
