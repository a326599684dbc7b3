/** Body -> markdown -> chunks -> tokens: the form in which a document is stored. */
import { ANALYSER, analyseChunk, languageOf } from '../analysis/analyse.ts'
import { CHUNKER, chunk } from '../chunk/chunk.ts'
import type { Body, Head, IndexedDocument, Losses, Recipe } from '../core/types.ts'
import { CONVERTER, toMarkdown } from '../markdown/from-html.ts'

export const RECIPE: Recipe = { converter: CONVERTER, chunker: CHUNKER, analyser: ANALYSER }

export function fromBody(source: string, head: Head, body: Body): IndexedDocument {
  const { markdown, losses } = toMarkdown(body)
  return fromMarkdown(source, head, markdown, losses)
}

export function fromMarkdown(source: string, head: Head, markdown: string, losses: Losses): IndexedDocument {
  const language = languageOf(head.locale, markdown)
  const chunks = chunk(head.id, markdown).map((piece) => ({
    ...piece,
    terms: analyseChunk(head.title, piece, language),
  }))
  return { source, head, markdown, losses, recipe: RECIPE, language, chunks }
}
