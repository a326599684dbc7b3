/** What has to be done so that Intercom has the wanted articles and no others of ours: nothing is changed here. */
import type { Principal } from '../../core/access.ts'
import type { Article } from './article.ts'
import { type ArticleNote, hiddenArticleNote, newArticleNote, seenOf } from './article-note.ts'
import { type Located, leftBehind, located, type Twins, titleOf, twinsIn } from './articles-there.ts'
import { type Edit, editOf, hasNewDraft } from './edits.ts'
import type { WantedArticle } from './wanted.ts'

/** Why a document that we published is no longer wanted; `narrowed`: the audience may not read it any more. */
export type Fate = 'narrowed' | 'lost' | 'unchosen'

interface Ours {
  /** Of the note. */
  readonly name: string
  readonly note: ArticleNote
}

/** An article that is there, and that we remember. */
export interface There extends Ours {
  readonly article: Article
}

export type Step =
  | (Ours & { readonly do: 'create'; readonly wanted: WantedArticle })
  | (There & {
      readonly do: 'update'
      readonly wanted: WantedArticle
      readonly why: 'changed' | 'unfinished' | 'adopted' | 'unpublished' | 'overwritten'
      /** Languages whose documents are gone, and why. */
      readonly withdrawn: Readonly<Record<string, Fate>>
    })
  | (There & { readonly do: 'delete'; readonly why: Fate })
  /**
   * It becomes a draft. `narrowed`: the audience may not read it any more, and it is not deleted, since somebody edited it, or
   * another document is to take its place, or a person has to be asked about so many; `open`: others would see it.
   */
  | (There & { readonly do: 'hide'; readonly why: 'narrowed' | 'open'; readonly locales: readonly string[] })
  /** A draft that an interrupted run left, and whose article is another one. */
  | { readonly do: 'discard'; readonly article: Article }
  | (Ours & { readonly do: 'forget' })

/** What is left alone until a person has looked at it. */
export interface Held {
  /** `open`: for others than the public, and Intercom does not say that nobody else sees it. */
  readonly why: 'edited' | 'gone' | 'exists' | 'open'
  readonly article: string | null
  readonly title: string
  readonly documents: readonly string[]
  readonly edit: Edit | null
  /** Whether something is not done because of it. */
  readonly blocks: boolean
}

export interface ArticlesPlan {
  readonly steps: readonly Step[]
  readonly held: readonly Held[]
  readonly unchanged: number
}

export interface Situation {
  readonly notes: ReadonlyMap<string, ArticleNote>
  readonly wanted: readonly WantedArticle[]
  /** All of the workspace. */
  readonly articles: ReadonlyMap<string, Article>
  readonly draftOf: (article: string) => Promise<Article | null>
  readonly fateOf: (document: string) => Fate
  readonly isLive: boolean
  /** Who is to read what is published; none is everybody. */
  readonly as: readonly Principal[]
  readonly overwrites: (documents: readonly string[]) => boolean
  readonly adopts: boolean
  readonly newName: () => string
}

export async function planArticles(situation: Situation): Promise<ArticlesPlan> {
  const { articles } = situation
  const known = located(situation.notes, articles)
  const left = leftBehind(known, articles).map((article) => ({ do: 'discard' as const, article }))
  const draft: Draft = { steps: left, held: [], unchanged: 0, twins: twinsIn(articles.values(), known.values()) }
  const ofDocument = new Map<string, string>()
  for (const [name, { note }] of known) for (const id of Object.values(note.documents)) ofDocument.set(id, name)
  const unwanted = new Map(known)
  for (const wanted of situation.wanted) {
    const names = Object.values(wanted.documents).flatMap((id) => ofDocument.get(id) ?? [])
    const name = names.find((each) => unwanted.has(each))
    const ours = name === undefined ? undefined : unwanted.get(name)
    if (name === undefined || ours === undefined) planNew(situation.newName(), wanted, situation, draft)
    else await planKnown({ name, ...ours }, wanted, situation, draft)
    unwanted.delete(name ?? '')
  }
  for (const [name, ours] of unwanted) await planUnwanted({ name, ...ours }, situation, draft)
  return draft
}

interface Draft {
  readonly steps: Step[]
  readonly held: Held[]
  unchanged: number
  readonly twins: Twins
}

function planNew(name: string, wanted: WantedArticle, { adopts }: Situation, { steps, held, twins }: Draft): void {
  const documents = Object.values(wanted.documents)
  const note = newArticleNote(wanted)
  const twin = twins.of(wanted)
  if (twin === undefined) steps.push({ do: 'create', name, note, wanted })
  else if (adopts) {
    twins.take(twin)
    const seen = Object.fromEntries([...twin.texts].map(([locale, text]) => [locale, seenOf(text)]))
    const adopted = { ...note, article: twin.id, collections: [...twin.collections], seen, writing: null }
    steps.push({ do: 'update', name, note: adopted, article: twin, wanted, why: 'adopted', withdrawn: {} })
  } else held.push({ why: 'exists', article: twin.id, title: titleOf(twin), documents, edit: null, blocks: true })
}

