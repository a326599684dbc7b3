/**
 * A Confluence Data Center site under a context path as a local HTTP server, over the model of the Cloud emulator. It
 * lowers limits without a word, and misreports offsets.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { EmulatedRequest } from './confluence.ts'
import { answerDataCenter, type DataCenterBehaviour } from './confluence-data-center-answers.ts'
import { type ConfluenceModel, createModel } from './confluence-model.ts'
import type { Emulator } from './emulator.ts'
import { createFaults } from './faults.ts'
import { startServer } from './server.ts'
import { loadDataCenterSpec } from './specs.ts'

export interface DataCenterEmulatorOptions extends DataCenterBehaviour {
  /** What the Authorization header must be; any unless told. */
  readonly authorization?: string
  /** Check every answer against the API's description, where that is at hand. */
  readonly validate?: boolean
}

export interface DataCenterEmulator extends Emulator {
  readonly model: ConfluenceModel
  readonly requests: EmulatedRequest[]
}

const CONTEXT = '/confluence'

export async function startDataCenterEmulator(options: DataCenterEmulatorOptions = {}): Promise<DataCenterEmulator> {
  const model = createModel()
  const faults = createFaults()
  const spec = options.validate ? loadDataCenterSpec() : null
  const requests: EmulatedRequest[] = []
  const violations: string[] = []

  function handle(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? '/', 'http://emulator')
    const method = request.method ?? 'GET'
    const path = url.pathname.startsWith(`${CONTEXT}/`) ? url.pathname.slice(CONTEXT.length) : `outside ${url.pathname}`
    const log = (status: number) => requests.push({ method, path, query: url.searchParams, status })
    if (faults.strike(`${method} ${path}`, response, log)) return
    const allowed = options.authorization === undefined || request.headers.authorization === options.authorization
    const { status, body } = allowed
      ? answerDataCenter({ ...options, model, path, query: url.searchParams }, method)
      : { status: 401, body: { statusCode: 401, message: 'Client must be authenticated to access this resource.' } }
    log(status)
    if (spec !== null && status === 200) violations.push(...spec.check(method, path, body))
    const user = options.anonymous ? {} : { 'x-ausername': 'reader' }
    response.writeHead(status, { 'content-type': 'application/json', ...user }).end(JSON.stringify(body))
  }

  const { url, close } = await startServer(handle)
  return { url: `${url}${CONTEXT}`, model, requests, violations, fail: faults.add, heal: faults.clear, close }
}
