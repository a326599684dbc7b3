/**
 * What a run knows of conversations from the runs before: which were read, and which of those answer nothing. Without it
 * each run would read them all.
 */
import { z } from 'zod'
import { canonicalJson, sha256 } from '../../../src/core/ids.ts'
import type { IntercomConfig } from '../config.ts'
import { RENDERER } from '../render.ts'
import type { Closed } from './reader.ts'

/** Part of the cursor. */
export const memory = z.strictObject({
  /** What decided about those that were read: another value, and all are read again. */
  rules: z.string(),
  /** Unix seconds: those that changed before were read, or are in `unread`. */
  upTo: z.int().nonnegative(),
  /** Ids of those that were read and not taken, by reason. */
  passedOver: z.record(z.string(), z.array(z.string())),
  /** Ids of those that were not wanted, so that nobody looked. */
  unread: z.array(z.string()),
})

/** Seconds by which a search may lag behind what it searches. */
const OVERLAP = 600

type Memory = z.infer<typeof memory>

export type Recall = 'unread' | 'taken' | { readonly skip: string }

export function createMemory(since: Memory | null, { minAgentReplies, humanApps = [] }: IntercomConfig) {
  const rules = sha256(canonicalJson([RENDERER, minAgentReplies, humanApps])).slice(0, 16)
  const before = since?.rules === rules ? since : null
  const reasons = new Map(Object.entries(before?.passedOver ?? {}).flatMap(([why, ids]) => ids.map((id) => [id, why])))
  const unreadBefore = new Set(before?.unread ?? [])
  const passedOver = new Map<string, string>()
  const unread = new Set<string>()
  return {
    /** @param reason why it isn't wanted, if so */
    recall({ id, updatedAt }: Closed, reason: string | null): Recall {
      const isOld = before !== null && updatedAt < before.upTo - OVERLAP
      const why = isOld ? reasons.get(id) : undefined
      if (why !== undefined) passedOver.set(id, why)
      else if (reason !== null && !(isOld && !unreadBefore.has(id))) unread.add(id)
      if (reason !== null) return { skip: reason }
      if (why !== undefined) return { skip: why }
      return isOld && !unreadBefore.has(id) ? 'taken' : 'unread'
    },
    passOver({ id }: Closed, why: string): void {
      passedOver.set(id, why)
    },
    /** What is known now, if all that changed before this moment was looked at. */
    upTo(moment: number): Memory {
      const byReason = Map.groupBy(passedOver.keys(), (id) => passedOver.get(id) ?? '')
      const entries = [...byReason].map(([why, ids]) => [why, ids.toSorted()] as const)
      return { rules, upTo: moment, passedOver: Object.fromEntries(entries), unread: [...unread].sort() }
    },
  }
}
