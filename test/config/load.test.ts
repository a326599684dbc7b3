import { resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { indexLocation, type LoadOptions, loadConfig, outlineConfig } from '../../src/config/load.ts'
import type { Connector } from '../../src/core/connector.ts'
import { asUnsiloError, type UnsiloError } from '../../src/core/errors.ts'

const silo = z.strictObject({
  baseUrl: z.url(),
  spaces: z.array(z.string()).min(1),
  pageSize: z.int().optional(),
  auth: z.union([
    z.strictObject({ email: z.string(), apiToken: z.string().meta({ secret: true }) }),
    z.strictObject({ bearer: z.string().meta({ secret: true }) }),
  ]),
})

const connector: Connector = {
  name: 'silo',
  config: silo,
  cursor: z.null(),
  async *pull() {},
}

const connectors = { silo: async () => connector }

const ENV = { SITE: 'acme', TOKEN: 'canary-token-1', EMPTY: '' }

function options(text: string, more: Partial<LoadOptions> = {}): LoadOptions {
  return { path: '/etc/unsilo/unsilo.config.yaml', text, env: ENV, readFile, connectors, ...more }
}

async function readFile(path: string): Promise<string> {
  if (path === resolve('/etc/unsilo/token.txt')) return 'canary-token-2\r\n'
  throw Object.assign(new Error('no such file'), { code: 'ENOENT' })
}

async function failure(work: Promise<unknown>): Promise<UnsiloError> {
  return await work.then(() => expect.unreachable('it was accepted'), asUnsiloError)
}

const GOOD = `
index: data/index.db
sources:
  wiki:
    connector: silo
    level: customers
    principals: { "group:eng": [group:engineering] }
    baseUrl: https://\${env:SITE}.example.com
    spaces: [A, B]
    auth: { email: a@b.example, apiToken: "\${env:TOKEN}" }
  help:
    connector: silo
    baseUrl: https://help.example.com
    spaces: [C]
    auth: { bearer: "\${file:token.txt}" }
`

describe('redaction and review', () => {
  const source = (more: string): string =>
    `sources:\n  wiki:\n    connector: silo\n    baseUrl: https://a.example\n    spaces: [A]\n    auth: { bearer: "\${env:TOKEN}" }\n${more}`
  const policy = async (more: string, own: Partial<Connector> = {}) => {
    const silos = { silo: async () => ({ ...connector, ...own }) }
    return (await loadConfig(options(source(more), { connectors: silos }))).sources[0]?.redact
  }

  test('is what the source says, or what its connector asks for', async () => {
    const patterns = [{ name: 'customer number', pattern: 'KD-\\d{6}' }]

    expect(await policy('')).toBeNull()
    expect(await policy('', { redact: true })).toEqual({ patterns: [] })
    expect(await policy('    redact: false', { redact: true })).toBeNull()
    expect(await policy('    redact: true')).toEqual({ patterns: [] })
    expect(await policy(`    redact: { patterns: [{ name: customer number, pattern: 'KD-\\d{6}' }] }`)).toEqual({
      patterns,
    })
  })

  test.each([
    [
      'no regular expression',
      "{ name: customer, pattern: 'KD-(' }",
      /:7: sources\.wiki\.redact\.patterns\.0\.pattern: is no usable regular expression: Unterminated group/,
    ],
    ['one that matches nothing', "{ name: customer, pattern: 'K*' }", /patterns\.0\.pattern: .* matches an empty text/],
    ['a name that makes no placeholder', "{ name: '42', pattern: 'K' }", /patterns\.0\.name: makes no placeholder/],
    ['no name', "{ pattern: 'K' }", /patterns\.0\.name: is missing/],
    ['an unknown key', "{ name: customer, pattern: 'K', flags: i }", /patterns\.0\.flags: unknown key/],
  ])('%s is refused where it stands', async (_, pattern, message) => {
    const error = await failure(policy(`    redact: { patterns: [${pattern}] }`))

    expect([error.code, error.message]).toEqual(['CONFIG_INVALID', expect.stringMatching(message)])
  })

  test('the review file stands beside the configuration, or where that says', async () => {
    const reads: string[] = []
    const read = async (path: string): Promise<string> => {
      reads.push(path)
      return `tickets:\n  - { id: "wiki:1", title: T, level: public, hash: "${'0'.repeat(32)}" }\n`
    }

    const { approvals } = await loadConfig(options(source(''), { readFile: read }))
    await loadConfig(options(`review: shared/open.yaml\n${source('')}`, { readFile: read }))

    expect([...approvals.keys()]).toEqual(['wiki:1'])
    expect(reads).toEqual([resolve('/etc/unsilo/review.yaml'), resolve('/etc/unsilo/shared/open.yaml')])
  })
})

describe('a good configuration', () => {
  test('has its references resolved, its paths absolute and its access settings apart', async () => {
    const { index, sources } = await loadConfig(options(GOOD))

    expect(index).toBe(resolve('/etc/unsilo/data/index.db'))
    expect(sources.map(({ name, access }) => [name, access])).toEqual([
      ['wiki', { level: 'customers', principals: { 'group:eng': ['group:engineering'] } }],
      ['help', { level: 'staff', principals: {} }],
    ])
    expect(sources[0]?.config).toEqual({
      baseUrl: 'https://acme.example.com',
      spaces: ['A', 'B'],
      auth: { email: 'a@b.example', apiToken: 'canary-token-1' },
    })
  })

  test('tells which resolved values are secrets, and keeps what was written apart from them', async () => {
    const { sources } = await loadConfig(options(GOOD))

    expect(sources.map(({ secrets }) => secrets)).toEqual([['canary-token-1'], ['canary-token-2']])
    expect(JSON.stringify(sources.map(({ raw }) => raw))).not.toContain('canary')
    expect(sources[1]?.raw).toMatchObject({ connector: 'silo', auth: { bearer: reference('file:token.txt') } })
  })

  test('can be kept for a replay, which needs neither the token nor the account, and everything else', async () => {
    const written = GOOD.replace('email: a@b.example', `email: "${reference('env:ACCOUNT')}"`)
    const { sources } = await loadConfig(options(written, { env: { ...ENV, ACCOUNT: 'ana@example.com' } }))
    const kept = JSON.stringify({ sources: { wiki: sources[0]?.raw } })
    const replay = await loadConfig(options(kept, { withoutSecrets: true, env: {}, readFile: noFile }))

    expect(kept).not.toContain('ana@example.com')
    expect(replay.sources[0]?.config).toMatchObject({ baseUrl: 'https://acme.example.com', spaces: ['A', 'B'] })
  })

  test('needs only the credentials of the sources asked for, none for a replay, none for its outline', async () => {
    const one = await loadConfig(options(GOOD, { only: ['help'], env: {} }))
    const replay = await loadConfig(options(GOOD, { withoutSecrets: true, env: { SITE: 'acme' }, readFile: noFile }))
    const outline = await outlineConfig(options(GOOD, { env: {} }))

    expect(one.sources.map(({ name }) => name)).toEqual(['help'])
    expect(replay.sources.flatMap(({ secrets }) => secrets)).toEqual([])
    expect(outline.sources).toEqual([
      { name: 'wiki', connector: 'silo' },
      { name: 'help', connector: 'silo' },
    ])
  })
})

const source = (lines: string): string => `sources:\n  wiki:\n${lines.replaceAll(/^/gm, '    ')}\n`
const valid = 'connector: silo\nbaseUrl: https://x.example\nspaces: [A]'
const auth = 'auth: { bearer: "${' + 'env:TOKEN}" }'

test.each([
  [
    'an unknown key',
    source(`${valid}\n${auth}\nspacse: [B]`),
    /:7: sources\.wiki\.spacse: unknown key; did you mean spaces\?/,
  ],
  [
    'an unknown key of ours',
    source(`${valid}\n${auth}\nlevle: staff`),
    /sources\.wiki\.levle: unknown key; did you mean level\?/,
  ],
  [
    'an unknown key at the top',
    `indx: a\n${source(`${valid}\n${auth}`)}`,
    /:1: indx: unknown key; did you mean index\?/,
  ],
  [
    'an unknown key inside a union',
    source(`${valid}\nauth: { email: a, apiTokn: "${reference('env:TOKEN')}" }`),
    /sources\.wiki\.auth\.apiTokn: unknown key; did you mean apiToken\?/,
  ],
  [
    'an unknown key where a mapping may stand for a truth value',
    source(`${valid}\n${auth}\nredact: { pattern: [] }`),
    /sources\.wiki\.redact\.pattern: unknown key; did you mean patterns\?/,
  ],
  [
    'a missing key',
    source(`connector: silo\nspaces: [A]\n${auth}`),
    /:2: sources\.wiki\.baseUrl: is missing; expected a string/,
  ],
  ['a wrong type', source(`${valid}\n${auth}\npageSize: many`), /sources\.wiki\.pageSize: expected a number/],
  [
    'a wrong level',
    source(`${valid}\n${auth}\nlevel: all`),
    /sources\.wiki\.level: expected one of public, customers, staff/,
  ],
  [
    'a principal that is none',
    source(`${valid}\n${auth}\nprincipals: { a: [engineering] }`),
    /sources\.wiki\.principals\.a\.0: expected user:… or group:…/,
  ],
  [
    'an unknown connector',
    source(`connector: silos\n${auth}`),
    /:3: sources\.wiki\.connector: unknown connector; did you mean silo\?/,
  ],
  [
    'a connector named like a property of every object',
    source('connector: constructor'),
    /unknown connector; known: silo/,
  ],
  [
    'a bad source name',
    'sources:\n  "My Wiki":\n    connector: silo\n',
    /sources\.My Wiki: a source name is lower-case/,
  ],
  ['no source', 'sources: {}\n', /sources: names no source/],
  ['an empty file', '', /expected a mapping/],
  [
    'a missing variable',
    source(`${valid}\nauth: { bearer: "${reference('env:NOPE')}" }`),
    /:6: sources\.wiki\.auth\.bearer: the environment variable NOPE is not set/,
  ],
  [
    'an empty variable',
    source(`${valid}\nauth: { bearer: "${reference('env:EMPTY')}" }`),
    /auth\.bearer: the environment variable EMPTY is empty/,
  ],
  [
    'a variable named like a property of every object',
    source(`${valid}\nauth: { bearer: "${reference('env:toString')}" }`),
    /variable toString is not set/,
  ],
  [
    'a missing file',
    source(`${valid}\nauth: { bearer: "${reference('file:gone.txt')}" }`),
    /gone\.txt can't be read \(ENOENT\)/,
  ],
  [
    'a reference of another kind',
    source(`${valid}\n${auth}\npageSize: "${reference('cmd:ls')}"`),
    /pageSize: holds a reference of an unknown kind/,
  ],
  [
    'a missing variable in the index',
    `index: "${reference('env:NOPE')}"\n${source(`${valid}\n${auth}`)}`,
    /:1: index: the environment variable NOPE is not set/,
  ],
  ['a repeated key', source(`${valid}\n${auth}\nspaces: [B]`), /:7: is not valid YAML: duplicated mapping key/],
  ['a tag', source(`${valid}\nauth: !!js/function "x"`), /:6: is not valid YAML: unknown scalar tag/],
  ['two documents', `${source(valid)}---\na: 1\n`, /holds 2 YAML documents/],
])('%s is refused with the file, the key and the fix', async (_name, text, message) => {
  const error = await failure(loadConfig(options(text)))

  expect(error.code).toBe('CONFIG_INVALID')
  expect(error.message).toMatch(/^\/etc\/unsilo\/unsilo\.config\.yaml/)
  expect(error.message).toMatch(message)
})

test('every problem is listed, each once', async () => {
  const text = source(`connector: silo\nspacse: [A]\nauth: { bearer: "${reference('env:NOPE')}" }\nlevel: 3`)
  const { message } = await failure(loadConfig(options(text)))

  expect(message.split('\n').map((line) => line.replace(/^.*?: (sources)/, '$1'))).toEqual([
    '/etc/unsilo/unsilo.config.yaml has 5 problems:',
    expect.stringContaining('sources.wiki.auth.bearer: the environment variable NOPE'),
    expect.stringContaining('sources.wiki.level'),
    expect.stringContaining('sources.wiki.baseUrl: is missing'),
    expect.stringContaining('sources.wiki.spaces: is missing'),
    expect.stringContaining('sources.wiki.spacse: unknown key'),
  ])
})

const CANARIES = [
  'plain-but-secret-value',
  'ATATT3xFfGF0canarycanarycanarycanary',
  'xoxb-1234567890-canarycanary',
  'ghp_canarycanarycanarycanarycanary12',
  'AKIACANARYCANARY1234',
  'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJjYW5hcnkifQ.canarycanary',
  'Bearer canarycanarycanary',
  '-----BEGIN PRIVATE KEY-----',
]

describe('a secret that stands in the file', () => {
  test.each(CANARIES)('%s is refused in a secret key and never repeated', async (secret) => {
    const error = await failure(loadConfig(options(source(`${valid}\nauth: { bearer: "${secret}" }`))))

    expect(error.code).toBe('CONFIG_INVALID')
    expect(error.message).toMatch(/:6: sources\.wiki\.auth\.bearer: .*write a reference such as/)
    expect(`${error.message} ${error.hint} ${String(error.stack)}`).not.toContain(secret)
  })

  test.each(CANARIES.slice(1))('%s is refused in any other place', async (secret) => {
    const inValue = await failure(loadConfig(options(source(`${valid}\n${auth}\nlevel: "${secret}"`))))
    const inComment = await failure(outlineConfig(options(`${source(`${valid}\n${auth}`)}# was ${secret}\n`)))
    const inKey = await failure(loadConfig(options(source(`${valid}\n${auth}\n"${secret}": 1`))))
    const broken = await failure(loadConfig(options(`${source(valid)}  token: "${secret}\n`)))

    for (const { code, message } of [inValue, inComment, inKey, broken]) {
      expect(code).toBe('CONFIG_INVALID')
      expect(message).not.toContain(secret)
    }
    expect(inComment.message).toMatch(/the comment in line 7 holds/)
  })

  test('is refused when only a part of it is a reference, and when it is a number', async () => {
    for (const written of [`"prefix-${reference('env:TOKEN')}"`, '12345678']) {
      const { message } = await failure(loadConfig(options(source(`${valid}\nauth: { bearer: ${written} }`))))
      expect(message).toMatch(/auth\.bearer: is a secret and must not stand in the file/)
    }
  })

  test.each([
    ['two lines', 'canary-line-1\ncanary-line-2\n'],
    ['a binary file', 'canary\u0000\ufffd'],
  ])('is refused when what it refers to is %s, and never repeated', async (_name, content) => {
    const text = source(`${valid}\nauth: { bearer: "${reference('file:token.txt')}" }`)
    const { message } = await failure(loadConfig(options(text, { readFile: async () => content })))

    expect(message).toMatch(/auth\.bearer: refers to what no credential is: .*on one line/)
    expect(message).not.toContain('canary')
  })

  test('may have several lines where the connector says so, and what is secret in it is known', async () => {
    const keyed = { ...connector, config: z.strictObject({ key: z.string().meta({ secret: true, lines: true }) }) }
    const key = '{\n  "client_email": "a@b.example",\n  "private_key": "canary\\n1",\n  "client_secret": "canary-2"\n}'
    const text = `sources: { wiki: { connector: silo, key: "${reference('file:key.json')}" } }`
    const withKey = async (path: string) => (path.endsWith('key.json') ? `${key}\n` : readFile(path))
    const read = { readFile: withKey, connectors: { silo: async () => keyed as Connector } }
    const { sources } = await loadConfig(options(text, read))

    expect(sources[0]?.config).toEqual({ key })
    expect(sources[0]?.secrets).toEqual([key, 'canary\n1', 'canary-2'])
  })

  test.each(['bearer', 'baseUrl'])('of Google’s is not handed to whoever asks for %s', async (field) => {
    const google = reference('google:login')
    const wrong =
      field === 'bearer'
        ? `${valid}\nauth: { bearer: "${google}" }`
        : `connector: silo\nbaseUrl: "https://${google}"\nspaces: [A]`
    const { message } = await failure(loadConfig(options(source(wrong), { readFile: async () => 'canary' })))

    expect(message).toContain(`${field}: credentials of Google don’t belong here`)
  })

  test('may stand in a file that begins with a byte order mark', async () => {
    const marked = async (path: string) => (path.endsWith('.txt') ? '\ufeffcanary-token-2\r\n' : readFile(path))
    const { sources } = await loadConfig(options(GOOD, { readFile: marked }))
    expect(sources[1]?.secrets).toEqual(['canary-token-2'])
  })

  test('is not repeated when it was resolved and another key is wrong', async () => {
    const text = source(`${valid}\nauth: { bearer: "${reference('env:TOKEN')}" }\n"canary-token-1": x`)
    expect((await failure(loadConfig(options(text)))).message).not.toContain('canary-token-1')
  })
})

test('aliases that unfold without end are refused, a few shared lists are not', async () => {
  const levels = Array.from(
    { length: 9 },
    (_, at) => `a${at + 1}: &a${at + 1} [${Array(2).fill(`*a${at}`).join(', ')}]`,
  )
  const items = Array(500).fill('x').join(', ')
  const bomb = await failure(loadConfig(options(`a0: &a0 [${items}]\n${levels.join('\n')}\n`)))
  const shared = source(`${valid.replace('[A]', '&spaces [A]')}\n${auth}\nprincipals: { a: &list [group:a], b: *list }`)

  expect(bomb.message).toMatch(/its aliases unfold to more than/)
  expect((await loadConfig(options(shared))).sources[0]?.access.principals).toEqual({ a: ['group:a'], b: ['group:a'] })
})

test('keys that objects inherit are ordinary keys and pollute nothing', async () => {
  const text = source(`${valid}\n${auth}\nprincipals: { __proto__: [group:a], constructor: [group:b] }`)
  const { sources } = await loadConfig(options(text))
  const principals = sources[0]?.access.principals ?? {}

  expect(Object.hasOwn(principals, 'constructor')).toBe(true)
  expect(Object.getPrototypeOf({})).toBe(Object.prototype)
  expect(({} as Record<string, unknown>)['0']).toBeUndefined()
})

test('a source name in `only` that is not there is a usage error with the nearest one', async () => {
  const error = await failure(loadConfig(options(GOOD, { only: ['wikki'] })))
  expect([error.code, error.hint]).toEqual(['USAGE', 'Did you mean wiki?'])
})

test('a file that is not there says how to get one', async () => {
  const { text: _, ...missing } = options('')
  const error = await failure(loadConfig({ ...missing, readFile: noFile }))
  expect([error.code, error.exit]).toEqual(['CONFIG_INVALID', 2])
  expect(error.hint).toContain('unsilo init')
})

test.each([
  ['index.db', '/a/index.db'],
  ['sqlite:x/index.db', 'sqlite:/a/x/index.db'],
  ['memory:', 'memory:'],
  ['postgres://host/db', 'postgres://host/db'],
])('the index %s is at %s', (location, expected) => {
  expect(indexLocation(location, '/a')).toBe(expected)
})

function reference(what: string): string {
  return `\${${what}}`
}

async function noFile(): Promise<string> {
  throw Object.assign(new Error('no such file'), { code: 'ENOENT' })
}
