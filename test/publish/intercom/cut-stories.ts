/** What is published, and what becomes of it while runs end early: before, then as a first, a second and a third run find it. */
import type { Page } from '../pages.ts'

export interface Edition {
  readonly pages: readonly Page[]
  readonly isLive: boolean
}

export interface Story {
  readonly name: string
  readonly what: 'articles' | 'pages'
  /** Of the workspace; none is one language. */
  readonly locales: readonly string[]
  readonly editions: readonly [Edition, Edition, Edition, Edition]
}

const TWO_LANGUAGES = ['en', 'fr']

function page(id: string, locale: string, word: string, more: Partial<Page> = {}): Page {
  const title = locale === 'fr' ? `Titre ${id}` : `Title ${id}`
  return { id: `${id}:${locale}`, group: id, locale, title, markdown: `It says ${word}.\n`, ...more }
}

const en = (word: string, more?: Partial<Page>) => page('a', 'en', word, more)
const fr = (word: string, more?: Partial<Page>) => page('a', 'fr', word, more)
const STAFF = { access: ['group:staff'] } as const
const MOVED = { path: ['Handbook'] }

type Four<T> = readonly [T, T, T, T]

/** @param drafts which of the four are published without `--live` */
function story(
  name: string,
  editions: Four<readonly Page[]>,
  { drafts = [], ...more }: Partial<Pick<Story, 'what' | 'locales'>> & { readonly drafts?: readonly number[] } = {},
): Story {
  const [a, b, c, d] = editions.map((pages, at) => ({
    pages,
    isLive: !drafts.includes(at),
  })) as unknown as Four<Edition>
  return { name, what: 'articles', locales: [], editions: [a, b, c, d], ...more }
}

const NEW: Four<readonly Page[]> = [[], [en('two')], [en('three')], [en('four')]]
const CHANGED: Four<readonly Page[]> = [[en('one')], [en('two')], [en('three')], [en('four')]]
const THERE_AND_BACK: Four<readonly Page[]> = [[en('one')], [en('two')], [en('one')], [en('one')]]
const NARROWED: Four<readonly Page[]> = [[en('one')], [en('two')], [en('two', STAFF)], [en('three')]]
const KEPT_FROM_THEM: Four<readonly Page[]> = [[], [en('two')], [en('two', STAFF)], [en('two', STAFF)]]
const LOST: Four<readonly Page[]> = [[en('one')], [], [en('two')], [en('three')]]

export const STORIES: readonly Story[] = [
  story('a new article', NEW),
  story('a new draft', NEW, { drafts: [0, 1, 2, 3] }),
  story('a changed article', CHANGED),
  story('changes staged on a published article', CHANGED, { drafts: [1, 2, 3] }),
  story('changes that are staged first and published then', CHANGED, { drafts: [1] }),
  story('a change that is taken back', THERE_AND_BACK),
  story('a change that is staged and taken back', THERE_AND_BACK, { drafts: [1, 2, 3] }),
  story('an article that goes and comes back', NARROWED),
  story('a new article that may no longer be read', KEPT_FROM_THEM),
  story('an article that the index loses and has again', LOST),
  story('an article that moves', [[en('one')], [en('one', MOVED)], [en('two')], [en('two', MOVED)]]),
  story('a new article in two languages', [[], [en('two'), fr('deux')], [en('two'), fr('trois')], [en('x'), fr('y')]], {
    locales: TWO_LANGUAGES,
  }),
  story(
    'a language that goes and comes back',
    [[en('one'), fr('un')], [en('one')], [en('two'), fr('deux')], [en('two'), fr('trois')]],
    { locales: TWO_LANGUAGES },
  ),
  story(
    'a language that may no longer be read while another changes',
    [[en('one'), fr('un')], [en('two'), fr('deux')], [en('three'), fr('trois', STAFF)], [en('four')]],
    { locales: TWO_LANGUAGES },
  ),
  story(
    'a language with a staged change that goes and comes back',
    [[en('one'), fr('un')], [en('two'), fr('deux')], [en('two')], [en('three'), fr('trois')]],
    { locales: TWO_LANGUAGES, drafts: [1, 2] },
  ),
  story('a new page', NEW, { what: 'pages' }),
  story('a changed page', CHANGED, { what: 'pages' }),
  story('a page that goes and comes back', NARROWED, { what: 'pages' }),
  story('a page that the index loses and has again', LOST, { what: 'pages' }),
]
