/**
 * Runs that end at each of their requests, two behind each other while documents change: before the request, and once it was
 * done and before its answer came. The third run has to make it whole. And the same where a person edits in Intercom after
 * a run that ended early: what they wrote has to stay.
 */
import type { StoredDocument } from '../../../src/core/document.ts'
import { asUnsiloError } from '../../../src/core/errors.ts'
import { createFetch } from '../../../src/http/fetch.ts'
import { openMemoryNotes } from '../../../src/indexes/memory/notes.ts'
import { planOnly, publishArticles } from '../../../src/publish/intercom/articles.ts'
import { planPagesOnly, publishPages } from '../../../src/publish/intercom/pages.ts'
import { openIntercom } from '../../../src/vendors/intercom/client.ts'
import { type LibraryEmulator, startLibraryEmulator } from '../../emulators/intercom-library.ts'
import type { Page } from '../pages.ts'
import type { Edition, Story } from './cut-stories.ts'
import { TOKEN } from './stage.ts'

export interface CutFigures {
  /** Histories that were told. */
  readonly histories: number
  /** Of these, with a person who edits. */
  readonly edited: number
  readonly wrong: readonly string[]
}

/** The request of this number, from 1: before it is made, or once it was done. */
interface Moment {
  readonly request: number
  readonly isDone: boolean
}

/** Every story ends its runs at each request, or at every so many of them. */
export async function cutEverywhere(stories: readonly Story[], every = 1): Promise<CutFigures> {
  const figures = { histories: 0, edited: 0, wrong: [] as string[] }
  for (const story of stories) {
    const say = (where: string, text: string) => figures.wrong.push(`${story.name}, ${where}: ${text}`)
    const firsts = await momentsOf(story, null)
    for (const first of firsts) {
      const seconds = (await momentsOf(story, first)).filter((_, at) => at % every === 0)
      for (const second of seconds) {
        figures.histories += 1
        for (const text of await recovered(story, first, second)) say(`${words(first)} and ${words(second)}`, text)
      }
      for (const edit of EDITS) {
        const found = await keepsEdit(story, first, edit)
        if (found === null) continue
        figures.edited += 1
        if (found !== '') say(`${words(first)} and an edit of the ${edit}`, found)
      }
    }
  }
  return figures
}

function words({ request, isDone }: Moment): string {
  return `${isDone ? 'after' : 'before'} request ${request}`
}

/** Before what changes something, after it was done, and after its answer came: that nothing was done is no new moment. */
async function momentsOf(story: Story, first: Moment | null): Promise<readonly Moment[]> {
  return await staged(story, async (stage) => {
    const [, one, two] = story.editions
    if (first !== null) await stage.run(one, first)
    const begun = stage.site.requests.length
    await stage.run(first === null ? one : two)
    const made = stage.site.requests.slice(begun).map(({ name }) => !name.startsWith('GET '))
    return made.flatMap((changes, at) => {
      const request = at + 1
      return [
        ...(changes || made[at - 1] === true ? [{ request, isDone: false }] : []),
        ...(changes ? [{ request, isDone: true }] : []),
      ]
    })
  })
}

async function recovered(story: Story, first: Moment, second: Moment): Promise<readonly string[]> {
  return await staged(story, async (stage) => {
    const [, one, two, last] = story.editions
    await stage.run(one, first)
    await stage.run(two, second)
    const end = await stage.run(last)
    const plan = await stage.plan(last)
    return [
      ...(end === '' ? [] : [`the last run: ${end}`]),
      ...(plan === '' ? [] : [`the plan afterwards: ${plan}`]),
      ...differencesIn(stage.site, story, last),
    ]
  })
}

// --- a person who edits -----------------------------------------------------------------------------------------

const EDITS = ['text', 'title', 'draft', 'translation'] as const
const MINE = 'written by a person'

/** Null where there is nothing to edit, or what was edited is of a page that is taken away all the same. */
async function keepsEdit(story: Story, first: Moment, edit: (typeof EDITS)[number]): Promise<string | null> {
  return await staged(story, async ({ run, site }) => {
    const [, one, two] = story.editions
    await run(one, first)
    if (story.what === 'pages') {
      const page = [...site.library.pages.values()][0]
      const isWanted = readable(two).length > 0
      if (page === undefined || edit === 'draft' || edit === 'translation' || !isWanted) return null
      Object.assign(page, edit === 'text' ? { html: `<p>${MINE}</p>` } : { title: MINE })
    } else if (!editArticle(site, edit)) return null
    await run(two)
    await run(two)
    const isKept = JSON.stringify(contents(site)).includes(MINE)
    return isKept ? '' : 'it was written over'
  })
}

function editArticle({ library }: LibraryEmulator, edit: (typeof EDITS)[number]): boolean {
  const article = [...library.articles.values()][0]
  const text = article?.texts.get(edit === 'translation' ? 'fr' : library.main)
  if (article === undefined || text === undefined) return false
  if (edit === 'draft') {
    if (text.state !== 'published') return false
    text.draft = { title: text.title, description: '', body: `<p>${MINE}</p>`, updatedAt: 1 }
  } else if (edit === 'title') text.title = MINE
  else text.body = `<p>${MINE}</p>`
  return true
}

function contents({ library: { articles, pages } }: LibraryEmulator) {
  return [[...articles.values()].map(({ texts }) => [...texts]), [...pages.values()]]
}

