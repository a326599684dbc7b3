/** `unsilo publish intercom`: what an audience may read, as articles of the Help Center. */
import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import type { ArticlesTarget, IntercomTarget } from '../config/publish.ts'
import { approvalsOf, readReview } from '../config/review.ts'
import type { Principal } from '../core/access.ts'
import type { StoredDocument } from '../core/document.ts'
import { UnsiloError } from '../core/errors.ts'
import type { Notes } from '../core/notes.ts'
import type { Approvals } from '../core/review.ts'
import type { Store } from '../core/store.ts'
import { createFetch } from '../http/fetch.ts'
import { readOnly } from '../http/read-only.ts'
import { openNotes } from '../indexes/sqlite-notes.ts'
import { isPublishable } from '../publish/audience.ts'
import { type ArticlesOptions, planOnly, publishArticles } from '../publish/intercom/articles.ts'
import { workspaceOf } from '../publish/intercom/library.ts'
import { type IntercomClient, openIntercom } from '../vendors/intercom/client.ts'
import { PLAN_HAS_CHANGES } from './exits.ts'
import type { Io } from './io.ts'
import type { PublishIntercomOptions } from './options.ts'
import { endOf, saySkipped, sayStep, sum } from './publish-report.ts'
import { holderName, indexFile, knownSources, openForReading, openIntercomTarget, openOutline } from './setup.ts'

export async function runPublishIntercom(options: PublishIntercomOptions, io: Io): Promise<number> {
  const target = await openIntercomTarget(options, io)
  const outline = await openOutline(options, io)
  const approvals = approvalsOf(await readReview(outline.review, (path) => readFile(path, 'utf8')))
  const store = await openForReading(outline.index)
  const mode = options.plan ? 'read' : 'write'
  try {
    await knownSources(sourcesOf(target), store, outline)
    const path = notesPath(outline.index, outline.path)
    const notes = await openNotes(path, { mode, holder: holderName('publish intercom', io) })
    try {
      const client = clientFor(target, options, io)
      await checkWorkspace(client, notes, path, options)
      return await publish({ target, store, approvals, notes, client }, options, io)
    } finally {
      notes.close()
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
  const { target } = publication
  if (target.articles === undefined) return 0
  const asked = await articlesOptions(publication, target.articles, options, io)
  const report = options.plan
    ? await planOnly(asked)
    : await publishArticles(asked, (step) => sayStep(step, options, io))
  if (options.plan) for (const step of report.steps) sayStep(step, options, io)
  saySkipped(report, options, io)
  sum(report, options, io)
  const code = endOf(report, options)
  return code === 0 && options.plan && options.exitCode && report.steps.length > 0 ? PLAN_HAS_CHANGES : code
}

async function articlesOptions(
  { store, approvals, notes, client }: Publication,
  { as, collections, author, fin, copilot }: ArticlesTarget,
  options: PublishIntercomOptions,
  io: Io,
): Promise<ArticlesOptions> {
  const { overwrite, adopt, live, allowDeletes } = options
  const held = await idsOf(store)
  const sources = [...new Set(collections.map(({ source }) => source))]
  return {
    ...{ client, notes, as, author, fin, copilot, allowDeletes, signal: io.signal, isLive: live, adopts: adopt },
    documents: () => audienceOf(store, as, sources, approvals),
    isHeld: (id) => held.has(id),
    rules: collections.map((rule) => ({ ...rule, collection: String(rule.collection) })),
    overwrites: (ids) => overwrite.includes('all') || ids.some((id) => overwrite.includes(id)),
    newName: () => randomUUID().replaceAll('-', ''),
  }
}

async function* audienceOf(
  store: Store,
  as: readonly Principal[],
  sources: readonly string[],
  approvals: Approvals,
): AsyncIterable<StoredDocument> {
  for await (const document of store.documents(as, sources)) {
    if (isPublishable(document, as, approvals)) yield document
  }
}

async function idsOf(store: Store): Promise<ReadonlySet<string>> {
  const ids = new Set<string>()
  for (const source of await store.sources()) for (const id of await store.ids(source)) ids.add(id)
  return ids
}

function sourcesOf({ articles, pages }: IntercomTarget): readonly string[] {
  return [...(articles?.collections ?? []), ...pages].map(({ source }) => source)
}

function clientFor(
  { region, apiUrl, token }: IntercomTarget,
  { plan }: PublishIntercomOptions,
  io: Io,
): IntercomClient {
  const fetch = createFetch({ signal: io.signal, fetch: io.fetch })
  return openIntercom({ region, apiUrl, token }, plan ? readOnly(fetch) : fetch)
}

/** Beside the index; of one that is no file, where it would be. */
function notesPath(index: string, config: string): string {
  const file = indexFile(index)
  return file === null ? join(dirname(config), '.unsilo', 'intercom.db') : `${resolve(file)}.intercom.db`
}

/** With the token of another workspace every article would look as if somebody had deleted it. */
async function checkWorkspace(
  client: IntercomClient,
  notes: Notes,
  path: string,
  { plan }: PublishIntercomOptions,
): Promise<void> {
  const now = await workspaceOf(client)
  const noted = notes.all().get('workspace')
  if (noted === undefined && !plan) notes.put('workspace', now)
  if (noted === undefined || noted === now) return
  throw new UnsiloError(
    'CONFIG_INVALID',
    `This index was published to the workspace ${noted}; the token is of ${now}.`,
    {
      hint: `Nothing was changed. Use the other token, or move ${path} away to begin anew in this workspace.`,
    },
  )
}
