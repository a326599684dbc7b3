/** Where in the Help space a reader is, and how an address says so: behind `#`, which no server sees. */

export type Route =
  | { readonly view: 'home' }
  | { readonly view: 'search'; readonly query: string }
  | { readonly view: 'collection'; readonly source: string; readonly path: readonly string[] }
  | { readonly view: 'article'; readonly id: string; readonly anchor?: string }

export const HOME: Route = { view: 'home' }

export function fragmentOf(route: Route): string {
  const query = new URLSearchParams(parametersOf(route)).toString()
  const place =
    route.view === 'home' ? '' : route.view === 'article' ? `article/${encodeURIComponent(route.id)}` : route.view
  return `#/${place}${query === '' ? '' : `?${query}`}`
}

/** Null for a fragment that is none of ours: a host page may have its own. */
export function routeOf(fragment: string): Route | null {
  if (!fragment.startsWith('#/')) return null
  const [place = '', query = ''] = fragment.slice(2).split('?')
  const given = new URLSearchParams(query)
  const [view, id] = place.split('/')
  if (view === '') return HOME
  if (view === 'search') return { view, query: given.get('q') ?? '' }
  const source = given.get('source')
  if (view === 'collection' && source !== null) return { view, source, path: given.getAll('path') }
  const article = view === 'article' && id ? decoded(id) : null
  const anchor = given.get('h')
  return article === null ? null : { view: 'article', id: article, ...(anchor !== null && { anchor }) }
}

function parametersOf(route: Route): string[][] {
  if (route.view === 'search') return [['q', route.query]]
  if (route.view === 'collection') return [['source', route.source], ...route.path.map((part) => ['path', part])]
  return route.view === 'article' && route.anchor !== undefined ? [['h', route.anchor]] : []
}

/** Null for what was not encoded as addresses are. */
export function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text)
  } catch {
    return null
  }
}
