/** The review file: which tickets a person has let more people read, kept in git as entries that a diff shows whole. */
import { dump } from 'js-yaml'
import { z } from 'zod'
import { UnsiloError } from '../core/errors.ts'
import type { Approval, Approvals } from '../core/review.ts'
import { issueProblems } from './issues.ts'
import { configError, type Problem } from './problems.ts'
import { inputSchema } from './shape.ts'
import { parseYaml } from './yaml.ts'

export interface ReviewEntry extends Approval {
  /** Prefixed with the source's name. */
  readonly id: string
  /** The redacted one, for the people who read the file. */
  readonly title: string
  /** Why, in the words of whoever approved it. */
  readonly note?: string
}

const entrySchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9][a-z0-9-]*:./, 'expected the id as `unsilo review` shows it, such as support:1234'),
  level: z.enum(['customers', 'public']),
  hash: z.string().regex(/^[0-9a-f]{32}$/, 'expected the 32 hexadecimal digits that `unsilo review` writes'),
  title: z.string(),
  note: z.string().exactOptional(),
})

const fileSchema = z.strictObject({ tickets: z.array(entrySchema) })

const HEADER = `# Tickets that more people may read than staff. Written by \`unsilo review --approve ID\`, read by \`unsilo sync\`.
# An entry holds for the very text that was approved: when the ticket changes, or the entry goes, the ticket is staff's
# again. What a person wants to remember of an entry belongs into its \`note:\`; comments are not kept.
`

/**
 * The entries of a review file; none where there is no file. What can't be read is an error and never an empty list,
 * though that would only narrow: somebody meant something.
 */
export async function readReview(
  path: string,
  readFile: (path: string) => Promise<string>,
): Promise<readonly ReviewEntry[]> {
  const text = await textOf(path, readFile)
  return text === null ? [] : parseReview(text, path)
}

export function approvalsOf(entries: readonly ReviewEntry[]): Approvals {
  return new Map(entries.map(({ id, level, hash }) => [id, { level, hash }]))
}

/** In the order of ids, so that two people's entries meet in no other place of the file than they must. */
export function formatReview(entries: readonly ReviewEntry[]): string {
  const tickets = entries
    .toSorted((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0))
    .map(({ id, title, level, hash, note }) => ({ id, title, level, hash, ...(note !== undefined && { note }) }))
  return HEADER + dump({ tickets }, { lineWidth: -1, noRefs: true })
}

async function textOf(path: string, readFile: (path: string) => Promise<string>): Promise<string | null> {
  try {
    return await readFile(path)
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
    if (code === 'ENOENT') return null
    throw new UnsiloError('CONFIG_INVALID', `${path}: the review file can't be read${code ? ` (${code})` : ''}.`, {
      hint: 'Nothing was read or changed. Check its permissions, or name another with `review:` in the configuration.',
      cause,
    })
  }
}

function parseReview(text: string, path: string): readonly ReviewEntry[] {
  const yaml = parseYaml(text, path)
  if (yaml.value === null) return []
  const parsed = fileSchema.safeParse(yaml.value)
  if (!parsed.success) {
    throw configError(path, issueProblems(parsed.error.issues, { at: [], schema: inputSchema(fileSchema) }), yaml.lines)
  }
  const repeated = repeats(parsed.data.tickets)
  if (repeated.length > 0) throw configError(path, repeated, yaml.lines)
  return parsed.data.tickets
}

/** Of two entries for one ticket nobody can say which one holds. */
function repeats(entries: readonly ReviewEntry[]): readonly Problem[] {
  const known = new Set<string>()
  return entries.flatMap(({ id }, at) => {
    if (known.has(id)) return [{ path: ['tickets', String(at), 'id'], message: 'has an entry already, further up' }]
    known.add(id)
    return []
  })
}
