/** Vectors for what a sync has stored, one step behind it: a model that is down costs no document anything. */
import { asUnsiloError, UnsiloError } from '../core/errors.ts'
import { plain } from '../core/plain.ts'
import type { Store } from '../core/store.ts'
import { type EmbedReport, embedMissing } from '../embed/embed-missing.ts'
import type { Embedder } from '../embed/embedder.ts'
import type { Io } from './io.ts'
import type { CommonOptions } from './options.ts'
import { count, counted, duration, json, note, reportError } from './output.ts'
import type { ProgressDisplay } from './progress.ts'

interface EmbeddingOptions extends CommonOptions {
  readonly dryRun: boolean
  /** Milliseconds since 1970. */
  readonly deadline: number | undefined
}

/** As progress and errors call it. */
const NAME = 'embedder'

/** What kept it from its end, already reported; null: every passage has a vector, or was refused alone. */
export async function embedStored(
  store: Store,
  embedder: Embedder,
  options: EmbeddingOptions,
  io: Io,
  display: ProgressDisplay,
): Promise<UnsiloError | null> {
  const startedAt = io.now()
  const signal = signalOf(options, io)
  const onProgress = (done: number, total: number) => display.update(NAME, { stage: 'loading', done, total })
  try {
    const report = await embedMissing({ vectors: store, embedder, signal, onProgress })
    show(report, embedder, (io.now() - startedAt) / 1000, options, io, display)
    if (report.refused.length === 0) return null
    const passages = counted(report.refused.length, 'passage')
    return new UnsiloError('PARTIAL', `The embedder refuses ${passages}.`)
  } catch (thrown) {
    const { identity } = embedder
    const { texts, tokens } = await store.unembeddedCounts(identity)
    const error = hinted(thrown, texts, signal.aborted && !io.signal.aborted)
    display.finish(NAME, `${NAME}: ${counted(texts, 'passage')} wait`, { level: 'warn' })
    if (options.json)
      json(io, { type: 'embedding', dryRun: false, model: identity, embedded: null, waiting: { texts, tokens } })
    reportError(io, error, options, NAME)
    return error
  }
}

/** What there would be to embed of what is stored already. */
export async function showWaiting(
  store: Store,
  { identity }: Embedder,
  options: EmbeddingOptions,
  io: Io,
): Promise<void> {
  const waiting = await store.unembeddedCounts(identity)
  if (options.json) return json(io, { type: 'embedding', dryRun: true, model: identity, embedded: null, waiting })
  if (options.quiet) return
  const stored = `${counted(waiting.texts, 'stored passage')} to embed, about ${counted(waiting.tokens, 'token')}`
  note(io, `${NAME}: ${stored}; what changes comes on top.`)
}

function show(
  { embedded, refused }: EmbedReport,
  { identity }: Embedder,
  seconds: number,
  options: EmbeddingOptions,
  io: Io,
  display: ProgressDisplay,
): void {
  const waiting = { texts: refused.length, tokens: 0 }
  if (options.json) json(io, { type: 'embedding', dryRun: false, model: identity, embedded, refused, waiting })
  if (embedded + refused.length > 0) {
    const others = refused.length === 0 ? '' : `, ${count(refused.length)} refused`
    display.finish(NAME, `${NAME}: ${counted(embedded, 'passage')} embedded${others} in ${duration(seconds)}`)
  }
  for (const { id, reason } of refused) {
    note(io, `${options.quiet && !io.jsonLog ? 'error: ' : '  '}${id} was not embedded: ${plain(reason)}`, {
      level: 'warn',
      id,
    })
  }
}

function signalOf({ deadline }: EmbeddingOptions, io: Io): AbortSignal {
  if (deadline === undefined) return io.signal
  return AbortSignal.any([io.signal, AbortSignal.timeout(Math.max(0, deadline - io.now()))])
}

function hinted(thrown: unknown, texts: number, isLate: boolean): UnsiloError {
  const { code, message, hint, status } = asUnsiloError(thrown)
  const state = `Documents are stored, and words find them; ${counted(texts, 'passage')} wait for a vector. The next sync goes on there.`
  if (isLate) return new UnsiloError('OUT_OF_TIME', 'The time of this run was over while it embedded.', { hint: state })
  const said = { ...(status !== undefined && { status }), cause: thrown }
  return new UnsiloError(code, message, { hint: hint === undefined ? state : `${hint} ${state}`, ...said })
}
