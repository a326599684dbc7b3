/** Where a link points: `ri:` resources, addresses as written, ids and tiny links. */
import { type Context, NOTHING, type Piece, tag } from './pieces.ts'
import { child, type Element, textOf } from './tree.ts'

/** What only the crawl knows. Each answers null for what it does not know. */
export interface LinkResolver {
  /** URL of a page or blog post; no `spaceKey` is the page's own space. */
  page(target: PageTarget): string | null
  /** Id of a page or blog post. */
  id(target: PageTarget): string | null
  content(id: string): string | null
  space(key: string): string | null
  /** URL of a file; no `page` is the page itself. */
  attachment(filename: string, page?: PageTarget): string | null
  /** Display name of an account id, user key or user name. */
  user(id: string): string | null
  /** The site's URL, ending in `/wiki` on Cloud: relative addresses are relative to it. */
  readonly base: string
}

interface PageTarget {
  readonly title: string
  readonly spaceKey?: string
}

interface Target {
  readonly url: string | null
  /** What Confluence shows where the author wrote no text. */
  readonly text: string
}

const SCHEMES = new Set(['http:', 'https:', 'mailto:', 'tel:', 'ftp:', 'ftps:'])
const RESOURCES = [
  'ri:page',
  'ri:blog-post',
  'ri:attachment',
  'ri:url',
  'ri:user',
  'ri:space',
  'ri:content-entity',
  'ri:shortcut',
] as const

/** `ac:link`: its own body, else the name of what it points to. */
export function renderLink(element: Element, context: Context): Piece {
  const resource = child(element, ...RESOURCES)
  const body = linkBody(element)
  if (resource?.name === 'ri:user') return body ?? renderUser(resource, context)
  const anchor = element.attributes.get('ac:anchor')?.trim() ?? ''
  const { url, text } = resource === undefined ? { url: null, text: anchor } : targetOf(resource, context)
  const href = anchor === '' ? url : withAnchor(resource === undefined ? '' : url, anchor)
  return linkTo(href, body ?? (text || (href ?? '')), context)
}

/** `a`: an address as the author pasted it. */
export function renderAnchor(element: Element, context: Context): Piece {
  const href = element.attributes.get('href')
  if (href === undefined) return element.children
  return linkTo(addressOf(href, context.links), element.children, context)
}

/** `ri:user`: a mention, or nothing where nobody knows the name. */
export function renderUser(element: Element, context: Context): Piece {
  const { attributes } = element
  const id = attributes.get('ri:account-id') ?? attributes.get('ri:userkey') ?? attributes.get('ri:username')
  const name = id === undefined ? null : context.links.user(id)
  if (name !== null) return `@${name.replace(/^@/, '')}`
  context.lose('user')
  return NOTHING
}

/** A page or file that stands for content shown from elsewhere. */
export function renderReference(resource: Element, context: Context): Piece {
  const { url, text } = targetOf(resource, context)
  return linkTo(url, text || (url ?? ''), context)
}

/** Keeps the content of a link that leads nowhere, and counts it. */
export function linkTo(href: string | null, content: Piece, context: Context): Piece {
  if (href !== null) return tag('a', content, { href })
  context.lose('link')
  return content
}

/** Id of the page or blog post that a resource names; null for others and where nobody knows it. */
export function idOf(resource: Element, { links }: Context): string | null {
  const page = pageTarget(resource)
  return page === undefined ? null : links.id(page)
}

export function targetOf(resource: Element, context: Context): Target {
  const { attributes } = resource
  const { links } = context
  switch (resource.name) {
    case 'ri:page':
    case 'ri:blog-post': {
      const page = pageTarget(resource)
      return { url: page === undefined ? null : links.page(page), text: page?.title ?? '' }
    }
    case 'ri:attachment': {
      const filename = attributes.get('ri:filename') ?? ''
      const holder = child(resource, 'ri:page', 'ri:blog-post')
      const page = holder === undefined ? undefined : pageTarget(holder)
      return { url: filename === '' ? null : links.attachment(filename, page), text: filename }
    }
    case 'ri:url': {
      const value = attributes.get('ri:value') ?? ''
      return { url: addressOf(value, links), text: value }
    }
    case 'ri:space': {
      const key = attributes.get('ri:space-key') ?? ''
      return { url: links.space(key), text: key }
    }
    case 'ri:content-entity':
      return { url: links.content(attributes.get('ri:content-id') ?? ''), text: '' }
    case 'ri:shortcut':
      return { url: null, text: attributes.get('ri:parameter') ?? '' }
    default:
      return { url: null, text: '' }
  }
}

/**
 * An address as written, made absolute; null for one that a reader must not follow (`javascript:`, `data:`, `file:`).
 * One that names a page of this site by its id gets the page's own URL.
 */
export function addressOf(href: string, links: LinkResolver): string | null {
  const written = href.trim()
  if (written.startsWith('#')) return written.length > 1 ? written : null
  const url = written === '' ? null : URL.parse(written, `${links.base.replace(/\/+$/, '')}/`)
  if (url === null || !SCHEMES.has(url.protocol)) return null
  const id = contentId(url, links.base)
  const known = id === null ? null : links.content(id)
  if (known !== null) return url.hash === '' ? known : `${known.replace(/#.*$/, '')}${url.hash}`
  return URL.canParse(written) ? written : url.href
}

function linkBody(element: Element): Piece | null {
  const rich = child(element, 'ac:link-body')
  if (rich !== undefined && rich.children.length > 0) return rich.children
  const plain = child(element, 'ac:plain-text-link-body')
  const text = plain === undefined ? '' : textOf(plain.children).trim()
  return text === '' ? null : text
}

function pageTarget(resource: Element): PageTarget | undefined {
  const title = resource.attributes.get('ri:content-title') ?? ''
  const spaceKey = resource.attributes.get('ri:space-key') ?? ''
  if (title === '') return undefined
  return spaceKey === '' ? { title } : { title, spaceKey }
}

/** Cloud's heading ids have `-` for whitespace. */
function withAnchor(url: string | null, anchor: string): string | null {
  return url === null ? null : `${url.replace(/#.*$/, '')}#${encodeAnchor(anchor)}`
}

function encodeAnchor(anchor: string): string {
  return encodeURIComponent(anchor.toWellFormed().replace(/\s+/g, '-'))
}

function contentId(url: URL, base: string): string | null {
  const named = /\/pages\/(?:edit(?:-v2)?\/)?(\d+)(?:\/|$)/.exec(url.pathname)?.[1] ?? url.searchParams.get('pageId')
  const tiny = /\/x\/([\w-]{1,11})$/.exec(url.pathname)?.[1]
  const id = named ?? (tiny === undefined ? null : tinyId(tiny))
  return id !== null && url.host === URL.parse(base)?.host ? id : null
}

/** `/x/FUgB` is the page id as little-endian bytes in base64, its trailing `A`s and `=` cut off. */
function tinyId(code: string): string {
  const base64 = code.replaceAll('-', '/').replaceAll('_', '+').padEnd(11, 'A')
  return Buffer.from(`${base64}=`, 'base64').readBigUInt64LE().toString()
}
