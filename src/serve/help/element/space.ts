/** What every view of the Help space is given. */
import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import type { Client } from './client.ts'
import type { Recents } from './recents.ts'
import type { Router, Stop } from './router.ts'
import { routeOf } from './routes.ts'
import type { Locale, Words } from './words.ts'

export interface Space {
  readonly client: Client
  readonly recents: Recents
  readonly router: Router
  readonly stop: Stop
  readonly locale: Locale
  readonly words: Words
  /** What the host asks for suggestions with. */
  readonly suggest: string | null
  readonly canHandOver: boolean
  /** Hands the reader over to people, with what they looked for. */
  handOver(query: string): void
  /** What was looked for before the article, for feedback. */
  readonly query: string
  /** Documents by the addresses they have at their source. */
  readonly known: Map<string, string>
  readonly places: Places
}

/** Where each stop was scrolled to, and which of them has been shown. */
export interface Places {
  readonly scrolls: Map<string, number>
  shown: string | null
}

export const SpaceContext = createContext<Space | null>(null)

export function useSpace(): Space {
  const space = useContext(SpaceContext)
  if (space === null) throw new Error('a view stands outside of the Help space')
  return space
}

/** What a document without an address of the web has: the one of its page here. */
const OWN = /\/help(#\/article\/.*)$/

export function isOwn(address: string): boolean {
  return OWN.test(address)
}

/** Remembers which documents the addresses lead to. */
export function know(
  known: Map<string, string>,
  documents: readonly { readonly id: string; readonly url: string }[],
): void {
  for (const { id, url } of documents) if (!isOwn(url)) known.set(bare(url), id)
}

export function knownId(known: Map<string, string>, address: string): string | null {
  const route = routeOf(OWN.exec(address)?.[1] ?? '')
  return route?.view === 'article' ? route.id : (known.get(bare(address)) ?? null)
}

function bare(address: string): string {
  return address.replace(/#.*$/, '').replace(/\/$/, '')
}
