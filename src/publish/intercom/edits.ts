/** Whether an article still is as we left it: what somebody changed at Intercom is never overwritten unseen. */
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
 */
export function editOf(name: string, note: ArticleNote, now: Article, draft: Article | null): Edit | null {
  for (const locale of new Set([...Object.keys(note.seen), ...Object.keys(note.writing?.texts ?? {}), now.locale])) {
    const text = now.texts.get(locale)
    if (text === undefined) continue
    const found = textEdit(name, note, locale, text) ?? draftEdit(note, locale, text, draft?.texts.get(locale))
    if (found !== null) return { locale, ...found }
  }
  return placeEdit(note, now)
}

type Found = Omit<Edit, 'locale'> | null

function textEdit(name: string, note: ArticleNote, locale: string, text: ArticleText): Found {
  const was = note.seen[locale]
  const sent = note.writing?.texts[locale]
  const staged = note.staged[locale]
  if (was !== undefined && isSame(was, text)) return stateEdit(was, text)
  if (sent !== undefined && isLike(sent, text)) return null
  if (staged !== undefined && isSame(staged, text)) return null
  if (was === undefined && (text.description === markerOf(name) || isBlank(text))) return null
  return { before: was === undefined ? shown(sent) : shown(was), now: shown(asShown(text)) }
}

function stateEdit(was: SeenText, text: ArticleText): Found {
  if (was.state !== 'published' || text.state === 'published') return null
  return { before: 'published\n', now: 'unpublished\n' }
}

function draftEdit(note: ArticleNote, locale: string, text: ArticleText, draft: ArticleText | undefined): Found {
  const was = note.seen[locale]
  const staged = note.staged[locale]
  if (text.draftedAt === null) {
    const isPublished = staged !== undefined && isSame(staged, text)
    if (staged === undefined || isPublished || note.writing !== null) return null
    return { before: shown(staged), now: 'discarded\n' }
  }
  if (draft === undefined) return null
  const sent = note.writing?.texts[locale]
  if (staged !== undefined && isSame(staged, draft)) return null
  if (sent !== undefined && isLike(sent, draft)) return null
  return { before: shown(staged ?? was), now: shown(asShown(draft)) }
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

function isBlank({ title, html }: ArticleText): boolean {
  return title === '' && markdownOf(html) === ''
}

function asShown({ title, html }: ArticleText): SentText {
  return { title, markdown: markdownOf(html) }
}

function shown(text: SentText | undefined): string {
  return text === undefined ? '' : `# ${text.title}\n\n${text.markdown}`
}
