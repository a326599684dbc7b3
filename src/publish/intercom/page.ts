/** External pages, from which Fin and Copilot answer: what of one is looked at, and what is remembered of ours. */
import { z } from 'zod'
import type { StoredDocument } from '../../core/document.ts'
import { canonicalJson, sha256 } from '../../core/ids.ts'
import type { Json } from '../../core/json.ts'
import type { Notes } from '../../core/notes.ts'
import { plainLine } from '../../core/plain.ts'
import { toHtml } from '../../markdown/to-html.ts'
import { invalidAnswer } from '../../vendors/answers.ts'
import type { IntercomClient } from '../../vendors/intercom/client.ts'
import { readListing } from '../../vendors/intercom/listing.ts'
import { htmlHash, markdownOf } from './article.ts'
import { unlessMissing } from './library.ts'
import { readNote } from './read-note.ts'

export interface ExternalPage {
  readonly id: string
  /** Of its import source. */
  readonly source: string
  /** Ours: the prefixed id of the document. */
  readonly externalId: string
  readonly title: string
  readonly html: string
  readonly url: string
  readonly agent: boolean
  readonly copilot: boolean
}

export interface WantedPage {
  readonly externalId: string
  readonly title: string
  readonly html: string
  readonly url: string
  readonly hash: string
  /** Only the beginning of a very long text is sent. */
  readonly isCut: boolean
  /** Intercom takes pages as English ones only, whatever their language. */
  readonly isEnglish: boolean
}

const page = z.object({
  source_id: z.union([z.string(), z.int()]).transform(String),
  external_id: z.string().nullish(),
  title: z.string().nullish(),
  html: z.string().nullish(),
  url: z.string().nullish(),
  ai_agent_availability: z.boolean().nullish(),
  ai_copilot_availability: z.boolean().nullish(),
})

const identified = z.object({ id: z.union([z.string().regex(/^\d+$/), z.int()]).transform(String) })

/** All of the workspace. */
export async function listPages(client: IntercomClient): Promise<readonly ExternalPage[]> {
  return (await readListing(client, '/ai/external_pages', 'external pages', readPage)).items
}

/** Null where it is not there. */
export async function getPage(client: IntercomClient, id: string): Promise<ExternalPage | null> {
  const answer = await unlessMissing(() => client.get(`/ai/external_pages/${id}`))
  return answer === null ? null : readPage(answer, id, `Intercom: external page ${id}`)
}

/**
 * Made, or replaced where the source has one for this document: twice is once. Both availabilities are always sent: what
 * isn't sent of a new page is false.
 *
 * @returns its id
 */
export async function putPage(
  client: IntercomClient,
  source: string,
  { externalId, title, html, url }: WantedPage,
  { agent, copilot }: { readonly agent: boolean; readonly copilot: boolean },
): Promise<string> {
  const answer = await client.put('POST', '/ai/external_pages', {
    ...{ source_id: Number(source), external_id: externalId, title, html, url, locale: 'en' },
    ...{ ai_agent_availability: agent, ai_copilot_availability: copilot },
  })
  const read = identified.safeParse(answer)
  if (!read.success) throw invalidAnswer('Intercom: the external page that was sent', read.error)
  return read.data.id
}

/** Also where it is gone already. */
export async function deletePage(client: IntercomClient, id: string): Promise<void> {
  await unlessMissing(() => client.put('DELETE', `/ai/external_pages/${id}`))
}

function readPage(answer: unknown, id: string, place: string): ExternalPage {
  const read = page.safeParse(answer)
  if (!read.success) throw invalidAnswer(place, read.error)
  const { source_id, external_id, title, html, url, ai_agent_availability, ai_copilot_availability } = read.data
  return {
    ...{ id, source: source_id, externalId: external_id ?? '', title: title ?? '', html: html ?? '', url: url ?? '' },
    ...{ agent: ai_agent_availability === true, copilot: ai_copilot_availability === true },
  }
}

/** Null where it has no address of the web: without one Fin would not say where an answer is from. */
export function wantedPage({ head, markdown, language }: StoredDocument, settings: unknown): WantedPage | null {
  if (!/^https?:\/\/[^\s/]/i.test(head.url)) return null
  const { html, isCut } = toHtml(markdown, head.url)
  const title = plainLine(head.title) || 'Untitled'
  const isEnglish = /^en\b/i.test(head.locale ?? language)
  const hash = sha256(canonicalJson([title, html, head.url, settings]))
  return { externalId: head.id, title, html, url: head.url, hash, isCut, isEnglish }
}

// --- what is remembered -----------------------------------------------------------------------------------------

const seenPage = z.object({
  title: z.string(),
  url: z.string(),
  /** Of its HTML. */
  hash: z.string(),
  markdown: z.string(),
  agent: z.boolean(),
  copilot: z.boolean(),
})

const sentPage = z.object({
  ...{ title: z.string(), url: z.string(), html: z.string() },
  ...{ agent: z.boolean(), copilot: z.boolean() },
})

const note = z.object({
  /** A hash of all that was sent, once it was read back; null before that. */
  sent: z.string().nullable(),
  seen: seenPage.nullable(),
  /** Being sent: until it was read back it may have arrived or not, and `seen` is what was there right before. */
  writing: sentPage.nullable().default(null),
  isGoing: z.boolean(),
})

export type SentPage = z.output<typeof sentPage>
export type SeenPage = z.output<typeof seenPage>
export type PageNote = z.output<typeof note>

/** By target and then by the document's id. */
export function readPageNotes(notes: Notes): Map<string, Map<string, PageNote>> {
  const found = new Map<string, Map<string, PageNote>>()
  for (const [key, value] of notes.all()) {
    const [, target, id] = /^page:([^:]+):(.*)$/s.exec(key) ?? []
    if (target === undefined || id === undefined) continue
    const ofTarget = found.get(target) ?? new Map<string, PageNote>()
    found.set(target, ofTarget.set(id, readNote(note, key, value)))
  }
  return found
}

export async function putPageNote(notes: Notes, target: string, id: string, value: PageNote): Promise<void> {
  await notes.put(`page:${target}:${id}`, value as unknown as Json)
}

export async function removePageNote(notes: Notes, target: string, id: string): Promise<void> {
  await notes.remove(`page:${target}:${id}`)
}

export function seenPageOf({ title, url, html, agent, copilot }: ExternalPage): SeenPage {
  return { title, url, hash: htmlHash(html), markdown: markdownOf(html), agent, copilot }
}

export function isSamePage(seen: SeenPage, { title, url, html, agent, copilot }: ExternalPage): boolean {
  const isSame = seen.title === title && seen.url === url && seen.agent === agent && seen.copilot === copilot
  return isSame && (seen.hash === htmlHash(html) || seen.markdown === markdownOf(html))
}
