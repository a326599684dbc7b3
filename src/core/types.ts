/**
 * The vocabulary of the whole program: what a connector says, what a document is, what an index stores and answers.
 * Imports nothing, so that it can be read alone.
 */

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

/** Turns unknown input into a T or throws an error that names the field. A zod schema fits. */
export interface Schema<T> {
  parse(input: unknown): T
}

// --- who may read -----------------------------------------------------------------------------------------------

/** One reader or group of readers. `group:customers` and `group:staff` are the usual two. */
export type Principal = `user:${string}` | `group:${string}`

/** Who may read a document. `[]` is nobody. */
export type Access = 'public' | readonly Principal[]

/** What a source's unrestricted documents get. `customers` is read by staff too. */
export type Level = 'public' | 'customers' | 'staff'

// --- what a connector says --------------------------------------------------------------------------------------

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

/** What a recording may keep of one answer of a source. */
export interface Recordable {
  /** The answer, with nothing in it that the connector does not read. */
  readonly answer: Json
  /** The people named in it, whose data is removed wherever it stands in the recording. */
  readonly people: readonly string[]
}

/** Something of a source's own that is personal data too: `customer number` becomes `[CUSTOMER_NUMBER_1]`. */
export interface RedactPattern {
  readonly name: string
  /** A regular expression as text. */
  readonly pattern: string
}

/** What is removed from a source's texts beside what is always removed; null: nothing at all. */
export type RedactPolicy = { readonly patterns: readonly RedactPattern[] } | null

/** A person's word that a ticket may be read above its source's level, as long as it says just what it said. */
export interface Approval {
  readonly level: Exclude<Level, 'staff'>
  /** Of the redacted text, as `reviewHash` makes it. */
  readonly hash: string
}

/** By prefixed id. */
export type Approvals = ReadonlyMap<string, Approval>

/** How a connector knows that it has yielded every live document. */
export interface Receipt {
  /** Listing pages read. */
  readonly pages: number
  /** Distinct documents seen. */
  readonly seen: number
  readonly duplicates: number
  /** The source's own count, where it has one. */
  readonly counted?: number
  readonly ended: 'no-next-link' | 'end-of-stream'
}

export type Notes = Readonly<Record<string, string>>

export type Change<C = Json> =
  /**
   * A pass over everything starts here: what earlier runs saw, and what this one said before, counts no more. Only a pass
   * that began can end with a receipt. `since: null` begins one by itself; a feed of changes since a cursor never does.
   */
  | { readonly type: 'begin' }
  /**
   * `load` is lazy: called only when the version is new to the index, with the head's id. Loads may run concurrently.
   * One function for all documents takes less memory than one for each: a first sync holds them until the end.
   */
  | { readonly type: 'upsert'; readonly head: Head; readonly load: (id: string) => Promise<Body> }
  | { readonly type: 'delete'; readonly id: string }
  /** Seen and deliberately not taken (a draft, too large, not resolved); a stored one is removed. */
  | { readonly type: 'skip'; readonly id: string; readonly reason: string }
  /** With a receipt: every live document has been yielded since the pass began. */
  | {
      readonly type: 'checkpoint'
      /** Stored as it is: nothing personal may be in it. */
      readonly cursor: C
      readonly receipt?: Receipt
      /** Short facts worth showing in `status`, e.g. `{ restrictions: 'read 2026-05-01T02:00:00Z' }`. */
      readonly notes?: Notes
    }

/** A source's access settings: what an unrestricted document gets, and what the source's readers are called here. */
export interface AccessPolicy {
  readonly level: Level
  /** From the source's name of a group or user (as its connector's README says) to our principals. */
  readonly principals: Readonly<Record<string, readonly Principal[]>>
}

export interface PullContext<Config> {
  readonly config: Config
  readonly access: AccessPolicy
  /** Already carries timeouts, retries and limits; throws `UnsiloError` for answers that stay bad. */
  readonly fetch: typeof fetch
  readonly signal: AbortSignal
  /** Milliseconds since the epoch. */
  readonly now: () => number
}

