/** The app as a route adds to it, and what it knows of who asks. */
import type { OpenAPIHono } from '@hono/zod-openapi'
import type { Context } from 'hono'
import type { Waiting } from '../asking/queue.ts'
import type { Identity } from '../identity/identify.ts'

export interface Env {
  Variables: {
    identity: Identity
    /** Whose requests are counted together. */
    asker: string
  }
}

export type App = OpenAPIHono<Env>

/** For OpenAPI: with a token or without one. */
export const SECURITY = [{}, { token: [] }]

/** Who waits for what this request asks. */
export function waitingOf(c: Context<Env>): Waiting {
  return { gone: c.req.raw.signal, asker: c.var.asker }
}
