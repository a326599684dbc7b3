import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'

const BIN = join(import.meta.dirname, '..', '..', 'bin', 'unsilo.js')
const CANARY = 'canary-9f2c4e7a1b3d'

/** Every way in which a source can fail, each telling the caller its own credentials back, as some proxies do. */
const failures: Readonly<Record<string, (authorization: string) => { status: number; type: string; body: string }>> = {
  '401': (authorization) => ({
    status: 401,
    type: 'application/json',
    body: JSON.stringify({ message: authorization }),
  }),
  '403': (authorization) => ({ status: 403, type: 'text/plain', body: authorization }),
  '500': (authorization) => ({ status: 500, type: 'text/html', body: `<p>${authorization}</p>` }),
  'login page': (authorization) => ({ status: 200, type: 'text/html', body: `<form>${authorization}</form>` }),
  'wrong shape': (authorization) => ({
    status: 200,
    type: 'application/json',
    body: JSON.stringify({ results: authorization }),
  }),
}

const asking = [['check'], ['sync', '--full', '--json'], ['sync', '--dry-run'], ['record', 'wiki', 'recorded']]
const reading = [
  ['status', '--json'],
  ['search', 'anything'],
  ['show', 'wiki:1'],
  ['export', 'exported'],
  ['publish', 'folder', 'published'],
  ['test', 'recorded'],
]

/** Retries make a failing server slow to prove, so it is asked once. */
const commands: Readonly<Record<string, readonly (readonly string[])[]>> = {
  '401': [...asking, ...reading],
  '403': asking,
  '500': [['check']],
  'login page': asking,
  'wrong shape': asking,
}

let server: Server
let failing = '401'

beforeAll(async () => {
  server = createServer((request, response) => {
    const authorization = request.headers.authorization ?? ''
    const decoded = Buffer.from(authorization.replace('Basic ', ''), 'base64').toString()
    const { status, type, body } = (failures[failing] as (typeof failures)[string])(`${authorization} ${decoded}`)
    response.writeHead(status, { 'content-type': type, 'retry-after': '0' }).end(body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})

afterAll(() => server.close())

test.each([{ auth: `email: ops@example.com, apiToken: "\${env:CANARY}"` }, { auth: `bearer: "\${env:CANARY}"` }])(
  'no command says or writes a credential: { $auth }',
  { timeout: 300_000 },
  async ({ auth }) => {
    const folder = mkdtempSync(join(tmpdir(), 'unsilo-secrets-'))
    const { port } = server.address() as AddressInfo
    writeFileSync(
      join(folder, 'unsilo.config.yaml'),
      `sources:
  wiki: { connector: confluence, baseUrl: "http://127.0.0.1:${port}", auth: { ${auth} }, spaces: [DOC] }
`,
    )
    let asked = 0
    for (failing of Object.keys(failures)) {
      for (const command of commands[failing] ?? []) {
        const { output, code } = await unsilo([...command, '--verbose'], folder)
        expect(leaks(output), `unsilo ${command.join(' ')} against ${failing}: ${output}`).toEqual([])
        if (code !== 0) asked++
      }
    }
    expect(asked, 'commands that failed').toBeGreaterThan(10)
    for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue
      const path = join(entry.parentPath, entry.name)
      expect(leaks(readFileSync(path, 'latin1')), path).toEqual([])
    }
    rmSync(folder, { recursive: true })
  },
)

/** The forms of the credential that stand in the text: as it is, in base64, URL-encoded, reversed parts excluded. */
function leaks(text: string): readonly string[] {
  const basic = Buffer.from(`ops@example.com:${CANARY}`).toString('base64')
  return [CANARY, Buffer.from(CANARY).toString('base64').slice(0, -3), basic].filter((form) => text.includes(form))
}

function unsilo(args: readonly string[], cwd: string): Promise<{ output: string; code: number }> {
  return new Promise((resolve) => {
    const env = { ...process.env, CANARY, NODE_DEBUG: '' }
    execFile(process.execPath, [BIN, ...args], { cwd, env }, (error, stdout, stderr) => {
      resolve({ output: stdout + stderr, code: error === null ? 0 : Number(error.code ?? 1) })
    })
  })
}
