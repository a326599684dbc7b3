/** Whether an article still is as we left it: what somebody changed at Intercom is never overwritten unseen. */
import { isSameAnswering, shownAnswering } from './answering.ts'
import { type Article, type ArticleText, htmlHash, markdownOf } from './article.ts'
import { type ArticleNote, markerOf, type SeenText, type SentText } from './article-note.ts'
import { isLike } from './likeness.ts'

export interface Edit {
  readonly locale: string
  /** As it was read back when we last wrote it, and as it is. */
  readonly before: string
  readonly now: string
}

/**
 * Null where all is as we left it, or as an interrupted run of ours may have. That somebody published what we left as a
 * draft is no edit.
 *
 * @param draft the article with what is staged on it; null where nothing is, or as far as we know nothing new
 * @param touched languages that are about to be written or deleted: what somebody wrote in them is looked at too
 */
export function editOf(
  name: string,
  note: ArticleNote,
  now: Article,
  draft: Article | null,
  touched: Iterable<string>,
): Edit | null {
  const noted = [...Object.keys(note.seen), ...Object.keys(note.writing?.texts ?? {})]
  for (const locale of new Set([...noted, now.locale, ...touched])) {
    const text = now.texts.get(locale)
    const found =
      text === undefined
        ? lossOf(note, locale)
        : (textEdit(name, note, locale, text) ??
          draftEdit(note, locale, text, draft?.texts.get(locale)) ??
          answeringEdit(note, locale, text))
    if (found !== null) return { locale, ...found }
  }
  return placeEdit(note, now)
}

type Found = Omit<Edit, 'locale'> | null

function textEdit(name: string, note: ArticleNote, locale: string, text: ArticleText): Found {
  const was = note.seen[locale]
  const sent = note.writing?.texts[locale]
  const staged = note.staged[locale]
  const isKnown = [was, staged].some((each) => each !== undefined && isSame(each, text)) || isArrived(sent, text)
  if (isKnown) return stateEdit(was, sent, text)
  const isUntouched = isBlank(text) || (sent === undefined && text.description === markerOf(name))
  if (was === undefined && isUntouched) return null
  return { before: shown(was ?? sent), now: shown(asShown(text)) }
}

/** A language that was there, and that somebody took out. */
function lossOf({ seen, writing }: ArticleNote, locale: string): Found {
  const was = seen[locale]
  return was === undefined || isGoing(writing?.texts[locale]) ? null : { before: shown(was), now: 'removed\n' }
}

function stateEdit(was: SeenText | undefined, sent: SentText | undefined, text: ArticleText): Found {
  if (was?.state !== 'published' || text.state === 'published' || isGoing(sent)) return null
  return { before: 'published\n', now: 'unpublished\n' }
}

function draftEdit(note: ArticleNote, locale: string, text: ArticleText, draft: ArticleText | undefined): Found {
  const was = note.seen[locale]
  const staged = note.staged[locale]
  const sent = note.writing?.texts[locale]
  if (text.draftedAt === null) {
    const isPublished = staged === undefined || isSame(staged, text) || isArrived(sent, text)
    return isPublished ? null : { before: shown(staged), now: 'discarded\n' }
  }
  if (draft === undefined) return null
  if ((staged !== undefined && isSame(staged, draft)) || isArrived(sent, draft)) return null
  return { before: shown(staged ?? was), now: shown(asShown(draft)) }
}

/** While something is being sent, what was and what is sent are both ours. */
function answeringEdit({ seen, writing }: ArticleNote, locale: string, { answering }: ArticleText): Found {
  const was = seen[locale]?.answering ?? null
  if (writing !== null || was === null || isSameAnswering(was, answering)) return null
  return { before: shownAnswering(was), now: shownAnswering(answering) }
}

function isArrived(sent: SentText | undefined, text: ArticleText): boolean {
  return sent !== undefined && isLike(sent, text)
}

function isGoing(sent: SentText | undefined): boolean {
  return sent !== undefined && sent.markdown === ''
}

function placeEdit({ collections, writing }: ArticleNote, now: Article): Edit | null {
  const isOurs = [collections, ...(writing === null ? [] : [[writing.collection], []])].some(
    (list) => [...list].sort().join() === [...now.collections].sort().join(),
  )
  if (isOurs) return null
  return { locale: now.locale, before: `in ${collections.join(', ')}\n`, now: `in ${now.collections.join(', ')}\n` }
}

/** Whether somebody has to look at what is staged: it is not what we know of. */
export function hasNewDraft({ seen }: ArticleNote, { texts }: Article): boolean {
  return [...texts].some(([locale, { draftedAt }]) => draftedAt !== null && seen[locale]?.draftedAt !== draftedAt)
}

function isSame(was: SeenText, text: ArticleText): boolean {
  if (was.title !== text.title || was.description !== text.description) return false
  return was.hash === htmlHash(text.html) || was.markdown === markdownOf(text.html)
}

/** Nobody's work: what Intercom makes of a language that it was told nothing of, or what is left of one that went. */
function isBlank({ title, html, state }: ArticleText): boolean {
  return markdownOf(html) === '' && (title === '' || state === 'draft')
}

function asShown({ title, html }: ArticleText): SentText {
  return { title, markdown: markdownOf(html) }
}

function shown(text: SentText | undefined): string {
  return text === undefined ? '' : `# ${text.title}\n\n${text.markdown}`
}
