/** zod's issues in words: the key, what is wrong with it, and what to write. Never the value. */
import { z } from 'zod'
import type { Problem } from './problems.ts'
import { type JsonSchema, knownKeys, nearest } from './shape.ts'

type Issue = z.core.$ZodIssue

export interface Describe {
  /** Where the parsed value stands in the file. */
  readonly at: readonly string[]
  readonly schema: JsonSchema
  /** Keys that are known at the top of the value beside the schema's own. */
  readonly alsoKnown?: readonly string[]
}

export function issueProblems(issues: readonly Issue[], describe: Describe): readonly Problem[] {
  return issues.flatMap((issue) => issueProblem(issue, [], describe))
}

function issueProblem(issue: Issue, above: readonly string[], describe: Describe): readonly Problem[] {
  const inside = [...above, ...issue.path.map(String)]
  const path = [...describe.at, ...inside]
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ path: [...path, key], message: unknownKey(key, inside, describe) }))
  }
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    return likeliest(issue.errors).flatMap((inner) => issueProblem(inner, inside, describe))
  }
  if (issue.code === 'invalid_key') return [{ path, message: issue.issues[0]?.message ?? issue.message }]
  return [{ path, message: words(issue) }]
}

function unknownKey(key: string, inside: readonly string[], { schema, alsoKnown = [] }: Describe): string {
  const known = [...knownKeys(schema, inside), ...(inside.length === 0 ? alsoKnown : [])]
  const meant = nearest(key, known)
  if (meant !== null) return `unknown key; did you mean ${meant}?`
  return known.length === 0 ? 'unknown key' : `unknown key; known here: ${known.join(', ')}`
}

/**
 * The branch of a union that came nearest: one of the value's own type, with the fewest things wrong, of several the one wrong
 * farther inside.
 */
function likeliest(branches: readonly (readonly Issue[])[]): readonly Issue[] {
  return branches.reduce((best, branch) => {
    const fewer = wrongs(best) - wrongs(branch)
    return fewer > 0 || (fewer === 0 && depth(branch) > depth(best)) ? branch : best
  })
}

const OF_ANOTHER_TYPE = 1000

function depth(issues: readonly Issue[]): number {
  return Math.max(...issues.map((issue) => issue.path.length))
}

function wrongs(issues: readonly Issue[]): number {
  return issues.reduce(
    (sum, issue) => sum + (issue.code === 'unrecognized_keys' ? issue.keys.length : weight(issue)),
    0,
  )
}

function weight({ code, path }: Issue): number {
  return code === 'invalid_type' && path.length === 0 ? OF_ANOTHER_TYPE : 1
}

function words(issue: Issue): string {
  if (issue.code === 'invalid_type' && issue.message.endsWith('received undefined')) {
    return `is missing; expected ${article(issue.expected)}`
  }
  if (issue.code === 'invalid_type') return `expected ${article(issue.expected)}`
  if (issue.code === 'invalid_value') return `expected one of ${issue.values.map(String).join(', ')}`
  return issue.message
}

function article(type: string): string {
  const names: Readonly<Record<string, string>> = {
    record: 'a mapping',
    object: 'a mapping',
    array: 'a list',
    int: 'a whole number',
  }
  return names[type] ?? (/^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`)
}

/** zod's own error, or null for one that a schema's code threw. */
export function zodIssues(thrown: unknown): readonly Issue[] | null {
  return thrown instanceof z.core.$ZodError ? thrown.issues : null
}
