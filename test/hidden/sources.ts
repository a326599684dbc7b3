/** A page of each kind of source, from its own format to markdown, by the way that a sync takes. */
import { renderAdf, render as renderConfluence } from '../../connectors/confluence/render.ts'
import { render as renderDoc } from '../../connectors/google-docs/render.ts'
import { render as renderArticle } from '../../connectors/help-center/render.ts'
import { render as renderTicket } from '../../connectors/tickets/render.ts'
import { type Candidate, publicParts, type Thread } from '../../connectors/tickets/thread.ts'
import { toMarkdown } from '../../src/markdown/from-html.ts'
import { site } from '../fidelity/site.ts'

const BASE = 'https://help.example/article'

/** HTML as each kind of source takes it. */
export const HTML_SOURCES: Readonly<Record<string, (html: string) => string>> = {
  'help center': (html) => toMarkdown(renderArticle(html, BASE)).markdown,
  confluence: (html) => toMarkdown(renderConfluence(html, site)).markdown,
  ticket: (html) => toMarkdown(ticket(html)).markdown,
}

/** A document of Confluence's editor. */
export function fromAdf(content: readonly unknown[]): string {
  return toMarkdown(renderAdf({ type: 'doc', version: 1, content }, site)).markdown
}

/** A Google Doc, as the API answers with it. */
export function fromDoc(content: readonly unknown[]): string {
  return toMarkdown(renderDoc({ body: { content } }, BASE)).markdown
}

function ticket(html: string): ReturnType<typeof renderArticle> {
  const part = (role: 'customer' | 'agent', said: string): Candidate => ({
    ...{ author: { role, key: role }, kind: 'message', isPublic: true, isRedacted: false, files: [], html: said },
    at: '2026-02-01T10:00:00.000Z',
  })
  const thread: Thread = {
    ...{ id: '1', number: '1', url: BASE, version: '1', subject: 'Export of invoices', people: [], isTruncated: false },
    ...{ updatedAt: '2026-02-02T10:00:00.000Z', resolvedAt: '2026-02-02T10:00:00.000Z', team: null, brand: null },
    ...{ tags: [], rating: 'none', fields: [] },
    parts: publicParts([
      part('customer', '<p>How do I export the invoices of last year?</p>'),
      part(
        'agent',
        `<p>Open the settings and choose the export of invoices there.</p>${html}<p>Then choose the year.</p>`,
      ),
    ]),
  }
  const rendered = renderTicket(thread)
  if (typeof rendered === 'string') throw new Error(`no ticket: ${rendered}`)
  return rendered
}
