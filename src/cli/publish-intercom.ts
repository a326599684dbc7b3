/** `unsilo publish intercom`: what an audience may read, as articles of the Help Center and as pages for Fin. */
import { randomUUID } from 'node:crypto'
import type { ArticlesTarget, IntercomTarget, PagesTarget } from '../config/publish.ts'
import type { Principal } from '../core/access.ts'
import { nativeSource } from '../core/ids.ts'
import type { Notes } from '../core/notes.ts'
import type { Approvals } from '../core/review.ts'
import type { Store } from '../core/store.ts'
import { createFetch } from '../http/fetch.ts'
import { readOnly } from '../http/read-only.ts'
import { readArticleNotes } from '../publish/intercom/article-note.ts'
import { type ArticlesOptions, planOnly, publishArticles } from '../publish/intercom/articles.ts'
import type { Step } from '../publish/intercom/articles-plan.ts'
import { targetName } from '../publish/intercom/import-source.ts'
import { type PagesOptions, planPagesOnly, publishPages } from '../publish/intercom/pages.ts'
import type { PageStep } from '../publish/intercom/pages-plan.ts'
import { type NotedTarget, targetsNoted } from '../publish/intercom/target-note.ts'
import { type IntercomClient, openIntercom } from '../vendors/intercom/client.ts'
import { audienceOf, idsIn, readApprovals } from './audience.ts'
import { checkExitCode } from './exits.ts'
import type { Io } from './io.ts'
import type { PublishIntercomOptions } from './options.ts'
import { counted, note } from './output.ts'
import { checkWorkspace, openPublishNotes } from './publish-notes.ts'
import { reportPages, sayPageStep } from './publish-pages-report.ts'
import { type End, exitOf, reportArticles, sayStep } from './publish-report.ts'
import { knownSources, openForReading, openIntercomTarget, openOutline } from './setup.ts'

export async function runPublishIntercom(options: PublishIntercomOptions, io: Io): Promise<number> {
  checkExitCode(options)
  const target = await openIntercomTarget(options, io)
  const outline = await openOutline(options, io)
  const approvals = await readApprovals(outline.review)
  const store = await openForReading(outline.index)
  try {
    await knownSources(sourcesOf(target), store, outline)
    const stored = await openPublishNotes(outline, options, io)
    try {
      const client = clientFor(target, stored, options, io)
      const notes = await checkWorkspace(client, stored, options, io)
      return await publish({ target, store, approvals, notes, client }, options, io)
    } finally {
      await stored.close()
    }
  } finally {
    await store.close()
  }
}

interface Publication {
  readonly target: IntercomTarget
  readonly store: Store
  readonly approvals: Approvals
  readonly notes: Notes
  readonly client: IntercomClient
}

async function publish(publication: Publication, options: PublishIntercomOptions, io: Io): Promise<number> {
  const ends: End[] = []
  const { articles, pages } = publication.target
  if (articles === undefined) sayLeft(publication.notes, options, io)
  else {
    const asked = articlesOptions(publication, articles, options, io)
    const told = (step: Step) => sayStep(step, options, io)
    const report = options.plan ? await planOnly(asked) : await publishArticles(asked, told)
    if (options.plan) report.steps.forEach(told)
    ends.push(reportArticles(report, options, io))
  }
  for (const asked of pageOptions(publication, pages, options, io)) {
    const told = (step: PageStep) => sayPageStep(step, asked.name, options, io)
    const report = options.plan ? await planPagesOnly(asked) : await publishPages(asked, told)
    if (options.plan) report.steps.forEach(told)
    ends.push(reportPages(report, options, io))
  }
  return exitOf(ends, options)
}

/** They are not looked at, so what their readers may no longer read stays there too. */
function sayLeft(notes: Notes, { quiet }: PublishIntercomOptions, io: Io): void {
  const left = readArticleNotes(notes).size
  if (left === 0 || quiet) return
  note(io, `Articles: ${counted(left, 'article')} of ours stay as they are, since the configuration names no articles.`)
}

/** Of every configured target, and of those that pages of ours are left of. */
function pageOptions(
  { store, approvals, notes, client }: Publication,
  targets: readonly PagesTarget[],
  options: PublishIntercomOptions,
  io: Io,
): readonly PagesOptions[] {
  const common = { client, notes, allowDeletes: options.allowDeletes, signal: io.signal, overwrites: over(options) }
  const held = () => idsIn(store)
  const readable = (source: string, as: readonly Principal[]) => () =>
    audienceOf(store, { as, sources: [source] }, approvals).documents()
  const configured = targets.map((target) => ({
    ...{ ...common, target, name: targetName(target.source, target.as), isDropped: false, held },
    documents: readable(target.source, target.as),
  }))
  const names = new Set(configured.map(({ name }) => name))
  const dropped = targetsNoted(notes).filter(({ name }) => !names.has(name))
  return [
    ...configured,
    ...dropped.map(({ name, source, as }) => ({
      ...{ ...common, name, target: droppedTarget({ source, as }), isDropped: true },
      ...(as === null
        ? { held: async () => new Set<string>(), documents: nothing }
        : { held, documents: readable(source, as) }),
    })),
  ]
}

/** Nothing of it is wanted, and that counts as lost; what its readers may read no more, where they are known, as that. */
function droppedTarget({ source, as }: Pick<NotedTarget, 'source' | 'as'>): PagesTarget {
  return { source, url: 'https://example.com', as: [...(as ?? [])], audiences: [], agent: false, copilot: false }
}

async function* nothing() {}

function over({ overwrite }: PublishIntercomOptions): (documents: readonly string[]) => boolean {
  return (ids) => overwrite.includes('all') || ids.some((id) => overwrite.includes(id))
}

function articlesOptions(
  { store, approvals, notes, client }: Publication,
  { as, collections, author, fin, copilot, audiences }: ArticlesTarget,
  options: PublishIntercomOptions,
  io: Io,
): ArticlesOptions {
  const { adopt, live, allowDeletes } = options
  const sources = [...new Set([...collections.map(({ source }) => source), ...sourcesNoted(notes)])]
  return {
    ...{ client, notes, as, author, fin, copilot, audiences, allowDeletes, signal: io.signal },
    ...{ isLive: live, adopts: adopt },
    documents: () => audienceOf(store, { as, sources }, approvals).documents(),
    held: () => idsIn(store),
    rules: collections.map((rule) => ({ ...rule, collection: String(rule.collection) })),
    overwrites: over(options),
    newName: () => randomUUID().replaceAll('-', ''),
  }
}

/** Of documents that are articles by now: where the configuration has left their source out, that is no loss of readers. */
function sourcesNoted(notes: Notes): readonly string[] {
  return [...readArticleNotes(notes).values()].flatMap(({ documents }) => Object.values(documents).map(nativeSource))
}

function sourcesOf({ articles, pages }: IntercomTarget): readonly string[] {
  return [...(articles?.collections ?? []), ...pages].map(({ source }) => source)
}

/** Each request is sent only while what it does can be noted: who publishes stands still now and then, and another may have come. */
function clientFor(
  { region, apiUrl, token }: IntercomTarget,
  notes: Notes,
  { plan }: PublishIntercomOptions,
  io: Io,
): IntercomClient {
  const whileNoted: Io['fetch'] = async (input, init) => {
    notes.check()
    return await io.fetch(input, init)
  }
  const fetch = createFetch({ signal: io.signal, fetch: whileNoted })
  return openIntercom({ region, apiUrl, token }, plan ? readOnly(fetch) : fetch)
}
