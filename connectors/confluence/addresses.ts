/** Addresses of contents, for heads and for the links that the renderer resolves. */
import { type ConfluenceConfig, siteUrl } from './config.ts'
import type { Placed } from './contents.ts'
import type { LinkResolver } from './render.ts'

/** What addresses are made of. */
type Addressed = Pick<Placed, 'id' | 'webui' | 'space'>

/** The forms of a site's addresses. */
export interface Site {
  readonly base: string
  content(content: Addressed): string
  space(key: string): string
}

/** The listing as the renderer may look into it. */
export interface Addresses {
  of(content: Addressed): string
  /** For the links in one content. */
  resolver(content: Addressed): LinkResolver
}

/** Without the title that the web address of a page ends with: it changes, and it may be one that readers of a link don't know. */
export function cloudSite(config: ConfluenceConfig): Site {
  const base = siteUrl(config, 'cloud')
  const space = (key: string) => `${base}/spaces/${encodeURIComponent(key)}`
  return {
    base,
    content: (content) =>
      content.webui !== null ? base + content.webui : `${space(content.space.key)}/pages/${content.id}`,
    space,
  }
}

/** By id, since the address that the browser shows holds the title. */
export function dataCenterSite(config: ConfluenceConfig): Site {
  const base = siteUrl(config, 'data-center')
  return {
    base,
    content: ({ id }) => `${base}/pages/viewpage.action?pageId=${id}`,
    space: (key) => `${base}/display/${encodeURIComponent(key)}`,
  }
}

export function addressBook(site: Site, contents: Iterable<Placed>): Addresses {
  let books: ReturnType<typeof readBooks> | undefined
  // Not before the first link is looked up: where nothing changed, none is.
  const look = () => {
    books ??= readBooks(contents)
    return books
  }

  return {
    of: site.content,
    resolver: (content) => {
      const find = ({ title, spaceKey }: { title: string; spaceKey?: string }) =>
        look()
          .byTitle.get(spaceKey ?? content.space.key)
          ?.get(title)
      return {
        base: site.base,
        page: (target) => addressOrNull(site, find(target)),
        id: (target) => find(target)?.id ?? null,
        content: (id) => addressOrNull(site, look().byId.get(id)),
        space: site.space,
        attachment: (filename, page) =>
          attachmentAddress(site.base, page === undefined ? content : find(page), filename),
        // Names of people are personal data, and the source may hide them: a mention keeps its text, if it has one.
        user: () => null,
      }
    },
  }
}

/** By id, and by space and title: the first one that has it. */
function readBooks(contents: Iterable<Placed>) {
  const byId = new Map<string, Addressed>()
  const byTitle = new Map<string, Map<string, Addressed>>()
  for (const { id, title, webui, space } of contents) {
    const content = { id, webui, space }
    byId.set(id, content)
    const titles = byTitle.get(space.key) ?? new Map<string, Addressed>()
    byTitle.set(space.key, titles)
    if (!titles.has(title)) titles.set(title, content)
  }
  return { byId, byTitle }
}

function addressOrNull(site: Site, content: Addressed | undefined): string | null {
  return content === undefined ? null : site.content(content)
}

function attachmentAddress(base: string, content: Addressed | undefined, filename: string): string | null {
  return content === undefined ? null : `${base}/download/attachments/${content.id}/${encodeURIComponent(filename)}`
}
