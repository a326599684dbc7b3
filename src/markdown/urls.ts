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

/** A safe URL as a CommonMark link destination; it holds no space, line break, unbalanced bracket or unseen character. */
export function linkDestination(url: string, options: { readonly cell: boolean }): string {
  const escaped = url
    .replace(/[\s<>\\`\p{Cf}\p{Default_Ignorable_Code_Point}]/gu, (character) => encodeURIComponent(character))
    .replace(/&(?=#?\w{1,32};)/g, '&amp;')
  const bracketed = isBalanced(escaped) ? escaped : escaped.replaceAll('(', '%28').replaceAll(')', '%29')
  return options.cell ? bracketed.replaceAll('|', '%7C') : bracketed
}

/** One level deep, which every reader of markdown allows in a destination. */
function isBalanced(url: string): boolean {
  let depth = 0
  for (const character of url) {
    if (character === '(') depth += 1
    if (character === ')') depth -= 1
    if (depth < 0 || depth > 1) return false
  }
  return depth === 0
}

const MAIL = /^[a-z0-9][a-z0-9.+-]{0,63}@[a-z0-9-]{1,63}(\.[a-z]{1,20}){1,4}$/i
const SITE = /^www(\.[a-z0-9-]{1,63}){1,5}$/i
const WEB = /^https?:\/\/[^\s<>\\]+$/i

/** A link that shows nothing but its address; `url` may be the encoded form. Written as the address alone. */
export function isOwnAddress(text: string, url: string): boolean {
  if (url.startsWith('mailto:')) return url.slice('mailto:'.length) === text && MAIL.test(text)
  return url.length >= text.length && WEB.test(text) && (url === text || url === encodeURI(text).replaceAll('%25', '%'))
}

/** A link that every reader makes of its text, which is `www.` and a domain, unless something touches it. */
export function isOwnSite(text: string, url: string): boolean {
  return url === `http://${text}` && SITE.test(text)
}
