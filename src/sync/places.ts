/** Where documents stand, outermost: spaces, collections, folders. One in which nothing is seen any more may be lost, not empty. */
import type { Ids } from '../core/id-map.ts'
import type { Decisions } from './decisions.ts'
import type { Survey } from './survey.ts'

export interface Standing {
  /** Heads of stored documents, some at a time. */
  storedHeads(
    ids: Iterable<string>,
  ): AsyncIterable<ReadonlyMap<string, { readonly head: { readonly path: readonly string[] } }>>
  /** Every id seen alive in this pass, earlier runs of it included. */
  readonly seen: Ids
}

/** How many go from each place in which a whole pass saw nothing any more. */
export async function emptiedPlaces(
  { receipt, decisions, places, seen: own }: Survey,
  { storedHeads, seen }: Standing,
): Promise<ReadonlyMap<string, number>> {
  if (receipt === null) return new Map()
  const emptied = removalsByPlace(decisions)
  for (const place of places) emptied.delete(place)
  if (emptied.size === 0) return emptied
  for await (const heads of storedHeads(before(seen, own))) {
    for (const { head } of heads.values()) emptied.delete(head.path[0] ?? '')
  }
  return emptied
}

function* before(seen: Ids, own: Ids): Generator<string> {
  for (const id of seen) if (!own.has(id)) yield id
}

function removalsByPlace(decisions: Decisions): Map<string, number> {
  const counts = new Map<string, number>()
  for (const decision of decisions.known()) {
    const place = decision.do === 'remove' ? decision.previous?.path[0] : undefined
    if (place !== undefined) counts.set(place, (counts.get(place) ?? 0) + 1)
  }
  return counts
}
