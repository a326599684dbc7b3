/** External pages for Fin and Copilot: planned for one source and audience, and carried out where that is asked for. */
import type { Principal } from '../../core/access.ts'
import type { StoredDocument } from '../../core/document.ts'
import { UnsiloError } from '../../core/errors.ts'
import type { Notes } from '../../core/notes.ts'
import { mayBeGone } from '../../core/unusual.ts'
import type { IntercomClient } from '../../vendors/intercom/client.ts'
import type { Guarded } from './articles.ts'
import type { Fate } from './articles-plan.ts'
import {
  addressOf,
  createImportSource,
  deleteImportSource,
  type ImportSource,
  listImportSources,
  sameAudiences,
  updateImportSource,
} from './import-source.ts'
import {
  deletePage,
  type ExternalPage,
  getPage,
  listPages,
  putPage,
  putPageNote,
  readPageNotes,
  removePageNote,
  type SentPage,
  seenPageOf,
  type WantedPage,
  wantedPage,
} from './page.ts'
import { editedSince, type HeldPage, isSentPage, type PageStep, planPages } from './pages-plan.ts'
import { carryOutAll, inRounds, type StepFailure } from './rounds.ts'
import { noteTarget } from './target-note.ts'

export interface PagesTarget {
  readonly source: string
  readonly url: string
  readonly as: readonly Principal[]
  readonly audiences: readonly number[]
  readonly agent: boolean
  readonly copilot: boolean
}

export interface PagesOptions {
  readonly client: IntercomClient
  readonly notes: Notes
  /** What `targetName` calls the target. */
  readonly name: string
  readonly target: PagesTarget
  /** The configuration names the target no more: its pages go, and what it said of its source stays. */
  readonly isDropped: boolean
  /** What the audience may be given of the source. */
  readonly documents: () => AsyncIterable<StoredDocument>
  /** Ids of all that the index holds, whoever may read it. Asked after the documents: what went meanwhile is lost, not hidden. */
  readonly held: () => Promise<ReadonlySet<string>>
  readonly overwrites: (documents: readonly string[]) => boolean
  readonly allowDeletes: number | undefined
  readonly signal: AbortSignal
}

export interface PagesReport {
  readonly name: string
  readonly steps: readonly PageStep[]
  readonly held: readonly HeldPage[]
  readonly unchanged: number
  readonly failures: readonly StepFailure<PageStep>[]
  /** Pages that don't say what was sent. */
  readonly differing: readonly WantedPage[]
  /** Documents without an address of the web. */
  readonly unaddressed: number
  /** Pages in other languages, which Intercom takes as English ones. */
  readonly foreign: number
  /** Pages of which only the beginning was sent. */
  readonly cut: number
  readonly guarded: Guarded | null
}

export async function planPagesOnly(options: PagesOptions): Promise<PagesReport> {
  const { plan, ...found } = await survey(options)
  return { ...found, ...plan, steps: [...found.setUp, ...plan.steps], failures: [], differing: [] }
}

/** @param told of each step that was carried out */
export async function publishPages(options: PagesOptions, told: (step: PageStep) => void): Promise<PagesReport> {
  const steps: PageStep[] = []
  const differing: WantedPage[] = []
  let last: Survey | null = null
  let isEdited = false
  if (!options.isDropped) await noteTarget(options.notes, options.name, options.target.as)
  const failures = await inRounds(async () => {
    const now = await survey(options)
    last = now
    let { source } = now
    const one = async (step: PageStep): Promise<void> => {
      source = (await setUp(step, options)) ?? source
      const outcome = await carryOut(step, source, now, options)
      isEdited ||= outcome === 'edited'
      if (outcome === 'edited') return
      if (outcome === 'differs' && 'wanted' in step) differing.push(step.wanted)
      steps.push(step)
      told(step)
    }
    const { urgent, parts } = inOrder(now)
    const failed = [...(await carryOutAll(urgent, options.signal, one))]
    for (const part of parts) {
      const failedHere = await carryOutAll(part, options.signal, one)
      failed.push(...failedHere)
      if (failedHere.length > 0) break
    }
    return failed
  })
  // What somebody edited since the plan was made is held now, and is to be said.
  const found = last === null || isEdited ? await survey(options) : last
  return { ...found, ...found.plan, steps, failures, differing }
}

