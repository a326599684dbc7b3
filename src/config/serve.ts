/** What the configuration says of `unsilo serve`: where it listens, whom it believes, and whom those may read as. */
import { z } from 'zod'
import { isPrincipal, type Principal } from '../core/access.ts'
import type { Json } from '../core/json.ts'
import { helpSchema } from './help.ts'
import type { Problem } from './problems.ts'
import { REFERENCE_PATTERN, type ReferenceSources, resolveReferences } from './references.ts'
import { REFERENCE_FIX } from './tokens.ts'

/** RFC 7518, section 3.2: a key of HS256 has at least the size of its hash. */
const SHORTEST_SECRET = 32
/** 30 days. */
const LONGEST_HOURS = 720

const principals = z.array(
  z
    .string()
    .refine((text): text is Principal => isPrincipal(text), 'expected user:… or group:…')
    .meta({ pattern: '^(user|group):.+$' }),
)

const origin = z
  .string()
  .refine(
    (text) => URL.parse(text)?.origin === text && /^https?:/.test(text),
    'expected an origin: https://example.com',
  )

const jwt = z.strictObject({
  secrets: z
    .array(
      z
        .string()
        .regex(new RegExp(REFERENCE_PATTERN), `is a secret and must not stand in the file; ${REFERENCE_FIX}`)
        .meta({ secret: true }),
    )
    .min(1)
    .max(10)
    .describe('What tokens are signed with (HS256), 32 bytes at least. While one is changed for another, both.'),
  audience: z.string().min(1).optional().describe('What `aud` of a token has to name. Without it: anything.'),
  maxHours: z
    .number()
    .int()
    .min(1)
    .max(LONGEST_HOURS)
    .default(24)
    .describe('How far away `exp` may be: a token that is good for longer is refused.'),
  as: principals.default([]).describe('What everybody with a good token reads as, beside user:ID.'),
  claims: z
    .record(z.string(), z.record(z.string(), principals))
    .default({})
    .describe('What else they read as: by claim, then by its value. Values that are not named here give nothing.'),
})

const token = z
  .strictObject({
    name: z.string().min(1).max(100).describe('Who has it, for your own eyes.'),
    hash: z
      .string()
      .regex(/^sha256:[0-9a-f]{64}$/, 'expected sha256: and 64 digits; `unsilo token` makes a token and prints it')
      .describe('Of the token, as `unsilo token` prints it. The token itself stands nowhere here.'),
    as: principals.default([]).describe('What who has it reads as, beside what is public.'),
    may: z
      .array(z.enum(['metrics']))
      .default([])
      .describe('What else: `metrics` reads figures of the server at /metrics.'),
  })
  .refine(({ as, may }) => as.length + may.length > 0, {
    path: ['as'],
    message: 'gives nothing: say what it reads as, or what it may',
  })

export const serveSchema = z
  .strictObject({
    host: z
      .string()
      .min(1)
      .default('127.0.0.1')
      .describe('The address to listen at. One that others can reach needs jwt or tokens.'),
    port: z.number().int().min(0).max(65_535).default(8787).describe('0 is any that is free.'),
    publicUrl: z
      .string()
      .refine(
        (text) => /^https?:/.test(URL.parse(text)?.protocol ?? '') && !/[?#]/.test(text),
        'expected an address without ? and #: https://help.example.com',
      )
      .optional()
      .describe('What readers reach this server by. Documents without an address of the web are cited below it.'),
    origins: z
      .array(origin)
      .default([])
      .describe(
        "Sites whose pages may ask from a browser, exactly: https://example.com. Without it: this server's own.",
      ),
    hosts: z
      .array(z.string().regex(/^[^\s/:@?#]+$/, 'expected a name without a port: help.example.com'))
      .default([])
      .describe(
        'What a proxy on this machine calls this server in `Host`, beside the host of publicUrl; any other name is refused at 127.0.0.1.',
      ),
    proxies: z
      .number()
      .int()
      .min(0)
      .max(10)
      .default(0)
      .describe('How many reverse proxies of yours stand in front, each adding to X-Forwarded-For.'),
    perMinute: z
      .number()
      .int()
      .min(1)
      .max(1_000_000)
      .default(300)
      .describe('Requests that one asker may make a minute.'),
    workers: z
      .number()
      .int()
      .min(1)
      .max(64)
      .optional()
      .describe('Threads that answer questions, where the index is a file. Without it: one a core, 8 at most.'),
    queue: z
      .number()
      .int()
      .min(1)
      .max(10_000)
      .optional()
      .describe(
        'Questions that may wait for a worker, of one asker half as many; who asks beyond that gets 503. Without it: 32 a worker.',
      ),
    jwt: jwt
      .optional()
      .describe('Users of your own app or of a messenger: HS256 tokens with `user_id` or `sub`, and `exp`.'),
    tokens: z.array(token).default([]).describe('Programs of yours, such as an AI or a back office.'),
    help: helpSchema,
  })
  .optional()
  .describe('`unsilo serve`, the HTTP API. Without it: at 127.0.0.1:8787, and only what is public.')

export type ServeConfig = NonNullable<z.output<typeof serveSchema>>

export interface FoundServe {
  readonly serve: ServeConfig
  readonly problems: readonly Problem[]
}

/** Its secrets resolved. What the file leaves out is as told above. */
export async function resolveServe(
  configured: z.output<typeof serveSchema>,
  sources: ReferenceSources,
): Promise<FoundServe> {
  const { value, problems } = await resolveReferences((configured ?? {}) as Json, ['serve'], sources)
  if (configured === undefined) return { serve: defaultServe(), problems }
  const serve = value as unknown as ServeConfig
  if (problems.length > 0) return { serve, problems }
  return { serve, problems: [...weakSecrets(serve), ...repeated(serve)] }
}

/** Where there is no configuration. */
export function defaultServe(): ServeConfig {
  return { host: '127.0.0.1', port: 8787, origins: [], hosts: [], proxies: 0, perMinute: 300, tokens: [] }
}

function weakSecrets({ jwt: configured }: ServeConfig): Problem[] {
  return (configured?.secrets ?? []).flatMap((secret, at) => {
    const bytes = Buffer.byteLength(secret)
    if (bytes >= SHORTEST_SECRET) return []
    const message = `stands for a secret of ${bytes} bytes, which can be guessed; it takes ${SHORTEST_SECRET} at least`
    return [{ path: ['serve', 'jwt', 'secrets', String(at)], message }]
  })
}

/** One hash for two names would make either of them the other. */
function repeated({ tokens }: ServeConfig): Problem[] {
  return tokens.flatMap(({ name, hash }, at) => {
    const before = tokens.slice(0, at)
    const same = before.some((other) => other.name === name) ? 'name' : 'hash'
    if (same === 'hash' && !before.some((other) => other.hash === hash)) return []
    return [{ path: ['serve', 'tokens', String(at), same], message: 'stands there twice' }]
  })
}
