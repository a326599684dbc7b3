/** A link inside of the Help space: its address opens in a new tab, a click stays here. */
import type { ComponentChildren } from 'preact'
import { fragmentOf, type Route } from '../routes.ts'
import { useSpace } from '../space.ts'

interface LinkProps {
  readonly to: Route
  readonly class?: string
  readonly lang?: string
  readonly label?: string
  readonly children: ComponentChildren
}

export function Link({ to, label, children, ...more }: LinkProps) {
  const { router } = useSpace()
  const follow = (event: MouseEvent): void => {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return
    event.preventDefault()
    router.go(to)
  }
  return (
    <a {...more} href={fragmentOf(to)} onClick={follow} aria-label={label}>
      {children}
    </a>
  )
}
