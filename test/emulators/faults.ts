/** Ways in which a server fails, for any emulator. */
import type { ServerResponse } from 'node:http'

export type FaultKind = 'status' | 'hang' | 'cut' | 'truncated-json' | 'html' | 'reset'

export interface Fault {
  readonly kind: FaultKind
  /** Matched against `GET /path`; every request unless told. */
  readonly match?: RegExp
  /** Lets this many matching requests pass first. */
  readonly after?: number
  /** How many requests fail; 1 unless told. */
  readonly times?: number
  /** With kind `status`. */
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
}

export const loginPage = '<!DOCTYPE html><html><head><title>Log in</title></head><body><form></form></body></html>'

export function createFaults() {
  const armed: { fault: Fault; passes: number; left: number }[] = []

  return {
    add(fault: Fault): void {
      armed.push({ fault, passes: fault.after ?? 0, left: fault.times ?? 1 })
    },
    /** No request that comes fails any more. */
    clear(): void {
      armed.length = 0
    },
    /** True if the request was answered (or left hanging) here. */
    strike(name: string, response: ServerResponse, log: (status: number) => void): boolean {
      const due = armed.find(({ fault, left }) => left > 0 && (fault.match === undefined || fault.match.test(name)))
      if (due === undefined) return false
      if (due.passes > 0) {
        due.passes -= 1
        return false
      }
      due.left -= 1
      log(fail(response, due.fault))
      return true
    },
  }
}

/** @returns the status that was sent, 0 for none */
function fail(response: ServerResponse, { kind, status = 500, headers = {} }: Fault): number {
  if (kind === 'hang') return 0
  if (kind === 'reset') {
    response.destroy()
    return 0
  }
  if (kind === 'status')
    return end(response, status, { 'content-type': 'application/json', ...headers }, '{"message":"failed"}')
  if (kind === 'html') return end(response, 200, { 'content-type': 'text/html' }, loginPage)
  if (kind === 'truncated-json')
    return end(response, 200, { 'content-type': 'application/json' }, '{"results":[{"id":"1')
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' })
  response.write('{"results":[', () => response.destroy())
  return 200
}

function end(response: ServerResponse, status: number, headers: Record<string, string>, body: string): number {
  response.writeHead(status, headers).end(body)
  return status
}
