import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { connectors } from '../connectors/index.ts'
import { PLAN_HAS_CHANGES } from '../src/cli/exits.ts'
import { loadConfig } from '../src/config/load.ts'
import { errorCatalogue } from '../src/core/errors.ts'
import { recipeCommands } from './recipe.ts'
import { withTree } from './tree.ts'

const root = join(import.meta.dirname, '..')
const bin = join(root, 'bin', 'unsilo.js')
const readme = readFileSync(join(root, 'README.md'), 'utf8')
const help = execFileSync(process.execPath, [bin, '--help'], { encoding: 'utf8' })
const commands = [...help.matchAll(/^ {2}([a-z]+)(?= .*\S)/gm)]
  .map(([, name = '']) => name)
  .filter((name) => name !== 'help')

test('every command stands in the README, in the order of the help', () => {
  const rows = [...readme.matchAll(/^\| `unsilo ([a-z]+)/gm)].map(([, name]) => name)

  expect(commands.length).toBeGreaterThan(8)
  expect([...new Set(rows)].sort()).toEqual([...commands].sort())
})

test('every exit code of the error catalogue stands in the README', () => {
  const codes = new Set(Object.values(errorCatalogue).map(({ exit }) => exit))
  const rows = new Set([...readme.matchAll(/^\| (\d+) \|/gm)].map(([, code]) => Number(code)))

  expect([...rows].sort()).toEqual([...new Set([0, PLAN_HAS_CHANGES, ...codes])].sort())
})

test('every option that the README names exists', () => {
  const known = commands.flatMap((name) => helpOf(name)).join()
  const named = [...readme.matchAll(/(?<=[`\s])--[a-z][a-z-]+/g)].map(([option]) => option)
  const unknown = named.filter((option) => !known.includes(option) && !NOT_OURS.has(option))

  expect(unknown).toEqual([])
})

/** Of a command and of its own commands. */
function helpOf(name: string): string[] {
  const text = execFileSync(process.execPath, [bin, name, '--help'], { encoding: 'utf8' })
  const own = text.split('\nCommands:\n')[1]?.split('\n\n')[0] ?? ''
  const names = [...own.matchAll(/^ {2}([a-z]+)(?= .*\S)/gm)].map(([, it = '']) => it).filter((it) => it !== 'help')
  return [text, ...names.map((it) => execFileSync(process.execPath, [bin, name, it, '--help'], { encoding: 'utf8' }))]
}

const NOT_OURS = new Set(['--global', '--help', '--ignore-scripts', '--now'])

test('what the README shows of a sync is what the demo prints', () => {
  const work = mkdtempSync(join(tmpdir(), 'unsilo-readme-'))
  const replay = ['sync', '--replay', join(root, 'fixtures'), '--index', join(work, 'index.db')]
  const { stderr } = spawnSync(process.execPath, [bin, ...replay], { encoding: 'utf8' })
  const shown = readme.match(/^\S+ \d-\S+: \d+ listed.*$/gm) ?? []

  expect(shown.map(withoutTime)).toEqual(stderr.trim().split('\n').map(withoutTime))
  for (const [, asked = '', id = ''] of readme.matchAll(
    /^\$ unsilo search .*"(.*)"\n(?: *\S.*\n)*? {3}(\S+:\S+) · /gm,
  )) {
    const search = [bin, 'search', '--index', join(work, 'index.db'), '--limit', '1', '--json', asked]
    expect(JSON.parse(execFileSync(process.execPath, search, { encoding: 'utf8' }))).toMatchObject({ id })
  }
  rmSync(work, { recursive: true })
})

function withoutTime(line: string): string {
  return line.replace(/ in \d+ s$/, '')
}

test('the sources that the README shows are a configuration', async () => {
  const [, text = ''] = readme.match(/```yaml\n(sources:[\s\S]*?)```/) ?? []
  const secrets = ['CONFLUENCE_EMAIL', 'CONFLUENCE_TOKEN', 'INTERCOM_TOKEN', 'ZENDESK_CLIENT_SECRET']
  const config = await loadConfig({
    path: '/x/unsilo.config.yaml',
    text,
    env: Object.fromEntries(secrets.map((name) => [name, 'canary'])),
    readFile: async (path) => (path.endsWith('.json') ? '{}' : ''),
    connectors,
  })

  expect(config.sources.map(({ connector }) => connector.name)).toEqual(Object.keys(connectors))
})

test('the tree in CONTRIBUTING is the tree: npm run tree', () => {
  const contributing = readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8')

  expect(contributing).toBe(withTree(contributing))
})

test('every source file says at its top what it is for', () => {
  const tree = withTree(readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8'))

  expect(tree.match(/^(src|connectors|bin)\/\S+$/gm) ?? []).toEqual([])
})

test('the commands of the GitHub Actions recipe pass on a project with recordings, and fail on a changed expectation', () => {
  const project = mkdtempSync(join(tmpdir(), 'unsilo-recipe-'))
  mkdirSync(join(project, 'node_modules', '.bin'), { recursive: true })
  symlinkSync(bin, join(project, 'node_modules', '.bin', 'unsilo'))
  cpSync(join(root, 'fixtures', 'confluence', 'jsonix-wiki'), join(project, 'knowledge', 'wiki'), { recursive: true })
  const [install, ...steps] = recipeCommands(readme)

  expect(install).toBe('npm ci --ignore-scripts')
  for (const step of steps) expect(shell(step, project)).toMatchObject({ status: 0 })
  const changes = join(project, 'knowledge', 'wiki', 'expected', '1-first', 'changes.json')
  writeFileSync(changes, readFileSync(changes, 'utf8').replace('Features', 'Something else'))
  const failing = shell(steps.at(-1) ?? '', project)
  expect(failing.status).toBe(1)
  expect(failing.stdout).toContain('-      "title": "Something else"')
  rmSync(project, { recursive: true })
})

function shell(command: string, cwd: string): { status: number | null; stdout: string } {
  return spawnSync('bash', ['-euo', 'pipefail', '-c', command], { cwd, encoding: 'utf8' })
}
