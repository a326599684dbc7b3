/** A stored document's search form, made anew without asking anybody: what the repair of an index needs. */
import { ANALYSER, chunkAnalyser, isLanguage, languageOf } from '../analysis/analyse.ts'
import { CHUNKER } from '../chunk/chunk.ts'
import type { Chunk, IndexedDocument, StoredDocument } from '../core/document.ts'
import { fromText, listedOf, ownText } from './prepare.ts'

/** The tokens of its chunks again, which no index gives back; all else as it is, unless it is of another analyser. */
export function analysedAgain(document: StoredDocument, chunks: readonly Chunk[]): IndexedDocument {
  const { head, language, recipe } = document
  if (recipe.analyser !== ANALYSER || !isLanguage(language)) return remake(document, chunks)
  const analyse = chunkAnalyser(head.title, language)
  return { ...document, chunks: chunks.map((chunk) => ({ ...chunk, terms: analyse(chunk) })) }
}

/**
 * From its chunks, or, where they are lost, from its text: then links stand where other documents are included, until
 * the next run puts those in again. What was redacted stays as it was.
 */
export function remake(document: StoredDocument, chunks: readonly Chunk[] | null): IndexedDocument {
  const { head, markdown, recipe, source } = document
  if (chunks === null) {
    const made = fromText({ source, redact: null }, head, ownText(document))
    return { ...made, ...listedOf(document), recipe: { ...recipe, chunker: CHUNKER, analyser: ANALYSER } }
  }
  const language = languageOf(head.locale, markdown)
  const analyse = chunkAnalyser(head.title, language)
  const indexed = chunks.map((chunk) => ({ ...chunk, terms: analyse(chunk) }))
  return { ...document, language, recipe: { ...recipe, analyser: ANALYSER }, chunks: indexed }
}