// --- a workspace, and runs that publish into it -----------------------------------------------------------------

interface Stage {
  readonly site: LibraryEmulator
  /** Says what was not done; a run that ends early says nothing. */
  run(edition: Edition, cut?: Moment): Promise<string>
  /** Says what is to be done. */
  plan(edition: Edition): Promise<string>
}

async function staged<T>({ what, locales, editions }: Story, tell: (stage: Stage) => Promise<T>): Promise<T> {
  const site = await startLibraryEmulator({ locales, authorization: `Bearer ${TOKEN}` })
  const notes = openMemoryNotes({ mode: 'write' })
  let names = 0
  const options = (edition: Edition, cut: Moment | null) => {
    const end = new AbortController()
    const fetch = createFetch({ signal: end.signal, fetch: cut === null ? globalThis.fetch : endingAt(cut, end) })
    return {
      ...{ client: openIntercom({ region: 'us', apiUrl: site.url, token: TOKEN }, fetch), notes, signal: end.signal },
      ...{ overwrites: () => false, allowDeletes: 9, held: async () => idsOf(edition) },
      documents: () => documentsOf(edition),
    }
  }
  const articles = (edition: Edition, cut: Moment | null) => ({
    ...{ ...options(edition, cut), as: [], author: 1, fin: true, copilot: true, audiences: [] },
    ...{ isLive: edition.isLive, adopts: false },
    rules: [
      { collection: '145', source: 'help', path: ['Handbook'] },
      { collection: '146', source: 'help', path: [] },
    ],
    newName: () => `name${++names}`,
  })
  const target = { source: 'help', url: 'https://example.com', as: [], audiences: [], agent: true, copilot: true }
  const pages = (edition: Edition, cut: Moment | null) => ({
    ...{ ...options(edition, cut), name: 'help-public', target, isDropped: false },
  })
  const stage: Stage = {
    site,
    run: async (edition, cut) => {
      try {
        const { held, failures, differing } =
          what === 'articles'
            ? await publishArticles(articles(edition, cut ?? null), () => {})
            : await publishPages(pages(edition, cut ?? null), () => {})
        const left = [...held.map(({ why }) => why), ...failures.map(({ error }) => error.message)]
        return [...left, ...differing.map(() => 'differs')].join(', ')
      } catch (thrown) {
        if (asUnsiloError(thrown).code === 'INTERRUPTED') return ''
        throw thrown
      }
    },
    plan: async (edition) => {
      const { steps, held } =
        what === 'articles' ? await planOnly(articles(edition, null)) : await planPagesOnly(pages(edition, null))
      return [...steps.map((step) => step.do), ...held.map(({ why }) => why)].join(', ')
    },
  }
  try {
    await stage.run(editions[0])
    return await tell(stage)
  } finally {
    await site.close()
  }
}

/** From then on nothing happens any more: no request is made, and nothing is noted. */
function endingAt({ request, isDone }: Moment, end: AbortController): typeof fetch {
  let made = 0
  return async (input, init) => {
    made += 1
    if (made < request) return await fetch(input, init)
    if (made === request && isDone) await (await fetch(input, init)).text()
    end.abort()
    throw new TypeError('the process is gone')
  }
}

function idsOf({ pages }: Edition): ReadonlySet<string> {
  return new Set(pages.map(({ id }) => `help:${id}`))
}

function readable({ pages }: Edition): readonly Page[] {
  return pages.filter(({ access = 'public' }) => access === 'public')
}

async function* documentsOf(edition: Edition): AsyncGenerator<StoredDocument> {
  for (const { markdown, id, ...more } of readable(edition)) {
    const head = {
      ...{ version: markdown, title: 'Untitled', url: `https://example.com/${id}`, path: [], kind: 'page' as const },
      ...{ updatedAt: '2026-01-01T00:00:00.000Z', access: 'public' as const, ...more, id: `help:${id}` },
    }
    const recipe = { converter: 1, redactor: 'none', chunker: 1, analyser: 1 }
    yield { source: 'help', head, markdown, language: 'en', losses: {}, recipe: recipe as never }
  }
}

/** Between what the workspace holds and what is wanted; staged is as good as published where that is what was asked. */
function differencesIn(site: LibraryEmulator, { what }: Story, edition: Edition): readonly string[] {
  const wanted = readable(edition).map(({ title = '', markdown }) => `${title}: ${markdown.trim()}`)
  const { articles, pages } = site.library
  const texts = [...articles.values()].flatMap((article) => [...article.texts.values()])
  const there =
    what === 'pages'
      ? [...pages.values()].map(({ title, html }) => `${title}: ${wordsOf(html)}`)
      : texts
          .map((text) => text.draft ?? text)
          .flatMap(({ title, body }) => (body === '' ? [] : [`${title}: ${wordsOf(body)}`]))
  const unlive = edition.isLive ? texts.filter(({ body, state }) => body !== '' && state !== 'published') : []
  const counts =
    what === 'articles' && articles.size !== Math.min(1, wanted.length) ? [`${articles.size} articles`] : []
  return [
    ...(there.sort().join('\n') === wanted.sort().join('\n') ? [] : [`there is ${JSON.stringify(there)}`]),
    ...unlive.map(({ title }) => `not published: ${title}`),
    ...counts,
  ]
}

function wordsOf(html: string): string {
  return html.replaceAll(/<[^>]*>/g, '').trim()
}
