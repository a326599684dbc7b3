/**
 * The HTTP API as one app, listening nowhere: its routes, and what holds for all of them. Everything below `/v1` but the
 * server's own state is asked by somebody, whom a token names, or by nobody in particular.
 */
import { OpenAPIHono } from '@hono/zod-openapi'
import type { Context, MiddlewareHandler } from 'hono'
import { cors } from 'hono/cors'
import { HTTPException } from 'hono/http-exception'
import { secureHeaders } from 'hono/secure-headers'
import { bodyLimit } from './body-limit.ts'
import type { HelpLook } from './help/look.ts'
import { addHelp } from './help/routes.ts'
import { forKnownHosts, type KnownHost } from './hosts.ts'
import { STRICT_TRANSPORT } from './https.ts'
import { type Identity, type IdentityRules, identityOf } from './identity/identify.ts'
import type { Door } from './mcp/door.ts'
import { answerUnknown } from './methods.ts'
import type { ServeMetrics } from './metrics.ts'
import { problem, problemOf } from './problems.ts'
import { type RateLimit, rateLimit } from './rate-limit.ts'
import { addAnswer } from './routes/answer.ts'
import { addCollections } from './routes/collections.ts'
import { addContext } from './routes/context.ts'
import { addDocument } from './routes/document.ts'
import { addFeedback, type FeedbackDoor } from './routes/feedback.ts'
import { addMcp } from './routes/mcp.ts'
import { addMetrics } from './routes/metrics.ts'
import type { App, Env } from './routes/route.ts'
import { addSearch } from './routes/search.ts'
import { addState } from './routes/state.ts'

export interface AppOptions extends Door, Pick<FeedbackDoor, 'feedback'> {
  /** Of now: it is asked anew for each request. */
  identity(): IdentityRules
  /** Whose pages may ask from a browser, beside this server's own. */
  readonly origins: readonly string[]
  readonly metrics: ServeMetrics
  /** By which names it may be asked. */
  readonly knownHost: KnownHost
  /** Of the Help space page. */
  readonly help?: HelpLook
  /** Requests of one asker. */
  readonly perMinute: number
  /** Milliseconds since 1970. */
  now(): number
  /** Where a request comes from, as far as nobody can lie about it. */
  addressOf(c: Context): string
}

/** What a client of MCP says of a request beside its body. */
const MCP_HEADERS = ['Mcp-Method', 'Mcp-Name', 'MCP-Protocol-Version']
const LARGEST_BODY = 64 * 1024

export function createApp(options: AppOptions): App {
  const app = new OpenAPIHono<Env>({
    defaultHook: (result, c) => (result.success ? undefined : problem(c, 400, issuesOf(result.error.issues))),
  })
  app.onError((thrown, c) =>
    isBadBody(thrown) ? problem(c, 400, 'The body is no JSON.') : problemOf(c, thrown, options.report),
  )
  app.notFound(answerUnknown(app))
  app.use(options.metrics.measured)
  app.use(forKnownHosts(options.knownHost))
  addHelp(app, options.help ?? {})
  app.use(headers())
  app.use(crossOrigin(options.origins))
  app.use(bodyLimit(LARGEST_BODY, (c) => problem(c, 413, 'The body is larger than 64 KB.')))
  app.use('/v1/*', jsonAlone())
  const limit = rateLimit(options.perMinute, options.now)
  for (const path of ['/v1/health', '/v1/ready', '/openapi.json']) app.use(path, limited(options, limit))
  addState(app, options)
  app.use('/v1/*', identified(options, limit))
  app.use('/mcp', identified(options, limit))
  app.use('/metrics', identified(options, limit))
  addMcp(app, { ...options, charge: (c, requests) => charged(limit, c, requests) })
  addMetrics(app, options.metrics)
  addSearch(app, options)
  addContext(app, options)
  addAnswer(app, options)
  addDocument(app, options)
  addCollections(app, options)
  addFeedback(app, options)
  describe(app, options.version)
  return app
}

