/** What has to be done so that Intercom has the wanted articles and no others of ours: nothing is changed here. */
import type { Article } from './article.ts'
import { type ArticleNote, markerOf, newArticleNote, seenOf } from './article-note.ts'
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
interface There extends Ours {
  readonly article: Article
}

export type Step =
  | (Ours & { readonly do: 'create'; readonly wanted: WantedArticle })
  | (There & {
      readonly do: 'update'
      readonly wanted: WantedArticle
      readonly why: 'changed' | 'unfinished' | 'adopted' | 'unpublished'
      /** Languages whose documents are gone, and why. */
      readonly withdrawn: Readonly<Record<string, Fate>>
    })
  | (There & { readonly do: 'delete'; readonly why: Fate })
  /** Somebody edited what the audience may not read any more: it becomes a draft, and the edit stays. */
  | (There & { readonly do: 'hide'; readonly locales: readonly string[] })
  /** A draft that an interrupted run left, and whose article is another one. */
  | { readonly do: 'discard'; readonly article: Article }
  | (Ours & { readonly do: 'forget' })

/** What is left alone until a person has looked at it. */
export interface Held {
  /** `open`: for others than the public, and Intercom says that everyone sees it. */
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
  /** What is published may be seen by everyone. */
  readonly isPublic: boolean
  readonly overwrites: (documents: readonly string[]) => boolean
  readonly adopts: boolean
  readonly newName: () => string
}

export async function planArticles(situation: Situation): Promise<ArticlesPlan> {
  const known = located(situation)
  const draft: Draft = { steps: leftBehind(known, situation), held: [], unchanged: 0 }
  const ofDocument = new Map<string, string>()
  for (const [name, { note }] of known) for (const id of Object.values(note.documents)) ofDocument.set(id, name)
  const left = new Set(known.keys())
  const taken = new Set([...known.values()].flatMap(({ article }) => (article === null ? [] : [article.id])))
  const twins = Map.groupBy(situation.articles.values(), titleKey)
  for (const wanted of situation.wanted) {
    const names = Object.values(wanted.documents).flatMap((id) => ofDocument.get(id) ?? [])
    const name = names.find((each) => left.has(each))
    const ours = name === undefined ? undefined : known.get(name)
    if (name === undefined || ours === undefined) planNew(wanted, twinOf(wanted, twins, taken), taken, situation, draft)
    else await planKnown({ name, ...ours }, wanted, situation, draft)
    left.delete(name ?? '')
  }
  for (const name of left) {
    const ours = known.get(name)
    if (ours !== undefined) await planUnwanted({ name, ...ours }, situation, draft)
  }
  return draft
}

interface Draft {
  readonly steps: Step[]
  readonly held: Held[]
  unchanged: number
}

interface Located {
  readonly note: ArticleNote
  readonly article: Article | null
}

/** An article whose answer never came is known by what its description says. */
function located({ notes, articles }: Situation): Map<string, Located> {
  const byMarker = new Map([...articles.values()].map((article) => [descriptionOf(article), article]))
  return new Map(
    [...notes].map(([name, note]) => {
      const article = note.article === null ? byMarker.get(markerOf(name)) : articles.get(note.article)
      return [name, { note: article === undefined ? note : { ...note, article: article.id }, article: article ?? null }]
    }),
  )
}

/** What a request made that was given up as lost, and that came after all. */
function leftBehind(known: ReadonlyMap<string, Located>, { articles }: Situation): Step[] {
  const markers = new Map([...known].map(([name, { note }]) => [markerOf(name), note.article]))
  return [...articles.values()].flatMap((article) => {
    const owner = markers.get(descriptionOf(article))
    const isLeft = owner !== undefined && owner !== article.id && stateOf(article) === 'draft'
    return isLeft ? [{ do: 'discard' as const, article }] : []
  })
}

function planNew(
  wanted: WantedArticle,
  twin: Article | undefined,
  taken: Set<string>,
  situation: Situation,
  { steps, held }: Draft,
): void {
  const documents = Object.values(wanted.documents)
  const name = situation.newName()
  const note = newArticleNote(wanted.documents, wanted.collection)
  if (twin === undefined) steps.push({ do: 'create', name, note, wanted })
  else if (situation.adopts) {
    taken.add(twin.id)
    const seen = Object.fromEntries([...twin.texts].map(([locale, text]) => [locale, seenOf(text)]))
    const adopted = { ...note, article: twin.id, collections: [...twin.collections], seen }
    steps.push({ do: 'update', name, note: adopted, article: twin, wanted, why: 'adopted', withdrawn: {} })
  } else held.push({ why: 'exists', article: twin.id, title: titleOf(twin), documents, edit: null, blocks: true })
}

