/** Search as you type: the newest question wins, and older ones are not waited for. */
import { useEffect, useState } from 'preact/hooks'
import type { Found } from './client.ts'
import { type FailureKind, isAborted, kindOf } from './failure.ts'
import { know, type Space } from './space.ts'

export interface Searching {
  readonly isBusy: boolean
  /** What `found` answers, which may be an older question while a newer one is asked. */
  readonly query: string
  readonly found: Found | null
  readonly failed: FailureKind | null
}

/** Between two keys of somebody who types fast: short, since older requests are dropped anyway. */
const DEBOUNCE_MS = 40
export const IDLE: Searching = { isBusy: false, query: '', found: null, failed: null }

type Asking = Pick<Space, 'client' | 'locale' | 'known'>

export function useSearch(query: string, { client, locale, known }: Asking): Searching & { retry(): void } {
  const [searching, setSearching] = useState(IDLE)
  const [tries, setTries] = useState(0)
  const text = query.trim()

  useEffect(() => {
    if (text === '') {
      setSearching(IDLE)
      return
    }
    const abort = new AbortController()
    setSearching((before) => ({ ...before, isBusy: true, failed: null }))
    const timer = setTimeout(() => void ask(abort.signal), DEBOUNCE_MS)
    return () => {
      clearTimeout(timer)
      abort.abort()
    }

    async function ask(signal: AbortSignal): Promise<void> {
      try {
        const found = await client.search(text, { typing: !/\s$/.test(query), locale }, signal)
        know(known, found.results)
        if (!signal.aborted) setSearching({ isBusy: false, query: text, found, failed: null })
      } catch (thrown) {
        if (isAborted(thrown) || signal.aborted) return
        setSearching({ isBusy: false, query: text, found: null, failed: kindOf(thrown) })
      }
    }
  }, [text, locale, client, tries])

  return { ...searching, retry: () => setTries((count) => count + 1) }
}
