/** Conditional requests: a tag of what is answered, and 304 where the asker has it. */
import type { MiddlewareHandler } from 'hono'
import { etag, RETAINED_304_HEADERS } from 'hono/etag'

/** Without these a browser does not let the page of another origin see that nothing changed. */
const CROSS_ORIGIN = ['access-control-allow-origin', 'access-control-expose-headers']

export function conditional(): MiddlewareHandler {
  return etag({ retainedHeaders: [...RETAINED_304_HEADERS, ...CROSS_ORIGIN] })
}