async function planKnown(
  { name, note, article }: Located & { readonly name: string },
  wanted: WantedArticle,
  situation: Situation,
  draft: Draft,
): Promise<void> {
  const documents = Object.values(wanted.documents)
  const overwrites = situation.overwrites(documents)
  if (article === null) {
    const title = wanted.texts[wanted.locale]?.title ?? ''
    if (note.article === null) planNew(name, wanted, situation, draft)
    else if (note.isGoing || overwrites) {
      draft.steps.push({ do: 'forget', name, note })
      planNew(situation.newName(), wanted, situation, draft)
    } else draft.held.push({ why: 'gone', article: note.article, title, documents, edit: null, blocks: true })
    return
  }
  const withdrawn = withdrawnOf(note, wanted, situation)
  const found = await findEdit({ name, note, article }, Object.keys(wanted.texts), situation)
  const edit = overwrites ? null : found
  const needed = reasonToWrite(note, article, wanted, Object.keys(withdrawn), situation)
  const why = needed ?? (overwrites && found !== null ? 'overwritten' : null)
  const about = { article: article.id, title: titleOf(article), documents }
  const isOpen = !mayBeLive(article, situation)
  const narrowed = narrowedIn(note, wanted, situation).filter(
    (locale) => edit !== null || wanted.texts[locale] !== undefined,
  )
  const hidden = publishedOf(article, isOpen ? Object.keys(note.documents) : narrowed)
  hide({ name, note, article }, hidden, isOpen ? 'open' : 'narrowed', draft)
  if (edit !== null) draft.held.push({ ...about, why: 'edited', edit, blocks: why !== null })
  else if (why === null) draft.unchanged += 1
  else draft.steps.push({ do: 'update', name, note: hiddenArticleNote(note, hidden), article, wanted, why, withdrawn })
  if (situation.isLive && isOpen) draft.held.push({ ...about, why: 'open', edit: null, blocks: true })
}

async function planUnwanted(
  { name, note, article }: Located & { readonly name: string },
  situation: Situation,
  draft: Draft,
): Promise<void> {
  if (article === null) {
    draft.steps.push({ do: 'forget', name, note })
    return
  }
  const documents = Object.values(note.documents)
  const fates = documents.map(situation.fateOf)
  const why = fates.find((fate) => fate === 'narrowed') ?? fates[0] ?? 'lost'
  const locales = [...article.texts.keys()]
  const edit = situation.overwrites(documents) ? null : await findEdit({ name, note, article }, locales, situation)
  if (edit === null) {
    draft.steps.push({ do: 'delete', name, note, article, why })
    return
  }
  draft.held.push({
    ...{ why: 'edited', article: article.id, title: titleOf(article), documents, edit, blocks: true },
  })
  const isOpen = !mayBeLive(article, situation)
  if (why === 'narrowed' || isOpen)
    hide({ name, note, article }, publishedOf(article, locales), isOpen ? 'open' : 'narrowed', draft)
}

function hide(ours: There, locales: readonly string[], why: 'narrowed' | 'open', { steps }: Draft): void {
  if (locales.length > 0) steps.push({ do: 'hide', ...ours, locales, why })
}

export function publishedOf({ texts }: Article, locales: readonly string[]): readonly string[] {
  return locales.filter((locale) => texts.get(locale)?.state === 'published')
}

async function findEdit(
  { name, note, article }: There,
  touched: readonly string[],
  { draftOf }: Situation,
): Promise<Edit | null> {
  return editOf(name, note, article, hasNewDraft(note, article) ? await draftOf(article.id) : null, touched)
}

function withdrawnOf({ documents }: ArticleNote, wanted: WantedArticle, { fateOf }: Situation): Record<string, Fate> {
  const gone = Object.entries(documents).filter(([locale]) => wanted.documents[locale] === undefined)
  return Object.fromEntries(gone.map(([locale, id]) => [locale, fateOf(id)]))
}

/** Languages whose text is of a document that the audience may not read any more, also where another one takes its place. */
function narrowedIn({ documents }: ArticleNote, wanted: WantedArticle, { fateOf }: Situation): readonly string[] {
  const others = Object.entries(documents).filter(([locale, id]) => wanted.documents[locale] !== id)
  return others.filter(([, id]) => fateOf(id) === 'narrowed').map(([locale]) => locale)
}

function reasonToWrite(
  note: ArticleNote,
  article: Article,
  wanted: WantedArticle,
  withdrawn: readonly string[],
  situation: Situation,
) {
  if (note.sent === null || note.writing !== null || note.isGoing) return 'unfinished'
  if (note.sent !== wanted.hash || withdrawn.length > 0) return 'changed'
  if (!situation.isLive || !mayBeLive(article, situation)) return null
  if (note.settings !== wanted.settings) return 'unpublished'
  const isLive = Object.keys(wanted.texts).every((locale) => {
    const text = article.texts.get(locale)
    return text?.state === 'published' && (text.draftedAt === null || note.staged[locale] === undefined)
  })
  return isLive && article.collections.includes(wanted.collection) ? null : 'unpublished'
}

/** Closed unless Intercom says that nobody else sees it: visitors and leads are anybody, and users are every customer. */
export function mayBeLive({ audience }: Article, { as }: Pick<Situation, 'as'>): boolean {
  if (as.length === 0 || audience === 'restricted') return true
  return audience === 'all_users' && as.every((reader) => reader === 'group:customers')
}
