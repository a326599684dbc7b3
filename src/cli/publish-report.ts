/** What a publication to Intercom did or would do, for people and for programs. */
import { errorCatalogue, UnsiloError } from '../core/errors.ts'
import { plain, plainLine } from '../core/plain.ts'
import type { ArticlesReport, Guarded } from '../publish/intercom/articles.ts'
import type { Held, Step } from '../publish/intercom/articles-plan.ts'
import { titleOf } from '../publish/intercom/articles-there.ts'
import type { LeftOut } from '../publish/intercom/wanted.ts'
import { unifiedDiff } from '../sync/patch.ts'
import { PLAN_HAS_CHANGES } from './exits.ts'
import type { Io } from './io.ts'
import type { PublishIntercomOptions } from './options.ts'
import { counted, json, note, reportError, say } from './output.ts'

const WORDS = {
  create: 'new',
  update: 'changed',
  delete: 'removed',
  hide: 'hidden',
  discard: 'removed',
  forget: 'forgotten',
} as const

const REASONS = {
  changed: '',
  unfinished: 'an earlier run was interrupted',
  adopted: 'taken over',
  overwritten: 'over what somebody changed',
  unpublished: 'goes live',
  narrowed: 'the audience may no longer read it',
  lost: 'no longer in the index',
  unchosen: 'no longer chosen',
  open: 'others would see it',
} as const

export function sayStep(step: Step, { json: asJson, quiet }: PublishIntercomOptions, io: Io): void {
  if (step.do === 'forget') return
  const { article, title, documents } = aboutOf(step)
  const why = 'why' in step ? step.why : null
  if (asJson) json(io, { type: 'article', do: step.do, why, article, title, documents })
  else if (!quiet) {
    const reason = why === null || REASONS[why] === '' ? '' : ` (${REASONS[why]})`
    say(io, `${WORDS[step.do]}  ${plainLine(title)}  ${documents.map(plainLine).join(', ')}${reason}`)
  }
}

function aboutOf(step: Exclude<Step, { do: 'forget' }>) {
  if (step.do === 'discard') return { article: step.article.id, title: titleOf(step.article), documents: [] }
  const documents = Object.values(
    step.do === 'create' || step.do === 'update' ? step.wanted.documents : step.note.documents,
  )
  if (step.do === 'create')
    return { article: null, title: step.wanted.texts[step.wanted.locale]?.title ?? '', documents }
  return { article: step.article.id, title: titleOf(step.article), documents }
}

/** What was left alone, what failed, and the sum. */
export function reportArticles(report: ArticlesReport, options: PublishIntercomOptions, io: Io): End {
  const { guarded, held, failures, differing, steps } = report
  saySkipped(report, options, io)
  sum(report, options, io)
  const isWhole = failures.length === 0 && differing.length === 0 && !held.some(({ blocks }) => blocks)
  return { what: 'Articles', guarded, hasChanges: steps.length > 0, isWhole }
}

function saySkipped({ held, failures, differing }: ArticlesReport, options: PublishIntercomOptions, io: Io): void {
  for (const each of held) sayHeld(each, options, io)
  for (const step of differing) {
    if (step.do === 'forget') continue
    const { article, title } = aboutOf(step)
    note(
      io,
      `Article ${article ?? ''} ${plainLine(title)}: read back, it is not what was sent: what it says, where it is, or who answers from it. Look at it in Intercom.`,
    )
  }
  for (const { error } of failures) reportError(io, error, { json: options.json, verbose: options.verbose })
}

const LEFT_OUT: Readonly<Record<LeftOut, string>> = {
  'no-collection': 'in no collection that was chosen',
  empty: 'without text',
  'other-language': 'in a language that the Help Center lacks, or has already',
  'no-default-language': "without a text in the Help Center's default language",
  'own-article': 'articles of ours that a synced help center handed over',
}

const HELD = {
  edited: 'was edited in Intercom, so it is left alone',
  gone: 'was deleted in Intercom, so it is not made again',
  exists: 'is an article there already, which unsilo did not make; --adopt takes it over',
  open: 'stays a draft: it is for fewer than everybody, and who sees it is not restricted in Intercom',
} as const

function sayHeld(
  { why, article, title, documents, edit, blocks }: Held,
  options: PublishIntercomOptions,
  io: Io,
): void {
  const diff = edit === null ? '' : diffOf(title, edit.before, edit.now)
  if (options.json) json(io, { type: 'held', why, article, title, documents, blocks, diff })
  if (options.json || options.quiet) return
  note(io, `${plainLine(title)} (${documents.map(plainLine).join(', ')}) ${HELD[why]}.`)
  if (diff !== '') note(io, plain(diff).trimEnd())
}

export function diffOf(title: string, before: string, now: string): string {
  return unifiedDiff(plainLine(title), before, now)
    .replace(/^(?:Index: .*\n)?=+\n/, '')
    .replace('\tstored', '\tas unsilo left it')
    .replace('\tto come', '\tas it is in Intercom')
}

function sum(report: ArticlesReport, options: PublishIntercomOptions, io: Io): void {
  const { steps, unchanged, held, failures, leftOut } = report
  const many = (what: Step['do']) => steps.filter((step) => step.do === what).length
  const left = Object.fromEntries(
    [...Map.groupBy(leftOut.values(), (why) => why)].map(([why, all]) => [why, all.length] as const),
  )
  const line = {
    ...{ type: 'publication' as const, target: 'articles' as const, dryRun: options.plan, live: options.live },
    ...{ created: many('create'), updated: many('update'), unchanged },
    ...{ removed: many('delete') + many('discard'), hidden: many('hide') },
    ...{ held: held.length, failed: failures.length, leftOut: left },
  }
  if (options.json) json(io, line)
  if (options.json || options.quiet) return
  const { created, updated, removed, hidden, failed } = line
  const would = options.plan ? ' (plan: nothing was changed)' : ''
  note(
    io,
    `Articles: ${created} new, ${updated} changed, ${unchanged} unchanged, ${removed} removed, ` +
      `${hidden} hidden, ${held.length} left alone, ${failed} failed${would}`,
  )
  for (const [why, all] of Map.groupBy(leftOut.values(), (each) => each)) {
    note(io, `Articles: ${counted(all.length, 'document')} left out: ${LEFT_OUT[why]}.`)
  }
}

/** How a part of a publication ended. */
export interface End {
  /** What it is of, for messages. */
  readonly what: string
  readonly guarded: Guarded | null
  readonly hasChanges: boolean
  /** Nothing failed or is held back. */
  readonly isWhole: boolean
}

/** The exit code. Throws where a guard stopped something. */
export function exitOf(ends: readonly End[], { plan, exitCode }: PublishIntercomOptions): number {
  for (const { what, guarded } of ends) {
    if (guarded === null) continue
    const { lost, hidden, before } = guarded
    const state = plan ? 'Nothing was changed.' : 'Only what the audience may no longer read was taken away there.'
    const documents = counted(before, 'published document')
    const message =
      hidden > 0
        ? `${what}: the audience may no longer read ${hidden} of ${documents}; the articles become drafts and are not deleted.`
        : `${what}: ${lost} of ${documents} are no longer in the index, or no longer chosen.`
    throw new UnsiloError('GUARD_TRIPPED', message, {
      hint: `${state} If it is right: add --allow-deletes ${Math.max(lost, hidden)}`,
    })
  }
  if (!ends.every(({ isWhole }) => isWhole)) return errorCatalogue.PARTIAL.exit
  return plan && exitCode && ends.some(({ hasChanges }) => hasChanges) ? PLAN_HAS_CHANGES : 0
}