interface Survey extends Omit<PagesReport, 'steps' | 'held' | 'unchanged' | 'failures' | 'differing'> {
  /** Null where there is none yet. */
  readonly source: ImportSource | null
  readonly setUp: readonly PageStep[]
  readonly plan: ReturnType<typeof planPages>
  readonly notes: ReturnType<typeof readPageNotes>
}

async function survey(options: PagesOptions): Promise<Survey> {
  const { client, name, target } = options
  const [source = null, ...others] = (await listImportSources(client)).get(name) ?? []
  const listed = await listPages(client)
  const pagesOf = ({ id }: ImportSource) => listed.filter((page) => page.source === id)
  const pages = source === null ? [] : pagesOf(source)
  const doubles = others.map((each) => ({ source: each, pages: pagesOf(each) }))
  const notes = readPageNotes(options.notes)
  const { wanted, unaddressed, allowed } = await wantedOf(options)
  const held = await options.held()
  const fateOf = (id: string): Fate => (allowed.has(id) ? 'unchosen' : held.has(id) ? 'narrowed' : 'lost')
  const plan = planPages({
    ...{ wanted, pages, doubles, fateOf, notes: notes.get(name) ?? new Map() },
    isOurs: (id) => id.startsWith(`${target.source}:`),
    overwrites: (id) => options.overwrites([id]),
  })
  return {
    ...{ name, source, plan, notes, unaddressed },
    setUp: [
      ...(wanted.length === 0 && source === null ? [] : setUpSteps(source, name, options)),
      ...narrowSteps(others, options),
    ],
    foreign: wanted.filter(({ isEnglish }) => !isEnglish).length,
    cut: wanted.filter(({ isCut }) => isCut).length,
    guarded: guard(plan.steps, [...pages, ...doubles.flatMap((each) => each.pages)], options),
  }
}

function setUpSteps(
  source: ImportSource | null,
  name: string,
  { target: { url, audiences }, isDropped }: PagesOptions,
): readonly PageStep[] {
  if (source === null) return isDropped ? [] : [{ do: 'open' }]
  const isRight = isDropped || (source.url === addressOf(url, name) && sameAudiences(source.audiences, audiences))
  return isRight ? [] : [{ do: 'readdress', source }]
}

/** Whoever else gets answers from there would get them until it has gone. No audiences are everybody. */
function narrowSteps(doubles: readonly ImportSource[], { target, isDropped }: PagesOptions): readonly PageStep[] {
  if (isDropped || target.audiences.length === 0) return []
  const wider = doubles.filter(
    ({ audiences }) => audiences.length === 0 || audiences.some((each) => !target.audiences.includes(each)),
  )
  return wider.map((source) => ({ do: 'narrow', source }))
}

async function wantedOf({ documents, target, isDropped }: PagesOptions) {
  const settings = [target.agent, target.copilot]
  const wanted: WantedPage[] = []
  const allowed = new Set<string>()
  let unaddressed = 0
  for await (const document of documents()) {
    allowed.add(document.head.id)
    if (isDropped || document.markdown.trim() === '') continue
    const page = wantedPage(document, settings)
    if (page === null) unaddressed += 1
    else wanted.push(page)
  }
  return { wanted, allowed, unaddressed }
}

/** Documents are counted: a page that is there twice is of one. */
function guard(
  steps: readonly PageStep[],
  pages: readonly ExternalPage[],
  { allowDeletes }: PagesOptions,
): Guarded | null {
  const gone = steps.filter((step) => step.do === 'delete' || step.do === 'discard')
  const lost = documentsOf(gone.flatMap(({ why, page }) => (why === null || why === 'narrowed' ? [] : [page])))
  const before = documentsOf(pages)
  return mayBeGone(lost, before, allowDeletes) ? null : { lost, before, hidden: 0 }
}

function documentsOf(pages: readonly ExternalPage[]): number {
  return new Set(pages.map(({ externalId }) => externalId)).size
}

