/**
 * Embeds what the index holds no vector of: after a first sync everything, later what is new, and after a change of the
 * model everything again, from the stored texts. What was embedded is stored batch by batch, so a run that is cut goes on
 * where it was.
 */
import { UnsiloError } from '../core/errors.ts'
import type { Embedded, Passage, Vectors } from '../core/vectors.ts'
import { batchesOf } from './batches.ts'
import type { Embedder } from './embedder.ts'

export interface EmbedOptions {
  readonly vectors: Vectors
  readonly embedder: Embedder
  readonly signal: AbortSignal
  readonly onProgress?: (done: number, total: number) => void
}

export interface EmbedReport {
  /** Passages that got a vector. */
  readonly embedded: number
  /** Passages that the embedder refuses. They are asked for again by the next run; until then only words find them. */
  readonly refused: readonly Refusal[]
}

export interface Refusal {
  /** `<document id>#<ordinal>` */
  readonly id: string
  readonly reason: string
}

/** Passages read from the index at a time. */
const READ_AT_ONCE = 512

/** After this many refused and none stored it is asked for a word: what refuses that refuses everything. */
const REFUSED_BEFORE_ASKED = 5
const WORD = 'word'

/** Throws what the embedder throws; what was embedded by then is stored. */
export async function embedMissing(options: EmbedOptions): Promise<EmbedReport> {
  const { vectors, embedder, signal, onProgress } = options
  const { texts: total } = await vectors.unembeddedCounts(embedder.identity)
  const refused: Refusal[] = []
  let embedded = 0
  let after: Passage | undefined
  for (;;) {
    const passages = await vectors.unembedded(embedder.identity, READ_AT_ONCE, after)
    for (const batch of batchesOf(passages, embedder.atOnce)) {
      if (signal.aborted) throw interrupted()
      const made = await embedOrSplit(options, batch, async (refusal) => {
        refused.push(refusal)
        const isDoubted = embedded === 0 && refused.length === REFUSED_BEFORE_ASKED
        if (isDoubted && !(await takesWord(options))) throw refusesEverything(refusal)
      })
      await vectors.embed(embedder.identity, made)
      embedded += made.length
      onProgress?.(embedded + refused.length, total)
    }
    after = passages.at(-1)
    if (after === undefined) return { embedded, refused }
  }
}

/** A batch that is refused is halved until the passage that is meant stands alone. */
async function embedOrSplit(
  options: EmbedOptions,
  batch: readonly Passage[],
  onRefused: (refusal: Refusal) => Promise<void>,
): Promise<Embedded[]> {
  try {
    return await embedBatch(options, batch)
  } catch (thrown) {
    const [first] = batch
    if (!isRefusal(thrown) || first === undefined) throw thrown
    if (batch.length === 1) {
      await onRefused({ id: `${first.document}#${first.ordinal}`, reason: thrown.message })
      return []
    }
    const half = Math.ceil(batch.length / 2)
    const made = await embedOrSplit(options, batch.slice(0, half), onRefused)
    return [...made, ...(await embedOrSplit(options, batch.slice(half), onRefused))]
  }
}

async function takesWord({ embedder, signal }: EmbedOptions): Promise<boolean> {
  try {
    await embedder.embed([WORD], 'passage', signal)
    return true
  } catch (thrown) {
    if (isRefusal(thrown)) return false
    throw thrown
  }
}

function isRefusal(thrown: unknown): thrown is UnsiloError {
  return thrown instanceof UnsiloError && thrown.code === 'DOCUMENT_UNREADABLE'
}

/** Passages that say the same are sent once. */
async function embedBatch({ embedder, signal }: EmbedOptions, batch: readonly Passage[]): Promise<Embedded[]> {
  const texts = new Map(batch.map(({ hash, text }) => [hash, text]))
  const answered = await embedder.embed([...texts.values()], 'passage', signal)
  const byHash = new Map([...texts.keys()].map((hash, at) => [hash, answered[at]]))
  return batch.flatMap(({ document, ordinal, hash }) => {
    const vector = byHash.get(hash)
    return vector === undefined ? [] : [{ document, ordinal, hash, vector }]
  })
}

function refusesEverything({ reason }: Refusal): UnsiloError {
  return new UnsiloError('CONFIG_INVALID', `The embedder refuses every text: ${reason}`, {
    hint: 'Check the model and the embedder’s settings. Nothing was embedded; words find what they did.',
  })
}

function interrupted(): UnsiloError {
  return new UnsiloError('INTERRUPTED', 'Embedding was interrupted.', {
    hint: 'What was embedded is stored; the next sync goes on there.',
  })
}
