/** What was done with the pages of one source and audience, for people and for programs. */
import { plain, plainLine } from '../core/plain.ts'
import type { PagesReport } from '../publish/intercom/pages.ts'
import type { HeldPage, PageStep } from '../publish/intercom/pages-plan.ts'
import type { Io } from './io.ts'
import type { PublishIntercomOptions } from './options.ts'
import { counted, json, note, reportError, say } from './output.ts'
import { diffOf, type End } from './publish-report.ts'

const WORDS = {
  create: 'new page',
  update: 'changed page',
  delete: 'removed page',
  discard: 'removed page of a second content import source',
  open: 'new content import source',
  readdress: 'content import source gets another address or other audiences',
  narrow: 'second content import source gets the audiences of the first',
  close: 'removed a content import source that was there twice',
} as const

export function sayPageStep(step: PageStep, name: string, { json: asJson, quiet }: PublishIntercomOptions, io: Io) {
  if (step.do === 'forget') return
  const document = 'wanted' in step ? step.wanted.externalId : 'page' in step ? step.page.externalId : null
  const why = 'why' in step ? step.why : null
  if (asJson) json(io, { type: 'page', target: name, do: step.do, why, document })
  else if (!quiet) say(io, `${name}: ${WORDS[step.do]}${document === null ? '' : `  ${plainLine(document)}`}`)
}

export function reportPages(report: PagesReport, options: PublishIntercomOptions, io: Io): End {
  const { held, failures, differing, guarded, steps } = report
  for (const each of held) sayHeld(each, report.name, options, io)
  for (const { externalId } of differing) {
    note(io, `${report.name}: the page of ${plainLine(externalId)}, read back, does not say what was sent.`)
  }
  for (const { error } of failures) reportError(io, error, { json: options.json, verbose: options.verbose })
  sum(report, options, io)
  const isWhole = failures.length === 0 && differing.length === 0 && !held.some(({ blocks }) => blocks)
  return { what: report.name, guarded, hasChanges: steps.length > 0, isWhole }
}

function sayHeld(
  { why, externalId, title, before, now, blocks }: HeldPage,
  target: string,
  options: PublishIntercomOptions,
  io: Io,
): void {
  const diff = diffOf(title, before, now)
  const what =
    why === 'gone' ? 'was deleted in Intercom, so it is not made again' : 'was edited in Intercom, so it is left alone'
  if (options.json) json(io, { type: 'held-page', target, why, document: externalId, title, blocks, diff })
  if (options.json || options.quiet) return
  note(io, `${target}: ${plainLine(title)} (${plainLine(externalId)}) ${what}.`)
  if (diff !== '') note(io, plain(diff).trimEnd())
}

function sum(report: PagesReport, options: PublishIntercomOptions, io: Io): void {
  const { name, steps, unchanged, held, failures, unaddressed, foreign, cut } = report
  const many = (what: PageStep['do']) => steps.filter((step) => step.do === what).length
  const line = {
    ...{ type: 'publication' as const, target: name, dryRun: options.plan, live: true },
    ...{
      created: many('create'),
      updated: many('update'),
      unchanged,
      removed: many('delete') + many('discard'),
      hidden: 0,
    },
    ...{ held: held.length, failed: failures.length, foreign, cut },
    leftOut: unaddressed === 0 ? {} : { 'no-address': unaddressed },
  }
  if (options.json) json(io, line)
  if (options.json || options.quiet) return
  const { created, updated, removed, failed } = line
  const would = options.plan ? ' (plan: nothing was changed)' : ''
  note(
    io,
    `${name}: ${counted(created, 'page')} new, ${updated} changed, ${unchanged} unchanged, ${removed} removed, ` +
      `${held.length} left alone, ${failed} failed${would}`,
  )
  if (foreign > 0)
    note(io, `${name}: Intercom takes pages as English ones only; so it did ${counted(foreign, 'page')}.`)
  if (unaddressed > 0) note(io, `${name}: ${counted(unaddressed, 'document')} left out: without an address of the web.`)
  if (cut > 0) note(io, `${name}: of ${counted(cut, 'very long page')} only the beginning was sent.`)
}
