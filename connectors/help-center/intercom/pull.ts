/** Articles of an Intercom workspace: published texts, in collections of help centers that are turned on or off. */

import type { PullContext } from '../../../src/core/connector.ts'
import { UnsiloError } from '../../../src/core/errors.ts'
import { openIntercom } from '../../../src/vendors/intercom/client.ts'
import { readListing } from '../../../src/vendors/intercom/listing.ts'
import { type Article, changesOf, isPublished, languageRestriction, notesOf, type Pulled } from '../articles.ts'
import type { IntercomConfig } from '../config.ts'
import { articleReader, type ListedArticle } from './answers.ts'
import { readShelves, type Shelves } from './collections.ts'

/** So many, and not one that says who may read it, is no coincidence. */
const UNKNOWN_TOGETHER = 3

/** Nothing is known before all is listed: the languages of an article that can't be read are those of the others. */
export async function pullIntercom(context: PullContext<IntercomConfig>): Promise<Pulled> {
  const client = openIntercom(context.config, context.fetch)
  const shelves = await readShelves(client)
  const [only = null, ...others] = shelves.locales
  const reader = articleReader(others.length === 0 ? only : null)
  const listed = await readListing(client, '/articles', 'articles', reader)
  checkSomeKnown(listed.items)
  const articles = listed.items.map((article) => placed(article, shelves))
  const source = { vendor: 'Intercom', site: 'https://app.intercom.com/', locales: shelves.locales }
  const changes = changesOf(articles, source, context.access)
  return {
    changes,
    receipt: {
      pages: listed.pages + shelves.pages,
      seen: changes.length,
      duplicates: listed.duplicates,
      ended: 'no-next-link',
    },
    notes: notesOf(articles, context.access),
  }
}

/** What limits its readers are its audience, the help center that shows it, and the languages of that. */
function placed({ audience, parents, ...article }: ListedArticle, shelves: Shelves): Article {
  const place = shelves.place(parents ?? [])
  const standing = parents === null ? 'unknown' : place.standing
  return {
    ...article,
    path: place.path,
    restrictions: (locale) => [
      ...(audience === 'everyone' ? [] : [[`audience:${audience}`]]),
      ...(standing === 'listed' ? [] : [[`help-center:${standing}`]]),
      ...languageRestriction(locale, place.locales),
    ],
  }
}

/** An API that says nothing of audiences would quietly hide every article. */
function checkSomeKnown(articles: readonly ListedArticle[]): void {
  const published = articles.filter(isPublished)
  if (published.length < UNKNOWN_TOGETHER || published.some(({ audience }) => audience !== 'unknown')) return
  const message = `Intercom: articles: help_center_audience: none of ${published.length} articles says who may read it`
  throw new UnsiloError('ANSWER_INVALID', message, {
    hint: 'Check whether the app is held to an older version of the API. Nothing was changed.',
  })
}
