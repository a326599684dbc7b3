/** What the configuration says of `unsilo publish`: which documents go where outside, and for whom. */
import { z } from 'zod'
import { isPrincipal, type Principal } from '../core/access.ts'
import type { Json } from '../core/json.ts'
import { isLoopback } from './embedder.ts'
import type { Problem } from './problems.ts'
import { REFERENCE_PATTERN, type ReferenceSources, resolveReferences } from './references.ts'
import { REFERENCE_FIX } from './tokens.ts'

const id = z.number().int().min(1).max(Number.MAX_SAFE_INTEGER)

const audience = z
  .array(
    z
      .string()
      .refine((text): text is Principal => isPrincipal(text), 'expected user:… or group:…')
      .meta({ pattern: '^(user|group):.+$' }),
  )
  .overwrite(eachOnce)
  .default([])

const source = z.string().min(1).describe('A source of this file, or one that the index holds.')

const rule = z.strictObject({
  collection: id.describe('The id of a collection of the Help Center.'),
  source,
  path: z
    .array(z.string().min(1))
    .default([])
    .describe('How the path of a document begins, such as [Handbook, Support]. Without it: all of the source.'),
})

const articles = z.strictObject({
  author: id.describe('The id of the teammate whom articles are by.'),
  as: audience.describe(
    'Who reads them: documents that one of these may read. Without it: what is public. For others than the public ' +
      'an article stays a draft while Intercom says that everyone sees it.',
  ),
  collections: z
    .array(rule)
    .min(1)
    .max(1000)
    .describe('Which documents go where; the first that fits counts. What fits none is not published.'),
  fin: z
    .boolean()
    .default(true)
    .describe('Whether Fin answers from the articles; its Sales Agent does from what everybody may read alone.'),
  copilot: z.boolean().default(true).describe('Whether Copilot answers from the articles.'),
  audiences: z
    .array(id)
    .overwrite(eachOnce)
    .default([])
    .describe(
      "The ids of Fin's audiences, who get answers from the articles. Needed where as names somebody, unless fin is " +
        'false. Without it: whom Intercom has them for.',
    ),
})

const pages = z.strictObject({
  source,
  url: z
    .string()
    .refine((text) => /^https?:$/.test(URL.parse(text)?.protocol ?? ''), 'expected an address: https://example.com')
    .describe("Where the source is, as Fin's library shows it."),
  as: audience.describe('Who gets answers from them. Without it: what is public.'),
  audiences: z
    .array(id)
    .overwrite(eachOnce)
    .default([])
    .describe("The ids of Fin's audiences. Needed where as names somebody: pages without one answer everybody."),
  agent: z.boolean().default(true).describe('Whether the AI Agent answers from the pages.'),
  copilot: z.boolean().default(true).describe('Whether Copilot answers from the pages.'),
})

const intercom = z.strictObject({
  region: z
    .enum(['us', 'eu', 'au'])
    .default('us')
    .describe('Where the workspace is hosted; a token works in its own region only.'),
  apiUrl: z.string().min(1).optional().describe('Where requests go, if not to the address of the region.'),
  token: z
    .string()
    .regex(new RegExp(REFERENCE_PATTERN), `is a secret and must not stand in the file; ${REFERENCE_FIX}`)
    .meta({ secret: true })
    .describe('An access token of an app in the workspace that may read and write articles, and Fin content.'),
  articles: articles.optional().describe('Articles of the Help Center, which the Help space shows.'),
  pages: z.array(pages).max(100).default([]).describe('External pages for Fin and Copilot: a list of sources.'),
})

export const publishSchema = z
  .strictObject({ intercom: intercom.optional().describe('`unsilo publish intercom`.') })
  .optional()
  .describe('Where `unsilo publish` brings documents.')

function eachOnce<T>(list: readonly T[]): T[] {
  return [...new Set(list)]
}

export type IntercomTarget = z.output<typeof intercom>
export type ArticlesTarget = z.output<typeof articles>
export type PagesTarget = z.output<typeof pages>

export interface FoundTarget {
  readonly target: IntercomTarget | null
  readonly problems: readonly Problem[]
}

/** Its secret resolved; null where the file names nothing. */
export async function resolveIntercom(
  configured: z.output<typeof publishSchema>,
  sources: ReferenceSources,
): Promise<FoundTarget> {
  const given = configured?.intercom
  if (given === undefined) return { target: null, problems: [] }
  const at = ['publish', 'intercom']
  const { value, problems } = await resolveReferences(given as Json, at, sources)
  const target = value as unknown as IntercomTarget
  if (problems.length > 0) return { target, problems }
  const found = [...addressProblems(target), ...tokenProblems(target), ...audienceProblems(target)]
  return { target, problems: found.map(({ path, message }) => ({ path: [...at, ...path], message })) }
}

function addressProblems({ apiUrl }: IntercomTarget): Problem[] {
  if (apiUrl === undefined) return []
  const url = URL.parse(apiUrl)
  if (url !== null && (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url)))) return []
  return [{ path: ['apiUrl'], message: 'must begin with https: (the token is sent to it)' }]
}

function tokenProblems({ token }: IntercomTarget): Problem[] {
  if (/^[\x20-\x7e]+$/.test(token)) return []
  return [{ path: ['token'], message: 'refers to what no token is: it must be the token alone, on one line, in ASCII' }]
}

/** Fail closed: what is not for everybody never goes where everybody gets it. */
function audienceProblems({ articles: texts, pages: list }: IntercomTarget): Problem[] {
  const open = list.flatMap(({ as, audiences }, index) => {
    if (as.length === 0 || audiences.length > 0) return []
    const message = 'is needed, since pages without an audience of Fin answer everybody'
    return [{ path: ['pages', String(index), 'audiences'], message }]
  })
  const repeated = list.flatMap((page, index) => {
    const isFirst = list.findIndex((other) => sameTarget(other, page)) === index
    return isFirst ? [] : [{ path: ['pages', String(index)], message: 'names a source and an audience a second time' }]
  })
  const empty = texts === undefined && list.length === 0
  const isOpen = texts !== undefined && texts.as.length > 0 && texts.fin && texts.audiences.length === 0
  const answered =
    'is needed, since Fin answers everybody from articles without an audience of its own; or set fin: false'
  return [
    ...(isOpen ? [{ path: ['articles', 'audiences'], message: answered }] : []),
    ...open,
    ...repeated,
    ...(empty ? [{ path: [], message: 'names neither articles nor pages' }] : []),
  ]
}

function sameTarget(a: PagesTarget, b: PagesTarget): boolean {
  return a.source === b.source && [...a.as].sort().join() === [...b.as].sort().join()
}
