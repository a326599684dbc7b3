/** Articles of a Zendesk help center: published translations, for the readers that their user segments name. */
import { z } from 'zod'
import { AT_A_TIME, forEachConcurrently } from '../../../src/core/concurrently.ts'
import type { PullContext } from '../../../src/core/connector.ts'
import { invalidAnswer } from '../../../src/vendors/answers.ts'
import { openZendesk, type ZendeskClient } from '../../../src/vendors/zendesk/client.ts'
import { readListing, readSteadyListing } from '../../../src/vendors/zendesk/listing.ts'
import { type Article, changesOf, languageRestriction, notesOf, type Pulled } from '../articles.ts'
import type { ZendeskConfig } from '../config.ts'
import { type ArticleTexts, type ListedArticle, readArticle, readTexts } from './answers.ts'
import { readSections, type Sections } from './sections.ts'
import { readSegments, type Segments } from './segments.ts'

const ARTICLES = '/api/v2/help_center/articles'

const languages = z.object({
  default_locale: z.string().regex(/^[A-Za-z0-9-]{2,40}$/),
  locales: z.array(z.string()),
})

const articleList = z.object({ articles: z.array(z.unknown()) })

/** Nothing is known before all is listed: the languages of an article that can't be read are those of the others. */
export async function pullZendesk({ config, fetch, now, access }: PullContext<ZendeskConfig>): Promise<Pulled> {
  const client = openZendesk(config, { fetch, now, scope: 'hc:read' })
  const segments = await readSegments(client)
  const sections = await readSections(client)
  const { default_locale: locale, locales } = await readLocales(client)
  const listed = await readListed(client)
  const isOpen = await isOpenToAll(client, locale, listed.articles)
  const articles = listed.articles.map((article) => placed(article, { segments, sections, locales, isOpen }))
  const changes = changesOf(articles, { vendor: 'Zendesk', site: client.site, locales }, access)
  return {
    changes,
    receipt: {
      pages: listed.pages + sections.pages + segments.pages,
      seen: changes.length,
      duplicates: listed.duplicates,
      ended: 'no-next-link',
    },
    notes: notesOf(articles, access),
  }
}

type Read = Omit<ListedArticle, 'translations'> & ArticleTexts

interface Surroundings {
  readonly segments: Segments
  readonly sections: Sections
  readonly locales: readonly string[]
  readonly isOpen: boolean
}

async function readLocales(client: ZendeskClient): Promise<z.infer<typeof languages>> {
  const answer = languages.safeParse(await client.get('/api/v2/help_center/locales'))
  if (!answer.success) throw invalidAnswer('Zendesk: locales', answer.error)
  return answer.data
}

async function readListed(client: ZendeskClient) {
  const options = { key: 'articles', what: 'articles', params: { include: 'translations' } }
  const listed = await readSteadyListing(client, ARTICLES, options, readArticle)
  const read = new Map<ListedArticle, Read>()
  await forEachConcurrently(listed.items, AT_A_TIME, async (article) => {
    read.set(article, await withTexts(client, article))
  })
  const articles = listed.items.flatMap((article) => read.get(article) ?? [])
  return { articles, pages: listed.pages, duplicates: listed.duplicates }
}

/** A listing that didn't bring the translations along has lost none: they are asked for. */
async function withTexts(client: ZendeskClient, article: ListedArticle): Promise<Read> {
  const { translations, ...rest } = article
  const { id } = rest
  if (translations !== undefined) return { ...rest, ...readTexts(article, client.site) }
  const options = { key: 'translations', what: `translations of article ${id}` }
  const { items } = await readListing(client, `${ARTICLES}/${id}/translations`, options, (item) => item)
  return { ...rest, ...readTexts({ ...rest, translations: () => items }, client.site) }
}

/**
 * Whether the help center shows articles to people who aren't signed in. No field says it: the help center may not be
 * activated, or ask everybody to sign in.
 */
async function isOpenToAll(client: ZendeskClient, locale: string, articles: readonly Read[]): Promise<boolean> {
  const answer = await client.getSignedOut(`/api/v2/help_center/${locale}/articles`, { per_page: 1 })
  if (answer === null) return false
  const shown = articleList.safeParse(answer)
  if (!shown.success) throw invalidAnswer('Zendesk: articles, signed out', shown.error)
  const isForAll = ({ segments, texts }: Read) =>
    segments?.length === 0 && texts.some((text) => text.state === 'published' && text.locale === locale)
  return shown.data.articles.length > 0 || !articles.some(isForAll)
}

function placed({ section, segments, ...article }: Read, around: Surroundings): Article {
  const readers = segments?.map((ids) => ids.map(around.segments.nameOf)) ?? [['segment:unknown']]
  return {
    ...article,
    path: (locale) => around.sections.path(section, locale),
    restrictions: (locale) => [
      ...readers,
      ...(around.isOpen ? [] : [['help-center:closed']]),
      ...languageRestriction(locale, around.locales),
    ],
  }
}
