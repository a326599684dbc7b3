/** Addresses of contents, for heads and for the links that the renderer resolves. */
import type { Content, Space } from './answers.ts'
import type { LinkResolver } from './render.ts'

type Placed = Content & { readonly space: Space }

/** The listing as the renderer may look into it. */
export interface Addresses {
  of(content: Placed): string
  /** For the links in one content. */
  resolver(content: Placed): LinkResolver
}

/** @param site the site's address ending in `/wiki` */
export function addressBook(site: string, contents: readonly Placed[]): Addresses {
  const byId = new Map(contents.map((content) => [content.id, content]))
  const byTitle = new Map(contents.toReversed().map((content) => [titleKey(content.space.key, content.title), content]))

  return {
    of: (content) => addressOf(site, content),
    resolver: (content) => {
      const find = ({ title, spaceKey }: { title: string; spaceKey?: string }) =>
        byTitle.get(titleKey(spaceKey ?? content.space.key, title))
      return {
        base: site,
        page: (target) => addressOrNull(site, find(target)),
        content: (id) => addressOrNull(site, byId.get(id)),
        space: (key) => `${site}/spaces/${encodeURIComponent(key)}`,
        attachment: (filename, page) => attachmentAddress(site, page === undefined ? content : find(page), filename),
        // Names of people are personal data, and the source may hide them: a mention keeps its text, if it has one.
        user: () => null,
      }
    },
  }
}

function titleKey(spaceKey: string, title: string): string {
  return `${spaceKey}\n${title}`
}

/** Without the title that the web address of a page ends with: it changes, and it may be one that readers of a link don't know. */
function addressOf(site: string, { kind, id, space, webui }: Placed): string {
  if (kind === 'blogpost' && webui !== null) return site + webui
  return `${site}/spaces/${encodeURIComponent(space.key)}/pages/${id}`
}

function addressOrNull(site: string, content: Placed | undefined): string | null {
  return content === undefined ? null : addressOf(site, content)
}

function attachmentAddress(site: string, content: Placed | undefined, filename: string): string | null {
  return content === undefined ? null : `${site}/download/attachments/${content.id}/${encodeURIComponent(filename)}`
}
