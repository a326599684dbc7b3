/**
 * Real help pages as HTML, for the corpus: the samples beside the repository where they are at hand, and the README files
 * of the installed packages, which always are.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { marked } from 'marked'
import { render } from '../../connectors/confluence/render.ts'
import { readInputs } from '../fidelity/inputs.ts'
import { site } from '../fidelity/site.ts'
import { type Corpus, type Page, randomFrom } from './corpus.ts'

const SAMPLES = resolve(import.meta.dirname, '../../../shared/samples')
const PACKAGES = resolve(import.meta.dirname, '../../node_modules')
/** Shorter ones are single macros, not pages. */
const SHORTEST_PAGE = 300
const QUESTIONS_ON_A_PAGE = 8

export function readCorpus(): Corpus {
  const origins: readonly (readonly [string, readonly Page[]])[] = [
    ['package READMEs', readmes()],
    ...(existsSync(SAMPLES) ? samples() : []),
  ]
  const kept = origins.map(([name, pages]) => [name, pages.filter(isPage)] as const)
  const pages = shuffled(kept.flatMap(([, pages]) => pages))
  const words = new Set(pages.flatMap(({ html }) => html.match(/(?<![</\w])\p{L}{4,}(?![^<]*>)/gu) ?? []))
  return { pages, words: [...words], origins: kept.map(([name, { length }]) => `${length} ${name}`) }
}

function readmes(): readonly Page[] {
  return readdirSync(PACKAGES, { recursive: true, encoding: 'utf8' })
    .filter((path) => /^readme\.md$/i.test(basename(path)))
    .sort()
    .map((path) => ({ title: path, html: toHtml(readFileSync(join(PACKAGES, path), 'utf8')) }))
}

function samples(): readonly (readonly [string, readonly Page[]])[] {
  return [
    ['Confluence pages', confluencePages()],
    ['French help pages', fiches()],
    ['Vue documentation pages', vuePages()],
    ['threads', threads()],
    ['FAQ pages', [...faq('helpcenter-html/covid-faq.jsonl'), ...faq('retrieval/cnil-faq-fr/corpus.jsonl')]],
  ]
}

function confluencePages(): readonly Page[] {
  const inputs = readInputs()?.inputs ?? []
  return inputs.map(({ name, storage }) => ({ title: name, html: render(storage, site).html }))
}

interface Fiche {
  readonly title: string
  readonly intro?: string
  readonly sections: readonly { readonly title: string; readonly html: string }[]
}

function fiches(): readonly Page[] {
  const folder = join(SAMPLES, 'helpcenter-html/fiches-travail-fr')
  return readdirSync(folder)
    .sort()
    .map((file) => {
      const { title, intro, sections }: Fiche = JSON.parse(readFileSync(join(folder, file), 'utf8'))
      const parts = sections.map((section) => `<h2>${section.title}</h2>\n${section.html}`)
      return { title, html: `${intro ?? ''}\n${parts.join('\n')}` }
    })
}

/** The collection holds a page's sections one by one. */
function vuePages(): readonly Page[] {
  const sections = lines('retrieval/vue-docs-fr2en/corpus.jsonl')
  const pages = Map.groupBy(sections, ({ path }) => path?.split('#')[0])
  return [...pages.values()].map((page) => {
    const texts = page.map(({ title = '', text = '' }) => `## ${title.split(' > ').at(-1)}\n\n${text}`)
    return { title: page[0]?.title ?? '', html: toHtml(texts.join('\n\n')) }
  })
}

/** Two questions with their answers a page, which is about a page's usual length. */
function threads(): readonly Page[] {
  const answers = lines('retrieval/stackfaq-en/corpus.jsonl')
  const pages = Map.groupBy(answers, ({ thread }) => Math.floor((thread ?? 0) / 2))
  return [...pages.values()].map((page) => ({
    title: page[0]?.title ?? '',
    html: page.map(({ title = '', text = '' }) => `<h2>${title}</h2>\n${toHtml(text)}`).join('\n'),
  }))
}

function faq(file: string): readonly Page[] {
  const entries = [...lines(file).entries()]
  const pages = Map.groupBy(entries, ([at]) => Math.floor(at / QUESTIONS_ON_A_PAGE))
  return [...pages.values()].map((page) => ({
    title: page[0]?.[1].title ?? 'Questions',
    html: page
      .map(([, { question, title, answer_html, text = '' }]) => {
        return `<h2>${question ?? title}</h2>\n${answer_html ?? toHtml(text)}`
      })
      .join('\n'),
  }))
}

interface Entry {
  readonly title?: string
  readonly text?: string
  readonly path?: string
  readonly thread?: number
  readonly question?: string
  readonly answer_html?: string
}

function lines(file: string): readonly Entry[] {
  const all = readFileSync(join(SAMPLES, file), 'utf8').split('\n')
  return all.filter((line) => line !== '').map((line): Entry => JSON.parse(line))
}

function isPage({ html }: Page): boolean {
  return html.length >= SHORTEST_PAGE
}

function toHtml(markdown: string): string {
  return marked.parse(markdown, { async: false })
}

function shuffled<T>(items: readonly T[]): readonly T[] {
  const random = randomFrom(0)
  const keyed = items.map((item) => ({ item, key: random() }))
  return keyed.sort((a, b) => a.key - b.key).map(({ item }) => item)
}
