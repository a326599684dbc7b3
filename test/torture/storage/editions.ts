/** Documents of which every part says the same edition. */
import type { IndexedDocument } from '../../../src/core/document.ts'
import { sampleDocument } from '../../conformance/index-samples.ts'

export function bothSay(at: number, edition: number): IndexedDocument {
  const words = Array.from({ length: 6 }, (_, part) =>
    `edition ${edition} common part${part} ${'filler '.repeat(60)}`.trim(),
  )
  return sampleDocument(`docs:${at}`, { title: `edition ${edition}`, texts: words })
}

export function editionOf(text: string): string {
  return /edition (\d+)/.exec(text)?.[1] ?? 'none'
}
