/** Articles of the Help Center: planned, and carried out where that is asked for. */
import type { Principal } from '../../core/access.ts'
import type { StoredDocument } from '../../core/document.ts'
import { UnsiloError } from '../../core/errors.ts'
import type { Notes } from '../../core/notes.ts'
import { mayBeGone } from '../../core/unusual.ts'
import type { IntercomClient } from '../../vendors/intercom/client.ts'
import { type ArticleNote, readArticleNotes } from './article-note.ts'
import { type ArticlesPlan, type Fate, type Held, planArticles, type Step } from './articles-plan.ts'
import { carryOut } from './articles-write.ts'
import { getDraft, listArticles, listCollections, listLocales } from './library.ts'
import { carryOutAll, inRounds, type StepFailure } from './rounds.ts'
import { type LeftOut, type Place, type Rule, wantedArticles } from './wanted.ts'

export interface ArticlesOptions {
  readonly client: IntercomClient
  readonly notes: Notes
  /** What the audience may be given, and its principals. */
  readonly documents: () => AsyncIterable<StoredDocument>
  readonly as: readonly Principal[]
  /** Whether the index holds it, whoever may read it. */
  readonly isHeld: (document: string) => boolean
  readonly rules: readonly Rule[]
  readonly author: number
  readonly fin: boolean
  readonly copilot: boolean
  readonly isLive: boolean
  readonly overwrites: (documents: readonly string[]) => boolean
  readonly adopts: boolean
  /** So many documents may be gone; undefined: as many as is usual. */
  readonly allowDeletes: number | undefined
  readonly newName: () => string
  readonly signal: AbortSignal
}

export interface Guarded {
  readonly lost: number
  readonly before: number
}

export interface ArticlesReport {
  readonly held: readonly Held[]
  readonly leftOut: ReadonlyMap<string, LeftOut>
  readonly unchanged: number
  readonly steps: readonly Step[]
  readonly failures: readonly StepFailure<Step>[]
  /** Articles that don't say what was sent. */
  readonly differing: readonly Step[]
  /** More is gone than is usual: only what the audience may no longer read was taken away. */
  readonly guarded: Guarded | null
}

export async function planOnly(options: ArticlesOptions): Promise<ArticlesReport> {
  const { plan, leftOut, guarded } = await survey(options, await placesOf(options))
  return { ...plan, leftOut, guarded, failures: [], differing: [] }
}

/** @param told of each step that was carried out */
export async function publishArticles(options: ArticlesOptions, told: (step: Step) => void): Promise<ArticlesReport> {
  const places = await placesOf(options)
  const steps: Step[] = []
  const differing: Step[] = []
  let last = await survey(options, places)
  let isFirst = true
  const isPublic = options.as.length === 0
  const one = async (step: Step): Promise<void> => {
    const outcome = await carryOut(step, { ...options, isPublic })
    if (outcome === 'edited') return
    if (outcome === 'differs') differing.push(step)
    steps.push(step)
    told(step)
  }
  const failures = await inRounds(async () => {
    if (!isFirst) last = await survey(options, places)
    isFirst = false
    const failed: StepFailure<Step>[] = []
    for (const part of inOrder(last)) failed.push(...(await carryOutAll(part, options.signal, one)))
    return failed
  })
  const { plan, leftOut, guarded } = last
  return { held: plan.held, unchanged: plan.unchanged, leftOut, steps, failures, differing, guarded }
}

/** What nobody may read any more goes first, and goes even where a guard stops the rest. */
function inOrder({ plan: { steps }, guarded }: Survey): readonly (readonly Step[])[] {
  if (guarded !== null) return [steps.filter(isUrgent).map(onlyNarrowed)]
  return [steps.filter(isUrgent), steps.filter((step) => !isUrgent(step))]
}

function isUrgent(step: Step): boolean {
  if (step.do === 'delete') return step.why === 'narrowed'
  if (step.do === 'update') return Object.values(step.withdrawn).includes('narrowed')
  return step.do === 'hide' || step.do === 'discard' || step.do === 'forget'
}

/** Languages that are gone for another reason stay until that is allowed. */
function onlyNarrowed(step: Step): Step {
  if (step.do !== 'update') return step
  const narrowed = Object.entries(step.withdrawn).filter(([, fate]) => fate === 'narrowed')
  return { ...step, withdrawn: Object.fromEntries(narrowed) }
}

interface Survey {
  readonly plan: ArticlesPlan
  readonly leftOut: ReadonlyMap<string, LeftOut>
  readonly guarded: Guarded | null
}

async function survey(options: ArticlesOptions, places: ReadonlyMap<string, Place>): Promise<Survey> {
  const { client, notes: store, rules, isHeld, as } = options
  const notes = readArticleNotes(store)
  const own = new Set([...notes.values()].flatMap(({ article }) => article ?? []))
  const settings = [options.author, options.fin, options.copilot]
  const { articles: wanted, leftOut } = await wantedArticles(options.documents(), { rules, places, own, settings })
  const allowed = new Set([...leftOut.keys(), ...wanted.flatMap(({ documents }) => Object.values(documents))])
  const fateOf = (id: string): Fate => (allowed.has(id) ? 'unchosen' : isHeld(id) ? 'narrowed' : 'lost')
  const plan = await planArticles({
    ...options,
    ...{ notes, wanted, fateOf, isPublic: as.length === 0 },
    articles: await listArticles(client),
    draftOf: (id) => getDraft(client, id),
  })
  return { plan, leftOut, guarded: guard(plan, notes, options) }
}

function guard({ steps }: ArticlesPlan, notes: ReadonlyMap<string, ArticleNote>, options: ArticlesOptions) {
  const { allowDeletes } = options
  const before = [...notes.values()].flatMap(({ article, documents }) =>
    article === null ? [] : Object.values(documents),
  ).length
  const lost = steps.flatMap(lossesOf).filter((fate) => fate !== 'narrowed').length
  const isAllowed = mayBeGone(lost, before, allowDeletes)
  return isAllowed ? null : { lost, before }
}

function lossesOf(step: Step): readonly Fate[] {
  if (step.do === 'update') return Object.values(step.withdrawn)
  return step.do === 'delete' ? Object.values(step.note.documents).map(() => step.why) : []
}

/** The languages of each chosen collection. Throws for one that isn't there. */
async function placesOf({ client, rules }: ArticlesOptions): Promise<ReadonlyMap<string, Place>> {
  const collections = await listCollections(client)
  const missing = rules.find(({ collection }) => !collections.has(collection))
  if (missing !== undefined) {
    throw new UnsiloError('CONFIG_INVALID', `The workspace has no collection ${missing.collection}.`, {
      hint: `Nothing was changed. It has ${namesOf(collections)}.`,
    })
  }
  const isMultilingual = [...collections.values()].some(({ locale }) => locale !== null)
  const locales = isMultilingual ? await listLocales(client) : new Map<string, readonly string[]>()
  return new Map(
    rules.map(({ collection }) => {
      const { locale = null, helpCenter = null } = collections.get(collection) ?? {}
      return [collection, { locale, locales: locales.get(helpCenter ?? '') ?? [] }]
    }),
  )
}

function namesOf(collections: Awaited<ReturnType<typeof listCollections>>): string {
  if (collections.size === 0) return 'none'
  return [...collections.values()]
    .slice(0, 20)
    .map(({ id, name }) => `${id} (${name})`)
    .join(', ')
}
