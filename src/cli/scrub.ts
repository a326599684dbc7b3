/**
 * Recordings of sources whose documents are redacted, with the personal data out of them: each answer is cut to what its
 * connector reads, and every string that is left goes through one redactor that knows the people of all answers. Keys,
 * and what is plainly an id, stay; the same thing has the same placeholder everywhere, so that a replay asks what was
 * recorded.
 */

import type { Change, Connector, RedactPolicy } from '../core/connector.ts'
import type { Body } from '../core/document.ts'
import { UnsiloError } from '../core/errors.ts'
import type { Json } from '../core/json.ts'
import type { Recording } from '../http/record.ts'
import { createRedactor } from '../redact/redact.ts'

type Exchange = Recording['exchanges'][number]

/** Null where the answers may be kept as they came. */
export function recordingPolicy(connector: Connector, redact: RedactPolicy): RedactPolicy {
  const policy = redact ?? (connector.redact === true ? { patterns: [] } : null)
  if (policy === null || connector.redact !== true || connector.recordable !== undefined) return policy
  throw new UnsiloError('USAGE', `Sources of ${connector.name} can't be recorded.`, {
    hint: 'Their answers name people, and the connector does not say which parts of an answer may be kept.',
  })
}

/** The same connector, which tells whom its bodies name. */
export function namingPeople(connector: Connector, onPeople: (people: readonly string[]) => void): Connector {
  async function* pull(...given: Parameters<Connector['pull']>): AsyncGenerator<Change> {
    for await (const change of connector.pull(...given)) {
      yield change.type === 'upsert' ? { ...change, load: (id) => told(change.load(id)) } : change
    }
  }
  async function told(loading: Promise<Body>): Promise<Body> {
    const body = await loading
    onPeople(body.people ?? [])
    return body
  }
  return { ...connector, pull }
}

/** @param named people whom the loaded bodies named, beside those of the answers */
export function scrubRecording(
  { exchanges }: Recording,
  { recordable }: Pick<Connector, 'recordable'>,
  policy: NonNullable<RedactPolicy>,
  named: Iterable<string>,
): Recording {
  const people = new Set(named)
  const cut = exchanges.map((exchange): Exchange => {
    if (recordable === undefined) return exchange
    const kept = recordable(parsed(exchange.body))
    for (const person of kept.people) people.add(person)
    return { ...exchange, body: kept.answer }
  })
  const scrub = scrubber([...people], policy)
  return { exchanges: cut.map((exchange) => scrubExchange(exchange, scrub)) }
}

type Scrub = (text: string) => string

function scrubber(people: readonly string[], { patterns }: NonNullable<RedactPolicy>): Scrub {
  const redactor = createRedactor({ people, custom: patterns })
  return (text) => {
    try {
      return redactor.redact(text).text
    } catch {
      return '[REMOVED]'
    }
  }
}

function scrubExchange({ url, requestBody, headers, body, ...rest }: Exchange, scrub: Scrub): Exchange {
  return {
    ...rest,
    url: scrub(url),
    ...(requestBody !== undefined && { requestBody: scrubRequest(requestBody, scrub) }),
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, scrub(value)])),
    body: scrubJson(body, scrub),
  }
}

/** As it was, byte for byte, where nothing had to go. */
function scrubRequest(text: string, scrub: Scrub): string {
  const asked = parsed(text)
  if (typeof asked === 'string') return scrub(text)
  const shown = JSON.stringify(scrubJson(asked, scrub))
  return shown === JSON.stringify(asked) ? text : shown
}

function scrubJson(value: Json, scrub: Scrub, key = ''): Json {
  if (typeof value === 'string') return isId(key, value) ? value : scrubValue(key, value, scrub)
  if (typeof value === 'number') {
    const text = String(value)
    return isId(key, text) || scrubValue(key, text, scrub) === text ? value : 0
  }
  if (value === null || typeof value !== 'object') return value
  if (Array.isArray(value)) return value.map((item: Json) => scrubJson(item, scrub, key))
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, scrubJson(item, scrub, name)]))
}

/** Digits may be a phone number, or a company's, only by what stands before them: here, by their key. */
function scrubValue(key: string, value: string, scrub: Scrub): string {
  if (key === '' || !/^[\d +().-]{6,40}$/.test(value)) return scrub(value)
  const label = `${key}: `
  const shown = scrub(label + value)
  return shown.startsWith(label) ? shown.slice(label.length) : scrub(value)
}

/** Digits or hexadecimal digits under a name that says so: some of them would pass for a card or a phone number. */
function isId(key: string, value: string): boolean {
  return /(?:^|_)(?:id|ids|uuid)$|Ids?$/.test(key) && /^[\da-f-]{1,64}$/i.test(value)
}

/** JSON is kept as text where parsing it would change its largest numbers; here nothing is read from these. */
function parsed(body: Json): Json {
  if (typeof body !== 'string' || !/^\s*[[{]/.test(body)) return body
  try {
    return JSON.parse(body)
  } catch {
    return body
  }
}