export interface Connector<Config = unknown, C = Json> {
  readonly name: string
  /** What a source gets whose configuration names no level; `staff` unless told. */
  readonly level?: Level
  /** Whether personal data is removed from a source whose configuration does not say; no unless told. */
  readonly redact?: boolean
  /** Absent: answers are recorded as they came. */
  readonly recordable?: (answer: Json) => Recordable
  readonly config: Schema<Config>
  readonly cursor: Schema<C>
  /** `since: null` is from the beginning. Throws on any listing that failed: an error is never an empty list. */
  pull(context: PullContext<Config>, since: C | null): AsyncIterable<Change<C>>
}

// --- what is stored ---------------------------------------------------------------------------------------------

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

export interface SourceState {
  readonly cursor: Json
  /** The ids seen so far in a pass that was cut at this cursor; null when no pass is open. */
  readonly seen: readonly string[] | null
  /** A hash of the access settings that were in force; null where no run has said yet. */
  readonly policy: string | null
}

/** A document that failed, kept until it succeeds or goes. */
export interface Failure {
  readonly id: string
  readonly code: string
  readonly reason: string
  /** ISO 8601, UTC. */
  readonly at: string
  /** Of the head that failed. */
  readonly version?: string
  /** An operator said: leave it until its version changes. */
  readonly ignored?: true
  /** Runs that have tried it, the one that stores this included. */
  readonly attempts?: number
}

/** A document that the source showed and that was deliberately not taken. */
export interface Skip {
  readonly id: string
  readonly reason: string
  /** ISO 8601, UTC. */
  readonly at: string
}

/** Documents that cut runs removed, and showed to more people, with no person's word. */
export interface Carried {
  readonly removed: number
  readonly widened: number
}

/** What a run asked of the network, retries included. */
export interface Traffic {
  readonly requests: number
  readonly retries: number
  /** All waits of its requests added up, milliseconds. */
  readonly waitedMs: number
  /** Of bodies received, decoded. */
  readonly bytes: number
}

export interface RunRecord {
  readonly id: string
  readonly source: string
  readonly startedAt: string
  readonly endedAt: string
  readonly outcome: 'ok' | 'partial' | 'failed' | 'guarded' | 'interrupted'
  readonly counts: RunCounts
  readonly receipt?: Receipt
  readonly notes?: Notes
  readonly error?: { readonly code: string; readonly message: string }
  readonly traffic?: Traffic
  /** Of documents, by error code. */
  readonly failures?: Readonly<Record<string, number>>
  /** Where it read from: the beginning, or what changed since the stored cursor. */
  readonly from?: 'start' | 'cursor'
  /** Of a run that did not come to its end: its own and that of those before it. A guard counts it with what the next one would do. */
  readonly carried?: Carried
}

export interface RunCounts {
  readonly listed: number
  readonly added: number
  readonly changed: number
  /** Title, url, path, labels or access refreshed without a new body. */
  readonly refreshed: number
  readonly removed: number
  readonly unchanged: number
  readonly skipped: number
  readonly failed: number
}

/** All of it or none of it; applying it twice equals applying it once. Ids are prefixed with the source's name. */
export interface Batch {
  readonly source: string
  /** New or changed documents, whole, with all their chunks. */
  readonly put: readonly IndexedDocument[]
  /** Documents whose body is the same: replace the head, keep text and chunks. Unknown ids are ignored. */
  readonly refresh: readonly Head[]
  readonly remove: readonly string[]
  /** Documents that failed. A put, refresh or remove of the same id in a later batch clears it. */
  readonly failed: readonly Failure[]
  /** A put or a remove of an id clears its skip; then these are stored. */
  readonly skipped?: {
    /** Replaces all that is known of the source: after a complete pass. */
    readonly all: boolean
    readonly list: readonly Skip[]
  }
  /** Absent: leave the stored state where it is. */
  readonly state?: SourceState
  /** Recorded in the same transaction. The same run id replaces; older ones than the newest `KEPT_RUNS` go. */
  readonly run?: RunRecord
}

// --- the ports --------------------------------------------------------------------------------------------------

/** Who asks, and of which documents: those that meet all that is told. Absent is all, an empty list none. */
export interface Reader {
  readonly as: readonly Principal[]
  readonly sources?: readonly string[]
  readonly kinds?: readonly Kind[]
  /** BCP 47, whatever the case: `en` is `en-GB` too. A document without a locale is in the language of its text. */
  readonly locales?: readonly string[]
  /** One of them is enough. */
  readonly labels?: readonly string[]
  /** ISO 8601: changed then or later. */
  readonly updatedSince?: string
}

