/**
 * What a plan would make of each text, as unified diffs of the markdown that readers see. Bodies are loaded, nothing is
 * written. No diff shows what redaction removes: not of the new text, and not of a stored one that still holds it.
 */
import { setImmediate } from 'node:timers/promises'
import type { Head, StoredDocument } from '../core/document.ts'
import { UnsiloError } from '../core/errors.ts'
import { documentId } from '../core/ids.ts'
import type { Failure } from '../core/ledger.ts'
import type { Store } from '../core/store.ts'
import { redactorOf } from '../redact/identity.ts'
import { type Decision, type Load, narrowedHead, type Rebuild, type Removal } from './decision.ts'
import { expand, type Sight } from './expand.ts'
import { createStop } from './interrupt.ts'
import { converted, ENDS_THE_RUN, type Made, type MakeOptions, rebuilt, settle } from './make.ts'
import { unifiedDiff } from './patch.ts'
import { bareTexts, type Plan } from './plan.ts'
import { ownText } from './prepare.ts'
import { policyOf, REMOVED, redactWords } from './redacting.ts'
import type { SyncOptions } from './sync.ts'

/** As for the run that made the plan. */
export interface DiffOptions
  extends Pick<
    SyncOptions,
    'source' | 'connector' | 'access' | 'redact' | 'approvals' | 'signal' | 'now' | 'deadline'
  > {
  /** Can't write. */
  readonly store: Pick<Store, 'stored' | 'heads' | 'includers'>
}

interface MakingOptions extends MakeOptions {
  readonly store: DiffOptions['store']
}

export interface DocumentDiff {
  readonly id: string
  readonly title: string
  readonly kind: 'added' | 'changed' | 'removed'
  /** Unified; `''` where its text stays as it is, or failed. */
  readonly diff: string
  /** The run would put it into quarantine, and keep its old text. */
  readonly failure?: Failure
}

/** Bodies that are loaded together: connectors turn them into few bulk requests. */
const BODIES_AT_ONCE = 20
/** Characters of markdown that are kept in mind for documents which include them. */
const HEAVY = 8_000_000

/**
 * Of each document whose text the plan touches, in its order, then of those that only include such ones. Loads as it is
 * asked for more. Throws what would end a run: rejected credentials, an exhausted limit, the interruption.
 */
export async function* diffPlan(asked: DiffOptions, plan: Plan): AsyncGenerator<DocumentDiff> {
  const { source, connector, access, approvals = new Map(), store, now } = asked
  const stop = createStop(asked)
  try {
    yield* diffs({ source, redact: policyOf(asked.redact, connector), access, approvals, store, now, stop }, plan)
  } finally {
    stop.end()
  }
}

async function* diffs(options: MakingOptions, plan: Plan): AsyncGenerator<DocumentDiff> {
  const work = createWork(options, plan)
  const touched = [...plan.decisions.values()].filter(touchesText)
  for (let at = 0; at < touched.length; at += BODIES_AT_ONCE) {
    const slice = touched.slice(at, at + BODIES_AT_ONCE)
    await setImmediate()
    const made = await Promise.all(
      slice.map((decision) => (decision.do === 'remove' ? null : makeOf(options, decision))),
    )
    for (const [index, decision] of slice.entries()) {
      const item = made[index] ?? null
      const diff = item === null ? await removalOf(work, decision) : await changeOf(work, item)
      if (diff !== null) yield diff
    }
  }
  yield* includersOf(work, new Set(touched.map(idOf)))
}

interface Work {
  readonly options: MakingOptions
  readonly plan: Plan
  /** Documents as they will be. */
  readonly sight: Sight
  /** Stored texts that were never redacted, and are to be. */
  readonly bare: ReadonlySet<string>
}

type Textual = Load | Rebuild | Removal

function touchesText(decision: Decision): decision is Textual {
  if (decision.do === 'remove') return decision.previous !== null
  return decision.do === 'load' || decision.do === 'rebuild'
}

function idOf(decision: Decision): string {
  return decision.do === 'remove' ? decision.id : decision.head.id
}

async function makeOf(options: MakingOptions, decision: Load | Rebuild): Promise<Made | null> {
  if (decision.do === 'rebuild') {
    const stored = (await options.store.stored([decision.head.id])).get(decision.head.id)
    return stored === undefined ? null : rebuilt(options, decision, stored)
  }
  const loaded = await settle(options, decision)
  if ('error' in loaded && ENDS_THE_RUN.has(loaded.error.code)) throw loaded.error
  return converted(options, loaded)
}

