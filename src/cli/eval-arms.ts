/**
 * Retrievers beside the one by words, as `unsilo search` has them. Where somebody waits, words answer alone when the
 * embedder fails; what is measured would be neither then, so here it is an error.
 */

import { UnsiloError } from '../core/errors.ts'
import type { Store } from '../core/store.ts'
import { embedMissing } from '../embed/embed-missing.ts'
import type { Embedder } from '../embed/embedder.ts'
import { type Arm, embedded, nearestArm } from '../query/arms.ts'
import type { Io } from './io.ts'
import type { EvalOptions } from './options.ts'
import { counted, note } from './output.ts'
import { openEmbedder } from './setup.ts'

export interface EvalArms {
  /** Whose vectors are asked; null: words alone are. */
  readonly embedder: string | null
  readonly armsOf: (text: string) => Promise<readonly Arm[]>
}

const BY_WORDS: EvalArms = { embedder: null, armsOf: async () => [] }

/** Of the index, whose vectors are there. Throws what the embedder throws. */
export async function armsOfIndex(store: Store, options: EvalOptions, io: Io): Promise<EvalArms> {
  const embedder = await openEmbedder(options, io)
  return embedder === null ? BY_WORDS : await armsBy(embedder, store, options, io)
}

/** Of a corpus, which is sent to the embedder only where that is asked for: nobody expects a measurement to cost. */
export async function armsOfCorpus(store: Store, options: EvalOptions, io: Io): Promise<EvalArms> {
  if (!options.embed) return BY_WORDS
  const embedder = await openEmbedder(options, io)
  if (embedder === null) {
    throw new UnsiloError('USAGE', 'The configuration names no embedder to embed the corpus with.', {
      hint: 'Name one with `embedder:`, or leave --embed out. Nothing was measured.',
    })
  }
  await embedMissing({ vectors: store, embedder, signal: io.signal })
  return await armsBy(embedder, store, options, io)
}

async function armsBy(embedder: Embedder, store: Store, { quiet }: EvalOptions, io: Io): Promise<EvalArms> {
  const { texts } = await store.unembeddedCounts(embedder.identity)
  if (texts > 0 && !quiet)
    note(io, `${counted(texts, 'passage')} have no vector of this model yet: words alone find them.`)
  return {
    embedder: embedder.identity,
    armsOf: async (text) => {
      const near = text.trim() === '' ? null : await embedded(embedder, text, io.signal)
      return near === null ? [] : [nearestArm(store, near)]
    },
  }
}
