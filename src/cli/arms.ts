/** Retrievers beside the one by words, where the configuration names an embedder. */
import { asUnsiloError } from '../core/errors.ts'
import { plain } from '../core/plain.ts'
import type { Store } from '../core/store.ts'
import { type Arm, embedded, nearestArm } from '../query/arms.ts'
import type { NearOf } from '../serve/asking/ask.ts'
import { nearSoon } from '../serve/asking/near.ts'
import type { Io } from './io.ts'
import type { CommonOptions } from './options.ts'
import { note } from './output.ts'
import { openEmbedder } from './setup.ts'

/** Somebody waits: a model that doesn't answer soon is done without. */
const PATIENCE = { tries: 2, timeouts: { headers: 10_000, idle: 10_000, total: 10_000 } }
/** Of one question, with all that is tried and waited for. */
const PATIENCE_MS = 10_000
/** Questions that are with the embedder at once. */
const AT_ONCE = 16

/** For any number of questions, the embedder opened once. Where it fails, words alone answer, and it is said each time. */
export function armsOf(store: Store, options: CommonOptions, io: Io): (text: string) => Promise<readonly Arm[]> {
  const nearOf = embedding(options, io)
  return async (text) => {
    const near = await nearOf(text, io.signal)
    return near === null ? [] : [nearestArm(store, near)]
  }
}

/** The same as vectors alone: null where words alone answer. */
export function embedding(options: CommonOptions, io: Io): NearOf {
  let opened: ReturnType<typeof openEmbedder> | null = null
  return nearSoon({
    async embed(text, signal) {
      opened ??= openEmbedder(options, io, PATIENCE)
      const embedder = await opened
      return embedder === null ? null : await embedded(embedder, text, signal)
    },
    atOnce: AT_ONCE,
    patienceMs: PATIENCE_MS,
    failed(thrown) {
      const { code, message, hint } = asUnsiloError(thrown)
      if (io.signal.aborted) throw thrown
      note(io, `Found by words alone, since the embedder can't be asked: ${plain(message)}`, { level: 'warn', code })
      if (hint !== undefined && options.verbose) note(io, `  ${plain(hint)}`)
    },
  })
}
