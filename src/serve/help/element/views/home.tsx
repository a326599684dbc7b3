/** The first picture: what is suggested, what was read lately, all topics. */
import { useEffect, useRef, useState } from 'preact/hooks'
import { useArrival } from '../arrival.ts'
import { shelfKey } from '../client.ts'
import { useLoaded } from '../loading.ts'
import { know, useSpace } from '../space.ts'
import { ArticleRows, CollectionRows } from './rows.tsx'
import { Failed, HandOver, Waiting } from './states.tsx'

export function Home() {
  const { client, words, recents, known } = useSpace()
  const top = useLoaded(shelfKey(null), (signal) => client.shelf(null, signal))
  const [read, setRead] = useState(recents.list())
  const start = useRef<HTMLDivElement>(null)
  useArrival(top.status !== 'loading', start)
  if (top.status === 'ready') know(known, top.value.documents ?? [])
  const forget = (): void => {
    recents.clear()
    setRead([])
    start.current?.focus()
  }
  return (
    <div class="home" ref={start} tabIndex={-1}>
      <Suggested />
      {read.length > 0 && (
        <section aria-labelledby="recents">
          <div class="section-head">
            <h2 id="recents">{words.recents}</h2>
            <button type="button" class="quiet" onClick={forget}>
              {words.forgetRecents}
            </button>
          </div>
          <ArticleRows articles={read} icon="clock" />
        </section>
      )}
      {top.status === 'loading' && <Waiting />}
      {top.status === 'failed' && <Failed kind={top.kind} retry={top.retry} />}
      {top.status === 'ready' && (
        <section aria-labelledby="collections">
          <h2 id="collections">{words.collections}</h2>
          {top.value.collections.length === 0 ? <p>{words.emptyHome}</p> : <CollectionRows {...top.value} />}
        </section>
      )}
      <HandOver query="" />
    </div>
  )
}

const MOST_SUGGESTED = 4

/** A convenience: where it can't be had, nothing is missing. */
function Suggested() {
  const { client, words, suggest, locale, known } = useSpace()
  const [articles, setArticles] = useState<readonly { id: string; title: string }[]>([])
  useEffect(() => {
    setArticles([])
    if (suggest === null) return
    const abort = new AbortController()
    client.search(suggest, { typing: false, locale }, abort.signal).then(
      ({ results }) => {
        know(known, results)
        setArticles(results.slice(0, MOST_SUGGESTED))
      },
      () => undefined,
    )
    return () => abort.abort()
  }, [client, suggest, locale])
  if (articles.length === 0) return null
  return (
    <section aria-labelledby="suggested">
      <h2 id="suggested">{words.suggested}</h2>
      <ArticleRows articles={articles} />
    </section>
  )
}
