/** Both sides behind one signature. Only what a side needs is loaded, and all that it needs, before the clock runs. */
import type { Side } from './measure.ts'

export interface Piece {
  readonly text: string
  readonly headings: readonly string[]
}

export async function converter(side: Side): Promise<(html: string) => string> {
  if (side === 'unsilo') {
    const { toMarkdown } = await import('../../src/markdown/from-html.ts')
    return (html) => toMarkdown({ html }).markdown
  }
  const { createTurndown } = await import('./peers.ts')
  const service = await createTurndown()
  return (html) => service.turndown(html)
}

export async function splitter(side: Side): Promise<(text: string) => Promise<readonly Piece[]>> {
  if (side === 'unsilo') {
    const { chunk } = await import('../../src/chunk/chunk.ts')
    await loadVocabulary()
    return async (text) => chunk('bench:page', text)
  }
  const { createSplitter } = await import('./peers.ts')
  const service = await createSplitter()
  return async (markdown) => (await service.splitText(markdown)).map((text) => ({ text, headings: [] }))
}

/** The peer's is loaded with its module. */
export async function loadVocabulary(): Promise<void> {
  const { countTokens } = await import('../../src/chunk/tokens.ts')
  countTokens('words')
}
