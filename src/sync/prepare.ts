/** Body -> markdown -> redacted -> chunks -> tokens: the form in which a document is stored. */
import { ANALYSER, chunkAnalyser, languageOf } from '../analysis/analyse.ts'
import { CHUNKER, chunk } from '../chunk/chunk.ts'
import type { RedactPolicy } from '../core/connector.ts'
import type {
  Body,
  Chunk,
  Excerpt,
  Head,
  IndexedDocument,
  Losses,
  Recipe,
  Reference,
  StoredDocument,
} from '../core/document.ts'
import { CONVERTER, toMarkdown } from '../markdown/from-html.ts'
import { redactorOf } from '../redact/identity.ts'
import { listedWords, REMOVED, redactDocument, redactHead } from './redacting.ts'

/** How a source's documents are made. Plain data. */
export interface Making {
  readonly source: string
  readonly redact: RedactPolicy
}

export function recipeOf({ redact }: Pick<Making, 'redact'>): Recipe {
  return { converter: CONVERTER, redactor: redactorOf(redact), chunker: CHUNKER, analyser: ANALYSER }
}

/** What a document says by itself. */
export interface OwnText {
  readonly markdown: string
  readonly losses: Losses
  readonly references: readonly Reference[]
  readonly excerpts: readonly Excerpt[]
}

/** Text that was put into a document: `[start, end)` of its markdown is of the document `origin`. */
export interface Inclusion {
  readonly origin: string
  readonly start: number
  readonly end: number
}

/** A document's text as readers are to see it. */
export interface FullText {
  readonly markdown: string
  /** Of two that overlap, the inner one comes first. */
  readonly inclusions: readonly Inclusion[]
}

/** Counted anew each time: links that stay because of a limit, and texts into which nothing could be put. */
export const INCLUDE_LOSSES = { cut: 'include:cut', failed: 'include:failed' } as const

/** Characters of a title that a body says: it may be a whole message. */
const LONGEST_TITLE = 120

/** @param given as the source said it */
export function fromBody(making: Making, given: Head, body: Body): IndexedDocument {
  const { title, people = [] } = body
  const shown = { ...given, ...(title !== undefined && { title }) }
  const { head, own } = redactDocument(shown, toMarkdown(body), making.redact, people)
  const hasSay = title !== undefined || (making.redact !== null && people.length > 0)
  return {
    ...fromText(making, title === undefined ? head : { ...head, title: shortened(head.title) }, own),
    ...(hasSay && { listed: listedWords(redactHead(given, making.redact)) }),
  }
}

/** At a space. Only of what was redacted: half an IBAN has no shape by which it would go. */
function shortened(title: string): string {
  if (title.length <= LONGEST_TITLE) return title
  const cut = title.slice(0, LONGEST_TITLE)
  return `${cut.slice(0, Math.max(cut.lastIndexOf(' '), LONGEST_TITLE / 2)).trimEnd()}…`
}

/** Anew from the stored text, redacted once more where that was done by another redactor. */
export function fromStored(making: Making, head: Head, stored: StoredDocument): IndexedDocument {
  const own = ownText(stored)
  const isSame = stored.recipe.redactor === redactorOf(making.redact)
  const redacted = isSame ? { head, own } : redactDocument(head, own, making.redact)
  return { ...fromText(making, redacted.head, redacted.own), ...listedOf(stored) }
}

/** The same; of a text of which the redactor can't say what is left, nothing is. */
export function fromBare(making: Making, stored: StoredDocument): IndexedDocument {
  try {
    return fromStored(making, stored.head, stored)
  } catch {
    const nothing = { markdown: `${REMOVED}\n`, losses: {}, references: [], excerpts: [] }
    return { ...fromText(making, redactHead(stored.head, making.redact), nothing), ...listedOf(stored) }
  }
}

/** Nothing is included yet: links stand where it will be. */
export function fromText(making: Making, head: Head, own: OwnText): IndexedDocument {
  return withIncludes(making, head, own, { markdown: own.markdown, inclusions: [] })
}

export function withIncludes(making: Making, head: Head, own: OwnText, full: FullText): IndexedDocument {
  const { markdown, inclusions } = full
  const { losses, references, excerpts } = own
  const language = languageOf(head.locale, markdown)
  const analyse = chunkAnalyser(head.title, language)
  const chunks = chunk(head.id, markdown, bordersOf(inclusions)).map((piece) => ({
    ...piece,
    ...originOf(piece, inclusions),
    terms: analyse(piece),
  }))
  return {
    ...{ source: making.source, head, markdown, losses, recipe: recipeOf(making), language, chunks },
    ...(references.length > 0 && { template: { markdown: own.markdown, references } }),
    ...(excerpts.length > 0 && { excerpts }),
  }
}

/** Of a stored document, whatever was put into it since. */
export function ownText({ markdown, template, excerpts = [], losses }: StoredDocument): OwnText {
  const { [INCLUDE_LOSSES.cut]: _cut, [INCLUDE_LOSSES.failed]: _failed, ...own } = losses
  return { references: [], ...(template ?? { markdown }), excerpts, losses: own }
}

export function listedOf({ listed }: StoredDocument): Pick<StoredDocument, 'listed'> {
  return listed === undefined ? {} : { listed }
}

/** Included text has chunks of its own, so that each chunk is of one document. */
function bordersOf(inclusions: readonly Inclusion[]): readonly number[] {
  return [...new Set(inclusions.flatMap(({ start, end }) => [start, end]))].sort((a, b) => a - b)
}

function originOf({ start, end }: Chunk, inclusions: readonly Inclusion[]): { origin?: string } {
  const inclusion = inclusions.find((range) => range.start <= start && end <= range.end)
  return inclusion === undefined ? {} : { origin: inclusion.origin }
}
