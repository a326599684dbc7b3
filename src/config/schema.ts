/** The part of the configuration that belongs to unsilo itself; a connector's own keys stand beside it in a source. */
import { z } from 'zod'
import { isPrincipal, type Principal } from '../core/access.ts'
import { patternProblem } from '../redact/custom.ts'
import { embedderSchema } from './embedder.ts'
import { publishSchema } from './publish.ts'
import { REFERENCE_PATTERN } from './references.ts'
import { serveSchema } from './serve.ts'
import { synonymsSchema } from './synonyms.ts'
import { REFERENCE_FIX } from './tokens.ts'

export const DEFAULT_CONFIG = 'unsilo.config.yaml'
export const DEFAULT_INDEX = '.unsilo/index.db'
export const DEFAULT_REVIEW = 'review.yaml'
const SOURCE_NAME = /^[a-z0-9][a-z0-9-]*$/

const principal = z
  .string()
  .refine((text): text is Principal => isPrincipal(text), 'expected user:… or group:…')
  .meta({ pattern: '^(user|group):.+$' })

const redactPattern = z
  .strictObject({
    name: z
      .string()
      .describe('What it is. Its placeholder is made of it: customer number becomes [CUSTOMER_NUMBER_1].'),
    pattern: z.string().describe('A regular expression of JavaScript, case-insensitive, for parts of one line.'),
  })
  .superRefine((pattern, context) => {
    const problem = patternProblem(pattern)
    if (problem !== null) context.addIssue({ code: 'custom', path: [problem[0]], message: problem[1] })
  })

/** Keys of a source that are ours. Everything else in it is its connector's. */
export const commonSchema = z.object({
  connector: z.string().min(1).describe('Which kind of source this is.'),
  level: z
    .enum(['public', 'customers', 'staff'])
    .optional()
    .describe(
      'Who may read what the source itself does not restrict. customers is read by staff too. ' +
        'Without it: public for a help center, staff for all else.',
    ),
  principals: z
    .record(z.string(), z.array(principal))
    .default({})
    .describe(
      "What the source's groups and users are called here. A restricted document is read by the mapped ones; the others are dropped.",
    ),
  redact: z
    .union([z.boolean(), z.strictObject({ patterns: z.array(redactPattern) })])
    .optional()
    .describe(
      'Whether personal data is removed before anything is stored; with patterns, that and what these find. ' +
        'Without it: yes for tickets, no for all else.',
    ),
})

export const commonKeys: readonly string[] = Object.keys(commonSchema.shape)

const sourceName = z
  .string()
  .regex(SOURCE_NAME, 'a source name is lower-case letters, digits and hyphens, and starts with a letter or digit')

export const fileSchema = z.strictObject({
  $schema: z.string().optional().describe('Where an editor finds the description of this file.'),
  index: z
    .string()
    .min(1)
    .default(DEFAULT_INDEX)
    .describe(
      'Where the index is: a path relative to this file, sqlite:PATH, postgres://USER@HOST/DATABASE, opensearch://USER:PASSWORD@HOST:9200/NAME, or memory: for a trial.',
    ),
  review: z
    .string()
    .min(1)
    .default(DEFAULT_REVIEW)
    .describe('Where `unsilo review` writes which tickets more people may read: a path relative to this file.'),
  heartbeatUrl: z
    .string()
    .regex(new RegExp(REFERENCE_PATTERN), `is a secret and must not stand in the file; ${REFERENCE_FIX}`)
    .optional()
    .meta({ secret: true })
    .describe('Where `unsilo sync` says that it started and how it ended, in the way of healthchecks.io.'),
  embedder: embedderSchema,
  synonyms: synonymsSchema,
  serve: serveSchema,
  publish: publishSchema,
  sources: z
    .record(sourceName, z.looseObject({ connector: commonSchema.shape.connector }))
    .refine((sources) => Object.keys(sources).length > 0, 'names no source; add at least one')
    .describe('Named sources. The name is part of every document id: changing it makes all documents new.'),
})

export type FileSchema = z.output<typeof fileSchema>
