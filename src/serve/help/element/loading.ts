/** What a view asks the server for, from the first picture to the answer or the failure. */
import { useEffect, useState } from 'preact/hooks'
import type { Loaded } from './client.ts'
import { type FailureKind, isAborted, kindOf } from './failure.ts'
import { useSpace } from './space.ts'

export type Loading<T> =
  | { readonly status: 'loading' }
  | ({ readonly status: 'ready' } & Loaded<T>)
  | { readonly status: 'failed'; readonly kind: FailureKind; retry(): void }

/** What was answered under `key` before is shown at once, and renewed. Another key aborts what is under way. */
export function useLoaded<T>(key: string, load: (signal: AbortSignal) => Promise<Loaded<T>>): Loading<T> {
  const { client } = useSpace()
  const [tries, setTries] = useState(0)
  const [answer, setAnswer] = useState<{ key: string; loading: Loading<T> } | null>(null)

  useEffect(() => {
    const abort = new AbortController()
    load(abort.signal).then(
      (loaded) => setAnswer({ key, loading: { status: 'ready', ...loaded } }),
      (thrown) => {
        if (isAborted(thrown)) return
        const retry = (): void => {
          setAnswer(null)
          setTries((count) => count + 1)
        }
        setAnswer({ key, loading: { status: 'failed', kind: kindOf(thrown), retry } })
      },
    )
    return () => abort.abort()
  }, [key, tries, client])

  if (answer?.key === key) return answer.loading
  const before = client.remembered(key) as T | undefined
  return before === undefined ? { status: 'loading' } : { status: 'ready', value: before, isKept: false }
}
