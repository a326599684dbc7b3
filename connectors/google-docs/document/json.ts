/**
 * The border of a document: JSON of unknown shape and depth, of which only own, well-typed fields are read.
 * https://developers.google.com/workspace/docs/api/reference/rest/v1/documents
 */

/** An own field; undefined where there is none, or `value` is no object. A path of keys goes down. */
export function valueAt(value: unknown, ...keys: readonly string[]): unknown {
  let found = value
  for (const key of keys) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, key)) return undefined
    found = Reflect.get(found, key)
  }
  return found
}

/** The empty string where there is no text. */
export function textAt(value: unknown, ...keys: readonly string[]): string {
  const found = valueAt(value, ...keys)
  return typeof found === 'string' ? found : ''
}

/** Empty where there is no list. */
export function listAt(value: unknown, ...keys: readonly string[]): readonly unknown[] {
  const found = valueAt(value, ...keys)
  return Array.isArray(found) ? found : []
}

/** A whole number, brought between `least` and `most`; `least` where there is none. */
export function countAt(value: unknown, key: string, least: number, most: number): number {
  const found = valueAt(value, key)
  return typeof found === 'number' && Number.isInteger(found) ? Math.min(Math.max(found, least), most) : least
}

/** Proposed by somebody and not accepted: no part of the document yet. */
export function isSuggested(value: unknown): boolean {
  return listAt(value, 'suggestedInsertionIds').length > 0 || textAt(value, 'suggestedInsertionId') !== ''
}
