/** The way to one host for one account: how many requests at a time, and when the next may start. */
import { createHash } from 'node:crypto'
import pLimit, { type LimitFunction } from 'p-limit'
import { openAllowance } from './allowance.ts'
import type { Call } from './call.ts'
import { saidLimit } from './limit-headers.ts'
import type { Limit } from './published-limits.ts'
import { openWindow, type Window } from './window.ts'

const WORTH_TELLING_MS = 1_000

export interface LaneOptions {
  readonly concurrency: number
  readonly limits: (url: URL) => readonly Limit[]
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** Milliseconds of a clock that never goes back. */
  readonly elapsed: () => number
}

export interface Lane {
  readonly limit: LimitFunction
  /** No request starts before this moment of `elapsed`: one refusal speaks for all. */
  pause(until: number): void
  /** Whether nobody was told yet of a wait until then that is worth telling. */
  announce(until: number): boolean
  /**
   * Starts the call, if it may start at `at`, and returns 0. Otherwise the milliseconds until it may be tried again;
   * Infinity: not before one that runs has ended. What was started must be ended.
   */
  start(call: Call, at: number): number
  /**
   * @param answer null where none came
   * @param startedAt of `elapsed`
   */
  end(call: Call, answer: Response | null, startedAt: number): void
  /** The next end of a call. */
  ended(): Promise<void>
}

export function openLanes(options: LaneOptions): (call: Call) => Lane {
  const lanes = new Map<string, Lane>()
  return (call) => {
    const key = `${call.url.host} ${accountOf(call)}`
    const known = lanes.get(key)
    if (known !== undefined) return known
    const lane = openLane(options)
    lanes.set(key, lane)
    return lane
  }
}

/** In memory only, and not the credential itself. */
function accountOf({ account, headers }: Call): string {
  return createHash('sha256')
    .update(account ?? headers.get('authorization') ?? '')
    .digest('base64')
}

function openLane({ concurrency, limits, now, elapsed }: LaneOptions): Lane {
  const windows = new Map<string, Window>()
  const allowance = openAllowance()
  let end = Promise.withResolvers<void>()
  let pausedUntil = Number.NEGATIVE_INFINITY
  let announced = Number.NEGATIVE_INFINITY
  const windowsOf = (url: URL): readonly Window[] =>
    limits(url).map((limit) => {
      const window = windows.get(limit.name) ?? openWindow(limit)
      windows.set(limit.name, window)
      return window
    })
  return {
    limit: pLimit(concurrency),
    pause(until) {
      pausedUntil = Math.max(pausedUntil, until)
    },
    announce(until) {
      // The pause of a refusal was told with it.
      if (until <= Math.max(announced, pausedUntil) + WORTH_TELLING_MS) return false
      announced = until
      return true
    },
    start(call, at) {
      const under = [...windowsOf(call.url), allowance]
      // A timer may ring a little early.
      const waits = under.map((each) => each.waitFor(at)).map((ms) => (ms > 0 ? ms + 1 : 0))
      const ms = Math.ceil(Math.max(0, pausedUntil - at, ...waits))
      if (ms === 0) for (const each of under) each.start()
      return ms
    },
    end(call, answer, startedAt) {
      const at = elapsed()
      const said = answer && saidLimit(answer.headers, now())
      const under = windowsOf(call.url)
      for (const window of under) window.end(at)
      allowance.end(at, said?.left ?? null, at - startedAt)
      if (said?.limit) under[0]?.correct(said.limit)
      end.resolve()
      end = Promise.withResolvers()
    },
    ended: () => end.promise,
  }
}
