/**
 * Carries out the steps of a plan. Before each request that changes something it is noted that it is about to be made, and
 * after it what Intercom made of it: whenever this ends, the next run knows which articles are ours and what may have
 * been written.
 */
import { UnsiloError } from '../../core/errors.ts'
import type { Json } from '../../core/json.ts'
import type { Notes } from '../../core/notes.ts'
import type { IntercomClient } from '../../vendors/intercom/client.ts'
import { type Article, type ArticleText, ONLY } from './article.ts'
import {
  type ArticleNote,
  hiddenArticleNote,
  markerOf,
  putArticleNote,
  removeArticleNote,
  type SentText,
  seenOf,
} from './article-note.ts'
import { mayBeLive, type Step, type There } from './articles-plan.ts'
import { stateOf } from './articles-there.ts'
import { editOf } from './edits.ts'
import {
  createArticle,
  deleteArticle,
  getArticle,
  getDraft,
  publishDraft,
  stageDraft,
  updateArticle,
} from './library.ts'
import { isLike } from './likeness.ts'
import type { WantedArticle } from './wanted.ts'

export interface Writing {
  readonly client: IntercomClient
  readonly notes: Notes
  readonly author: number
  readonly fin: boolean
  readonly copilot: boolean
  readonly isLive: boolean
  readonly isPublic: boolean
  readonly overwrites: (documents: readonly string[]) => boolean
}

/** What is left of a text that goes, and of what is staged on top of it. */
const NOTHING = { description: '', body_markdown: '' }

/** `edited` since the plan was made, so nothing was done; `differs`: done, and read back it doesn't say what was sent. */
export type Outcome = 'done' | 'edited' | 'differs'

export async function carryOut(step: Step, writing: Writing): Promise<Outcome> {
  const { client, notes } = writing
  if (step.do === 'create') return await create(step, writing)
  if (step.do === 'update') return await update(step, writing)
  if (step.do === 'discard') await deleteArticle(client, step.article.id)
  else if (step.do === 'forget') removeArticleNote(notes, step.name)
  else if (step.do === 'hide') await hide(step, step.locales, writing)
  else return await remove(step, writing)
  return 'done'
}

type Of<D extends Step['do']> = Extract<Step, { readonly do: D }>

/** First a draft that says whose it is, then its text as for any other: an article is never made twice. */
async function create({ name, note, wanted }: Of<'create'>, writing: Writing): Promise<Outcome> {
  putArticleNote(writing.notes, name, note)
  const { title, markdown } = mainText(wanted)
  const article = await createArticle(writing.client, {
    ...{ title, body_markdown: markdown, description: markerOf(name), author_id: writing.author, state: 'draft' },
    ...{ parent_id: Number(wanted.collection), parent_type: 'collection' },
    ...availability(writing),
  })
  const known = { ...note, article }
  putArticleNote(writing.notes, name, known)
  return await write(name, known, article, wanted, [], writing)
}

async function update({ name, note, article, wanted, withdrawn }: Of<'update'>, writing: Writing): Promise<Outcome> {
  return await write(name, note, article.id, wanted, Object.keys(withdrawn), writing)
}

async function hide({ name, note, article }: There, locales: readonly string[], { client, notes }: Writing) {
  putArticleNote(notes, name, hiddenArticleNote(note, locales))
  await updateArticle(client, article.id, hidden(article, locales))
}

async function remove({ name, note, article, why }: Of<'delete'>, writing: Writing): Promise<Outcome> {
  const { client, notes } = writing
  const fresh = await fetchFresh(client, article.id)
  if (fresh !== null && editSince(name, note, fresh, fresh.article.texts.keys(), writing)) {
    const shown = [...fresh.article.texts].flatMap(([locale, { state }]) => (state === 'published' ? [locale] : []))
    if (why === 'narrowed' && shown.length > 0) await hide({ name, note, article: fresh.article }, shown, writing)
    return 'edited'
  }
  putArticleNote(notes, name, { ...note, isGoing: true })
  await deleteArticle(client, article.id)
  removeArticleNote(notes, name)
  return 'done'
}

