/** What a document is: as a source tells it, cut into chunks, and as an index holds it. */
import type { Access } from './access.ts'

export const KINDS = ['page', 'article', 'doc', 'ticket'] as const

export type Kind = (typeof KINDS)[number]

/** Everything about a document that can change without its body changing. */
export interface Head {
  /** The source's native id, never a URL or a title. Inside the index it is prefixed with the source's name. */
  readonly id: string
  /** Changes whenever the body does. */
  readonly version: string
  readonly title: string
  readonly url: string
  /** ISO 8601, UTC. */
  readonly updatedAt: string
  /** Where the document stands, outermost first: space > parent, collection > section, folder > folder. */
  readonly path: readonly string[]
  readonly kind: Kind
  /** BCP 47, e.g. `fr` or `en-GB`. */
  readonly locale?: string
  readonly labels?: readonly string[]
  /** The same article in other languages shares this. */
  readonly group?: string
  readonly access: Access
}

/** What a conversion could not say, by name: `{ 'macro:jira': 2, equation: 1 }`. */
export type Losses = Readonly<Record<string, number>>

export type Body = ({ readonly html: string } | { readonly markdown: string }) & {
  /** Replaces the head's, where the real one may hold personal data (a ticket's subject). Whole: it is cut once redacted. */
  readonly title?: string
  /** Names, addresses, user names … of this document's own people, for the redactor to remove. */
  readonly people?: readonly string[]
  readonly losses?: Losses
}

export interface Chunk {
  /** Deterministic: the same document text gives the same ids. */
  readonly id: string
  readonly ordinal: number
  /** The headings that all of the chunk stands under, its own included, outermost first. */
  readonly headings: readonly string[]
  readonly text: string
  /** Offsets into the document's markdown, in UTF-16 code units: `[start, end)`. */
  readonly start: number
  readonly end: number
  /** Of the heading path and the text together. */
  readonly tokens: number
  /** The prefixed id of the document that all of the text was taken from, where that is another one. */
  readonly origin?: string
}

/** A chunk's analysed tokens, one list a field. Drivers store and match them as they are. */
export interface Terms {
  readonly title: readonly string[]
  readonly headings: readonly string[]
  readonly body: readonly string[]
  /** The same with where they stand, packed: see `packWords`. */
  readonly words: Uint8Array
}

export interface IndexedChunk extends Chunk {
  readonly terms: Terms
}

/** What made the stored form out of the source's. Another recipe means: make it again. */
export interface Recipe {
  /** HTML to markdown. A change reloads bodies from the source. */
  readonly converter: string
  /** What was removed from it; see src/redact/identity.ts for what a change asks for. */
  readonly redactor: string
  /** Markdown to chunks and tokens. A change rebuilds from the stored markdown. */
  readonly chunker: string
  readonly analyser: string
}

/** A place in a document's text where another document's text belongs. Until it is put there, a link to it stands there. */
export interface Reference {
  /** The source's native id of the other document, as the body names it: neither known to exist nor to be readable. */
  readonly target: string
  /** Null: all of it. Else the excerpt of this name; `''` is the first one. */
  readonly part: string | null
  /** Of the link's paragraph. Offsets like those of `Chunk`. */
  readonly start: number
  readonly end: number
}

/** A part of a document that others may include by its name. */
export interface Excerpt {
  readonly name: string
  readonly start: number
  readonly end: number
}

/** A document's own text, and what it includes, in the order of the text. */
export interface Template {
  readonly markdown: string
  readonly references: readonly Reference[]
}

/** What a text with includes was made of. */
export interface Edges {
  /** Prefixed ids of all documents that were looked at: included, not there, or not for every reader. Sorted. */
  readonly targets: readonly string[]
  /** A hash of what of the document and of these decides about its text. */
  readonly state: string
}

/** A document as the index holds it. `head.id` is `<source>:<native id>`. */
export interface StoredDocument {
  readonly source: string
  readonly head: Head
  /** What readers see: with the text of included documents. */
  readonly markdown: string
  readonly losses: Losses
  readonly recipe: Recipe
  /** ISO 639-1 language of the text, as the analyser took it. */
  readonly language: string
  /** Present where there are references. */
  readonly template?: Template
  /** Offsets into the document's own text: the template's, where there is one. */
  readonly excerpts?: readonly Excerpt[]
  /** Absent while nothing was put into the template yet. */
  readonly edges?: Edges
  /** A hash of the title, path and labels as they were listed, where the body had a say in what `head` shows of them. */
  readonly listed?: string
}

export interface IndexedDocument extends StoredDocument {
  readonly chunks: readonly IndexedChunk[]
}

export interface StoredHead {
  readonly head: Head
  readonly recipe: Recipe
  readonly listed?: string
}

/** A stored document that has a template. */
export interface Includer {
  readonly head: Head
  readonly edges: Edges | null
}
