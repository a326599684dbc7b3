/** The app as a route adds to it, and what it knows of who asks. */
import type { OpenAPIHono } from '@hono/zod-openapi'
import type { Identity } from '../identity/identify.ts'

export interface Env {
  Variables: { identity: Identity }
}

export type App = OpenAPIHono<Env>

/** For OpenAPI: with a token or without one. */
export const SECURITY = [{}, { token: [] }]
