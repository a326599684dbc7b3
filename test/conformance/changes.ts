/** Looking into what a connector yields. */

import type { Change } from '../../src/core/connector.ts'
import type { Body } from '../../src/core/document.ts'

type Upsert<C> = Extract<Change<C>, { type: 'upsert' }>
type Checkpoint<C> = Extract<Change<C>, { type: 'checkpoint' }>

/** Everything that an iterable yields, in order. */
export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const item of items) all.push(item)
  return all
}

export function plain<C>(change: Change<C>): unknown {
  return change.type === 'upsert' ? { type: change.type, head: change.head } : change
}

export function upserts<C>(changes: readonly Change<C>[]): Upsert<C>[] {
  return changes.filter((change): change is Upsert<C> => change.type === 'upsert')
}

export function checkpoints<C>(changes: readonly Change<C>[]): Checkpoint<C>[] {
  return changes.filter((change): change is Checkpoint<C> => change.type === 'checkpoint')
}

export function versionsOf<C>(changes: readonly Change<C>[]): Map<string, string> {
  return new Map(upserts(changes).map(({ head }) => [head.id, head.version]))
}

export function bodies<C>(changes: readonly Change<C>[]): Promise<Body[]> {
  return Promise.all(upserts(changes).map(({ head, load }) => load(head.id)))
}

export async function bodyOf<C>(changes: readonly Change<C>[], id: string): Promise<Body | undefined> {
  return upserts(changes)
    .find(({ head }) => head.id === id)
    ?.load(id)
}

export async function loadInTurn<C>(changes: readonly Change<C>[]): Promise<unknown[]> {
  const outcomes: unknown[] = []
  for (const { head, load } of upserts(changes)) outcomes.push(await load(head.id).catch((error: unknown) => error))
  return outcomes
}

/** Why documents were deliberately not taken, by id. */
export function skips<C>(changes: readonly Change<C>[]): Readonly<Record<string, string>> {
  return Object.fromEntries(changes.flatMap((each) => (each.type === 'skip' ? [[each.id, each.reason]] : [])))
}

/** Ids of the documents whose bodies can't be read, each with why. */
export async function failures<C>(changes: readonly Change<C>[]): Promise<(readonly [id: string, message: string])[]> {
  const all = upserts(changes)
  const outcomes = await Promise.allSettled(all.map(({ head, load }) => load(head.id)))
  return all.flatMap(({ head: { id } }, at) => {
    const outcome = outcomes[at]
    return outcome?.status === 'rejected' ? [[id, outcome.reason.message] as const] : []
  })
}
