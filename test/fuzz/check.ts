/** What must hold of whatever is converted. */

import MarkdownIt from 'markdown-it'
import type { LinkResolver, Rendered } from '../../connectors/confluence/render.ts'
import type { Body } from '../../src/core/document.ts'
import { UnsiloError } from '../../src/core/errors.ts'
import { site as plainSite } from '../fidelity/site.ts'
import { markdownWords, toHtml, visibleWords } from '../markdown/visible-text.ts'
import type { Format, Input } from './inputs.ts'
import { disagreement, lettersOf, type Reading } from './letters.ts'
import { readAdf } from './read-adf.ts'
import { readHtml } from './read-html.ts'
import { readStorage } from './read-storage.ts'

/** What is on trial; a test puts faulty ones in its place. */
export interface Subject {
  toMarkdown(body: Body): { readonly markdown: string }
  render(storage: string, links: LinkResolver): Rendered
  renderAdf(adf: unknown, links: LinkResolver): Rendered
}

export const KINDS = ['crash', 'slow', 'words', 'unsettled'] as const

export type Kind = (typeof KINDS)[number]

export interface Fault {
  readonly kind: Kind
  readonly detail: string
}

export interface Verdict {
  readonly faults: readonly Fault[]
  /** How the words were held against the page; `refused` where it is right that there are none. */
  readonly words: 'exactly' | 'in part' | 'refused' | 'not'
  /** Shown and read back, it was the same at once; null where it never came to that. */
  readonly isStable: boolean | null
  /** Processor time of the conversion. */
  readonly ms: number
}

/** Addresses can't say the half of a character. */
const site: LinkResolver = {
  ...plainSite,
  page: (target) => plainSite.page({ title: target.title.toWellFormed() }),
  attachment: (name) => plainSite.attachment(name.toWellFormed()),
}

/** What one conversion may take of a processor. */
export const MOST_MS = 2_000

export function check(subject: Subject, input: Input, mostMs = MOST_MS): Verdict {
  const faults: Fault[] = []
  const report = (kind: Kind, detail: string) => void faults.push({ kind, detail })
  let ms = 0
  let words: Verdict['words'] = 'not'
  let isStable: Verdict['isStable'] = null
  try {
    const started = process.threadCpuUsage()
    const markdown = convertedUnlessRefused(subject, input)
    ms = msSince(started)
    if (ms > mostMs) report('slow', `took ${Math.round(ms)} ms`)
    if (markdown === null) return { faults, words: 'refused', isStable, ms }
    const page = readingOf(input)
    const wrong =
      page === null ? 'took what is no document for one' : disagreement(page, wordsOf(input.format, markdown))
    words = page?.isExact === true ? 'exactly' : 'in part'
    if (wrong !== null) report('words', wrong)
    const { atOnce, change } = settling(subject, input.format, markdown)
    isStable = atOnce
    if (change !== null) report('unsettled', change)
  } catch (error) {
    report('crash', `${String(error)} ${error instanceof Error ? placeOf(error) : ''}`)
  }
  return { faults, words, isStable, ms }
}

/** As sync would convert it. */
export function convert({ toMarkdown, render, renderAdf }: Subject, { format, text }: Input): string {
  switch (format) {
    case 'html':
      return toMarkdown({ html: text }).markdown
    case 'markdown':
      return toMarkdown({ markdown: text }).markdown
    case 'storage':
      return toMarkdown(render(text, site)).markdown
    case 'adf':
      return toMarkdown(renderAdf(text, site)).markdown
  }
}

/** Of this thread, so that a busy machine is not a slow program. */
export function msSince(started: NodeJS.CpuUsage): number {
  const { user, system } = process.threadCpuUsage(started)
  return (user + system) / 1000
}

/** Null where an ADF body is rightly refused. */
function convertedUnlessRefused(subject: Subject, input: Input): string | null {
  try {
    return convert(subject, input)
  } catch (error) {
    const isRefusal = error instanceof UnsiloError && error.code === 'DOCUMENT_UNREADABLE'
    if (isRefusal && input.format === 'adf' && readAdf(input.text) === null) return null
    throw error
  }
}

function readingOf({ format, text }: Input): Reading | null {
  switch (format) {
    case 'html':
      return readHtml(text)
    case 'storage':
      return readStorage(text)
    case 'adf':
      return readAdf(text)
    case 'markdown':
      return readMarkdown(text)
  }
}

/** An author's own markdown is read as CommonMark says; marked reads some of it in ways of its own. */
function wordsOf(format: Format, markdown: string): readonly string[] {
  return format === 'markdown' ? visibleWords(new MarkdownIt({ html: true }).render(markdown)) : markdownWords(markdown)
}

/** Read without the characters that nobody sees, which are gone from the output and may have parted markup. */
function readMarkdown(markdown: string): Reading {
  const clean = markdown.toWellFormed().replace(/\r\n?/g, '\n').replaceAll('\0', '\uFFFD').replace(UNSEEN, '')
  const words = wordsOf('markdown', clean)
  // Some readers hide what follows an open comment.
  const isOpen = clean.lastIndexOf('<!--') > clean.lastIndexOf('-->')
  return { texts: words.map((text) => ({ text, isSure: true })), isExact: !isOpen, extras: [markdown], hidden: [] }
}

/** But for what is white space. */
const UNSEEN =
  /(?<![0-9#*](?=[\uFE0E\uFE0F]))(?![\t\n\r\f\x85\u2028\u2029])[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]/gu

interface Settling {
  readonly atOnce: boolean
  /** Where it goes on changing. */
  readonly change: string | null
}

/** Shown and read back, what came from a page may find its form once and then keeps it. */
function settling({ toMarkdown }: Subject, format: Format, output: string): Settling {
  const readBack = (markdown: string) => toMarkdown({ html: toHtml(markdown) }).markdown
  const again = format === 'markdown' ? toMarkdown({ markdown: output }).markdown : output
  if (again !== output) return { atOnce: false, change: differing(output, again) }
  // An author's own markdown has to be read as a page first.
  const first = format === 'markdown' ? readBack(output) : output
  const second = readBack(first)
  const third = second === first ? second : readBack(second)
  const isMisread = third !== second && [first, second].some(isReadInTwoWays)
  return { atOnce: second === first, change: third === second || isMisread ? null : differing(second, third) }
}

/** Then it is not the markdown's fault: marked loses, for one, `>` in code in a quote. */
function isReadInTwoWays(markdown: string): boolean {
  return lettersOf(markdownWords(markdown).join('')) !== lettersOf(wordsOf('markdown', markdown).join(''))
}

function differing(before: string, after: string): string {
  let at = 0
  while (at < before.length && before[at] === after[at]) at += 1
  const [was, is] = [before, after].map((text) => JSON.stringify(text.slice(Math.max(0, at - 20), at + 40)))
  return `was ${was}, is ${is}`
}

function placeOf({ stack = '' }: Error): string {
  return (/\n\s+at (.*)/.exec(stack)?.[1] ?? '').replace(/file:\/\/.*\/(?=src|connectors|test|node_modules)/, '')
}
