/** The HTTP API on a socket of its own over an index in a file, and who asks it. */
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import { SignJWT } from 'jose'
import { expect, onTestFinished } from 'vitest'
import type { Principal } from '../../src/core/access.ts'
import { feedbackFile, openBook } from '../../src/feedback/book.ts'
import { openIndex } from '../../src/indexes/registry.ts'
import { type AppOptions, createApp } from '../../src/serve/app.ts'
import { asking, solving } from '../../src/serve/asking/ask.ts'
import { knownHost } from '../../src/serve/hosts.ts'
import type { IdentityRules } from '../../src/serve/identity/identify.ts'
import { hashOf } from '../../src/serve/identity/tokens.ts'
import { addressBehind, listen } from '../../src/serve/listen.ts'
import { serveMetrics } from '../../src/serve/metrics.ts'
import { reopening } from '../../src/serve/reopening.ts'

export const NOW = Date.UTC(2026, 0, 2)
export const SECRET = 'a secret of a messenger, long enough to be one'
export const SERVICE_TOKEN = `unsilo_${'s'.repeat(43)}`

/** May read figures, and what is public. */
export const WATCH_TOKEN = `unsilo_${'w'.repeat(43)}`

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  // biome-ignore lint/suspicious/noExplicitAny: its shape is held against /openapi.json when it arrives, and each test says what it expects in it
  readonly json: any
}

export interface Stage {
  readonly url: string
  readonly reported: unknown[]
  /** Checked against what /openapi.json says of it. */
  ask(path: string, more?: Asked): Promise<Answer>
}

export interface Asked {
  readonly body?: unknown
  readonly token?: string
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
}

/** Ends with the test. */
export async function serving(file: string, more: Partial<AppOptions> & { proxies?: number } = {}): Promise<Stage> {
  const reported: unknown[] = []
  const index = await reopening(() => openIndex(file, { mode: 'read' }))
  const feedback = openBook(feedbackFile(file), { clean: (text) => text.replaceAll('@', ''), key: Buffer.from('k') })
  const app = createApp({
    ...{
      index,
      ask: asking((posed) => index.whole((store) => solving(store)(posed))),
      publicUrl: undefined,
      version: '0.0.0',
      now: () => NOW,
      feedback,
    },
    metrics: serveMetrics({ version: '0.0.0', now: () => NOW, ofProcess: false }),
    identity: () => rules(),
    knownHost: knownHost({ host: '127.0.0.1', hosts: [], publicUrl: more.publicUrl }),
    ...{ origins: ['https://app.example'], perMinute: 1000, addressOf: addressBehind(more.proxies ?? 0) },
    report: (thrown) => reported.push(thrown),
    ...more,
  })
  const { port, close } = await listen(app, { host: '127.0.0.1', port: 0 })
  onTestFinished(async () => {
    await close(1000)
    await feedback.close()
    await index.close()
  })
  const url = `http://127.0.0.1:${port}`
  const checked = checkerOf((await (await fetch(`${url}/openapi.json`)).json()) as Described)
  return { url, reported, ask: async (path, asked = {}) => checked(path, asked, await answered(url + path, asked)) }
}

export function rules(as: readonly Principal[] = ['group:staff']): IdentityRules {
  const claims = { role: { agent: ['group:staff'] } } as const
  return {
    jwt: { secrets: [SECRET], maxHours: 24, as: ['group:customers'], claims },
    tokens: [
      { name: 'office', hash: hashOf(SERVICE_TOKEN), as },
      { name: 'watch', hash: hashOf(WATCH_TOKEN), as: [], may: ['metrics'] },
    ],
  }
}

export async function userToken(claims: Record<string, unknown> = {}, secret = SECRET): Promise<string> {
  const whole = { user_id: 'ada', exp: NOW / 1000 + 3600, ...claims }
  return await new SignJWT(whole).setProtectedHeader({ alg: 'HS256' }).sign(new TextEncoder().encode(secret))
}

async function answered(url: string, { body, token, method, headers = {} }: Asked): Promise<Answer> {
  const response = await fetch(url, {
    method: method ?? (body === undefined ? 'GET' : 'POST'),
    headers: {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  const text = await response.text()
  const isJson = /json/.test(response.headers.get('content-type') ?? '')
  return { status: response.status, headers: response.headers, text, json: isJson ? JSON.parse(text) : null }
}

/** As much of an OpenAPI document as answers are held against. */
interface Described {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
}

interface Operation {
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, unknown>> }>>
}

/** Every answer of an address that is described has a described status, type and shape. */
function checkerOf(document: Described): (path: string, asked: Asked, answer: Answer) => Answer {
  const ajv = new Ajv2020({ strict: false })
  ajv.addSchema(document, 'api')
  const known = new Map<string, ValidateFunction>()
  return (path, { method, body }, answer) => {
    const verb = (method ?? (body === undefined ? 'get' : 'post')).toLowerCase()
    const template = Object.keys(document.paths).find((key) => fits(path, key))
    const operation = template === undefined ? undefined : document.paths[template]?.[verb]
    if (template === undefined || operation === undefined) return answer
    const described = operation.responses[answer.status]
    expect(described, `${verb} ${path} answers ${answer.status}, which is not described`).toBeDefined()
    const type = answer.headers.get('content-type')?.split(';')[0] ?? ''
    if (described?.content === undefined) return answer
    expect(Object.keys(described.content)).toContain(type)
    const parts = ['paths', template, verb, 'responses', String(answer.status), 'content', type, 'schema']
    const pointer = parts.map((part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/')
    const validate = known.get(pointer) ?? ajv.compile({ $ref: `api#/${pointer}` })
    known.set(pointer, validate)
    expect(validate(/json/.test(type) ? answer.json : answer.text), JSON.stringify(validate.errors)).toBe(true)
    return answer
  }
}

function fits(path: string, template: string): boolean {
  const [bare = ''] = path.split('?')
  return new RegExp(`^${template.replace(/\{\w+\}/g, '[^/]+')}$`).test(bare)
}
