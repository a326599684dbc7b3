/** What is shown while there is nothing to read: loading, failed, empty, offline. */
import type { ComponentChildren, RefObject } from 'preact'
import type { FailureKind } from '../failure.ts'
import { useSpace } from '../space.ts'
import { Icon } from './icon.tsx'

export function Waiting() {
  const { words } = useSpace()
  return (
    <div class="waiting">
      <p class="unseen" role="status">
        {words.loading}
      </p>
      <div class="bar wide" />
      <div class="bar" />
      <div class="bar" />
      <div class="bar short" />
    </div>
  )
}

interface FailedProps {
  readonly kind: FailureKind
  /** Where it is all that the view shows. */
  readonly heading?: RefObject<HTMLHeadingElement | null>
  retry(): void
}

export function Failed({ kind, heading, retry }: FailedProps) {
  const { words } = useSpace()
  return (
    <div class="notice" role="alert">
      <Icon name={kind === 'offline' ? 'cloud' : 'page'} />
      {heading === undefined ? (
        <h2>{words[kind]}</h2>
      ) : (
        <h1 ref={heading} tabIndex={-1}>
          {words[kind]}
        </h1>
      )}
      <p>{words[`${kind}Hint`]}</p>
      {kind !== 'missing' && (
        <button type="button" class="button" onClick={retry}>
          {words.retry}
        </button>
      )}
    </div>
  )
}

/** Nothing was found, or what was read did not help: people are the next door. */
export function HandOver({ query, children }: { readonly query: string; readonly children?: ComponentChildren }) {
  const { words, canHandOver, handOver } = useSpace()
  if (!canHandOver) return null
  return (
    <div class="handover">
      {children ?? (
        <>
          <h2>{words.stillStuck}</h2>
          <p>{words.handover}</p>
        </>
      )}
      <button type="button" class="button" onClick={() => handOver(query)}>
        <Icon name="chat" />
        {words.ask}
      </button>
    </div>
  )
}

export function KeptNote() {
  const { words } = useSpace()
  return (
    <p class="kept" role="status">
      <Icon name="cloud" />
      {words.kept}
    </p>
  )
}
