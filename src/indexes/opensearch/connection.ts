/** Requests to a cluster: to the next node where one does not answer, again where it is busy, and never for longer than told. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Agent } from 'undici'
import { UnsiloError } from '../../core/errors.ts'
import { codeOf, isUntrusted, type Refusal, refused, unreachable } from './errors.ts'
import type { Location } from './location.ts'

export interface Asked {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE'
  /** With its parameters. */
  readonly path: string
  /** Sent as JSON; lines of JSON are sent as they are. */
  readonly body?: object | string
  /** Statuses that are answers, beside those of success. */
  readonly accept?: readonly number[]
  /** What of an answer of success says that a part of it failed: then it is asked again. */
  readonly failure?: (body: never) => Refusal | undefined
  /** How long a cluster that does not answer is asked again; half a minute unless told. */
  readonly patienceMs?: number
}

export interface Answer<Body> {
  readonly status: number
  /** Trusted to be of the shape that OpenSearch documents. */
  readonly body: Body
}

export interface Connection {
  /** What the index is called in messages. */
  readonly path: string
  readonly location: Location
  ask<Body>(asked: Asked): Promise<Answer<Body>>
  isOpen(): boolean
  close(): Promise<void>
}

interface Broken {
  readonly error: UnsiloError
  readonly isTemporary: boolean
  /** Only of this node: another one may answer. */
  readonly isOfNode?: boolean
}

const PATIENCE_MS = 30_000
const FIRST_WAIT_MS = 50
const LONGEST_WAIT_MS = 2000

const PART_FAILED = 503

/** A cluster says so while it is busy, or while another node takes over from one that is gone. */
export function isTemporary(status: number): boolean {
  return status === 429 || status >= 500
}

export async function connect(location: Location): Promise<Connection> {
  const { shown: path, nodes } = location
  const undici = await import('undici')
  const agent: Agent = new undici.Agent({
    connect: { ...location.tls, timeout: 10_000 },
    headersTimeout: location.timeoutMs,
    bodyTimeout: location.timeoutMs,
  })
  let turn = 0
  let closing: Promise<void> | null = null

  /** @param at of which node's turn it is; other requests go on with the next one where it doesn't answer */
  async function attempt<Body>(asked: Asked, at: number): Promise<Answer<Body> | Broken> {
    const node = nodes[at % nodes.length] ?? ''
    try {
      const answer = await undici.request(`${node}${asked.path}`, {
        method: asked.method,
        dispatcher: agent,
        headers: headersOf(location, asked.body),
        ...(asked.body !== undefined && {
          body: typeof asked.body === 'string' ? asked.body : JSON.stringify(asked.body),
        }),
      })
      const { statusCode: status } = answer
      const body = parsed(await answer.body.text())
      const failure = status < 300 ? asked.failure?.(body as never) : undefined
      if (failure !== undefined) return { error: refused(path, PART_FAILED, failure), isTemporary: true }
      if (status < 300 || asked.accept?.includes(status) === true) return { status, body: body as Body }
      if (isTemporary(status)) turn = at + 1
      return { error: refused(path, status, errorIn(body)), isTemporary: isTemporary(status) }
    } catch (thrown) {
      turn = at + 1
      const code = codeOf(thrown)
      const isOfNode = isUntrusted(code)
      return { error: unreachable(path, thrown), isTemporary: code !== '' && !isOfNode, isOfNode }
    }
  }

  return {
    path,
    location,
    ask: async <Body>(asked: Asked): Promise<Answer<Body>> => {
      const end = performance.now() + (asked.patienceMs ?? PATIENCE_MS)
      const first = turn
      let busy: Broken | null = null
      for (let tries = 0; ; tries += 1) {
        if (closing !== null) throw closed(path)
        const answer = await attempt<Body>(asked, first + tries)
        if (!('error' in answer)) return answer
        if (answer.isTemporary) busy = answer
        const wereAllAsked = tries + 1 >= nodes.length
        // One that is not trusted says nothing of another that is busy.
        const mayAnswer = answer.isTemporary || (answer.isOfNode === true && (busy !== null || !wereAllAsked))
        if (!mayAnswer) throw answer.error
        if (!wereAllAsked) continue
        if (performance.now() > end) throw (busy ?? answer).error
        await sleep(Math.min(FIRST_WAIT_MS * 2 ** tries, LONGEST_WAIT_MS))
      }
    },
    isOpen: () => closing === null,
    close: async () => {
      closing ??= agent.close()
      await closing
    },
  }
}

function headersOf({ authorization }: Location, body: object | string | undefined): Record<string, string> {
  const type = typeof body === 'string' ? 'application/x-ndjson' : 'application/json'
  return { ...(body !== undefined && { 'content-type': type }), ...(authorization !== null && { authorization }) }
}

/** A proxy in between may answer with anything. */
function parsed(text: string): unknown {
  try {
    return text === '' ? null : JSON.parse(text)
  } catch {
    return null
  }
}

function errorIn(body: unknown): Refusal | string | undefined {
  if (typeof body !== 'object' || body === null || !('error' in body)) return undefined
  return body.error as Refusal | string
}

function closed(path: string): UnsiloError {
  return new UnsiloError('UNEXPECTED', `The index ${path} is closed.`, { hint: 'Open it again before using it.' })
}
