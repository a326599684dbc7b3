/** A source that is tortured: an emulator that people change, and what it truly holds, told by its model and not by the connector. */
import type { Access, AccessPolicy, Principal } from '../../../src/core/access.ts'
import type { Connector } from '../../../src/core/connector.ts'
import type { Fault } from '../../emulators/faults.ts'

/** A document as it truly is. */
export interface Truth {
  readonly title: string
  /** The marks in its text, in their order. */
  readonly marks: readonly string[]
  /** Sorted. */
  readonly access: Access
  /** There for its readers, but not for the index: the configuration says so. */
  readonly isLeftOut?: true
}

/** Changes something, chosen by two numbers; nothing where there is nothing of the kind. */
export type Action = (one: number, other: number) => void

export interface TorturedSource {
  readonly connector: Connector
  readonly config: Readonly<Record<string, unknown>>
  readonly access: AccessPolicy
  readonly actions: Readonly<Record<string, Action>>
  /** Actions that a run can't follow while it lists, as the connector's README says. */
  readonly onlyBetweenRuns: readonly string[]
  /** Of these a run hears in answers of different moments, and can't tell in which order they happened: one of them a run. */
  readonly notTogether: readonly string[]
  /**
   * Changes a document in the very second of the last change, where that may be the second in which a run stopped: Zendesk
   * tells nothing of the minute before a request.
   * https://developer.zendesk.com/documentation/ticketing/managing-tickets/using-the-incremental-export-api
   */
  readonly changeAtOnce?: Action
  /** By native id. */
  truth(): ReadonlyMap<string, Truth>
  fail(fault: Fault): void
  heal(): void
  /** How many it was asked so far. */
  requests(): number
  close(): Promise<void>
}

interface Emulator extends Pick<TorturedSource, 'fail' | 'heal' | 'close'> {
  readonly requests: readonly unknown[]
}

type Limited = 'onlyBetweenRuns' | 'notTogether'

type Own = Omit<TorturedSource, keyof Emulator | Limited> & Partial<Pick<TorturedSource, Limited>>

/** What the emulator does of itself, and what is true of this source. */
export function tortured({ fail, heal, requests, close }: Emulator, own: Own): TorturedSource {
  return { onlyBetweenRuns: [], notTogether: [], ...own, fail, heal, requests: () => requests.length, close }
}

/** A word that stands in one version of one document and nowhere else. */
export const MARK = /zettel\d+/g

/** New ones. With another word than usual, a name that is new too and no mark. */
export type Marks = (word?: string) => string

export function createMarks(): Marks {
  let last = 0
  return (word = 'zettel') => `${word}${++last}`
}

export function marksOf(text: string): readonly string[] {
  return text.match(MARK) ?? []
}

export function pick<T>(some: Iterable<T>, at: number): T | undefined {
  const list = [...some]
  return list[at % list.length]
}

/** Readers of all of these. */
export function readersOfAll(lists: readonly Access[]): Access {
  const listed = lists.filter((access) => access !== 'public')
  const [first = [], ...others] = listed
  if (listed.length === 0) return 'public'
  return first.filter((reader) => others.every((other) => other.includes(reader))).toSorted()
}

export function sortedReaders(readers: readonly Principal[]): Access {
  return [...new Set(readers)].sort()
}
