/**
 * Carries out the steps of a plan. Before each request that changes something it is noted that it is about to be made, and
 * after it what Intercom made of it: whenever this ends, the next run knows which articles are ours and what may have
 * been written.
 */
import { UnsiloError } from '../../core/errors.ts'
import type { Notes } from '../../core/notes.ts'
import { isSameAnswering } from './answering.ts'
import {
  type ArticleNote,
  hiddenArticleNote,
  markerOf,
  putArticleNote,
  removeArticleNote,
  type SeenText,
  seenOf,
} from './article-note.ts'
import type { Step, There } from './articles-plan.ts'
import { goesLive, type Sending, sendHidden, sendMarked, sendTexts, wantedAnswering } from './articles-send.ts'
import { stateOf } from './articles-there.ts'
import { editOf } from './edits.ts'
import { deleteArticle, type Fresh, getFresh } from './library.ts'
import { isLike } from './likeness.ts'
import type { WantedArticle } from './wanted.ts'

export interface Writing extends Sending {
  readonly notes: Notes
  readonly overwrites: (documents: readonly string[]) => boolean
}

/** `edited` since the plan was made, so nothing was done; `differs`: done, and read back it doesn't say what was sent. */
export type Outcome = 'done' | 'edited' | 'differs'

export async function carryOut(step: Step, writing: Writing): Promise<Outcome> {
  const { client, notes } = writing
  if (step.do === 'create') return await create(step, writing)
  if (step.do === 'update') return await update(step, writing)
  if (step.do === 'discard') await deleteArticle(client, step.article.id)
  else if (step.do === 'forget') await removeArticleNote(notes, step.name)
  else if (step.do === 'hide') await hide(step, step.locales, writing)
  else return await remove(step, writing)
  return 'done'
}

type Of<D extends Step['do']> = Extract<Step, { readonly do: D }>

/** First a draft that says whose it is, then its text as for any other: an article is never made twice. */
async function create({ name, note, wanted }: Of<'create'>, writing: Writing): Promise<Outcome> {
  await putArticleNote(writing.notes, name, note)
  const article = await sendMarked(wanted, markerOf(name), writing)
  const known = { ...note, article }
  await putArticleNote(writing.notes, name, known)
  return await write(name, known, article, wanted, [], writing)
}

async function update({ name, note, article, wanted, withdrawn }: Of<'update'>, writing: Writing): Promise<Outcome> {
  return await write(name, note, article.id, wanted, Object.keys(withdrawn), writing)
}

async function hide({ name, note, article }: There, locales: readonly string[], { client, notes }: Writing) {
  await putArticleNote(notes, name, hiddenArticleNote(note, locales))
  await sendHidden(article, locales, client)
}

async function remove({ name, note, article, why }: Of<'delete'>, writing: Writing): Promise<Outcome> {
  const { client, notes } = writing
  const fresh = await getFresh(client, article.id)
  if (fresh !== null && editSince(name, note, fresh, fresh.article.texts.keys(), writing)) {
    const shown = [...fresh.article.texts].flatMap(([locale, { state }]) => (state === 'published' ? [locale] : []))
    if (why === 'narrowed' && shown.length > 0) await hide({ name, note, article: fresh.article }, shown, writing)
    return 'edited'
  }
  await putArticleNote(notes, name, { ...note, isGoing: true })
  await deleteArticle(client, article.id)
  await removeArticleNote(notes, name)
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
  const fresh = await getFresh(client, id)
  if (fresh === null || editSince(name, note, fresh, Object.keys(wanted.texts), writing)) return 'edited'
  await putArticleNote(notes, name, begun(note, fresh, wanted, withdrawn))
  await sendTexts(fresh, wanted, withdrawn, writing)
  const now = await getFresh(client, id)
  if (now === null) throw new UnsiloError('ANSWER_INVALID', `Intercom: article ${id} was written and is not there`)
  const stays = Object.entries(note.documents).filter(([locale]) => !withdrawn.includes(locale))
  const documents = { ...Object.fromEntries(stays), ...wanted.documents }
  const isStaged = stateOf(fresh.article) === 'published' && !goesLive(fresh.article, writing)
  const seen = seenIn(now, Object.keys(documents))
  await putArticleNote(notes, name, {
    ...{ documents, article: id, sent: wanted.hash, settings: isStaged ? note.settings : wanted.settings },
    ...(isStaged ? withAnswering(seen, note, fresh, writing) : seen),
    ...{ writing: null, isGoing: false },
  })
  return isAsSent(fresh, now, wanted, writing) ? 'done' : 'differs'
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

/** Who answers from a published text was not told, so that a change of it stays one, unless it is what is asked for. */
function withAnswering(
  { seen, ...rest }: ReturnType<typeof seenIn>,
  note: ArticleNote,
  before: Fresh,
  writing: Writing,
): ReturnType<typeof seenIn> {
  const wanted = wantedAnswering(writing)
  const kept = Object.entries(seen).map(([locale, text]): [string, SeenText] => {
    const was = note.seen[locale]?.answering ?? null
    const isTold = before.article.texts.get(locale)?.state !== 'published'
    const isAsked = text.answering !== null && isSameAnswering(wanted, text.answering)
    return [locale, was === null || isTold || isAsked ? text : { ...text, answering: was }]
  })
  return { ...rest, seen: Object.fromEntries(kept) }
}

/** @param before what was there: who answers from a published text is told with what goes live alone */
function isAsSent(
  before: Fresh,
  { article, draft }: Fresh,
  { texts, collection }: WantedArticle,
  writing: Writing,
): boolean {
  const isLive = goesLive(article, writing)
  if (isLive && !article.collections.includes(collection)) return false
  return Object.entries(texts).every(([locale, sent]) => {
    const live = article.texts.get(locale)
    if (isLive && live?.state !== 'published') return false
    const isTold = isLive || before.article.texts.get(locale)?.state !== 'published'
    if (isTold && live !== undefined && !isSameAnswering(wantedAnswering(writing), live.answering)) return false
    const text = live?.draftedAt == null ? live : draft?.texts.get(locale)
    return text !== undefined && isLike(sent, text)
  })
}
