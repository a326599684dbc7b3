/** What happens once a stop can be shown: it is scrolled to where it was, and who reads by ear is told where they are. */
import type { RefObject } from 'preact'
import { useLayoutEffect } from 'preact/hooks'
import { useSpace } from './space.ts'

/** @param heading takes the focus, unless the reader is writing or has just come to the page */
export function useArrival(isReady: boolean, heading: RefObject<HTMLElement | null>, anchor?: string): void {
  const { stop, places } = useSpace()
  useLayoutEffect(() => {
    const element = heading.current
    const key = `${stop.key} ${anchor ?? ''}`
    if (!isReady || element === null || places.shown === key) return
    const root = element.getRootNode() as ShadowRoot
    const scroller = root.querySelector('.scroller') as HTMLElement
    const saved = places.scrolls.get(stop.key)
    const isFirst = places.shown === null
    const isSameStop = places.shown?.startsWith(`${stop.key} `) === true
    places.shown = key
    if (saved !== undefined && !isSameStop) scroller.scrollTop = saved
    else if (anchor !== undefined && showAnchor(root, anchor)) return
    else if (!isSameStop) scroller.scrollTop = 0
    const isWriting = stop.route.view === 'search' && root.activeElement?.getAttribute('role') === 'combobox'
    if (!isFirst && !isWriting) element.focus({ preventScroll: true })
  })
}

/** False where the article has no such place. */
export function showAnchor(root: ShadowRoot | Document, id: string): boolean {
  const target = root.querySelector<HTMLElement>(`.content #${CSS.escape(id)}`)
  if (target === null) return false
  target.scrollIntoView({ block: 'start' })
  target.tabIndex = -1
  target.focus({ preventScroll: true })
  return true
}
