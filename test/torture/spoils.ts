/** Ways in which a network and a service spoil an answer. */
import { createHash } from 'node:crypto'
import { loginPage } from '../emulators/faults.ts'
import type { Spoil } from './front.ts'

const json = { 'content-type': 'application/json' }

const refusing =
  (status: number, headers: Readonly<Record<string, string>> = {}): Spoil =>
  (response) =>
    void response.writeHead(status, { ...json, ...headers }).end('{"message":"not now"}')

/** No answer, until whoever asked gives up. */
const silence: Spoil = () => {}

/** Half of what would have been the answer, whole as far as HTTP goes. */
const cutJson: Spoil = async (response, answer) => {
  const { status, headers, body } = await answer()
  response.writeHead(status, headers).end(body.subarray(0, Math.floor(body.length / 2)))
}

const breakOff: Spoil = async (response, answer) => {
  const { status, headers, body } = await answer()
  response.writeHead(status, { ...headers, 'content-length': `${body.length}` })
  response.write(body.subarray(0, Math.floor(body.length / 2)), () => response.destroy())
}

/** A byte now and then, never the last. */
const drip: Spoil = async (response, answer) => {
  const { status, headers, body } = await answer()
  response.writeHead(status, headers)
  let at = 0
  const timer = setInterval(() => response.write(body.subarray(at, ++at)), 50)
  setTimeout(() => clearInterval(timer), 50 * (body.length - 1))
  response.on('close', () => clearInterval(timer))
}

const loggedOut: Spoil = (response) => void response.writeHead(200, { 'content-type': 'text/html' }).end(loginPage)

const spoils: Readonly<Record<string, Spoil>> = {
  '429 with Retry-After': refusing(429, { 'retry-after': '2' }),
  '429 with a date': (response, answer) =>
    refusing(429, { 'retry-after': new Date(0).toUTCString() })(response, answer),
  '429 without': refusing(429),
  '429 for centuries': refusing(429, { 'retry-after': '99999999999' }),
  '429 in words': refusing(429, { 'retry-after': 'soon', 'x-ratelimit-reset': '-1' }),
  '500': refusing(500),
  '502': refusing(502),
  '503': refusing(503, { 'retry-after': '1' }),
  '504': refusing(504),
  timeout: silence,
  reset: (response) => void response.destroy(),
  'broken off': breakOff,
  'cut JSON': cutJson,
  'login page': loggedOut,
  'slow drip': drip,
}

export interface Spoiling {
  readonly spoil: (request: string, nth: number) => Spoil | null
  /** How often each kind was done. */
  readonly done: ReadonlyMap<string, number>
}

/** Decided by the request and how often it came, so that a seed does the same whatever runs beside what. */
export function spoilShare(seed: number, share: number): Spoiling {
  const done = new Map<string, number>()
  const names = Object.keys(spoils)
  return {
    done,
    spoil: (request, nth) => {
      const hash = createHash('sha256').update(`${seed} ${nth} ${request}`).digest()
      if (hash.readUInt32LE(0) / 2 ** 32 >= share) return null
      const name = names[hash.readUInt32LE(4) % names.length] as string
      done.set(name, (done.get(name) ?? 0) + 1)
      return spoils[name] as Spoil
    },
  }
}
