/** What has to be done so that an import source has the wanted pages and no others of ours: nothing is changed here. */

import { markdownOf } from './article.ts'
import type { Fate } from './articles-plan.ts'
import type { ImportSource } from './import-source.ts'
import { saysTheSame } from './likeness.ts'
import {
  type ExternalPage,
  isSamePage,
  type PageNote,
  type SeenPage,
  type SentPage,
  seenPageOf,
  type WantedPage,
} from './page.ts'

export type PageStep =
  /** Of the target itself: its import source is made, or is for others from now on. */
  | { readonly do: 'open' }
  | { readonly do: 'readdress'; readonly source: ImportSource }
  /** A second one of the target has other audiences: it gets the target's, while its pages wait to go. */
  | { readonly do: 'narrow'; readonly source: ImportSource }
  /** A second one of the target, which has no pages or none any more. */
  | { readonly do: 'close'; readonly source: ImportSource }
  /** A page of a second one; `why` is null where it is wanted, and only there once too often. */
  | { readonly do: 'discard'; readonly page: ExternalPage; readonly why: Fate | null }
  | { readonly do: 'create'; readonly wanted: WantedPage }
  | { readonly do: 'update'; readonly wanted: WantedPage; readonly page: ExternalPage }
  | { readonly do: 'delete'; readonly page: ExternalPage; readonly why: Fate }
  | { readonly do: 'forget'; readonly externalId: string }

export interface HeldPage {
  readonly why: 'edited' | 'gone'
  readonly page: string | null
  readonly externalId: string
  readonly title: string
  readonly before: string
  readonly now: string
  readonly blocks: boolean
}

export interface PagesSituation {
  readonly notes: ReadonlyMap<string, PageNote>
  readonly wanted: readonly WantedPage[]
  /** Of the target's import source. */
  readonly pages: readonly ExternalPage[]
  /** What a run at the same time, and from elsewhere, made once more. */
  readonly doubles: readonly { readonly source: ImportSource; readonly pages: readonly ExternalPage[] }[]
  readonly isOurs: (externalId: string) => boolean
  readonly fateOf: (document: string) => Fate
  readonly overwrites: (document: string) => boolean
}

export interface PagesPlan {
  readonly steps: readonly PageStep[]
  readonly held: readonly HeldPage[]
  readonly unchanged: number
}

export function planPages(situation: PagesSituation): PagesPlan {
  const { notes, wanted, pages, isOurs } = situation
  const there = new Map(pages.map((page) => [page.externalId, page]))
  const draft: Draft = { steps: [], held: [], unchanged: 0 }
  const known = new Set(wanted.map(({ externalId }) => externalId))
  for (const each of wanted) planWanted(each, there.get(each.externalId), situation, draft)
  for (const page of pages) {
    if (!known.has(page.externalId) && isOurs(page.externalId)) planUnwanted(page, situation, draft)
  }
  for (const externalId of notes.keys()) {
    if (!known.has(externalId) && !there.has(externalId)) draft.steps.push({ do: 'forget', externalId })
  }
  for (const double of situation.doubles) planDouble(double, known, situation, draft)
  return draft
}

interface Draft {
  readonly steps: PageStep[]
  readonly held: HeldPage[]
  unchanged: number
}

function planWanted(
  wanted: WantedPage,
  page: ExternalPage | undefined,
  { notes, overwrites, doubles }: PagesSituation,
  draft: Draft,
): void {
  const { externalId, title } = wanted
  const note = notes.get(externalId)
  const mayWrite = overwrites(externalId)
  if (page === undefined) {
    const isElsewhere = doubles.some(({ pages }) => pages.some((each) => each.externalId === externalId))
    const wasThere = note !== undefined && (note.sent !== null || note.seen !== null) && !isElsewhere
    const isGone = wasThere && !note.isGoing && !mayWrite
    if (!isGone) draft.steps.push({ do: 'create', wanted })
    else draft.held.push({ ...{ why: 'gone', page: null, externalId, title, before: '', now: '', blocks: true } })
    return
  }
  const needsWriting = note?.sent !== wanted.hash || note.isGoing
  if (editedSince(note, page) && !mayWrite) draft.held.push(heldPage(note, page, needsWriting))
  else if (needsWriting || editedSince(note, page)) draft.steps.push({ do: 'update', wanted, page })
  else draft.unchanged += 1
}

function planUnwanted(page: ExternalPage, { notes, fateOf, overwrites }: PagesSituation, draft: Draft): void {
  const note = notes.get(page.externalId)
  const why = fateOf(page.externalId)
  const isHeld = why !== 'narrowed' && editedSince(note, page) && !overwrites(page.externalId)
  if (isHeld) draft.held.push(heldPage(note, page, true))
  else draft.steps.push({ do: 'delete', page, why })
}

/** Its pages go, and then the source, unless it has pages of others. */
function planDouble(
  { source, pages }: PagesSituation['doubles'][number],
  wanted: ReadonlySet<string>,
  { isOurs, fateOf }: PagesSituation,
  { steps }: Draft,
): void {
  const ours = pages.filter(({ externalId }) => isOurs(externalId))
  for (const page of ours) {
    steps.push({ do: 'discard', page, why: wanted.has(page.externalId) ? null : fateOf(page.externalId) })
  }
  if (ours.length === pages.length) steps.push({ do: 'close', source })
}

/** While something is being sent, both what was and what is sent are ours. Of notes from before that was noted, all is. */
export function editedSince(note: PageNote | undefined, page: ExternalPage): boolean {
  if (note === undefined || (note.sent === null && note.writing === null)) return false
  if (note.seen !== null && isSamePage(note.seen, page)) return false
  return note.writing === null ? note.seen !== null : !isSentPage(note.writing, page)
}

export function isSentPage({ title, url, html, agent, copilot }: SentPage, now: ExternalPage): boolean {
  if (now.url !== url || now.agent !== agent || now.copilot !== copilot) return false
  return now.title === title && saysTheSame(html, now.html)
}

function heldPage(note: PageNote | undefined, page: ExternalPage, blocks: boolean): HeldPage {
  const { id, externalId, title } = page
  const { seen = null, writing = null } = note ?? {}
  const sent = writing === null ? '' : shown({ ...writing, markdown: markdownOf(writing.html) })
  const before = seen === null ? sent : shown(seen)
  return { why: 'edited', page: id, externalId, title, before, now: shown(seenPageOf(page)), blocks }
}

function shown({ title, url, markdown, agent, copilot }: Omit<SeenPage, 'hash'>): string {
  return `# ${title}\n${url}\nAI Agent: ${agent ? 'yes' : 'no'}, Copilot: ${copilot ? 'yes' : 'no'}\n\n${markdown}`
}