export interface LexicalQuery extends Reader {
  /** One group a query word; the members of a group are alternatives (the word's stems in several languages). */
  readonly groups: readonly (readonly string[])[]
  /** Every group must match, or any. */
  readonly match: 'all' | 'any'
  /** How many chunks of one document may be found, the best of them; absent is all. */
  readonly perDocument?: number
  /** Documents whose text is found in themselves only, not where others include it. */
  readonly onlyInPlace?: readonly string[]
  readonly limit: number
}

export interface HeldQuery extends Reader {
  readonly tokens: readonly string[]
  readonly most: number
}

/** A place in a document, and how many chunks before it and behind it are wanted. */
export interface NeighbourQuery extends Pick<Reader, 'as'> {
  /** Its prefixed id. */
  readonly document: string
  readonly ordinal: number
  readonly most: number
}

export interface LexicalHit {
  readonly document: StoredHead & Pick<StoredDocument, 'source' | 'language'>
  readonly chunk: Chunk
  /** Higher is better: BM25 with the weights of `FIELD_WEIGHTS`; of `nearest`, the cosine. */
  readonly score: number
}

export interface IndexStats {
  readonly documents: number
  readonly chunks: number
}

/**
 * Where documents live. A reader sees each document whole or not at all; the cursor is never ahead of the data.
 * Every query takes principals and sees only what they may read; `'public'` documents are seen by all.
 */
export interface Index {
  state(source: string): Promise<SourceState | null>
  /** Prefixed ids in, known ones out. */
  heads(source: string, ids: readonly string[]): Promise<ReadonlyMap<string, StoredHead>>
  /** Every stored document's prefixed id of one source, in id order. */
  ids(source: string): Promise<readonly string[]>
  /** The documents of one source that have a template, in id order. Costs next to nothing where there are none. */
  includers(source: string): Promise<readonly Includer[]>
  apply(batch: Batch): Promise<void>
  /** Best first; ties by document id, then ordinal. */
  lexical(query: LexicalQuery): Promise<readonly LexicalHit[]>
  /** How many chunks hold each term (in any field), hidden ones included: used to prune, never shown. */
  frequencies(terms: readonly string[]): Promise<{ readonly chunks: number; readonly of: ReadonlyMap<string, number> }>
  /**
   * Tokens of nothing but letters that begin so, in order, at most so many. Hidden ones are among them: only to be asked
   * about with `held`, never shown.
   */
  tokens(prefix: string, limit: number): Promise<readonly string[]>
  /**
   * Tokens of nothing but letters that so many letters added, dropped, changed or swapped may make of this one, in any
   * order: all of those, and some others. Hidden ones are among them, as of `tokens`.
   */
  alike(token: string, changes: 1 | 2): Promise<readonly string[]>
  /** The languages of documents that `as` may read, sorted. */
  languages(reader: Reader): Promise<readonly string[]>
  /** How many chunks that `as` may read hold each token, counted up to `most`. */
  held(query: HeldQuery): Promise<ReadonlyMap<string, number>>
  /** How many chunks the reader may read, counted up to `most`. */
  readable(reader: Reader, most: number): Promise<number>
  /** The document if `as` may read it, else null. */
  document(id: string, as: readonly Principal[]): Promise<StoredDocument | null>
  /** The chunk there and those around it, in order; none where `as` may not read the document. */
  neighbours(query: NeighbourQuery): Promise<readonly Chunk[]>
  /** Every document that `as` may read, in id order. */
  documents(as: readonly Principal[], sources?: readonly string[]): AsyncIterable<StoredDocument>
  /** For the loop's own rebuilds and plans: by id, whoever may read it. Never a query surface. */
  stored(ids: readonly string[]): Promise<ReadonlyMap<string, StoredDocument>>
  /** A document's chunks in order, for the loop and for tests of the stored form. */
  chunks(id: string): Promise<readonly Chunk[]>
  close(): Promise<void>
}

/**
 * What runs leave behind, beside the documents: their records, the quarantine, what was skipped, and the lease.
 *
 * The lease is the right to write, had by whoever opened the index for writing, until it is closed or its process is
 * gone. On one machine the operating system keeps it (SQLite: a file lock, which needs no clock and can't outlive its
 * holder). A remote driver keeps a row with its holder, an expiry that the holder puts off while it works, and a number
 * that grows with each holder; each of its transactions checks that number, so that one who slept through the expiry
 * writes nothing more.
 */
