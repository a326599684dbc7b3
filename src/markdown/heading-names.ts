/** Names of headings, for links into a page: made of what they say, the same for the same page, and each only once. */

export interface HeadingNames {
  /** For the heading that comes next. */
  next(text: string): string
  /** A link to the heading that somebody else's link into the page means. Headings behind it are known by then. */
  anchor(fragment: string): string | null
}

/** In front of each, so that no page can give its parts a name that the page around it uses. */
const PREFIX = 'h-'
const LONGEST = 80

export function headingNames(): HeadingNames {
  const counts = new Map<string, number>()
  const names = new Set<string>()

  function next(text: string): string {
    const name = PREFIX + nameOf(text)
    const count = (counts.get(name) ?? 0) + 1
    counts.set(name, count)
    const numbered = count === 1 ? name : `${name}-${count}`
    if (names.has(numbered)) return next(text)
    names.add(numbered)
    return numbered
  }

  return {
    next,
    anchor(fragment) {
      const name = PREFIX + nameOf(decoded(fragment))
      return names.has(name) ? `#${encodeURIComponent(name)}` : null
    },
  }
}

/** Letters and digits of any language, and single hyphens. */
function nameOf(text: string): string {
  const words =
    text
      .normalize('NFC')
      .toLowerCase()
      .match(/[\p{L}\p{N}\p{M}]+/gu) ?? []
  return words.join('-').slice(0, LONGEST).toWellFormed() || 'section'
}

function decoded(fragment: string): string {
  try {
    return decodeURIComponent(fragment)
  } catch {
    return fragment
  }
}
