/**
 * Puts the text of other documents where a document includes it, and makes the document anew when that text, or who may
 * read it, has changed. What is stored is compared with what it was made of, not with what a run did, so that the next
 * run mends whatever this one leaves.
 */
import { narrower } from '../core/access.ts'
import type { Edges, Head, Includer, IndexedDocument, StoredDocument, StoredHead } from '../core/document.ts'
import { UnsiloError } from '../core/errors.ts'
import { canonicalJson, documentId, sha256 } from '../core/ids.ts'
import type { Failure } from '../core/ledger.ts'
import { emptyBatch, type Store } from '../core/store.ts'
import { slices } from './batches.ts'
import { expand, type Sight } from './expand.ts'
import { fromText, INCLUDE_LOSSES, listedOf, type Making, type OwnText, ownText, withIncludes } from './prepare.ts'

/** By prefixed id, heads that are about to be stored; null for what is about to go. */
export type HeadsToCome = ReadonlyMap<string, Head | null>

export interface IncludeOptions extends Making {
  readonly store: Store
  /** What is made anew is made for them, and stored with them. */
  readonly coming: HeadsToCome
  /** Called between documents, to let other work in; may throw to stop. */
  readonly pause: () => Promise<unknown>
}

/** Stored with every document that includes others: another value makes them all anew. */
const EXPANSION = 'includes-1'
/** Characters of markdown that are gathered before they are stored, and that are kept in mind for the next document. */
const HEAVY = 8_000_000

export async function resolveIncludes(options: IncludeOptions): Promise<void> {
  const includers = await options.store.includers(options.source)
  const sight = createSight(options)
  for (const slice of slices(includers)) {
    const made: IndexedDocument[] = []
    for (const head of await staleOnes(options, slice)) {
      await options.pause()
      made.push(...(await remade(options, sight, head)))
      if (made.reduce((sum, { markdown }) => sum + markdown.length, 0) > HEAVY) await put(options, made.splice(0))
    }
    await put(options, made)
  }
}

/** The heads of those that stay, and whose text was made of something else than there is. */
async function staleOnes(options: IncludeOptions, includers: readonly Includer[]): Promise<readonly Head[]> {
  const targets = await headsOf(
    options,
    includers.flatMap(({ edges }) => edges?.targets ?? []),
  )
  return includers.flatMap(({ head: stored, edges }) => {
    const coming = options.coming.get(stored.id)
    const head = coming === undefined ? stored : coming
    const present = new Map(edges?.targets.map((id) => [id, targets.get(id) ?? null]))
    return head === null || edges?.state === edgesOf(head, present).state ? [] : [head]
  })
}

async function headsOf({ source, store, coming }: IncludeOptions, ids: readonly string[]) {
  const heads = new Map<string, StoredHead>()
  for (const [id, stored] of await store.heads(source, [...new Set(ids)])) {
    const known = asTarget(stored, coming.get(id))
    if (known !== null) heads.set(id, known)
  }
  return heads
}

/** A document as others may include it. Only what is stored already lets more people read. */
function asTarget<T extends StoredHead>(stored: T, coming: Head | null | undefined): T | null {
  if (coming === undefined || coming === null) return coming === null ? null : stored
  return { ...stored, head: { ...coming, access: narrower(stored.head.access, coming.access) } }
}

function edgesOf({ access }: Head, targets: ReadonlyMap<string, StoredHead | null>): Edges {
  const looks = [...targets].sort(([a], [b]) => (a < b ? -1 : 1))
  const facts = looks.map(([id, target]) => [id, target && [target.head.version, target.recipe, target.head.access]])
  return { targets: looks.map(([id]) => id), state: sha256(canonicalJson([EXPANSION, access, facts])) }
}

/** What the index holds, as it will be. */
function createSight({ source, store, coming }: IncludeOptions): Sight {
  const known = new Map<string, StoredDocument>()
  let weight = 0
  return {
    idOf: (target) => documentId(source, target),
    async look(id) {
      const cached = known.get(id)
      if (cached !== undefined) return cached
      const stored = (await store.stored([id])).get(id)
      const document = stored?.source === source ? asTarget(stored, coming.get(id)) : null
      if (stored === undefined || document === null) return null
      weight += stored.markdown.length + (stored.template?.markdown.length ?? 0)
      if (weight > HEAVY) {
        known.clear()
        weight = 0
      }
      known.set(id, document)
      return document
    },
  }
}

async function remade(making: Making, sight: Sight, head: Head): Promise<IndexedDocument[]> {
  const document = await sight.look(head.id)
  if (document === null) return []
  const own = ownText(document)
  const made = await expanded(making, head, own, sight)
  // Its text was neither converted nor redacted again.
  const { converter, redactor } = document.recipe
  return [{ ...made, recipe: { ...made.recipe, converter, redactor }, ...listedOf(document) }]
}

/** One that can't be made stays with its links, and is tried again by the next run. */
async function expanded(making: Making, head: Head, own: OwnText, sight: Sight): Promise<IndexedDocument> {
  try {
    const { full, losses, targets } = await expand(head, own, sight)
    return { ...withIncludes(making, head, { ...own, losses }, full), edges: edgesOf(head, targets) }
  } catch (thrown) {
    if (thrown instanceof UnsiloError) throw thrown
    return fromText(making, head, { ...own, losses: { ...own.losses, [INCLUDE_LOSSES.failed]: 1 } })
  }
}

/** The text that a document includes says nothing of whether its own body could be read. */
async function put(options: IncludeOptions, made: readonly IndexedDocument[]): Promise<void> {
  if (made.length === 0) return
  const ids = new Set(made.map(({ head }) => head.id))
  const failed = (await options.store.quarantine(options.source)).filter(({ id }: Failure) => ids.has(id))
  await options.store.apply({ ...emptyBatch(options.source), put: made, failed })
}