export interface Ledger {
  /** Sources the index knows, in name order. */
  sources(): Promise<readonly string[]>
  stats(source: string): Promise<IndexStats>
  /** Newest first. */
  runs(source: string, limit: number): Promise<readonly RunRecord[]>
  run(id: string): Promise<RunRecord | null>
  /** In id order. */
  quarantine(source: string): Promise<readonly Failure[]>
  /** Marks failures as left alone, or as tried again. Writers only. Returns which of the ids are in quarantine, in id order. */
  ignore(source: string, ids: readonly string[], ignored: boolean): Promise<readonly string[]>
  /** Removes a source with all that there is of it, documents and records: all of it or none. Writers only. */
  forget(source: string): Promise<void>
  /** In id order. */
  skips(source: string): Promise<readonly Skip[]>
  /** Ids of stored documents with this url, whoever may read them, in id order. For operators: never a query surface. */
  located(url: string): Promise<readonly string[]>
  /** Who holds the lease now, as that writer called itself; null when nobody does. */
  holder(): Promise<string | null>
}

/** A chunk as an embedder is given it. */
export interface Passage {
  /** The prefixed id of its document. */
  readonly document: string
  readonly ordinal: number
  /** Title, heading path and text. */
  readonly text: string
  /** Of `text`. */
  readonly hash: string
  /** About how many tokens a model takes it for. */
  readonly tokens: number
}

/** A passage's vector. */
export interface Embedded extends Pick<Passage, 'document' | 'ordinal' | 'hash'> {
  readonly vector: Float32Array
}

export interface VectorQuery extends Reader {
  /** Whose vectors are compared: those of others are as good as not there. */
  readonly embedder: string
  readonly vector: Float32Array
  readonly limit: number
}

/**
 * The vectors of chunks, one a chunk, beside their texts. A vector goes with its chunk in the batch that takes the chunk
 * away; where a batch puts a document anew, chunks that say the same keep theirs. So no reader ever meets a vector of
 * another text, and a text that was cut anew is not embedded anew.
 */
export interface Vectors {
  /**
   * Passages without a vector of this embedder, by document id, then ordinal, behind `after`. Those of documents that
   * nobody may read are not among them: they are nobody's business, an embedder's neither.
   */
  unembedded(
    embedder: string,
    limit: number,
    after?: Pick<Passage, 'document' | 'ordinal'>,
  ): Promise<readonly Passage[]>
  /** How many those are, and about how many tokens. */
  unembeddedCounts(embedder: string): Promise<{ readonly texts: number; readonly tokens: number }>
  /** All or none; a vector replaces its chunk's, of whichever embedder. One of a text that is gone is left out. */
  embed(embedder: string, vectors: readonly Embedded[]): Promise<void>
  /**
   * Best first by cosine; ties by document id, then ordinal. Exact in a small index; in a large one all but a few of the
   * best are sure to be found.
   */
  nearest(query: VectorQuery): Promise<readonly LexicalHit[]>
}

export type Store = Index & Ledger & Vectors

/** Something in a stored index that is not as it was written. */
export interface Damage {
  /** The document that it is in, where it is in one. */
  readonly document?: string
  /** For people. */
  readonly what: string
}

/** Makes a stored document's search form anew: from its chunks, or from its text alone where they are lost. Asks no source. */
export type Remake = (document: StoredDocument, chunks: readonly Chunk[] | null) => IndexedDocument

export interface RepairReport {
  /** What was found, most serious first; empty: everything was as it was written. */
  readonly damage: readonly Damage[]
  /** Documents that were kept, whose search form was made anew. */
  readonly documents: number
  /** Ids of documents that could not be trusted and were taken out, in id order: in quarantine until they are loaded again. */
  readonly removed: readonly string[]
  /** Sources that the next run reads from the beginning, since something of them is lost. */
  readonly reread: readonly string[]
  /** Where the damaged file is kept, for its owner only; it holds texts, so somebody has to delete it. Null: not kept. */
  readonly kept: string | null
}

/** Records of a source's runs that every driver keeps, beside the last that ended `ok` or `partial` and the last with a receipt. */
export const KEPT_RUNS = 100

/** BM25 weights of a chunk's fields, the same for all drivers. */
export const FIELD_WEIGHTS = { title: 4, headings: 2, body: 1 } as const
