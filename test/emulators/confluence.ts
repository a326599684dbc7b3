/**
 * A Confluence Cloud site as a local HTTP server: the endpoints that the connector uses, in the real API's shapes, over a
 * model that tests change. Differences between the API's description and its behaviour follow the behaviour: archived
 * pages by default, lists by comma or repetition, cursors in `_links.next` only.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { answerConfluence } from './confluence-answers.ts'
import { type ConfluenceModel, createModel } from './confluence-model.ts'
import type { Emulator } from './emulator.ts'
import { createFaults } from './faults.ts'
import { startServer } from './server.ts'
import { loadConfluenceSpecs } from './specs.ts'

export type { ConfluenceModel } from './confluence-model.ts'

export interface ConfluenceEmulatorOptions {
  readonly model?: ConfluenceModel
  /** The most items of a listing that one answer holds; 250, as the real thing, unless told. */
  readonly pageSize?: number
  /** The most restriction entries of a kind in one answer; 200 unless told. */
  readonly readersSize?: number
  /** What the Authorization header must be; any unless told. */
  readonly authorization?: string
  /** How long every answer takes; no time unless told. */
  readonly latencyMs?: number
  /** Check every answer against the API's description, where that is at hand. */
  readonly validate?: boolean
}

export interface EmulatedRequest {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly status: number
}

export interface ConfluenceEmulator extends Emulator {
  readonly model: ConfluenceModel
  readonly requests: EmulatedRequest[]
}

const GATEWAY = /^\/ex\/confluence\/[^/]+(?=\/)/

export async function startConfluenceEmulator(options: ConfluenceEmulatorOptions = {}): Promise<ConfluenceEmulator> {
  const model = options.model ?? createModel()
  const faults = createFaults()
  const specs = options.validate ? loadConfluenceSpecs() : null
  const requests: EmulatedRequest[] = []
  const violations: string[] = []

  function handle(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? '/', 'http://emulator')
    const path = url.pathname.replace(GATEWAY, '')
    const method = request.method ?? 'GET'
    const log = (status: number) => requests.push({ method, path, query: url.searchParams, status })
    if (faults.strike(`${method} ${path}`, response, log)) return
    const allowed = options.authorization === undefined || request.headers.authorization === options.authorization
    const { status, body } = allowed ? answerConfluence(model, method, path, url.searchParams, options) : unauthorized
    log(status)
    if (specs !== null && status === 200) violations.push(...specs.check(method, path, body))
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  }

  const { latencyMs } = options
  const { url, close } = await startServer(
    latencyMs === undefined ? handle : (...asked) => void setTimeout(handle, latencyMs, ...asked),
  )
  return { url, model, requests, violations, fail: faults.add, heal: faults.clear, close }
}

const unauthorized = { status: 401, body: { code: 401, message: 'Unauthorized; scope does not match' } }
