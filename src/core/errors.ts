/**
 * Every error that a user can meet, in one catalogue. A code is permanent; messages may improve.
 *
 * - `recovery` says who handles it: `retry` only src/http (thrown onward once its tries are used up), `skip` only
 *   src/sync (one document's failure), `stop` only src/cli.
 * - `exit` is the process's exit code when the error ends the program.
 */
export const errorCatalogue = {
  UNEXPECTED: { recovery: 'stop', exit: 1 },
  NOT_FOUND: { recovery: 'stop', exit: 1 },
  EXPECTATION_DIFFERS: { recovery: 'stop', exit: 1 },
  REPLAY_MISMATCH: { recovery: 'stop', exit: 1 },
  USAGE: { recovery: 'stop', exit: 2 },
  CONFIG_INVALID: { recovery: 'stop', exit: 2 },
  PARTIAL: { recovery: 'stop', exit: 3 },
  LISTING_INCOMPLETE: { recovery: 'stop', exit: 3 },
  ANSWER_INVALID: { recovery: 'stop', exit: 3 },
  DOCUMENT_UNREADABLE: { recovery: 'skip', exit: 3 },
  AUTH_REJECTED: { recovery: 'stop', exit: 4 },
  SOURCE_UNAVAILABLE: { recovery: 'retry', exit: 5 },
  RATE_LIMITED: { recovery: 'retry', exit: 5 },
  OUT_OF_TIME: { recovery: 'stop', exit: 5 },
  OVERLOADED: { recovery: 'stop', exit: 5 },
  INDEX_UNAVAILABLE: { recovery: 'stop', exit: 5 },
  DISK: { recovery: 'stop', exit: 6 },
  LOCKED: { recovery: 'stop', exit: 10 },
  GUARD_TRIPPED: { recovery: 'stop', exit: 11 },
  INDEX_DAMAGED: { recovery: 'stop', exit: 12 },
  INDEX_OLDER: { recovery: 'stop', exit: 12 },
  INDEX_UNFINISHED: { recovery: 'stop', exit: 12 },
  INDEX_NEWER: { recovery: 'stop', exit: 12 },
  INTERRUPTED: { recovery: 'stop', exit: 130 },
} as const satisfies Record<string, { recovery: 'retry' | 'skip' | 'stop'; exit: number }>

export type ErrorCode = keyof typeof errorCatalogue

/**
 * The one error class. `message` says what happened and why; `hint` what to do, and what state things are in.
 * Neither may hold a credential: build them from our own words, never from a request's headers.
 */
export class UnsiloError extends Error {
  readonly code: ErrorCode
  readonly hint: string | undefined
  /** HTTP status, where an answer caused it. */
  readonly status: number | undefined

  constructor(code: ErrorCode, message: string, options: { hint?: string; status?: number; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'UnsiloError'
    this.code = code
    this.hint = options.hint
    this.status = options.status
  }

  get recovery(): 'retry' | 'skip' | 'stop' {
    return errorCatalogue[this.code].recovery
  }

  get exit(): number {
    return errorCatalogue[this.code].exit
  }
}

/** Any thrown value as our error; what we don't know stays UNEXPECTED with its cause. */
export function asUnsiloError(thrown: unknown): UnsiloError {
  if (thrown instanceof UnsiloError) return thrown
  const message = thrown instanceof Error ? thrown.message : String(thrown)
  return new UnsiloError('UNEXPECTED', message, { cause: thrown })
}