/** Puts who asks into `identity` and `asker`, or refuses: a token that isn't good, and who asks too often. */
function identified(options: AppOptions, limit: RateLimit): MiddlewareHandler<Env> {
  return async (c, next) => {
    const identity = await identityOf(c.req.header('authorization'), options.identity(), options.now())
    c.set('asker', askerOf(identity, options.addressOf(c)))
    const refused = charged(limit, c, 1)
    if (refused !== null) return refused
    if (identity === null) {
      const detail =
        'The token is not good: wrong, ended, or made for something else. Without one, what is public is found.'
      return problem(c, 401, detail, { 'www-authenticate': 'Bearer error="invalid_token"' })
    }
    c.set('identity', identity)
    return await next()
  }
}

/** What anybody may ask, whoever they are. By itself: whoever searches too much must not make the server look unwell. */
function limited({ addressOf }: AppOptions, limit: RateLimit): MiddlewareHandler<Env> {
  return async (c, next) => {
    const wait = limit.take(`state from ${addressOf(c)}`)
    return wait > 0 ? tooOften(c, wait) : await next()
  }
}

function charged(limit: RateLimit, c: Context<Env>, requests: number): Response | null {
  const wait = limit.take(c.var.asker, requests)
  return wait > 0 ? tooOften(c, wait) : null
}

function tooOften(c: Context, seconds: number): Response {
  return problem(c, 429, `Asked too often; try again in ${seconds} s.`, { 'retry-after': String(seconds) })
}

/** Whose requests are counted together. */
function askerOf(identity: Identity | null, address: string): string {
  return identity === null || identity.kind === 'nobody' ? `from ${address}` : `${identity.kind} ${identity.name}`
}

/** Answers are for who asked: nothing between keeps them, and no page shows them as anything but data. */
function headers(): MiddlewareHandler {
  const secure = secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: ["'none'"],
      frameAncestors: ["'none'"],
      baseUri: ["'none'"],
      formAction: ["'none'"],
    },
    referrerPolicy: 'no-referrer',
    strictTransportSecurity: STRICT_TRANSPORT,
    xFrameOptions: 'DENY',
    crossOriginResourcePolicy: 'same-origin',
  })
  return async (c, next) => {
    await secure(c, next)
    if (!c.res.headers.has('cache-control')) c.res.headers.set('cache-control', 'no-store')
    c.res.headers.append('vary', 'Authorization')
  }
}

function crossOrigin(origins: readonly string[]): MiddlewareHandler {
  return cors({
    origin: (origin) => (origins.includes(origin) ? origin : null),
    allowMethods: ['GET', 'POST'],
    allowHeaders: ['Authorization', 'Content-Type', 'If-None-Match', ...MCP_HEADERS],
    exposeHeaders: ['ETag', 'Retry-After'],
    maxAge: 600,
  })
}

/** What is sent as something else was checked by nobody. */
function jsonAlone(): MiddlewareHandler {
  return async (c, next) => {
    const isJson = /^application\/json\s*(;|$)/i.test(c.req.header('content-type') ?? '')
    if (c.req.method === 'POST' && !isJson) return problem(c, 415, 'Send the body as application/json.')
    return await next()
  }
}

/** Where, and what is wrong there; never what was sent. */
function issuesOf(issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[]): string {
  return issues
    .slice(0, 5)
    .map(({ path, message }) => (path.length === 0 ? message : `${path.map(String).join('.')}: ${message}`))
    .join('; ')
}

function isBadBody(thrown: unknown): boolean {
  return thrown instanceof HTTPException && thrown.status === 400
}

/** The description of it all, made from the schemas that check requests. */
function describe(app: App, version: string): void {
  app.openAPIRegistry.registerComponent('securitySchemes', 'token', {
    ...{ type: 'http', scheme: 'bearer' },
    description: "A user's token (JWT, HS256), or a service's. Without one: what is public.",
  })
  app.doc31('/openapi.json', {
    openapi: '3.1.0',
    info: {
      title: 'unsilo',
      version,
      description: 'One index of what several sources say, as each reader may read it.',
    },
  })
}
