/** The port to what turns texts into vectors. */

/** What a text is to the model: a question, or what may answer it. */
export type TextKind = 'query' | 'passage'

export interface Embedder {
  /** Names all that decides about a passage's vector, its length too. Another identity: all passages are embedded anew. */
  readonly identity: string
  readonly dimensions: number
  /** Of one call. A single text may be larger. */
  readonly atOnce: BatchSize
  /**
   * One vector a text, in their order, each of `dimensions` finite numbers. Throws DOCUMENT_UNREADABLE where these texts
   * are what was refused, and AUTH_REJECTED, RATE_LIMITED, SOURCE_UNAVAILABLE, ANSWER_INVALID, CONFIG_INVALID or
   * INTERRUPTED for what others would meet too.
   */
  embed(texts: readonly string[], kind: TextKind, signal: AbortSignal): Promise<readonly Float32Array[]>
}

export interface BatchSize {
  readonly texts: number
  readonly tokens: number
}
