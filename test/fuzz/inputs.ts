/** Input number n of a seed: a sample, changed as its grammar suggests. The same wherever there are the same samples. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { marked } from 'marked'
import { readInputs } from '../fidelity/inputs.ts'
import { mutateAdf } from './mutate-adf.ts'
import { mutateMarkdown } from './mutate-markdown.ts'
import { mutateMarkup } from './mutate-markup.ts'
import { randomFrom } from './random.ts'

export const FORMATS = ['html', 'storage', 'adf', 'markdown'] as const

export type Format = (typeof FORMATS)[number]

export interface Input {
  readonly format: Format
  readonly text: string
}

export interface Corpus {
  readonly origin: string
  /** ADF as JSON text. At least one of each. */
  readonly samples: Readonly<Record<Format, readonly string[]>>
}

export function formatAt(index: number): Format {
  return FORMATS[index % FORMATS.length] ?? 'html'
}

export function inputAt({ samples }: Corpus, seed: number, index: number): Input {
  const random = randomFrom(seed, index)
  const format = formatAt(index)
  const sample = random.pick(samples[format])
  const other = random.pick(samples[format])
  switch (format) {
    case 'adf':
      return { format, text: mutateAdf(sample, other, random) }
    case 'markdown':
      return { format, text: mutateMarkdown(sample, other, random) }
    default:
      return { format, text: mutateMarkup(sample, other, format, random) }
  }
}

const ROOT = resolve(import.meta.dirname, '../..')
const SAMPLES = resolve(ROOT, '../shared/samples')
const HTML_FOLDERS = `helpcenter-html intercom zendesk gdocs/html-export confluence/rendered-html
  confluence/html-space-export`.split(/\s+/)
const MARKDOWN_FOLDERS = ['confluence', 'gdocs', 'retrieval']
/** Of a collection of texts; more of one kind bring nothing new. */
const MOST_OF_A_FILE = 150

/** Samples of real pages where they are at hand, else what the repository holds itself. */
export function readCorpus(source: 'samples' | 'fixtures' = 'samples'): Corpus {
  const isAtHand = source === 'samples' && existsSync(SAMPLES)
  const { html, storage, adf, markdown } = isAtHand ? fromSamples() : fromFixtures()
  const samples = { html: [...new Set(html)], storage: [...new Set(storage)], adf, markdown: [...new Set(markdown)] }
  return { origin: isAtHand ? '../shared/samples' : 'fixtures', samples }
}

function fromSamples(): Corpus['samples'] {
  const html = HTML_FOLDERS.flatMap((folder) => texts(join(SAMPLES, folder)))
  const markdown = MARKDOWN_FOLDERS.flatMap((folder) => texts(join(SAMPLES, folder)))
  const documents = filesBelow(join(SAMPLES, 'confluence/adf')).filter((file) => file.endsWith('.json'))
  return {
    html: html.filter((text) => /<[a-z]+[\s>/]/i.test(text)),
    storage: (readInputs()?.inputs ?? []).map((input) => input.storage),
    adf: [...documents.flatMap((file) => documentIn(JSON.parse(readFileSync(file, 'utf8')))), ADF],
    markdown: markdown.filter(isMarkdown),
  }
}

function fromFixtures(): Corpus['samples'] {
  const found = texts(join(ROOT, 'fixtures'))
  const markdown = found.filter(isMarkdown)
  return {
    html: markdown.map((text) => marked.parse(text, { async: false, gfm: true })),
    storage: found.filter((text) => /<(?:ac:|p>|h[1-6]|table|ul)/.test(text) && !isMarkdown(text)),
    adf: [ADF],
    markdown,
  }
}

function isMarkdown(text: string): boolean {
  return /^(?:#{1,6} |[-*] |```|\|.*\|$|>)/m.test(text) && !/^\s*[<{]/.test(text)
}

/** Whole files, and every string that a JSON file holds. */
function texts(folder: string): string[] {
  return filesBelow(folder).flatMap((file) => {
    const text = readFileSync(file, 'utf8')
    if (/\.(?:html|xhtml|md)$/.test(file)) return [text]
    if (!/\.jsonl?$/.test(file)) return []
    const lines = file.endsWith('l') ? text.split('\n').filter((line) => line !== '') : [text]
    return lines.slice(0, MOST_OF_A_FILE).flatMap((line) => stringsIn(JSON.parse(line)))
  })
}

function stringsIn(value: unknown): string[] {
  if (typeof value === 'string') return value.length > 20 ? [value] : []
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(stringsIn) : []
}

/** A node on its own stands in a document of its own. */
function documentIn(value: unknown): string[] {
  const type = typeof value === 'object' && value !== null ? Reflect.get(value, 'type') : undefined
  if (typeof type !== 'string') return []
  return [JSON.stringify(type === 'doc' ? value : { type: 'doc', version: 1, content: [value] })]
}

function filesBelow(folder: string): string[] {
  const entries = existsSync(folder) ? readdirSync(folder, { recursive: true, withFileTypes: true }) : []
  const files = entries.filter((entry) => entry.isFile() && !/^(?:README|LICEN[CS]ES?)/.test(entry.name))
  return files.map((entry) => join(entry.parentPath, entry.name)).sort()
}

const text = (words: string, ...marks: readonly unknown[]) => ({ type: 'text', text: words, marks })
const node = (type: string, attrs: object, ...content: readonly unknown[]) => ({ type, attrs, content })
const paragraph = (words: string) => node('paragraph', {}, text(words))

/** For where no real one is at hand. */
const ADF = JSON.stringify(
  node(
    'doc',
    {},
    node('heading', { level: 2 }, text('Release notes')),
    node('paragraph', {}, text('Read '), text('the guide', { type: 'link', attrs: { href: 'https://e.com/guide' } })),
    node('paragraph', {}, node('emoji', { text: '😄' }), node('status', { text: 'Open' }), node('hardBreak', {})),
    node('orderedList', { order: 3 }, node('listItem', {}, paragraph('third item'))),
    node('taskList', {}, node('taskItem', { state: 'DONE' }, text('a task'))),
    node('codeBlock', { language: 'js' }, text('let a = 1\nlet b')),
    node('panel', { panelType: 'warning' }, paragraph('careful')),
    node('expand', { title: 'More' }, node('blockquote', {}, paragraph('quoted words'))),
    node('table', {}, node('tableRow', {}, node('tableHeader', {}, paragraph('Key')), node('tableCell', {}))),
    node('mediaSingle', {}, node('media', { type: 'external', url: 'https://e.com/i.png', alt: 'a picture' })),
    node('bodiedExtension', { extensionKey: 'excerpt' }, paragraph('an excerpt')),
  ),
)
