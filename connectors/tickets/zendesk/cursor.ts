/** What a run leaves for the next: where the export goes on, and what the export won't say again. */
import { z } from 'zod'
import { canonicalJson, sha256 } from '../../../src/core/ids.ts'
import type { ZendeskConfig } from '../config.ts'
import { RENDERER } from '../render.ts'
import type { Directory } from './directory.ts'

export const zendeskCursor = z.strictObject({
  provider: z.literal('zendesk'),
  /** What decided about the tickets so far: another value, and all are read again. */
  rules: z.string(),
  /** Null before the first ticket. */
  after: z.string().nullable(),
  /** A pass over everything was cut here. */
  isOpen: z.boolean(),
  /** Ids of tickets that couldn't be read. */
  failed: z.array(z.string()),
  /** With `maxAgeDays`, ids of the tickets that were taken, by the day of their resolution. */
  taken: z.record(z.string(), z.array(z.string())),
})

export type ZendeskCursor = z.infer<typeof zendeskCursor>

export type Memory = ReturnType<typeof createMemory>

/** Names of groups and brands count where a filter asks for them: a renamed one changes what is wanted. */
export function rulesOf({ url: _, auth: __, ...filters }: ZendeskConfig, directory: Directory): string {
  const names = [
    filters.teams === undefined ? null : [...directory.groups],
    filters.brands === undefined ? null : [...directory.brands],
    directory.fields.map(({ id, name, options }) => [id, name, ...options]),
  ]
  return sha256(canonicalJson([RENDERER, filters, names])).slice(0, 16)
}

export function createMemory(since: ZendeskCursor | null, { maxAgeDays }: ZendeskConfig) {
  const days = new Map(Object.entries(since?.taken ?? {}).flatMap(([day, ids]) => ids.map((id) => [id, day])))
  const failed = new Set(since?.failed ?? [])
  return {
    take(id: string, resolvedAt: string): void {
      failed.delete(id)
      if (maxAgeDays !== undefined) days.set(id, resolvedAt.slice(0, 10))
    },
    leave(id: string): void {
      failed.delete(id)
      days.delete(id)
    },
    fail: (id: string): unknown => failed.add(id),
    /** Ids of tickets that are older now than they may be. They are forgotten. */
    outgrown(now: number): readonly string[] {
      if (maxAgeDays === undefined) return []
      const oldest = new Date(now - maxAgeDays * 86_400_000).toISOString().slice(0, 10)
      const old = [...days].filter(([, day]) => day < oldest).map(([id]) => id)
      for (const id of old) days.delete(id)
      return old.sort()
    },
    asCursor(): Pick<ZendeskCursor, 'failed' | 'taken'> {
      const byDay = Map.groupBy([...days.keys()].sort(), (id) => days.get(id) ?? '')
      return { failed: [...failed].sort(), taken: Object.fromEntries([...byDay].sort()) }
    },
  }
}
