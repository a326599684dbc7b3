/** Articles of the Help Center: planned, and carried out where that is asked for. */
import type { Principal } from '../../core/access.ts'
import { AT_A_TIME, forEachConcurrently } from '../../core/concurrently.ts'
import type { StoredDocument } from '../../core/document.ts'
import { UnsiloError } from '../../core/errors.ts'
import type { Notes } from '../../core/notes.ts'
import { mayBeGone } from '../../core/unusual.ts'
import type { IntercomClient } from '../../vendors/intercom/client.ts'
import { incomplete } from '../../vendors/listing.ts'
import { type ArticleNote, readArticleNotes } from './article-note.ts'
import { type ArticlesPlan, type Fate, type Held, planArticles, publishedOf, type Step } from './articles-plan.ts'
import { salesAgentAnswers } from './articles-send.ts'
import { carryOut } from './articles-write.ts'
import { getArticle, getDraft, listArticles, listCollections, listLocales } from './library.ts'
import { carryOutAll, inRounds, type StepFailure } from './rounds.ts'
import { type LeftOut, type Place, type Rule, wantedArticles } from './wanted.ts'

export interface ArticlesOptions {
  readonly client: IntercomClient
  readonly notes: Notes
  /** What the audience may be given, and its principals. */
  readonly documents: () => AsyncIterable<StoredDocument>
  readonly as: readonly Principal[]
  /** Ids of all that the index holds, whoever may read it. Asked after the documents: what went meanwhile is lost, not hidden. */
  readonly held: () => Promise<ReadonlySet<string>>
  readonly rules: readonly Rule[]
  readonly author: number
  readonly fin: boolean
  readonly copilot: boolean
  /** Of Fin. */
  readonly audiences: readonly number[]
  readonly isLive: boolean
  readonly overwrites: (documents: readonly string[]) => boolean
  readonly adopts: boolean
  /** So many documents may be gone; undefined: as many as is usual. */
  readonly allowDeletes: number | undefined
  readonly newName: () => string
  readonly signal: AbortSignal
}

/** More is gone than is usual, of so many documents that were published. */
export interface Guarded {
  readonly before: number
  /** The index has them no more, or they are chosen no more. */
  readonly lost: number
  /** The audience may no longer read them, and they are hidden where they would be deleted; 0 where these are as usual. */
  readonly hidden: number
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
  let isEdited = false
  const one = async (step: Step): Promise<void> => {
    const outcome = await carryOut(step, options)
    isEdited ||= outcome === 'edited'
    if (outcome === 'edited') return
    if (outcome === 'differs') differing.push(step)
    steps.push(step)
    told(step)
  }
  const failures = await inRounds(async () => {
    if (!isFirst) last = await survey(options, places)
    isFirst = false
    const failed: StepFailure<Step>[] = []
    for (const part of inOrder(last)) {
      const unfinished = new Set(failed.flatMap(({ step }) => nameOf(step) ?? []))
      // Once a text is written over, nobody knows any more whose it was that could not be hidden.
      const steps = part.filter((step) => !unfinished.has(nameOf(step) ?? ''))
      failed.push(...(await carryOutAll(steps, options.signal, one)))
    }
    return failed
  })
  // What somebody edited since the plan was made is held now, and is to be said.
  const { plan, leftOut, guarded } = isEdited ? await survey(options, places) : last
  return { held: plan.held, unchanged: plan.unchanged, leftOut, steps, failures, differing, guarded }
}

/** What nobody may read any more goes first, and goes even where a guard stops the rest. An article is hidden before it is written. */
function inOrder({ plan: { steps }, guarded }: Survey): readonly (readonly Step[])[] {
  const hidden = steps.filter((step) => step.do === 'hide')
  const urgent = steps.filter(isUrgent)
  if (guarded !== null) return [hidden, urgent.map(onlyNarrowed)]
  return [hidden, urgent, steps.filter((step) => step.do !== 'hide' && !isUrgent(step))]
}

function isUrgent(step: Step): boolean {
  if (step.do === 'update') return Object.values(step.withdrawn).includes('narrowed')
  return isTakenAway(step) || step.do === 'discard' || step.do === 'forget'
}

/** One that was left behind has none. */
function nameOf(step: Step): string | null {
  return step.do === 'discard' ? null : step.name
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
  const { client, notes: store, rules } = options
  const notes = readArticleNotes(store)
  const own = new Set([...notes.values()].flatMap(({ article }) => article ?? []))
  const { author, fin, copilot, audiences, as } = options
  const settings = [author, fin, copilot, [...audiences], salesAgentAnswers(fin, as)]
  const { articles: wanted, leftOut } = await wantedArticles(options.documents(), { rules, places, own, settings })
  const allowed = new Set([...leftOut.keys(), ...wanted.flatMap(({ documents }) => Object.values(documents))])
  const held = await options.held()
  const fateOf = (id: string): Fate => (allowed.has(id) ? 'unchosen' : held.has(id) ? 'narrowed' : 'lost')
  const plan = await planArticles({
    ...options,
    ...{ notes, wanted, fateOf, articles: await articlesOf(client, notes) },
    draftOf: (id) => getDraft(client, id),
  })
  return { leftOut, ...guard(plan, notes, options) }
}

/** All of the workspace. Throws where the listing lacks one of ours that is there: then it is no list of what there is. */
async function articlesOf(client: IntercomClient, notes: ReadonlyMap<string, ArticleNote>) {
  const articles = await listArticles(client)
  const absent = [...notes.values()].flatMap(({ article: id }) => (id === null || articles.has(id) ? [] : [id]))
  await forEachConcurrently(absent, AT_A_TIME, async (id) => {
    if ((await getArticle(client, id)) !== null)
      throw incomplete('Intercom: articles', `article ${id} is there, and not listed`)
  })
  return articles
}

interface Guard {
  readonly plan: ArticlesPlan
  readonly guarded: Guarded | null
}

function guard(plan: ArticlesPlan, notes: ReadonlyMap<string, ArticleNote>, { allowDeletes }: ArticlesOptions): Guard {
  const { steps } = plan
  const before = [...notes.values()].flatMap(({ article, documents }) =>
    article === null ? [] : Object.values(documents),
  ).length
  const fates = steps.flatMap(lossesOf)
  const lost = fates.filter((fate) => fate !== 'narrowed').length
  const narrowed = steps.flatMap((step) => (isTakenAway(step) ? lossesOf(step) : [])).length
  const isHidden = !mayBeGone(narrowed, before, allowDeletes)
  if (!isHidden && mayBeGone(lost, before, allowDeletes)) return { plan, guarded: null }
  const guarded = { lost, hidden: isHidden ? narrowed : 0, before }
  return { plan: isHidden ? { ...plan, steps: steps.flatMap(hiddenInstead) } : plan, guarded }
}

function isTakenAway(step: Step): step is Extract<Step, { readonly do: 'delete' }> & { readonly why: 'narrowed' } {
  return step.do === 'delete' && step.why === 'narrowed'
}

/** Nobody reads a draft, and it can be published again, where an article that was deleted is lost. */
function hiddenInstead(step: Step): readonly Step[] {
  if (!isTakenAway(step)) return [step]
  const { name, note, article } = step
  const locales = publishedOf(article, [...article.texts.keys()])
  return locales.length === 0 ? [] : [{ do: 'hide', name, note, article, locales, why: 'narrowed' }]
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
