/**
 * Confluence, Cloud and Data Center. Every run lists the heads of all current pages and blog posts, so moves and deletions are seen each
 * time; bodies are loaded in bulk, and only of what the caller asks for. See README.md for set-up and costs.
 */
import { z } from 'zod'
import type { Change, Connector, Notes, PullContext, Receipt } from '../../src/core/connector.ts'
import type { Body, Head } from '../../src/core/document.ts'
import { UnsiloError } from '../../src/core/errors.ts'
import { keptRestrictions, type Restrictions, readRestrictions, type Subject } from './access.ts'
import { type Addresses, addressBook } from './addresses.ts'
import type { StoredBody } from './answers.ts'
import { bulkLoader } from './bodies.ts'
import type { ConfluenceClient } from './client.ts'
import { type ConfluenceConfig, confluenceConfig } from './config.ts'
import type { Contents, Placed } from './contents.ts'
import { openClient } from './deployment.ts'
import { type Listed, readListing } from './listing.ts'
import { render, renderAdf } from './render.ts'
import { checkTrees, type Labelled, readLabels, whyLeftOut } from './selection.ts'
import { readTree, type Tree } from './tree.ts'

export { type ConfluenceConfig, confluenceConfig } from './config.ts'

/** Holds restrictions only where they are read daily; the listing itself needs no cursor. */
const confluenceCursor = z.strictObject({ restrictions: keptRestrictions })

export type ConfluenceCursor = z.infer<typeof confluenceCursor>

export const confluence: Connector<ConfluenceConfig, ConfluenceCursor> = {
  name: 'confluence',
  config: confluenceConfig,
  cursor: confluenceCursor,
  pull,
}

type Context = PullContext<ConfluenceConfig>

/** Nothing is yielded before everything is listed and every restriction is read: access can't be known earlier. */
async function* pull(context: Context, since: ConfluenceCursor | null): AsyncGenerator<Change<ConfluenceCursor>> {
  const { config } = context
  yield { type: 'begin' }
  const client = await openClient(config, context.fetch)
  await client.checkAccount()
  const listed = await readListing(client, config)
  // A token may have ended meanwhile.
  await client.checkAccount()
  const labelled = await readLabels(client, config, listed.spaces)
  const tree = await readTree(client, listed.contents, [...config.trees.include, ...config.trees.exclude])
  checkTrees(config, tree)
  const reasons = new Map<string, string>()
  for (const content of listed.contents) {
    const reason = whyLeftOut(content, config, labelled, tree)
    if (reason !== null) reasons.set(content.id, reason)
  }
  const restrictions = await readRestrictions(
    client,
    () => subjectsOf(listed.contents, reasons, tree),
    since?.restrictions ?? null,
    context.now(),
  )

  const cursor = { restrictions: config.restrictions === 'daily' ? restrictions.kept() : null }
  // No position in the listing, which is read anew each time: a body that fails must not make the reading be forgotten.
  if (config.restrictions === 'daily') yield { type: 'checkpoint', cursor }
  const upsert = upserts(context, client, { listed, labelled, tree, restrictions })
  for (const content of listed.contents) {
    const reason = reasons.get(content.id) ?? null
    yield reason === null ? upsert(content) : { type: 'skip', id: content.id, reason }
  }
  yield { type: 'checkpoint', cursor, receipt: receiptOf(listed), notes: notesOf(restrictions) }
}

interface Knowledge {
  readonly listed: Listed
  readonly labelled: Labelled
  readonly tree: Tree
  readonly restrictions: Restrictions
}

function upserts(context: Context, client: ConfluenceClient, known: Knowledge) {
  const { contents } = known.listed
  const addresses = addressBook(client.site, contents)
  const loaders = {
    page: bulkLoader((ids) => client.bodies('page', ids)),
    blogpost: bulkLoader((ids) => client.bodies('blogpost', ids)),
  }
  const loadById = async (id: string) => {
    const content = contents.get(id)
    if (content === undefined) throw new RangeError(`There is no content ${id}.`)
    return await load(content, loaders[content.kind], addresses)
  }
  return (content: Placed): Change<never> => ({
    type: 'upsert',
    head: headOf(content, known, addresses, context),
    load: loadById,
  })
}

function headOf(content: Placed, known: Knowledge, addresses: Addresses, { access }: Context): Head {
  const labels = [...known.labelled].filter(([, ids]) => ids.has(content.id)).map(([name]) => name)
  return {
    id: content.id,
    version: String(content.version),
    title: content.title,
    url: addresses.of(content),
    updatedAt: content.updatedAt,
    path: [content.space.name, ...known.tree.titles(content.id)],
    kind: 'page',
    ...(labels.length > 0 && { labels }),
    access: known.restrictions.access(content.id, known.tree.ancestors(content.id), access),
  }
}

/** A body of another version than was listed may have other readers: it waits for the next run. */
async function load(content: Placed, loader: (id: string) => Promise<StoredBody>, addresses: Addresses): Promise<Body> {
  if (content.problem !== null) {
    const message = `Confluence: ${content.id} could not be read: the listing’s ${content.problem}`
    throw new UnsiloError('DOCUMENT_UNREADABLE', message)
  }
  const body = await loader(content.id)
  const links = addresses.resolver(content)
  if (body.version === content.version) {
    return 'storage' in body ? render(body.storage, links) : renderAdf(body.adf, links)
  }
  const message = `Confluence: ${content.id} was changed while it was synced; the next run takes it`
  throw new UnsiloError('DOCUMENT_UNREADABLE', message)
}

function* subjectsOf(contents: Contents, leftOut: ReadonlyMap<string, string>, tree: Tree): Generator<Subject> {
  for (const { id, version } of contents) {
    if (!leftOut.has(id)) yield { id, version, ancestors: tree.ancestors(id) ?? [] }
  }
}

function receiptOf({ pages, contents, duplicates }: Listed): Receipt {
  return { pages, seen: contents.size, duplicates, ended: 'no-next-link' }
}

function notesOf({ readAt, read, hidden }: Restrictions): Notes {
  return {
    restrictions: `read ${readAt}, ${read} in this run`,
    ...(hidden > 0 && { hidden: `${hidden} restrictions can’t be read: nobody may read what they cover` }),
  }
}
