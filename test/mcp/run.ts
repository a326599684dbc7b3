/**
 * `npm run test:mcp [-- --quick]`: the official conformance tool, asked of our server of MCP over HTTP, for each era's
 * revision. Scenarios that want tools, prompts or resources of the tool's own example server are named and not counted.
 * Exits 1 when any other check fails, or when too few were made.
 */
import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openMemory } from '../../src/indexes/memory/memory.ts'
import { asking, solving } from '../../src/serve/asking/ask.ts'
import { mcpHandler } from '../../src/serve/mcp/http.ts'
import { startWebServer } from '../serve/web-server.ts'

interface Check {
  readonly id: string
  readonly name: string
  readonly status: 'SUCCESS' | 'FAILURE' | string
  readonly errorMessage?: string
}

const TOOL = join(import.meta.dirname, '..', '..', 'node_modules', '.bin', 'conformance')
const REVISIONS = ['2025-11-25', '2026-07-28'] as const

/** Checks that pass today, by revision: fewer means that the tool asked less. */
const LEAST: Readonly<Record<string, number>> = { '2025-11-25': 35, '2026-07-28': 85 }

/** Scenarios that call a tool, prompt or resource by the name that it has in the example server, or ask for what we don't offer. */
const OF_THE_EXAMPLE = [
  /^tools-call-/,
  /^resources-(?:list|read|templates|subscribe|unsubscribe)/,
  /^prompts-/,
  /^elicitation-/,
  /^input-required-result-/,
  /^logging-set-level$/,
  /^completion-complete$/,
  /^json-schema-2020-12$/,
]
/** Lists of what we have none of. */
const NOT_OFFERED = /^(?:prompts|resources)\S* returned JSON-RPC error -32601/

async function main(): Promise<number> {
  const index = openMemory()
  const door = {
    index,
    ask: asking(solving(index)),
    publicUrl: undefined,
    version: '0',
    report: () => undefined,
  }
  const handle = mcpHandler(door, { origins: [] })
  const server = await startWebServer((request) => handle(request, [], 'one'))
  let failures = 0
  const said: string[] = []
  for (const revision of REVISIONS) {
    const { passed, left, failed } = await tested(`${server.url}/mcp`, revision)
    for (const line of failed) console.log(`${revision} FAILED ${line}`)
    console.log(`${revision}: ${passed} checks passed, ${failed.length} failed, ${left} of the example server's own`)
    failures += failed.length + (passed < (LEAST[revision] ?? 0) ? 1 : 0)
    said.push(`${revision} ${passed} of ${passed + failed.length}`)
  }
  await server.close()
  console.log(`test:mcp: ${said.join(', ')}: ${failures === 0 ? 'all targets met' : 'missed'}`)
  return failures === 0 ? 0 : 1
}

async function tested(url: string, revision: string) {
  const folder = mkdtempSync(join(tmpdir(), 'unsilo-mcp-'))
  const args = ['server', '--url', url, '--suite', 'all', '--spec-version', revision, '--output-dir', folder]
  await new Promise<void>((resolve) => execFile(TOOL, args, { maxBuffer: 1e8 }, () => resolve()))
  let [passed, left] = [0, 0]
  const failed: string[] = []
  for (const [scenario, checks] of resultsIn(folder)) {
    for (const { name, status, errorMessage = '' } of checks) {
      if (status === 'SUCCESS') passed++
      else if (status !== 'FAILURE') continue
      else if (isOurs(scenario, errorMessage)) failed.push(`${scenario}: ${name}: ${errorMessage}`)
      else left++
    }
  }
  rmSync(folder, { recursive: true })
  return { passed, left, failed }
}

function isOurs(scenario: string, message: string): boolean {
  if (message.startsWith('Not testable') || NOT_OFFERED.test(message)) return false
  return !OF_THE_EXAMPLE.some((pattern) => pattern.test(scenario))
}

function* resultsIn(folder: string): Iterable<[scenario: string, checks: readonly Check[]]> {
  for (const name of readdirSync(folder)) {
    const scenario = name.replace(/^server-/, '').replace(/-\d{4}-\d\d-\d\dT.*$/, '')
    yield [scenario, JSON.parse(readFileSync(join(folder, name, 'checks.json'), 'utf8'))]
  }
}

process.exitCode = await main()
