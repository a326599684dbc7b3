/** What an embedder is given of a chunk, and by what its vector is known: the same for all drivers. */

import type { Chunk } from './document.ts'
import { sha256 } from './ids.ts'
import type { Passage } from './vectors.ts'

type Said = Pick<Chunk, 'ordinal' | 'headings' | 'text' | 'tokens'>

export function passageOf(document: string, title: string, { ordinal, headings, text, tokens }: Said): Passage {
  const said = [title, headings.join(' > '), text]
    .filter((part) => part !== '')
    .join('\n\n')
    .toWellFormed()
  return { document, ordinal, text: said, hash: sha256(said), tokens }
}
