/** One collection: what is in it, and the way to it. */
import { useEffect, useRef, useState } from 'preact/hooks'
import type { Shelf } from '../answers.ts'
import { useArrival } from '../arrival.ts'
import { type Place, shelfKey } from '../client.ts'
import { useLoaded } from '../loading.ts'
import { know, useSpace } from '../space.ts'
import { Breadcrumbs } from './breadcrumbs.tsx'
import { ArticleRows, CollectionRows } from './rows.tsx'
import { Failed, KeptNote, Waiting } from './states.tsx'

export function CollectionView({ source, path }: Place) {
  const { client, words, known } = useSpace()
  const place = { source, path }
  const shelf = useLoaded(shelfKey(place), (signal) => client.shelf(place, signal))
  const heading = useRef<HTMLHeadingElement>(null)
  useArrival(shelf.status !== 'loading', heading)
  if (shelf.status === 'loading') return <Waiting />
  if (shelf.status === 'failed') return <Failed {...shelf} heading={heading} />
  const { collections, documents = [] } = shelf.value
  know(known, documents)
  return (
    <div class="collection">
      <Breadcrumbs source={source} path={path.slice(0, -1)} />
      {shelf.isKept && <KeptNote />}
      <h1 ref={heading} tabIndex={-1}>
        {path.at(-1) ?? source}
      </h1>
      {collections.length > 0 && <CollectionRows collections={collections} />}
      {documents.length > 0 && <Documents key={shelfKey(place)} place={place} first={shelf.value} />}
      {collections.length + documents.length === 0 && <p>{words.emptyHome}</p>}
    </div>
  )
}

/** Those of the first answer, and more as long as there are. */
function Documents({ place, first }: { readonly place: Place; readonly first: Shelf }) {
  const { client, words, known } = useSpace()
  const [further, setFurther] = useState<readonly Shelf[]>([])
  const [step, setStep] = useState<'idle' | 'busy' | 'failed'>('idle')
  useEffect(() => setFurther([]), [first])
  const shelves = [first, ...further]
  const cursor = shelves.at(-1)?.cursor ?? null
  const more = (): void => {
    if (cursor === null || step === 'busy') return
    setStep('busy')
    client.more(place, cursor).then(
      (shelf) => {
        know(known, shelf.documents ?? [])
        setFurther((before) => [...before, shelf])
        setStep('idle')
      },
      () => setStep('failed'),
    )
  }
  return (
    <section aria-labelledby="articles">
      <h2 id="articles">{words.articlesTitle}</h2>
      <ArticleRows articles={shelves.flatMap(({ documents = [] }) => documents)} />
      {cursor !== null && (
        <button type="button" class="button" onClick={more}>
          {words.more}
        </button>
      )}
      <p role="status">{step === 'failed' ? `${words.failed}. ${words.failedHint}` : ''}</p>
    </section>
  )
}
