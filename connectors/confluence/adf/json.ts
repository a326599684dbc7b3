/**
 * The border of an ADF document: JSON of unknown shape, of which only own, well-typed fields are read.
 * https://developer.atlassian.com/cloud/jira/platform/apis/document/structure/
 */

export interface AdfNode {
  readonly type: string
  readonly attrs: unknown
  /** Not yet looked at: anything may stand in it. Null where the node has none. */
  readonly content: readonly unknown[] | null
  readonly marks: readonly unknown[]
  readonly text: string | null
}

/** Null for what has no type. */
export function readNode(value: unknown): AdfNode | null {
  const type = valueAt(value, 'type')
  if (typeof type !== 'string') return null
  const content = valueAt(value, 'content')
  const marks = valueAt(value, 'marks')
  const text = valueAt(value, 'text')
  return {
    type,
    attrs: valueAt(value, 'attrs'),
    content: Array.isArray(content) ? content : null,
    marks: Array.isArray(marks) ? marks : [],
    text: typeof text === 'string' ? text : null,
  }
}

/** The blocks of a document, given as JSON text or as what it says; null if it is no ADF document. */
export function readDocument(adf: unknown): readonly unknown[] | null {
  const root = readNode(typeof adf === 'string' ? parsed(adf) : adf)
  return root?.type === 'doc' ? root.content : null
}

/** An own field; undefined where there is none, or `value` is no object. */
export function valueAt(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined
}

/** Strings, and numbers as text; everything else is the empty string. */
export function stringAt(value: unknown, key: string): string {
  const found = valueAt(value, key)
  if (typeof found === 'string') return found
  return typeof found === 'number' && Number.isFinite(found) ? String(found) : ''
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
