/** Whether one source answers, takes our credentials, and shows something: tried with as few requests as tell it. */
import type { SourceConfig } from '../config/source.ts'
import type { Change } from '../core/connector.ts'
import { asUnsiloError, UnsiloError } from '../core/errors.ts'
import { plainLine } from '../core/plain.ts'
import { createFetch } from '../http/fetch.ts'
import { readOnly } from '../http/read-only.ts'
import type { Result } from './check.ts'
import type { Io } from './io.ts'
import type { CommonOptions } from './options.ts'
import { counted } from './output.ts'
import { createProgress, type ProgressDisplay } from './progress.ts'

/** Of one source: enough to have met every kind of request, where its first document comes late. */
const ENOUGH_ANSWERS = 200

/**
 * Asks the source until it has told of one document, or has answered often. A refused credential is told from what the
 * account lacks the right to see, and both from a source that can't be reached or does not answer as it should.
 */
export async function checkSource(source: SourceConfig, options: CommonOptions, io: Io): Promise<readonly Result[]> {
  const credentials = { name: `${source.name} credentials`, message: 'accepted', error: null }
  const permissions = { name: `${source.name} permissions`, message: '', error: null }
  const asked = { answers: 0 }
  const display = await createProgress(io, options)
  try {
    return [credentials, { ...permissions, ...(await firstSight(source, asked, display, io)) }]
  } catch (thrown) {
    const error = asUnsiloError(thrown)
    if (error.status === 403 || asked.answers > proofNeeded(error)) return [credentials, { ...permissions, error }]
    if (error.code === 'AUTH_REJECTED') return [{ ...credentials, error }]
    return [{ name: `${source.name} connection`, message: '', error }]
  } finally {
    display.stop()
  }
}

/** An answer that made no sense proves nothing of what it was asked with: it may be anybody's. */
function proofNeeded({ code }: UnsiloError): number {
  return code === 'ANSWER_INVALID' ? 1 : 0
}

type Sight = Pick<Result, 'message' | 'advice'>

/** In words, what the account can see. Counts the good answers in `asked`. */
async function firstSight(
  source: SourceConfig,
  asked: { answers: number },
  display: ProgressDisplay,
  io: Io,
): Promise<Sight> {
  const { connector, config, access } = source
  const enough = new AbortController()
  const signal = AbortSignal.any([io.signal, enough.signal])
  const inner = display.counting(source.name, readOnly(createFetch({ signal, fetch: io.fetch })))
  const fetch: typeof inner = async (input, init) => {
    const answer = await inner(input, init)
    if (answer.ok && !isWebPage(answer)) asked.answers += 1
    if (asked.answers >= ENOUGH_ANSWERS) enough.abort()
    return answer
  }
  try {
    return await look(connector.pull({ config, access, fetch, signal, now: io.now }, null))
  } catch (thrown) {
    if (!enough.signal.aborted || io.signal.aborted) throw thrown
    return { message: `${ENOUGH_ANSWERS} requests answered, none refused` }
  } finally {
    enough.abort()
  }
}

/** A login form, mostly, which comes with status 200. */
function isWebPage({ headers }: Response): boolean {
  return /^text\/html\b/i.test(headers.get('content-type') ?? '')
}

async function look(changes: AsyncIterable<Change>): Promise<Sight> {
  const skipped: string[] = []
  let isComplete = false
  for await (const change of changes) {
    if (change.type === 'upsert') {
      return { message: `can read, for example, ${JSON.stringify(plainLine(change.head.title))}` }
    }
    if (change.type === 'skip') skipped.push(change.reason)
    isComplete = change.type === 'checkpoint' && change.receipt !== undefined
  }
  if (!isComplete) throw new UnsiloError('LISTING_INCOMPLETE', 'The source listed no document, and not all it has.')
  return nothingTaken(skipped)
}

/** A source may be empty. Whether it is, or hides what it has from this account, only a person knows. */
function nothingTaken(skipped: readonly string[]): Sight {
  const [reason] = skipped
  const advice =
    'If it should: give the account read access at the source, and check what the configuration includes and excludes.'
  if (reason === undefined) return { message: 'the listing was answered whole, and holds no document', advice }
  const message = `the listing holds ${counted(skipped.length, 'document')}, all left out, for example: ${plainLine(reason)}`
  return { message, advice }
}
