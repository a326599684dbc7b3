/** `/help`: the Help space as a page, and `/help/unsilo-help.js`, the element that other sites take from here. */
import { createHash } from 'node:crypto'
import type { Context } from 'hono'
import { secureHeaders } from 'hono/secure-headers'
import { STRICT_TRANSPORT } from '../https.ts'
import type { App } from '../routes/route.ts'
import { type Asset, assetOf, hashedName, readAssets } from './assets.ts'
import type { HelpLook } from './look.ts'
import { pageOf } from './page.ts'

/** A year, for files whose names change with their content. */
const FOREVER = 'public, max-age=31536000, immutable'
const ASKED_ANEW = 'no-cache'
/** What other sites ask for, whatever the build. */
const ELEMENT = 'unsilo-help.js'

interface Built {
  readonly page: Asset
  readonly element: Asset
  readonly worker: Asset
  readonly files: ReadonlyMap<string, Asset>
}

/** To be added before what holds for the API: a page has other headers than an answer. */
export function addHelp(app: App, look: HelpLook): void {
  let read: Built | null = null
  const built = (): Built => {
    read ??= builtFor(look)
    return read
  }
  app.use('/help', pageHeaders(look.frames ?? []))
  app.get('/help', (c) => sent(c, built().page, ASKED_ANEW))
  app.use('/help/*', fileHeaders())
  app.get('/help/', (c) => c.redirect('../help', 308))
  app.get(`/help/${ELEMENT}`, (c) => sent(c, built().element, ASKED_ANEW))
  app.get('/help/worker.js', (c) => {
    c.header('service-worker-allowed', '../help')
    return sent(c, built().worker, ASKED_ANEW)
  })
  app.get('/help/assets/:name', (c) => {
    const file = built().files.get(c.req.param('name'))
    return file === undefined ? c.notFound() : sent(c, file, FOREVER)
  })
}

function builtFor(look: HelpLook): Built {
  const { names, files } = readAssets()
  const logo = look.logo && hashedName(look.logo.name, look.logo.content)
  const all = new Map(files)
  if (look.logo !== undefined && logo !== undefined) all.set(logo, assetOf(logo, look.logo.content))
  return {
    page: textAsset('page.html', pageOf(names, look, logo), 'text/html; charset=utf-8'),
    element: textAsset(ELEMENT, `export * from './assets/${names.element}'\n`),
    worker: files.get(names.worker) as Asset,
    files: all,
  }
}

function textAsset(name: string, text: string, type?: string): Asset {
  const asset = assetOf(name, Buffer.from(text))
  return type === undefined ? asset : { ...asset, type }
}

function sent(c: Context, { body, packed, type }: Asset, cache: string): Response {
  const tag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 20)}"`
  const headers = { 'cache-control': cache, etag: tag, vary: 'Accept-Encoding' }
  if (c.req.header('if-none-match')?.includes(tag)) return c.body(null, 304, headers)
  const isPacked = packed !== undefined && /\bgzip\b/.test(c.req.header('accept-encoding') ?? '')
  const encoding = isPacked ? { 'content-encoding': 'gzip' } : {}
  return c.body(isPacked ? packed : body, 200, { ...headers, ...encoding, 'content-type': type })
}

/** Only this server's own scripts, styles and answers; framed only where the configuration says. */
function pageHeaders(frames: readonly string[]) {
  return secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'"],
      imgSrc: ["'self'", 'data:'],
      connectSrc: ["'self'"],
      workerSrc: ["'self'"],
      baseUri: ["'none'"],
      formAction: ["'none'"],
      frameAncestors: ["'self'", ...frames],
      requireTrustedTypesFor: ["'script'"],
      trustedTypes: ['unsilo-help'],
    },
    referrerPolicy: 'no-referrer',
    strictTransportSecurity: STRICT_TRANSPORT,
    xFrameOptions: frames.length === 0 ? 'SAMEORIGIN' : false,
    crossOriginResourcePolicy: 'same-origin',
  })
}

/** The element is for any site to take: it is the same for everybody and says nothing of anybody. */
function fileHeaders() {
  const secure = secureHeaders({
    // A worker asks by the policy that it came with itself.
    contentSecurityPolicy: { defaultSrc: ["'none'"], connectSrc: ["'self'"], frameAncestors: ["'none'"] },
    referrerPolicy: 'no-referrer',
    strictTransportSecurity: STRICT_TRANSPORT,
    crossOriginResourcePolicy: 'cross-origin',
  })
  return async (c: Context, next: () => Promise<void>): Promise<void> => {
    await secure(c, next)
    c.res.headers.set('access-control-allow-origin', '*')
  }
}