/** What nobody may be answered from any more goes first, and goes even where a guard stops the rest. */
function inOrder({ plan: { steps }, setUp, guarded }: Survey) {
  const urgent = steps.filter(isUrgent)
  const others = steps.filter((step) => !isUrgent(step))
  const [discards, closing] = [only(others, 'discard'), only(others, 'close')]
  const rest = others.filter((step) => step.do !== 'discard' && step.do !== 'close')
  // Each only where all before it was done: nothing is put into a source that others get answers from than was asked for, and
  // no page goes from where it is twice before it is where it belongs.
  return { urgent, parts: guarded === null ? [setUp, rest, discards, closing] : [setUp] }
}

function only(steps: readonly PageStep[], what: PageStep['do']): readonly PageStep[] {
  return steps.filter((step) => step.do === what)
}

function isUrgent(step: PageStep): boolean {
  return (step.do === 'delete' || step.do === 'discard') && step.why === 'narrowed'
}

async function setUp(step: PageStep, { client, name, target }: PagesOptions): Promise<ImportSource | null> {
  const { url, audiences } = target
  const address = addressOf(url, name)
  if (step.do === 'open') return await createImportSource(client, address, audiences)
  if (step.do === 'readdress') return await updateImportSource(client, step.source, address, audiences)
  if (step.do === 'narrow') await updateImportSource(client, step.source, step.source.url, audiences)
  if (step.do === 'close') await deleteImportSource(client, step.source)
  return null
}

type Outcome = 'done' | 'edited' | 'differs'

async function carryOut(
  step: PageStep,
  source: ImportSource | null,
  found: Survey,
  options: PagesOptions,
): Promise<Outcome> {
  const { client, notes } = options
  const { name } = found
  if (step.do === 'create' || step.do === 'update') {
    if (source === null) throw new Error(`pages of ${name} are sent before there is a source for them`)
    return await put(step, source.id, found, options)
  }
  if (step.do === 'discard') await deletePage(client, step.page.id)
  if (step.do === 'forget') await removePageNote(notes, name, step.externalId)
  if (step.do !== 'delete') return 'done'
  const { externalId, id } = step.page
  const note = found.notes.get(name)?.get(externalId)
  const fresh = step.why === 'narrowed' ? null : await getPage(client, id)
  if (fresh !== null && !options.overwrites([externalId]) && editedSince(note, fresh)) return 'edited'
  const known = note ?? { sent: null, seen: null, writing: null }
  await putPageNote(notes, name, externalId, { ...known, isGoing: true })
  await deletePage(client, id)
  await removePageNote(notes, name, externalId)
  return 'done'
}

async function put(
  step: Extract<PageStep, { readonly wanted: WantedPage }>,
  source: string,
  { name, notes: known }: Survey,
  { client, notes, target, overwrites }: PagesOptions,
): Promise<Outcome> {
  const { wanted } = step
  const { externalId } = wanted
  const note = known.get(name)?.get(externalId)
  const fresh = step.do === 'update' ? await getPage(client, step.page.id) : null
  const isGone = step.do === 'update' && fresh === null
  const isEdited = isGone || (fresh !== null && editedSince(note, fresh))
  if (isEdited && !overwrites([externalId])) return 'edited'
  const writing = sentPageOf(wanted, target)
  const seen = fresh === null ? null : seenPageOf(fresh)
  await putPageNote(notes, name, externalId, { sent: null, seen, writing, isGoing: false })
  const now = await getPage(client, await putPage(client, source, wanted, target))
  if (now === null)
    throw new UnsiloError('ANSWER_INVALID', `Intercom: the page of ${externalId} was sent and is not there`)
  await putPageNote(notes, name, externalId, {
    sent: wanted.hash,
    seen: seenPageOf(now),
    writing: null,
    isGoing: false,
  })
  return isSentPage(writing, now) ? 'done' : 'differs'
}

function sentPageOf({ title, url, html }: WantedPage, { agent, copilot }: PagesTarget): SentPage {
  return { title, url, html, agent, copilot }
}
