/** Which link targets may stand in markdown, and how they are written there. */

const ALLOWED = new Set(['http:', 'https:', 'mailto:', 'tel:'])

/** Longer targets are payloads, not addresses. */
const MAX_LENGTH = 8_192

/** The target as a browser would read it, or null where it may run code or leaves the web. Relative targets are safe. */
export function safeUrl(raw: string): string | null {
  if (raw.length > MAX_LENGTH * 2) return null
  // Browsers ignore these anywhere in the scheme, so `java\nscript:` must not pass.
  const url = raw.replace(/[\0-\x1F\x7F-\x9F]/g, '').trim()
  if (url === '' || url.length > MAX_LENGTH) return null
  if (url.startsWith('//')) return `https:${url}`
  const scheme = /^[^/?#:]*:/.exec(url)?.[0].toLowerCase()
  return scheme === undefined || ALLOWED.has(scheme) ? url : null
}

/** A safe URL as a CommonMark link destination; it holds no space, line break or unbalanced bracket. */
export function linkDestination(url: string, options: { readonly cell: boolean }): string {
  const escaped = url
    .replace(/[\s<>\\`]/gu, (character) => encodeURIComponent(character))
    .replace(/[()]/g, '\\$&')
    .replace(/&(?=#?\w{1,32};)/g, '&amp;')
  return options.cell ? escaped.replaceAll('|', '%7C') : escaped
}
