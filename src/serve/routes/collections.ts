/** `GET /v1/collections`: what there is, for those who look around instead of asking. */
import { createRoute, z } from '@hono/zod-openapi'
import type { Principal } from '../../core/access.ts'
import type { ShelfCounts, Shelved } from '../../core/shelves.ts'
import { documentUrl } from '../addresses.ts'
import { conditional } from '../conditional.ts'
import type { Door } from '../mcp/door.ts'
import { problem } from '../problems.ts'
import { repeated } from '../schemas/asked.ts'
import { problems } from '../schemas/problem.ts'
import { cursorOf, readCursor } from '../schemas/shelf-cursor.ts'
import { type App, SECURITY } from './route.ts'

const LIMIT = { usual: 50, most: 200 } as const

const collection = z
  .object({
    source: z.string(),
    path: z.array(z.string()).describe('Of its names, outermost first; of a whole source, none.'),
    title: z.string(),
    documents: z.int().describe('In it and anywhere below it, that you may read.'),
  })
  .openapi('Collection')

const listed = z
  .object({ id: z.string(), title: z.string(), url: z.string(), updated_at: z.string(), locale: z.string() })
  .openapi('ListedDocument')

const answer = z
  .object({
    collections: z
      .array(collection)
      .describe('Right inside the one that was asked for; without `source`, the outermost.'),
    documents: z.array(listed).optional().describe('Right in the one that was asked for, by title.'),
    cursor: z.string().nullable().optional().describe('For the documents behind these; null where there are none.'),
  })
  .openapi('Collections')

const limit = z.int().min(1).max(LIMIT.most).describe(`How many documents, ${LIMIT.usual} unless told.`)

const getCollections = createRoute({
  ...{ method: 'get', path: '/v1/collections', operationId: 'collections', security: SECURITY },
  summary: 'Look around: collections, and the documents in them',
  request: {
    query: z.strictObject({
      source: z.string().min(1).max(100).optional().describe('Whose collections. Without it: the outermost of all.'),
      path: repeated(z.string().max(1000)).describe('The names of one collection, outermost first; with `source`.'),
      cursor: z.string().max(2000).optional().describe('As an answer gave it.'),
      limit: z.coerce.number().pipe(limit).optional().openapi({ type: 'integer', minimum: 1, maximum: LIMIT.most }),
    }),
    headers: z.object({ 'if-none-match': z.string().optional() }),
  },
  responses: {
    200: { description: 'What is there.', content: { 'application/json': { schema: answer } } },
    304: { description: 'It is what `If-None-Match` says.' },
    ...problems(400, 401, 404, 503),
  },
})

/** Whether it is hidden or not there. */
const NONE = 'There is no collection of these names in which you may read anything.'

export function addCollections(app: App, { index, publicUrl }: Door): void {
  app.use('/v1/collections', conditional())
  app.openapi(getCollections, async (c) => {
    const { as } = c.var.identity
    const { source, path = [], cursor, limit: most = LIMIT.usual } = c.req.valid('query')
    c.header('cache-control', 'private, no-cache')
    if (source === undefined) {
      if (path.length > 0) return problem(c, 400, 'path: needs a source beside it') as never
      return c.json({ collections: await outermost(index, as) }, 200)
    }
    const after = readCursor(cursor)
    if (after === null) return problem(c, 400, 'cursor: is none that an answer gave') as never
    const shelf = { as, source, path }
    const counts = await index.counts(shelf)
    if (isEmpty(counts)) return problem(c, 404, NONE) as never
    const found = await index.shelf({ ...shelf, ...(after && { after }), limit: most + 1 })
    const shown = found.slice(0, most)
    return c.json(
      {
        collections: collectionsIn(source, path, counts),
        documents: shown.map((document) => listedOf(document, publicUrl)),
        cursor: found.length > most ? cursorOf(shown.at(-1)) : null,
      },
      200,
    )
  })
}

/** Of a source of which some documents stand in no collection, the source itself. */
async function outermost(index: Door['index'], as: readonly Principal[]): Promise<z.output<typeof collection>[]> {
  const found: z.output<typeof collection>[] = []
  for (const source of await index.sources()) {
    const counts = await index.counts({ as, source, path: [] })
    const inside = collectionsIn(source, [], counts)
    if (counts.documents === 0) found.push(...inside)
    else found.push({ source, path: [], title: source, documents: inside.reduce(total, counts.documents) })
  }
  return found
}

function total(sum: number, { documents }: { readonly documents: number }): number {
  return sum + documents
}

function collectionsIn(source: string, path: readonly string[], { collections }: ShelfCounts) {
  return collections.map(({ name, documents }) => ({ source, path: [...path, name], title: name, documents }))
}

function isEmpty({ documents, collections }: ShelfCounts): boolean {
  return documents === 0 && collections.length === 0
}

function listedOf({ head, language }: Shelved, publicUrl: string | undefined): z.output<typeof listed> {
  const { id, title, updatedAt, locale = language } = head
  return { id, title, url: documentUrl(head, publicUrl), updated_at: updatedAt, locale }
}