async function write(
  name: string,
  note: ArticleNote,
  id: string,
  wanted: WantedArticle,
  withdrawn: readonly string[],
  writing: Writing,
): Promise<Outcome> {
  const { client, notes } = writing
  const fresh = await fetchFresh(client, id)
  if (fresh === null || editSince(name, note, fresh, Object.keys(wanted.texts), writing)) return 'edited'
  putArticleNote(notes, name, begun(note, fresh, wanted, withdrawn))
  await send(fresh, wanted, withdrawn, writing)
  const now = await fetchFresh(client, id)
  if (now === null) throw new UnsiloError('ANSWER_INVALID', `Intercom: article ${id} was written and is not there`)
  const stays = Object.entries(note.documents).filter(([locale]) => !withdrawn.includes(locale))
  const documents = { ...Object.fromEntries(stays), ...wanted.documents }
  putArticleNote(notes, name, {
    ...{ documents, article: id, sent: wanted.hash, ...seenIn(now, Object.keys(documents)) },
    ...{ writing: null, isGoing: false },
  })
  return isAsSent(now, wanted, writing) ? 'done' : 'differs'
}

/**
 * What stands in Intercom right now counts as ours from here on, beside what is about to be sent: an interrupted run may
 * have left something else there than what was last read back, and this one may end before it has written anything.
 */
function begun(note: ArticleNote, fresh: Fresh, wanted: WantedArticle, withdrawn: readonly string[]): ArticleNote {
  const { texts } = fresh.article
  const going = withdrawn.map((locale) => [locale, { title: texts.get(locale)?.title ?? '', markdown: '' }] as const)
  const ours = [...Object.keys(note.seen), ...Object.keys(wanted.texts), ...withdrawn]
  return {
    ...note,
    ...{ documents: { ...note.documents, ...wanted.documents }, article: fresh.article.id, ...seenIn(fresh, ours) },
    ...{ writing: { collection: wanted.collection, texts: { ...wanted.texts, ...Object.fromEntries(going) } } },
    isGoing: false,
  }
}

interface Fresh {
  readonly article: Article
  readonly draft: Article | null
}

async function fetchFresh(client: IntercomClient, id: string): Promise<Fresh | null> {
  const article = await getArticle(client, id)
  if (article === null) return null
  const hasDraft = [...article.texts.values()].some(({ draftedAt }) => draftedAt !== null)
  return { article, draft: hasDraft ? await getDraft(client, id) : null }
}

function editSince(
  name: string,
  note: ArticleNote,
  { article, draft }: Fresh,
  touched: Iterable<string>,
  { overwrites }: Writing,
): boolean {
  return !overwrites(Object.values(note.documents)) && editOf(name, note, article, draft, touched) !== null
}

function seenIn({ article, draft }: Fresh, locales: readonly string[]) {
  const seen: ArticleNote['seen'] = {}
  const staged: ArticleNote['staged'] = {}
  for (const locale of locales) {
    const text = article.texts.get(locale)
    const onTop = draft?.texts.get(locale)
    if (text !== undefined) seen[locale] = seenOf(text)
    if (text !== undefined && text.draftedAt !== null && onTop !== undefined) staged[locale] = seenOf(onTop)
  }
  return { collections: [...article.collections], seen, staged }
}

function isAsSent({ article, draft }: Fresh, { texts, collection }: WantedArticle, writing: Writing): boolean {
  const isLive = writing.isLive && mayBeLive(article, writing)
  if (isLive && !article.collections.includes(collection)) return false
  return Object.entries(texts).every(([locale, sent]) => {
    const live = article.texts.get(locale)
    if (isLive && live?.state !== 'published') return false
    const text = live?.draftedAt == null ? live : draft?.texts.get(locale)
    return text !== undefined && isLike(sent, text)
  })
}

