/** A site where every page, file and person exists, so that each link target can be foretold. */
import type { LinkResolver } from '../../connectors/confluence/render.ts'

const BASE = 'https://wiki.example/wiki'

export const site: LinkResolver = {
  page: ({ title, spaceKey }) => `${BASE}/spaces/${spaceKey ?? 'OWN'}/${encodeURIComponent(title)}`,
  id: () => null,
  content: (id) => `${BASE}/content/${id}`,
  space: (key) => `${BASE}/spaces/${key}`,
  attachment: (name, page) =>
    `${BASE}/files/${encodeURIComponent(page === undefined ? 'OWN' : page.title)}/${encodeURIComponent(name)}`,
  user: (id) => `Person ${id.replace(/\W/g, '')}`,
  base: BASE,
}
