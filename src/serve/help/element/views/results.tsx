/** What was found: the list that belongs to the search field (a listbox, as a combobox wants it), or the way on from nothing. */
import { useRef } from 'preact/hooks'
import type { Result } from '../answers.ts'
import { useArrival } from '../arrival.ts'
import { rangesOf } from '../marks.ts'
import type { Searching } from '../searching.ts'
import { useSpace } from '../space.ts'
import { Icon } from './icon.tsx'
import { Marked } from './marked.tsx'
import { ArticleRows } from './rows.tsx'
import { Failed, HandOver, Waiting } from './states.tsx'

export const LISTBOX = 'found'
export const optionId = (at: number): string => `found-${at}`

interface ResultsProps {
  readonly searching: Searching & { retry(): void }
  /** The option that arrow keys stand on. */
  readonly active: number | null
  open(result: Result): void
}

export function Results({ searching, active, open }: ResultsProps) {
  const { words, recents } = useSpace()
  const { found, query, failed, retry } = searching
  const start = useRef<HTMLDivElement>(null)
  useArrival(found !== null || failed !== null, start)
  return (
    <div class="results" ref={start} tabIndex={-1} data-query={query}>
      <h1 class="unseen">{words.results}</h1>
      {found === null && failed === null && <Waiting />}
      {failed !== null && <Failed kind={failed} retry={retry} />}
      {failed === 'offline' && recents.list().length > 0 && <ArticleRows articles={recents.list()} icon="clock" />}
      {found?.isOtherLanguage && <p class="other">{words.otherLanguage}</p>}
      {found !== null && found.results.length > 0 && (
        <div class="rows" id={LISTBOX} role="listbox" aria-label={words.results} tabIndex={-1}>
          {found.results.map((result, at) => (
            <Option key={result.id} {...{ result, query, at, open }} isActive={active === at} />
          ))}
        </div>
      )}
      {found?.results.length === 0 && <Nothing query={query} />}
    </div>
  )
}

interface OptionProps {
  readonly result: Result
  readonly query: string
  readonly at: number
  readonly isActive: boolean
  open(result: Result): void
}

function Option({ result, query, at, isActive, open }: OptionProps) {
  const { title, snippet, highlights, headings, path } = result
  const place = [...path, ...headings.filter((heading) => heading !== title)].slice(-3)
  return (
    <div
      class={isActive ? 'row active' : 'row'}
      id={optionId(at)}
      role="option"
      tabIndex={-1}
      aria-selected={isActive}
      onMouseDown={(event) => event.preventDefault()}
      onClick={() => open(result)}
      onKeyDown={() => undefined}
    >
      <Icon name="page" />
      <span class="words">
        <span class="title">
          <Marked text={title} ranges={rangesOf(title, query)} />
        </span>
        <span class="about snippet">
          <Marked text={snippet} ranges={highlights} />
        </span>
        {place.length > 0 && <span class="about place">{place.join(' › ')}</span>}
      </span>
    </div>
  )
}

function Nothing({ query }: { readonly query: string }) {
  const { words } = useSpace()
  return (
    <div class="notice">
      <Icon name="search" />
      <h2>{words.nothing(query)}</h2>
      <p>{words.nothingHint}</p>
      <HandOver query={query}>
        <p>{words.handover}</p>
      </HandOver>
    </div>
  )
}