// --- what is sent -----------------------------------------------------------------------------------------------

async function send(
  { article, draft }: Fresh,
  wanted: WantedArticle,
  withdrawn: readonly string[],
  writing: Writing,
): Promise<void> {
  const { client } = writing
  const isLive = writing.isLive && mayBeLive(article, writing)
  const isPublished = (locale: string) => article.texts.get(locale)?.state === 'published'
  // Left out, it stays what it is: somebody may publish a draft this very moment.
  const state = isLive ? 'published' : undefined
  const others = Object.keys(wanted.texts).filter((locale) => locale !== wanted.locale)
  const fresh = others.filter((locale) => isLive || !isPublished(locale))
  const taken = Object.fromEntries(withdrawn.flatMap((locale) => emptied(locale, article.texts.get(locale), writing)))
  const isStaged = (locale: string) => draft !== null && article.texts.get(locale)?.draftedAt != null
  if (stateOf(article) === 'draft') {
    const translated = { ...translations(fresh, wanted, writing, state), ...taken }
    await updateArticle(client, article.id, {
      ...{ ...contentOf(mainText(wanted)), author_id: writing.author, ...(isLive && { state: 'published' }) },
      ...{ parent_id: wanted.collection, parent_type: 'collection' },
      ...availability(writing),
      ...optional('translated_content', translated),
    })
    return
  }
  const unpublished = others.filter((locale) => !isPublished(locale))
  const settings = isLive
    ? { author_id: writing.author, parent_id: wanted.collection, parent_type: 'collection', ...availability(writing) }
    : {}
  const translated = { ...translations(unpublished, wanted, writing, state), ...taken }
  const beside = { ...settings, ...optional('translated_content', translated) }
  if (Object.keys(beside).length > 0) await updateArticle(client, article.id, beside)
  await stageDraft(client, article.id, {
    ...contentOf(mainText(wanted)),
    ...optional('translated_content', {
      ...translations(
        others.filter((locale) => isPublished(locale) || isStaged(locale)),
        wanted,
        writing,
      ),
      ...Object.fromEntries(
        withdrawn
          .filter(isStaged)
          .map((locale) => [locale, { title: article.texts.get(locale)?.title ?? '', ...NOTHING }]),
      ),
    }),
  })
  if (isLive) await publishStaged(article, wanted, writing)
}

/** Only languages that have something staged are taken. */
async function publishStaged({ id, locale }: Article, { texts }: WantedArticle, { client }: Writing): Promise<void> {
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
  { author }: Writing,
  state?: 'published',
): Record<string, Json> {
  return Object.fromEntries(
    locales.flatMap((locale) => {
      const text = texts[locale]
      if (text === undefined) return []
      return [[locale, { ...contentOf(text), author_id: author, ...(state !== undefined && { state }) }]]
    }),
  )
}

/** A translation can't be deleted: its text goes, and what is left is a draft. */
function emptied(locale: string, text: ArticleText | undefined, { author }: Writing): readonly [string, Json][] {
  if (text === undefined) return []
  return [[locale, { title: text.title, ...NOTHING, author_id: author, state: 'draft' }]]
}

function hidden({ locale }: Article, locales: readonly string[]): Json {
  const others = locales.filter((each) => each !== locale).map((each) => [each, { state: 'draft' }])
  return {
    ...(locales.includes(locale) && { state: 'draft' }),
    ...optional('translated_content', Object.fromEntries(others)),
  }
}

function optional(key: string, value: Readonly<Record<string, Json>>) {
  return Object.keys(value).length === 0 ? {} : { [key]: value }
}

function availability({ fin, copilot }: Writing) {
  return { ai_chatbot_availability: fin, ai_copilot_availability: copilot }
}

function mainText({ texts, locale }: WantedArticle): SentText {
  return texts[locale] ?? { title: 'Untitled', markdown: '' }
}
