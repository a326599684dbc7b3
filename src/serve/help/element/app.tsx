/** The Help space: what stands at the top, and the view of where the reader is. */
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks'
import type { Result } from './answers.ts'
import type { Client } from './client.ts'
import { paletteOf } from './colours.ts'
import type { Recents } from './recents.ts'
import type { Router, Stop } from './router.ts'
import { useSearch } from './searching.ts'
import { type Places, type Space, SpaceContext } from './space.ts'
import { ArticleView } from './views/article.tsx'
import { CollectionView } from './views/collection.tsx'
import { Home } from './views/home.tsx'
import { Results } from './views/results.tsx'
import { SearchBox } from './views/search-box.tsx'
import { Top } from './views/top.tsx'
import { LOCALES, type Locale } from './words.ts'

export interface AppProps {
  readonly client: Client
  readonly recents: Recents
  readonly router: Router
  readonly places: Places
  readonly known: Map<string, string>
  readonly locale: Locale
  readonly theme: 'light' | 'dark'
  readonly look: Look
  readonly suggest: string | null
  readonly canHandOver: boolean
  handOver(query: string): void
  speak(locale: Locale): void
}

export interface Look {
  readonly name: string | null
  readonly logo: string | null
  readonly header: string | undefined
  readonly primary: string | undefined
  readonly radius: number | undefined
}

/** Until a query that is being written becomes the address: browsers count such changes. */
const SETTLED_MS = 400

export function App(props: AppProps) {
  const { router, client, known, locale, theme, look, places } = props
  const stop = useStop(router)
  const { route } = stop
  const [query, setQuery] = useState(route.view === 'search' ? route.query : '')
  const [active, setActive] = useState<number | null>(null)
  const field = useRef<HTMLInputElement>(null)
  const isSearch = route.view === 'search' && query.trim() !== ''
  const searching = useSearch(query, { client, locale, known })
  // Before it is painted: later, it would take back what was written on seeing it.
  useLayoutEffect(() => {
    if (route.view === 'search') setQuery(route.query)
    else if (route.view === 'home') setQuery('')
    setActive(null)
    // Another stop, and not this one under a new address: that is what was written here.
  }, [stop.key])
  useEffect(() => {
    if (route.view !== 'search' || route.query === query) return
    const timer = setTimeout(() => router.go({ view: 'search', query }, 'replace'), SETTLED_MS)
    return () => clearTimeout(timer)
  }, [query, route])

  function write(text: string): void {
    setQuery(text)
    setActive(null)
    if (route.view !== 'search' && text !== '') router.go({ view: 'search', query: text })
  }

  function open({ id }: Result): void {
    router.go({ view: 'search', query }, 'replace')
    router.go({ view: 'article', id })
  }

  const space: Space = { ...props, stop, query: searching.query, words: LOCALES[locale].words }
  const isHome = route.view === 'home' || (route.view === 'search' && !isSearch)
  const list = searching.found?.results ?? []
  const box = { field, query, searching, active, write, open, isOpen: isSearch && list.length > 0, move: setActive }
  const scrolled = useCallback(
    (event: Event) => {
      if (!places.shown?.startsWith(`${router.current().key} `)) return
      places.scrolls.set(router.current().key, (event.currentTarget as HTMLElement).scrollTop)
    },
    [places, router],
  )
  return (
    <SpaceContext.Provider value={space}>
      <div class="scroller" data-theme={theme} style={useStyle(look, theme)} lang={locale} onScroll={scrolled}>
        <Top look={look} isHome={isHome} speak={props.speak}>
          <SearchBox {...box} />
        </Top>
        <div class="view">
          {isSearch && <Results searching={searching} active={active} open={open} />}
          {isHome && <Home />}
          {route.view === 'collection' && <CollectionView source={route.source} path={route.path} />}
          {route.view === 'article' && <ArticleView key={route.id} {...route} />}
        </div>
      </div>
    </SpaceContext.Provider>
  )
}

function useStop(router: Router): Stop {
  const [stop, setStop] = useState(router.current())
  useEffect(() => {
    const end = router.listen(() => setStop(router.current()))
    setStop(router.current())
    return end
  }, [router])
  return stop
}

const MOST_RADIUS = 28

function useStyle({ header, primary, radius }: Look, theme: 'light' | 'dark'): Record<string, string> {
  return useMemo(() => {
    const { onHeader, onFill, ...colours } = paletteOf({ header, primary }, theme)
    return {
      '--header': colours.header,
      '--on-header': onHeader,
      '--fill': colours.fill,
      '--on-fill': onFill,
      '--accent': colours.accent,
      ...(radius !== undefined && { '--radius': `${Math.min(Math.max(radius, 0), MOST_RADIUS)}px` }),
    }
  }, [header, primary, radius, theme])
}
