/** Who asks, and of which documents: the same for every driver, and for who looks at their answers once more. */
import { canRead } from './access.ts'
import type { Head } from './document.ts'
import type { Reader } from './store.ts'

/** What decides whether a document is for a reader. */
export interface Asked {
  readonly head: Head
  readonly source: string
  /** Of the text: what a document without a locale is in. */
  readonly language: string
}

export function isFor({ head, source, language }: Asked, reader: Reader): boolean {
  const { as, sources, kinds, locales, labels, updatedSince } = reader
  if (!canRead(head.access, as)) return false
  if (sources?.includes(source) === false || kinds?.includes(head.kind) === false) return false
  if (locales?.some((range) => isWithin(localeOf(head, language), range)) === false) return false
  if (labels?.some((label) => head.labels?.includes(label)) === false) return false
  return updatedSince === undefined || Date.parse(head.updatedAt) >= Date.parse(updatedSince)
}

/** What a document is found by, in lower case. */
export function localeOf({ locale }: Pick<Head, 'locale'>, language: string): string {
  return (locale ?? language).toLowerCase()
}

/** A reader of whom something may be left open. */
export type Asking = Pick<Reader, 'as'> & { readonly [Key in keyof Reader]?: Reader[Key] | undefined }

/** The reader alone of what asks for more. */
export function readerOf({ as, sources, kinds, locales, labels, updatedSince }: Asking): Reader {
  return {
    as,
    ...(sources && { sources }),
    ...(kinds && { kinds }),
    ...(locales && { locales }),
    ...(labels && { labels }),
    ...(updatedSince !== undefined && { updatedSince }),
  }
}

/** `en` is `en-GB` too (https://www.rfc-editor.org/rfc/rfc4647#section-3.3.1). */
function isWithin(locale: string, range: string): boolean {
  const asked = range.toLowerCase()
  return locale === asked || locale.startsWith(`${asked}-`)
}
