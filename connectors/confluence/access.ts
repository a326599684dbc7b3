/**
 * View restrictions: read for every document and everything above it, since Cloud reports only a document's own.
 * What can't be read lets nobody in.
 */
import { z } from 'zod'
import { type Access, type AccessPolicy, effectiveAccess } from '../../src/core/access.ts'
import { AT_A_TIME, forEachConcurrently } from '../../src/core/concurrently.ts'
import { UnsiloError } from '../../src/core/errors.ts'
import { createIdMap, type Ids } from '../../src/core/id-map.ts'
import type { ConfluenceClient } from './client.ts'

/** Restrictions, each by the names of who may view: all hold, none at all is unrestricted. */
export type ReaderLists = readonly (readonly string[])[]

const kept = z.object({
  readAt: z.iso.datetime(),
  /** Id, the version that it had, what was told of its restrictions. */
  contents: z.array(z.tuple([z.string(), z.int(), z.array(z.array(z.string()))])),
})

/** What a daily reading leaves for the next run. */
export const keptRestrictions = kept.nullable()
export type KeptRestrictions = z.infer<typeof keptRestrictions>

export interface Restrictions {
  /** Of one content by its id and the ids above it; null for the latter is: not known. */
  access(id: string, ancestors: readonly string[] | null, policy: AccessPolicy): Access
  /** ISO 8601, UTC: when the oldest of them were read. */
  readonly readAt: string
  readonly read: number
  readonly hidden: number
  /** To be kept for a daily reading. */
  kept(): NonNullable<KeptRestrictions>
}

/** A content and what stands above it, as far as that is known. */
export interface Subject {
  readonly id: string
  readonly version: number
  readonly ancestors: readonly string[]
}

const DAY_MS = 24 * 60 * 60 * 1000

/** So many, and all of them hidden, is no coincidence. */
const HIDDEN_TOGETHER = 3

/**
 * Reads what is needed: all, or with a kept daily reading what that doesn't cover: new content, and changed content with
 * everything above it, since text is often restricted right before it becomes confidential.
 */
export async function readRestrictions(
  client: ConfluenceClient,
  subjects: () => Iterable<Subject>,
  past: KeptRestrictions,
  now: number,
): Promise<Restrictions> {
  const fresh = past !== null && now - Date.parse(past.readAt) < DAY_MS && Date.parse(past.readAt) <= now ? past : null
  const covered = new Map(fresh?.contents.map(([id, version, lists]) => [id, { version, lists }]))
  const due = dueIds(subjects(), covered)
  const told = createTold()
  for (const [id, { lists }] of covered) told.set(id, lists)
  await forEachConcurrently(due, AT_A_TIME, async (id) => told.set(id, await readOne(client, id)))

  const needed = fresh === null ? due : neededIds(subjects())
  let hidden = 0
  for (const id of needed) if (told.get(id) === 'hidden') hidden += 1
  checkSomeReadable(needed.size, hidden)

  const readAt = fresh?.readAt ?? new Date(now).toISOString()
  return {
    access: (id, ancestors, policy) => accessOf(told, id, ancestors, policy),
    readAt,
    read: due.size,
    hidden,
    kept: () => {
      const versions = new Map([...subjects()].map(({ id, version }) => [id, version]))
      const contents = [...neededIds(subjects())].flatMap((id) => keptEntry(id, versions.get(id) ?? 0, told.get(id)))
      return { readAt, contents }
    },
  }
}

/** What is known of restrictions, and little memory for what most contents have: none. */
interface Told {
  /** Undefined is: never told. */
  get(id: string): ReaderLists | 'hidden' | undefined
}

function createTold(): Told & { set(id: string, lists: ReaderLists | 'hidden'): void } {
  const ids = createIdMap()
  /** Of all but those without a restriction, by number; 0 is without. */
  const others: (ReaderLists | 'hidden')[] = [[]]
  return {
    get(id) {
      const number = ids.get(id)
      return number === undefined ? undefined : others[number]
    },
    set(id, lists) {
      const isFree = lists !== 'hidden' && lists.length === 0
      ids.set(id, isFree ? 0 : others.push(lists) - 1)
    },
  }
}

function dueIds(subjects: Iterable<Subject>, covered: ReadonlyMap<string, { version: number }>): Ids {
  const due = createIdMap()
  for (const { id, version, ancestors } of subjects) {
    const changed = covered.get(id)?.version !== version
    for (const needed of [id, ...ancestors]) if (changed || !covered.has(needed)) due.set(needed, 1)
  }
  return due
}

function neededIds(subjects: Iterable<Subject>): Ids {
  const needed = createIdMap()
  for (const { id, ancestors } of subjects) for (const each of [id, ...ancestors]) needed.set(each, 1)
  return needed
}

/** Hidden or unintelligible is one document's (and its descendants') matter; anything else ends the listing. */
async function readOne(client: ConfluenceClient, id: string): Promise<ReaderLists | 'hidden'> {
  try {
    return await client.restrictions(id)
  } catch (error) {
    if (error instanceof UnsiloError && isOneDocuments(error)) return 'hidden'
    throw error
  }
}

function isOneDocuments({ code, status }: UnsiloError): boolean {
  return status === 403 || status === 404 || (code === 'ANSWER_INVALID' && status === undefined)
}

/** A token that may read no restriction at all would quietly hide every document. */
function checkSomeReadable(known: number, hidden: number): void {
  if (known < HIDDEN_TOGETHER || hidden < known) return
  throw new UnsiloError('AUTH_REJECTED', `Confluence: none of ${known} restrictions can be read`, {
    hint: 'Let the account read restrictions; on Cloud the token needs the scope for it (see the connector’s README). Nothing was changed.',
  })
}

function accessOf(told: Told, id: string, ancestors: readonly string[] | null, policy: AccessPolicy): Access {
  if (ancestors === null) return []
  const lists = [id, ...ancestors].map((each) => told.get(each) ?? 'hidden')
  if (lists.includes('hidden')) return []
  return effectiveAccess(
    lists.flatMap((each) => (each === 'hidden' ? [] : each)),
    policy,
  )
}

function keptEntry(
  id: string,
  version: number,
  lists: ReaderLists | 'hidden' | undefined,
): [string, number, string[][]][] {
  if (lists === undefined || lists === 'hidden') return []
  return [[id, version, lists.map((names) => [...names])]]
}
