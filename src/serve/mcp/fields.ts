/** Fields that several tools are asked with. */
import { z } from 'zod'

/** As much as Intercom's own search takes. */
const LONGEST_QUESTION = 500

export const question = z
  .string()
  .trim()
  .min(1)
  .max(LONGEST_QUESTION)
  .describe('A question or words to look for, in any language the documents are in.')

/** Which documents are asked, beside those that the asker may read. */
export const filters = {
  sources: listOf(z.string().min(1).max(100)).describe(
    'Only documents of these sources, as `list_sources` names them.',
  ),
  kinds: listOf(z.enum(['page', 'article', 'doc', 'ticket'])).describe('Only documents of these kinds.'),
  locales: listOf(z.string().min(1).max(35)).describe('Only documents in these languages: `en` is `en-GB` too.'),
  labels: listOf(z.string().min(1).max(200)).describe('Only documents that have one of these labels.'),
  updated_since: z
    .string()
    .max(40)
    .optional()
    .describe(
      'Only documents changed then or later: a date such as 2026-01-31, or a time such as 2026-01-31T12:00:00Z.',
    ),
}

function listOf<T extends z.ZodType>(item: T) {
  return z.array(item).min(1).max(50).optional()
}
