/** The search field: a combobox as the ARIA authoring practices describe it, whose list is what was found. */
import type { RefObject } from 'preact'
import type { Result } from '../answers.ts'
import type { Searching } from '../searching.ts'
import { useSpace } from '../space.ts'
import { Icon } from './icon.tsx'
import { LISTBOX, optionId } from './results.tsx'

interface SearchBoxProps {
  readonly field: RefObject<HTMLInputElement | null>
  readonly query: string
  readonly searching: Searching
  /** The list is in view. */
  readonly isOpen: boolean
  readonly active: number | null
  write(query: string): void
  move(active: number | null): void
  open(result: Result): void
}

export function SearchBox(props: SearchBoxProps) {
  const { field, query, searching, isOpen, active, write } = props
  const { words } = useSpace()
  const clear = (): void => {
    write('')
    field.current?.focus()
  }
  return (
    <search class="search">
      <Icon name="search" />
      <input
        ref={field}
        type="text"
        inputMode="search"
        enterkeyhint="search"
        role="combobox"
        aria-label={words.search}
        aria-autocomplete="list"
        aria-expanded={isOpen}
        aria-controls={isOpen ? LISTBOX : undefined}
        aria-activedescendant={isOpen && active !== null ? optionId(active) : undefined}
        autocomplete="off"
        autocapitalize="off"
        spellcheck={false}
        maxLength={500}
        placeholder={words.searchHint}
        value={query}
        onInput={(event) => write(event.currentTarget.value)}
        onKeyDown={(event) => pressed(event, props)}
      />
      {query !== '' && (
        <button type="button" class="clear" aria-label={words.clear} onClick={clear}>
          <Icon name="clear" />
        </button>
      )}
      <p class="unseen" role="status">
        {told(searching, words)}
      </p>
    </search>
  )
}

function told({ isBusy, found }: Searching, words: ReturnType<typeof useSpace>['words']): string {
  if (isBusy) return ''
  return found === null ? '' : words.found(found.results.length)
}

function pressed(event: KeyboardEvent, { query, searching, isOpen, active, write, move, open }: SearchBoxProps): void {
  if (event.isComposing) return
  const results = isOpen ? (searching.found?.results ?? []) : []
  const last = results.length - 1
  if (event.key === 'Escape' && (active !== null || query !== '')) {
    if (active === null) write('')
    else move(null)
  } else if (event.key === 'ArrowDown' && last >= 0) move(active === null || active === last ? 0 : active + 1)
  else if (event.key === 'ArrowUp' && last >= 0) move(active === null || active === 0 ? last : active - 1)
  else if (event.key === 'Enter' && last >= 0) {
    const chosen = results[active ?? 0]
    if (active !== null && chosen !== undefined) open(chosen)
    else if (matchMedia('(pointer: coarse)').matches) (event.currentTarget as HTMLElement).blur()
  } else return
  event.preventDefault()
}
