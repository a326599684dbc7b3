/**
 * The two files by which a language model finds its way in a folder of markdown: `llms.txt`, which lists it by section, and
 * `llms-full.txt`, which holds all of it (https://llmstxt.org).
 */
import type { Head } from '../../core/document.ts'
import { plainLine } from '../../core/plain.ts'

export const LIST = 'llms.txt'
export const FULL = 'llms-full.txt'

export interface Cover {
  readonly title: string
  readonly summary: string | undefined
  /** Where the folder will be read, ending with a slash; `''` keeps links relative. */
  readonly base: string
}

/** What is told of a document in full. */
export interface Told {
  readonly head: Pick<Head, 'title' | 'url'>
  readonly markdown: string
}

/** What is listed of a document. */
export interface Listed {
  readonly section: string
  readonly title: string
  /** Below the folder. */
  readonly file: string
  /** Where it stands within its section. */
  readonly place: string
}

interface Standing {
  readonly head: Pick<Head, 'title' | 'path'>
  readonly source: string
}

export function listed({ head, source }: Standing, file: string): Listed {
  const [section = source, ...place] = head.path.map(plainLine).filter((name) => name !== '')
  return { section, title: plainLine(head.title) || 'Untitled', file, place: place.join(' > ') }
}

export function formatList(cover: Cover, documents: readonly Listed[]): string {
  const sections = Map.groupBy(documents.toSorted(byPlace), ({ section }) => section)
  const parts = [...sections].map(
    ([section, all]) => `## ${escaped(section)}\n\n${all.map((one) => lineOf(one, cover)).join('')}`,
  )
  return [opening(cover), ...parts].join('\n')
}

/** In parts: all of it may be more than fits in memory. */
export async function* formatFull(cover: Cover, documents: AsyncIterable<Told>): AsyncGenerator<string> {
  yield opening(cover)
  for await (const { head, markdown } of documents) {
    const url = head.url.replaceAll(/[<>\s]/g, encodeURIComponent)
    const address = /^https?:/i.test(url) ? `\n\nSource: <${url}>` : ''
    yield `\n# ${escaped(plainLine(head.title) || 'Untitled')}${address}\n\n${markdown.trim()}\n`
  }
}

function opening({ title, summary }: Cover): string {
  return `# ${escaped(plainLine(title))}\n${summary === undefined ? '' : `\n> ${escaped(plainLine(summary))}\n`}`
}

function lineOf({ title, file, place }: Listed, { base }: Cover): string {
  return `- [${escaped(title)}](${base}${file})${place === '' ? '' : `: ${escaped(place)}`}\n`
}

function byPlace(a: Listed, b: Listed): number {
  return (
    compare(a.section, b.section) || compare(a.place, b.place) || compare(a.title, b.title) || compare(a.file, b.file)
  )
}

/** By code units: the same order on every machine. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function escaped(text: string): string {
  return text.replaceAll(/[\\[\]<>*_`#]/g, String.raw`\$&`)
}
