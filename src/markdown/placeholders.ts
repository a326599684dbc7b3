/**
 * Placeholders of what was redacted, such as `[EMAIL_1]`, in markdown: words in brackets, which a reader must not take for
 * a link, nor for the address that a link's name stands for.
 */

const SHAPE = String.raw`\[[A-Z_]{2,40}_\d{1,6}\]`
const AHEAD = new RegExp(SHAPE, 'y')
const BEHIND = new RegExp(`${SHAPE}$`)
/** Longer than any placeholder, and than the marks before a line's first word mostly are. */
const LONGEST = 100

const LINKING = new RegExp(`${SHAPE}(?=[(:])`, 'g')
/** `[name]: address` defines a link at the start of a paragraph, so in lists and quotes too. */
const LINE_START = /(?:^|\n)[ \t>*+.)\d-]*$/

/** Where the placeholder that begins at `offset` ends; null where none begins. */
export function placeholderEnd(text: string, offset: number): number | null {
  AHEAD.lastIndex = offset
  return AHEAD.test(text) ? AHEAD.lastIndex : null
}

export function endsPlaceholder(text: string, end: number): boolean {
  return BEHIND.test(text.slice(Math.max(0, end - LONGEST), end))
}

/**
 * Where a space has to go in, so that no placeholder becomes a link by what stands behind it.
 *
 * @param given the text before it was redacted, whose own links of such a name stay
 */
export function linkingPlaceholders(markdown: string, given: string): readonly number[] {
  const found = [...markdown.matchAll(LINKING)]
  if (found.length === 0) return []
  const own = new Set([...given.matchAll(LINKING)].map(([name]) => name))
  return found.flatMap(({ index, 0: name }) => {
    const end = index + name.length
    const before = markdown.slice(Math.max(0, index - LONGEST), index)
    return !own.has(name) && (markdown[end] === '(' || LINE_START.test(before)) ? [end] : []
  })
}
