/** Which articles there should be: documents of one audience put together by language, each in its collection. */
import type { StoredDocument } from '../../core/document.ts'
import { canonicalJson, sha256 } from '../../core/ids.ts'
import type { Json } from '../../core/json.ts'
import { plainLine } from '../../core/plain.ts'
import { ONLY } from './article.ts'
import type { SentText } from './article-note.ts'

export interface Rule {
  readonly collection: string
  readonly source: string
  /** How a document's path begins. */
  readonly path: readonly string[]
}

/** Where articles are written, as far as it decides about their languages. */
export interface Place {
  /** Null where the workspace has one language. */
  readonly locale: string | null
  /** Of its help center. */
  readonly locales: readonly string[]
}

export interface WantedArticle {
  readonly collection: string
  /** The default language, or `ONLY`. */
  readonly locale: string
  /** The document of each language, by prefixed id, and its text. */
  readonly documents: Readonly<Record<string, string>>
  readonly texts: Readonly<Record<string, SentText>>
  /** Of all that would be sent. */
  readonly hash: string
  /** A hash of what is sent beside the texts. */
  readonly settings: string
}

/** Why a document that the audience may read is no article. */
export type LeftOut = 'no-collection' | 'empty' | 'other-language' | 'no-default-language' | 'own-article'

export interface Wanted {
  readonly articles: readonly WantedArticle[]
  readonly leftOut: ReadonlyMap<string, LeftOut>
}

export interface Choice {
  readonly rules: readonly Rule[]
  readonly places: ReadonlyMap<string, Place>
  /** Ids of articles that we made: a help center that is synced hands them over again. */
  readonly own: ReadonlySet<string>
  /** What else is sent with each article. */
  readonly settings: Json
}

type Document = Pick<StoredDocument, 'source' | 'head' | 'markdown'>

interface Member {
  readonly id: string
  readonly locale: string | undefined
  readonly text: SentText
}

export async function wantedArticles(documents: AsyncIterable<Document>, choice: Choice): Promise<Wanted> {
  const leftOut = new Map<string, LeftOut>()
  const groups = new Map<string, { collection: string; members: Member[] }>()
  for await (const { source, head, markdown } of documents) {
    const collection = collectionOf(source, head.path, choice.rules)
    const reason = reasonAgainst({ source, head, markdown }, collection, choice)
    if (collection === null || reason !== null) {
      leftOut.set(head.id, reason ?? 'no-collection')
      continue
    }
    const key = canonicalJson(head.group === undefined ? [head.id] : [source, head.group])
    const group = groups.get(key) ?? { collection, members: [] }
    const text = { title: plainLine(head.title) || 'Untitled', markdown }
    group.members.push({ id: head.id, locale: head.locale, text })
    groups.set(key, group)
  }
  const settings = sha256(canonicalJson(choice.settings))
  const articles = [...groups.values()].flatMap(({ collection, members }) => {
    const place = choice.places.get(collection) ?? { locale: null, locales: [] }
    const found = joined(members, place, leftOut)
    if (found === null) return []
    const hash = sha256(canonicalJson([collection, found.locale, found.texts, choice.settings]))
    return [{ collection, ...found, hash, settings }]
  })
  return { articles, leftOut }
}

function collectionOf(source: string, path: readonly string[], rules: readonly Rule[]): string | null {
  const fits = (rule: Rule) => rule.source === source && rule.path.every((name, at) => path[at] === name)
  return rules.find(fits)?.collection ?? null
}

function reasonAgainst({ head, markdown }: Document, collection: string | null, { own }: Choice): LeftOut | null {
  if (collection === null) return 'no-collection'
  if (head.kind === 'article' && head.group !== undefined && own.has(head.group)) return 'own-article'
  return markdown.trim() === '' ? 'empty' : null
}

/** The texts of one article by Intercom's names of their languages. A text whose language isn't known has the default one. */
function joined(
  members: readonly Member[],
  { locale, locales }: Place,
  leftOut: Map<string, LeftOut>,
): Pick<WantedArticle, 'locale' | 'documents' | 'texts'> | null {
  const main = locale ?? ONLY
  const byLocale = new Map<string, Member>()
  for (const member of members) {
    const name = locale === null ? ONLY : localeName(member.locale, locale, locales)
    if (name === null || byLocale.has(name)) leftOut.set(member.id, 'other-language')
    else byLocale.set(name, member)
  }
  if (!byLocale.has(main)) {
    for (const { id } of byLocale.values()) leftOut.set(id, 'no-default-language')
    return null
  }
  const all = [...byLocale]
  return {
    locale: main,
    documents: Object.fromEntries(all.map(([name, { id }]) => [name, id])),
    texts: Object.fromEntries(all.map(([name, { text }]) => [name, text])),
  }
}

/** `fr-CA` is `fr` where there is no `fr-CA`. */
function localeName(given: string | undefined, main: string, locales: readonly string[]): string | null {
  if (given === undefined) return main
  const known = [main, ...locales]
  const lower = given.toLowerCase()
  const base = lower.split('-')[0]
  return (
    known.find((name) => name.toLowerCase() === lower) ??
    known.find((name) => name.toLowerCase() === base) ??
    known.find((name) => name.toLowerCase().split('-')[0] === base) ??
    null
  )
}
