/** Where a reader was and is: the browser's own history where the address may be used, else a history of its own. */
import { fragmentOf, HOME, type Route, routeOf } from './routes.ts'

export interface Stop {
  readonly route: Route
  /** Of this visit to it: another visit of the same route has another one. */
  readonly key: string
  /** How many stops of ours stand before it. */
  readonly depth: number
}

export interface Router {
  current(): Stop
  /** `replace`: the stop keeps its place and key. */
  go(route: Route, how?: 'replace'): void
  back(): void
  /** The function stops it. */
  listen(changed: () => void): () => void
}

export function memoryRouter(start: Route): Router {
  const stops: Stop[] = [{ route: start, key: '0', depth: 0 }]
  const listeners = new Set<() => void>()
  let made = 0

  function current(): Stop {
    return stops.at(-1) as Stop
  }

  function tell(): void {
    for (const changed of listeners) changed()
  }

  return {
    current,
    go(route, how) {
      const { key, depth } = current()
      if (how === 'replace') stops.splice(-1, 1, { route, key, depth })
      else stops.push({ route, key: String(++made), depth: depth + 1 })
      tell()
    },
    back() {
      if (stops.length > 1) stops.pop()
      else stops.splice(0, 1, { route: HOME, key: String(++made), depth: 0 })
      tell()
    },
    listen: (changed) => listening(listeners, changed),
  }
}

/** What our entries of the history hold beside what others put there. */
const MARK = 'unsiloHelp'

export function fragmentRouter(start: Route): Router {
  const listeners = new Set<() => void>()
  let stop = read()

  /** An entry that the reader made (an address that was opened or changed by hand) gets its mark now, to be known by. */
  function read(): Stop {
    const mark = (history.state as Record<string, unknown> | null)?.[MARK] as Partial<Stop> | undefined
    const { key, depth } = { key: mark?.key ?? newKey(), depth: mark?.depth ?? 0 }
    if (mark === undefined) history.replaceState({ ...history.state, [MARK]: { key, depth } }, '')
    return { route: routeOf(location.hash) ?? start, key, depth }
  }

  function write({ route, key, depth }: Stop, how: 'pushState' | 'replaceState'): void {
    stop = { route, key, depth }
    history[how]({ ...history.state, [MARK]: { key, depth } }, '', fragmentOf(route))
    for (const changed of listeners) changed()
  }

  function moved(): void {
    if (routeOf(location.hash) === null && location.hash !== '') return
    stop = read()
    for (const changed of listeners) changed()
  }

  return {
    current: () => stop,
    go(route, how) {
      if (how === 'replace') write({ ...stop, route }, 'replaceState')
      else write({ route, key: newKey(), depth: stop.depth + 1 }, 'pushState')
    },
    back() {
      if (stop.depth > 0) history.back()
      else write({ ...stop, route: HOME }, 'replaceState')
    },
    listen(changed) {
      if (listeners.size === 0) {
        addEventListener('popstate', moved)
        // What moved while nobody listened.
        moved()
      }
      const end = listening(listeners, changed)
      return () => {
        end()
        if (listeners.size === 0) removeEventListener('popstate', moved)
      }
    },
  }
}

function listening(listeners: Set<() => void>, changed: () => void): () => void {
  listeners.add(changed)
  return () => listeners.delete(changed)
}

function newKey(): string {
  return Math.random().toString(36).slice(2)
}
