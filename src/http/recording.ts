/** What a recording holds, and its file: sorted, indented JSON, read back with care since people edit it. */
import { z } from 'zod'
import { UnsiloError } from '../core/errors.ts'
import type { Json } from '../core/json.ts'

export interface Exchange {
  readonly method: string
  readonly url: string
  readonly requestBody?: string
  readonly status: number
  /** Only the names of `KEPT_HEADERS`. */
  readonly headers: Readonly<Partial<Record<KeptHeader, string>>>
  /** An object or list is a JSON answer, a string is the answer's text as it came. */
  readonly body: Json
}

export interface Recording {
  readonly exchanges: readonly Exchange[]
}

/** Answer headers that are kept; request headers never are. */
export const KEPT_HEADERS = ['content-type', 'link', 'retry-after'] as const

export type KeptHeader = (typeof KEPT_HEADERS)[number]

const VERSION = 1

const exchangeSchema = z.strictObject({
  method: z.string().regex(/^[A-Z]+$/, 'must be an HTTP method in capitals'),
  url: z.url({ protocol: /^https?$/ }),
  requestBody: z.string().exactOptional(),
  status: z.int().min(200).max(599),
  headers: z.partialRecord(z.enum(KEPT_HEADERS), z.string()),
  body: z.custom<Json>((value) => value !== undefined, 'is missing'),
})

const fileSchema = z.strictObject({ version: z.literal(VERSION), exchanges: z.array(z.unknown()) })

/** Sorted by URL, then in the order of their occurrence, so that concurrency leaves no trace in a diff. */
export function formatRecording(recording: Recording): string {
  const exchanges = recording.exchanges.toSorted((a, b) => compare(a.url, b.url) || compare(a.method, b.method))
  return `${JSON.stringify({ version: VERSION, exchanges }, null, 2)}\n`
}

/** @param name the file's name, for messages */
export function parseRecording(text: string, name: string): Recording {
  const file = fileSchema.safeParse(parseJson(text, name))
  if (!file.success) throw invalid(name, file.error)
  return { exchanges: file.data.exchanges.map((entry, index) => readExchange(entry, `${name}: exchanges[${index}]`)) }
}

function readExchange(entry: unknown, place: string): Exchange {
  const exchange = exchangeSchema.safeParse(entry)
  if (!exchange.success) throw invalid(place, exchange.error)
  return exchange.data
}

function parseJson(text: string, name: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new UnsiloError('CONFIG_INVALID', `${name} is not valid JSON, so it is no recording`, {
      hint: 'Restore the file from version control or record it again.',
      cause,
    })
  }
}

function invalid(place: string, error: z.ZodError): UnsiloError {
  const issue = error.issues[0]
  const field = issue?.path.length ? `.${issue.path.join('.')}` : ''
  return new UnsiloError('CONFIG_INVALID', `${place}${field}: ${issue?.message ?? 'is not valid'}`, {
    hint: 'Correct the recording or record it again.',
  })
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
