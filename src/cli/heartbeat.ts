/**
 * Heartbeats to a URL: that a run started, and how it ended, in the way of healthchecks.io. A heartbeat never fails the
 * run, never holds it up for long, and its URL, which is a secret, is never printed.
 */
import { errorCatalogue, UnsiloError } from '../core/errors.ts'
import { safeToRepeat } from '../http/call.ts'
import { createFetch } from '../http/fetch.ts'
import type { Io } from './io.ts'
import { note } from './output.ts'

export interface Heartbeat {
  /** Sent while the run begins: it has the index. */
  started(): void
  /**
   * Sent before the program ends. `words` is what the exit code means. A run that another kept out is no failure: the one
   * that works answers for both, and its `/start` must not be followed by an alarm. It is logged, which changes no state.
   */
  ended(code: number, words: string): Promise<void>
}

/** For all tries of one heartbeat together. */
const PATIENCE_MS = 10_000
const TIMEOUTS = { headers: 4000, total: 4000 }
const TRIES = 2

/** Throws USAGE for what is no address of the web. */
export function createHeartbeat(url: string, runId: string, io: Io): Heartbeat {
  const address = readAddress(url)
  io.hide([url, address.href, ...secretParts(address)])
  let isStarted = false
  let start: Promise<void> = Promise.resolve()
  let isSaid = false
  const send = async (signal: string, body: string): Promise<void> => {
    const failure = await attempt(pingUrl(address, signal, runId), body, io)
    if (failure === null || isSaid) return
    isSaid = true
    note(io, `The heartbeat was not sent: ${failure}. The run goes on without it.`, { level: 'warn' })
  }
  return {
    started() {
      isStarted = true
      start = send('/start', '')
    },
    async ended(code, words) {
      const isKeptOut = code === errorCatalogue.LOCKED.exit && !isStarted
      const signal = isKeptOut ? '/log' : '/fail'
      await start
      await send(code === 0 ? '' : signal, `exit code ${code}: ${words}`)
    },
  }
}

function readAddress(text: string): URL {
  const url = URL.parse(text.trim())
  const isUsable = url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.password === ''
  if (isUsable) return url
  throw new UnsiloError('USAGE', 'The heartbeat URL is no address of the web.', {
    hint: 'It looks like https://hc-ping.com/…, without a user name. It is not shown here, since it is a secret.',
  })
}

/** Long ones only: `heartbeat` in a path is a word, and would be blotted out of every sentence. */
function secretParts({ pathname, searchParams }: URL): readonly string[] {
  return [...pathname.split('/'), ...searchParams.values()].filter(({ length }) => length >= SHORTEST_KEY)
}

const SHORTEST_KEY = 16

/** The signal goes behind the path, the run's id among the parameters. */
function pingUrl(address: URL, signal: string, runId: string): URL {
  const url = new URL(address)
  url.pathname = `${url.pathname.replace(/\/+$/, '')}${signal}`
  url.searchParams.set('rid', runId)
  return url
}

/** Null when it was taken, else why not, in words that hold no part of the address. */
async function attempt(url: URL, body: string, io: Io): Promise<string | null> {
  const signal = AbortSignal.timeout(PATIENCE_MS)
  const fetch = createFetch({ signal, fetch: io.fetch, tries: TRIES, timeouts: TIMEOUTS })
  try {
    const answer = await fetch(url, safeToRepeat({ method: 'POST', body }))
    return answer.ok ? null : `the service answered ${answer.status}`
  } catch (thrown) {
    if (thrown instanceof UnsiloError && thrown.status !== undefined) return `the service answered ${thrown.status}`
    return 'the service gave no answer'
  }
}