/** One that isn't ours, or was before our notes were lost: another with its title would be a double. */
function twinOf(
  wanted: WantedArticle,
  twins: ReadonlyMap<string, readonly Article[]>,
  taken: ReadonlySet<string>,
): Article | undefined {
  const title = wanted.texts[wanted.locale]?.title.toLowerCase() ?? ''
  return twins.get(title)?.find(({ id, collections }) => !taken.has(id) && collections.includes(wanted.collection))
}

function titleKey(article: Article): string {
  return titleOf(article).trim().toLowerCase()
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
    const isOurDoing = note.article === null || note.isGoing || overwrites
    const fresh = note.article === null ? name : situation.newName()
    if (fresh !== name && isOurDoing) draft.steps.push({ do: 'forget', name, note })
    const title = wanted.texts[wanted.locale]?.title ?? ''
    if (isOurDoing) {
      draft.steps.push({
        ...{ do: 'create', name: fresh, wanted },
        note: newArticleNote(wanted.documents, wanted.collection),
      })
    } else draft.held.push({ why: 'gone', article: note.article, title, documents, edit: null, blocks: true })
    return
  }
  const withdrawn = withdrawnOf(note, wanted, situation)
  const why = reasonToWrite(note, article, wanted, situation)
  const edit = overwrites ? null : await findEdit({ name, note, article }, situation)
  const about = { article: article.id, title: titleOf(article), documents }
  if (edit !== null) {
    draft.held.push({ ...about, why: 'edited', edit, blocks: why !== null })
    hide({ name, note, article }, Object.keys(withdrawn), withdrawn, draft)
  } else if (why !== null) draft.steps.push({ do: 'update', name, note, article, wanted, why, withdrawn })
  else draft.unchanged += 1
  const isOpen = situation.isLive && !mayBeLive(article, situation) && stateOf(article) === 'draft'
  if (isOpen) draft.held.push({ ...about, why: 'open', edit: null, blocks: true })
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
  const edit = situation.overwrites(documents) ? null : await findEdit({ name, note, article }, situation)
  if (edit === null) {
    draft.steps.push({ do: 'delete', name, note, article, why })
    return
  }
  draft.held.push({
    ...{ why: 'edited', article: article.id, title: titleOf(article), documents, edit, blocks: true },
  })
  if (why === 'narrowed') hide({ name, note, article }, [...article.texts.keys()], {}, draft)
}

/** @param fates only what is narrowed of these is hidden; none means all */
function hide(ours: There, locales: readonly string[], fates: Readonly<Record<string, Fate>>, { steps }: Draft): void {
  const shown = locales.filter(
    (locale) => ours.article.texts.get(locale)?.state === 'published' && (fates[locale] ?? 'narrowed') === 'narrowed',
  )
  if (shown.length > 0) steps.push({ do: 'hide', ...ours, locales: shown })
}

async function findEdit({ name, note, article }: There, { draftOf }: Situation): Promise<Edit | null> {
  return editOf(name, note, article, hasNewDraft(note, article) ? await draftOf(article.id) : null)
}

function withdrawnOf({ documents }: ArticleNote, wanted: WantedArticle, { fateOf }: Situation): Record<string, Fate> {
  const gone = Object.entries(documents).filter(([locale]) => wanted.documents[locale] === undefined)
  return Object.fromEntries(gone.map(([locale, id]) => [locale, fateOf(id)]))
}

function reasonToWrite(note: ArticleNote, article: Article, wanted: WantedArticle, situation: Situation) {
  if (note.sent === null || note.writing !== null) return 'unfinished'
  if (note.sent !== wanted.hash) return 'changed'
  if (!situation.isLive || !mayBeLive(article, situation)) return null
  const isLive = Object.keys(wanted.texts).every((locale) => {
    const text = article.texts.get(locale)
    return text?.state === 'published' && (text.draftedAt === null || note.staged[locale] === undefined)
  })
  return isLive && article.collections.includes(wanted.collection) ? null : 'unpublished'
}

/** Closed unless Intercom says who sees it, and that these are not all. */
export function mayBeLive({ audience }: Article, { isPublic }: Pick<Situation, 'isPublic'>): boolean {
  return isPublic || (audience !== null && audience !== 'everyone')
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
