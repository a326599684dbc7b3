/** Which resolved tickets are taken. */
import { z } from 'zod'
import { UnsiloError } from '../../src/core/errors.ts'
import type { Facts, Thread } from './thread.ts'

const names = z.array(z.string().trim().min(1)).min(1)

const ratings = ['good', 'neutral', 'bad', 'none'] as const

/** The keys of a configuration, the same for all providers. Put them into a strict object. */
export const filterKeys = {
  teams: names.optional().describe('Only tickets of these teams, by name'),
  tags: names.optional().describe('Only tickets with one of these tags'),
  withoutTags: names.optional().describe('No ticket with one of these tags'),
  brands: names.optional().describe('Only tickets of these brands, by name'),
  ratings: z
    .array(z.enum(ratings))
    .min(1)
    .optional()
    .describe('Only tickets that were rated so; none is without a rating'),
  maxAgeDays: z.int().positive().optional().describe('Only tickets that were resolved so many days ago at most'),
  minAgentReplies: z.int().min(1).default(1).describe('How many public answers by people of the team there must be'),
  fields: names.optional().describe('Fields of a ticket, by name, whose values become labels, such as the product'),
}

export type Filters = z.infer<z.ZodObject<typeof filterKeys>>

const DAY = 86_400_000

/** Why a ticket isn't taken, as far as that shows in a listing; null if it may be. */
export function unwanted(facts: Facts, filters: Filters, now: number): string | null {
  const { teams, tags, withoutTags, brands, ratings: wanted, maxAgeDays } = filters
  if (teams && !isAmong(facts.team, teams)) return 'of another team'
  if (brands && !isAmong(facts.brand, brands)) return 'of another brand'
  if (tags && !facts.tags.some((tag) => isAmong(tag, tags))) return 'without any of the tags'
  if (withoutTags && facts.tags.some((tag) => isAmong(tag, withoutTags))) return 'with a tag that is left out'
  if (wanted && !wanted.includes(facts.rating)) return `rated ${facts.rating}`
  if (maxAgeDays && Date.parse(facts.resolvedAt) < now - maxAgeDays * DAY) return 'resolved too long ago'
  return null
}

/** Why a ticket that was read isn't taken; null if it may be. */
export function tooFewReplies({ parts }: Pick<Thread, 'parts'>, { minAgentReplies }: Filters): string | null {
  const replies = parts.filter(({ author }) => author.role === 'agent').length
  if (replies >= minAgentReplies) return null
  return replies === 0 ? 'no public answer by a person' : `fewer than ${minAgentReplies} public answers by people`
}

/** A filter by a name that the help desk hasn't would make all tickets those of others, and remove them. */
export function requireNames(key: 'teams' | 'brands', wanted: readonly string[] = [], known: readonly string[]): void {
  const missing = wanted.find((name) => !isAmong(name, known))
  if (missing === undefined) return
  throw new UnsiloError('CONFIG_INVALID', `${key}: ${missing} does not exist, or the account may not see it`, {
    hint: 'Correct the name or remove it from the configuration. Nothing was removed.',
  })
}

function isAmong(name: string | null, wanted: readonly string[]): boolean {
  return name !== null && wanted.some((each) => each.toLowerCase() === name.toLowerCase())
}
