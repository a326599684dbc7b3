/** Whether Intercom's HTML says what was sent: how it writes what it is sent is not known before it was read back. */
import { decodeHTML } from 'entities'
import { toHtml } from '../../markdown/to-html.ts'

/** Relative links lead nowhere outside, so they are looked for from nowhere. */
const NOWHERE = 'https://nowhere.invalid/'

export interface Sent {
  readonly title: string
  readonly markdown: string
}

/** The same title, the same words in the same order, and every link to the web. */
export function isLike(sent: Sent, now: { readonly title: string; readonly html: string }): boolean {
  return sent.title.trim() === now.title.trim() && saysTheSame(toHtml(sent.markdown, NOWHERE).html, now.html)
}

export function saysTheSame(sent: string, now: string): boolean {
  if (wordsOf(sent) !== wordsOf(now)) return false
  const links = new Set(linksOf(now))
  return linksOf(sent).every((link) => links.has(link) || link.startsWith(NOWHERE))
}

function wordsOf(html: string): string {
  return decodeHTML(html.replaceAll(/<[^>]*>/g, ' '))
    .normalize('NFKC')
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
}

function linksOf(html: string): readonly string[] {
  return [...html.matchAll(/<a\b[^>]*\bhref="(https?:[^"]*)"/gi)].map(([, link = '']) =>
    decodeHTML(link).replace(/\/$/, ''),
  )
}
