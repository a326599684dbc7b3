/** What is remembered of an article that we made: which documents it is of, what we sent, and what Intercom made of it. */
import { z } from 'zod'
import type { Json } from '../../core/json.ts'
import type { Notes } from '../../core/notes.ts'
import { type ArticleText, htmlHash, markdownOf } from './article.ts'
import { readNote } from './read-note.ts'

/** A text as it was read back. */
const seenText = z.object({
  title: z.string(),
  description: z.string(),
  markdown: z.string(),
  /** Of its HTML. */
  hash: z.string(),
  state: z.enum(['published', 'draft']),
  draftedAt: z.number().nullable(),
  /** Null of notes from before that was read. */
  answering: z
    .object({
      fin: z.boolean().nullable(),
      copilot: z.boolean().nullable(),
      salesAgent: z.boolean().nullable(),
      audiences: z.array(z.number()).nullable(),
    })
    .nullable()
    .default(null),
})

const sentText = z.object({ title: z.string(), markdown: z.string() })

const note = z.object({
  /** The document of each language. */
  documents: z.record(z.string(), z.string()),
  /** Null from before it is asked for until it is known: its description then says `markerOf`. */
  article: z.string().nullable(),
  /** A hash of all that was sent, once it was read back. */
  sent: z.string().nullable(),
  /** What else holds of it, as far as it was sent: no draft on top of a published article takes that. */
  settings: z.string().nullable().default(null),
  collections: z.array(z.string()),
  seen: z.record(z.string(), seenText),
  /** What was staged on top of published texts, as it was read back. */
  staged: z.record(z.string(), seenText),
  /**
   * Being sent: until it was read back it may have arrived or not, and `seen`, `staged` and `collections` are what was there
   * right before. A text without words is that of a language that goes.
   */
  writing: z.object({ collection: z.string(), texts: z.record(z.string(), sentText) }).nullable(),
  isGoing: z.boolean(),
})

export type SeenText = z.output<typeof seenText>
export type SentText = z.output<typeof sentText>
export type ArticleNote = z.output<typeof note>

const PREFIX = 'article:'

/** By the name that each article has here: letters and digits that nobody can guess. */
export function readArticleNotes(notes: Notes): Map<string, ArticleNote> {
  const found = new Map<string, ArticleNote>()
  for (const [key, value] of notes.all()) {
    if (key.startsWith(PREFIX)) found.set(key.slice(PREFIX.length), readNote(note, key, value))
  }
  return found
}

export async function putArticleNote(notes: Notes, name: string, value: ArticleNote): Promise<void> {
  await notes.put(PREFIX + name, value as unknown as Json)
}

export async function removeArticleNote(notes: Notes, name: string): Promise<void> {
  await notes.remove(PREFIX + name)
}

/** Of an article that isn't there yet. */
export function newArticleNote({ documents, collection, texts }: NewArticle): ArticleNote {
  return {
    ...{ documents: { ...documents }, article: null, sent: null, settings: null, seen: {}, staged: {} },
    collections: [collection],
    ...{ writing: { collection, texts: { ...texts } }, isGoing: false },
  }
}

interface NewArticle {
  readonly documents: Readonly<Record<string, string>>
  readonly collection: string
  readonly texts: Readonly<Record<string, SentText>>
}

/** From before these texts become drafts: that nobody sees them any more is our doing. */
export function hiddenArticleNote(note: ArticleNote, locales: readonly string[]): ArticleNote {
  const hidden = Object.entries(note.seen).map(([locale, text]) =>
    locales.includes(locale) ? [locale, { ...text, state: 'draft' as const }] : [locale, text],
  )
  return { ...note, seen: Object.fromEntries(hidden) }
}

/** Stands in the description of an article from when it is made until its text is sent: a draft, which nobody reads. */
export function markerOf(name: string): string {
  return `unsilo ${name}: being published`
}

export function seenOf({ html, answering: { audiences, ...answering }, ...text }: ArticleText): SeenText {
  const seen = { ...answering, audiences: audiences === null ? null : [...audiences] }
  return { ...text, answering: seen, markdown: markdownOf(html), hash: htmlHash(html) }
}