async function changeOf(work: Work, made: Made): Promise<DocumentDiff> {
  const { head, previous } = made.decision
  const known = { id: head.id, kind: previous === null ? ('added' as const) : ('changed' as const) }
  if ('failure' in made) return { ...known, title: previous?.title ?? head.title, diff: '', failure: made.failure }
  const before = await textBefore(work, head.id)
  const after = await textAfter(work, made.document)
  return { ...known, title: made.document.head.title, diff: unifiedDiff(head.id, before, after) }
}

async function removalOf(work: Work, decision: Decision): Promise<DocumentDiff | null> {
  if (decision.do !== 'remove' || decision.previous === null) return null
  const { id, previous } = decision
  return { id, kind: 'removed', title: previous.title, diff: unifiedDiff(id, await textBefore(work, id), '') }
}

/** Those that the plan leaves, and that show other text because of what it does to others. */
async function* includersOf(work: Work, touched: ReadonlySet<string>): AsyncGenerator<DocumentDiff> {
  const { store, source } = work.options
  const { decisions } = work.plan
  for (const { head, edges } of await store.includers(source)) {
    const isTouched = decisions.has(head.id) || (edges?.targets.some((target) => decisions.has(target)) ?? true)
    if (touched.has(head.id) || !isTouched) continue
    await setImmediate()
    const document = await work.sight.look(head.id)
    if (document === null) continue
    const diff = unifiedDiff(head.id, await textBefore(work, head.id), await textAfter(work, document))
    if (diff !== '') yield { id: head.id, kind: 'changed', title: document.head.title, diff }
  }
}

/** What readers see now, without what is to leave it. What of it that is, of a text never redacted, only its body says. */
async function textBefore({ options, bare }: Work, id: string): Promise<string> {
  const { store, source, redact } = options
  const stored = (await store.stored([id])).get(id)
  if (stored === undefined) return ''
  const targets = stored.edges?.targets ?? []
  if ([id, ...targets].some((each) => bare.has(each))) return `${REMOVED}\n`
  const recipes = [stored.recipe, ...[...(await store.heads(source, targets)).values()].map(({ recipe }) => recipe)]
  const isRedacted = recipes.every(({ redactor }) => redactor === redactorOf(redact))
  return isRedacted ? stored.markdown : redactWords(stored.markdown, redact)
}

async function textAfter({ sight }: Work, document: StoredDocument): Promise<string> {
  const own = ownText(document)
  if (own.references.length === 0) return own.markdown
  try {
    return (await expand(document.head, own, sight)).full.markdown
  } catch (thrown) {
    if (thrown instanceof UnsiloError) throw thrown
    return own.markdown
  }
}

// --- documents as they will be ----------------------------------------------------------------------------------

function createWork(options: MakingOptions, plan: Plan): Work {
  const { source } = options
  const known = new Map<string, StoredDocument | null>()
  let weight = 0
  async function look(id: string): Promise<StoredDocument | null> {
    const cached = known.get(id)
    if (cached !== undefined) return cached
    const document = await documentToCome(options, plan, id)
    weight += document?.markdown.length ?? 0
    if (weight > HEAVY) {
      known.clear()
      weight = 0
    }
    known.set(id, document)
    return document
  }
  return {
    options,
    plan,
    sight: { idOf: (target) => documentId(source, target), look },
    bare: new Set(bareTexts(plan)),
  }
}

/** One that can't be made stays as it is, for those whom the source lets read on. */
async function documentToCome(options: MakingOptions, plan: Plan, id: string): Promise<StoredDocument | null> {
  const { store, source } = options
  const decision = plan.decisions.get(id)
  if (decision?.do === 'remove') return null
  if (decision?.do === 'load' || decision?.do === 'rebuild') {
    const made = await makeOf(options, decision)
    if (made !== null && 'document' in made) return made.document
  }
  const stored = (await store.stored([id])).get(id)
  if (stored?.source !== source) return null
  const head: Head | null =
    decision === undefined ? null : decision.do === 'refresh' ? decision.head : narrowedHead(decision)
  return head === null ? stored : { ...stored, head }
}
