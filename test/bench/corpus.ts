/**
 * Real help pages as HTML, and seeded copies of them in any number: the samples beside the repository where they are at
 * hand, and the README files of the installed packages, which always are.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { marked } from 'marked'
import { render } from '../../connectors/confluence/render.ts'
import { readInputs } from '../fidelity/inputs.ts'
import { site } from '../fidelity/site.ts'

export interface Page {
  readonly title: string
  readonly html: string
}

export interface Corpus {
  /** In a fixed order that mixes the origins. */
  readonly pages: readonly Page[]
  /** The distinct words of all pages, for the copies. */
  readonly words: readonly string[]
  /** What there is of each origin, for people. */
  readonly origins: readonly string[]
}

const SAMPLES = resolve(import.meta.dirname, '../../../shared/samples')
const PACKAGES = resolve(import.meta.dirname, '../../node_modules')
/** Shorter ones are single macros, not pages. */
const SHORTEST_PAGE = 300
const QUESTIONS_ON_A_PAGE = 8

const TAG_ENTITY_OR_WORD = /<[^>]*>|&[#\w]+;|\p{L}{4,}/gu
const SHARE_SWAPPED = 0.08
const SHARE_NEW = 0.04

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

/** For the other processes: to read all the origins takes as long as some of what is measured. */
export function saveCorpus(corpus: Corpus, path: string): void {
  writeFileSync(path, JSON.stringify(corpus))
}

export function loadCorpus(path: string): Corpus {
  return JSON.parse(readFileSync(path, 'utf8'))
}

/**
 * The page number `index`, the same at every call, the originals again and again with other words: 8 % are swapped for
 * words of other pages and 4 % for words seen nowhere, as a growing collection goes on to bring new ones.
 */
export function copyOf({ pages, words }: Corpus, index: number): Page {
  const { title, html } = pages[index % pages.length] as Page
  const random = randomFrom(index + 1)
  const altered = html.replace(TAG_ENTITY_OR_WORD, (found) => {
    if (found.startsWith('<') || found.startsWith('&')) return found
    const chance = random()
    if (chance < SHARE_NEW) return [...found].sort(() => random() - 0.5).join('')
    return chance < SHARE_NEW + SHARE_SWAPPED ? (words[Math.floor(random() * words.length)] ?? found) : found
  })
  return { title: `${title} ${index}`, html: altered }
}

export function* copies(corpus: Corpus, from: number, count: number): Generator<Page> {
  for (let index = from; index < from + count; index++) yield copyOf(corpus, index)
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

/** Mulberry32: numbers from 0 to 1, the same for the same seed. */
function randomFrom(seed: number): () => number {
  let state = Math.imul(seed, 0x9e3779b1)
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}
