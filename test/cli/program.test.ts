import { spawn, spawnSync } from 'node:child_process'
import { closeSync, cpSync, existsSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'

const root = resolve(import.meta.dirname, '../..')
const bin = join(root, 'bin/unsilo.js')
const folder = mkdtempSync(join(tmpdir(), 'unsilo-program-'))

afterAll(() => rmSync(folder, { recursive: true, force: true }))

const COMMANDS = [
  'init',
  'sync',
  'plan',
  'status',
  'runs',
  'quarantine',
  'explain',
  'search',
  'show',
  'export',
  'check',
  'record',
  'test',
]

interface Ended {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

function unsilo(args: readonly string[], nodeArgs: readonly string[] = []): Ended {
  return spawnSync(process.execPath, [...nodeArgs, bin, ...args], { cwd: folder, encoding: 'utf8' })
}

/** Node's path in an environment without colour or credentials. */
const env = { PATH: process.env['PATH'] ?? '', HOME: folder }

describe('help', () => {
  test('names every command, on stdout, with exit code 0', () => {
    for (const args of [[], ['--help'], ['help']]) {
      const { status, stdout, stderr } = unsilo(args)
      expect([status, stderr]).toEqual([0, ''])
      for (const command of COMMANDS) expect(stdout).toMatch(new RegExp(`^  ${command} `, 'm'))
    }
  })

  test.each(['gen', 'access'])('what eval takes does not stand in the help of eval %s', (part) => {
    const { stdout } = unsilo(['eval', part, '--help'])
    expect(stdout).toContain('--index <location>')
    expect(stdout).not.toMatch(/--corpus|--as <principals>[\s\S]*--as <principals>/)
  })

  test.each(COMMANDS)('of %s has an example and its exit codes', (command) => {
    const { status, stdout } = unsilo([command, '--help'])

    expect(status).toBe(0)
    expect(stdout).toMatch(new RegExp(`^Examples:\\n {2}\\$ unsilo ${command}`, 'm'))
    expect(stdout).toMatch(/^Exit codes:\n +0 {2}/m)
    expect(stdout).toMatch(/^ +2 {2}wrong usage/m)
  })

  test.each(['search', 'forget', 'serve', 'ask', 'copy', 'export', 'bundle', 'eval access'])(
    'of %s tells what an index on a server may end it with',
    (command) => {
      const { stdout } = unsilo([...command.split(' '), '--help'])

      expect(stdout).toMatch(/^ +4 {2}credentials/m)
      expect(stdout).toMatch(/^ +5 {2}temporary/m)
    },
  )

  test('loads no connector, no driver, no zod and nothing native; a search does', () => {
    const preload = join(folder, 'loaded.mjs')
    writeFileSync(
      preload,
      `import { registerHooks } from 'node:module'
       registerHooks({ load(url, context, next) { process.stderr.write('loaded ' + url + '\\n'); return next(url, context) } })
       const open = process.dlopen
       process.dlopen = (...all) => { process.stderr.write('native ' + all[1] + '\\n'); return open.apply(process, all) }`,
    )
    const heavy = /connectors\/|better-sqlite3|zod|js-yaml|src\/indexes|src\/sync|^native /gm
    const index = join(folder, 'empty.db')
    writeFileSync(index, '')

    expect(unsilo(['sync', '--help'], ['--import', preload]).stderr).toContain('src/cli/commands.js')
    expect(unsilo(['sync', '--help'], ['--import', preload]).stderr).not.toMatch(heavy)
    expect(unsilo(['search', 'x', '--index', index], ['--import', preload]).stderr).toMatch(heavy)
  })

  test('the version is the package’s', () => {
    expect(unsilo(['--version']).stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
  })
})

describe('wrong usage ends with 2, says so on stderr and keeps stdout for data', () => {
  test.each([
    [['serch', 'x'], /unknown command 'serch'\n {2}Did you mean search\?/],
    [['sync', '--dryrun'], /unknown option '--dryrun'\n {2}Did you mean --dry-run\?/],
    [['search'], /missing required argument 'query'/],
    [['search', 'x', '--limit', '0'], /--limit takes a whole number of at least 1, not "0"/],
    [['sync', '--allow-deletes', 'all'], /--allow-deletes takes a whole number/],
    [['search', 'x', '--as', 'customers'], /--as takes group:NAME, user:NAME or public, not "customers"/],
    [['sync'], /unsilo\.config\.yaml: there is no such file\n {2}Run `unsilo init`/],
    [['search', 'x', '--config', 'gone.yaml'], /gone\.yaml: there is no such file/],
    [['search', 'x', '--config', '.'], /: is a folder/],
    [['search', ' '], /There is nothing to look for/],
    [['search', 'x', '--index', ''], /--index names no index/],
    [['--quiet'], /No command was given/],
  ] as const)('%j', (args, message) => {
    const { status, stdout, stderr } = unsilo(args)

    expect([status, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(message)
    expect(stderr).not.toMatch(/^\s+at /m)
  })

  test('and with --json is an object on stdout too', () => {
    const { status, stdout } = unsilo(['sync', '--json', '--dryrun'])

    expect(status).toBe(2)
    expect(JSON.parse(stdout)).toEqual({
      type: 'error',
      code: 'USAGE',
      message: "unknown option '--dryrun'",
      hint: 'Did you mean --dry-run?',
    })
  })
})

describe('where it can not run it says why in one line, with 2', () => {
  const old = '/usr/bin/node'
  const oldVersion = spawnSync(old, ['-p', 'process.versions.node'], { encoding: 'utf8' }).stdout?.trim() ?? ''
  const isOld = oldVersion !== '' && Number(oldVersion.split('.')[0]) < 22

  test.runIf(isOld)(`under an old Node (skipped where ${old} is not one)`, () => {
    const { status, stdout, stderr } = spawnSync(old, [bin, 'search', 'x'], { encoding: 'utf8' })

    expect([status, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(/^unsilo needs Node 22\.12 or newer, this is [\d.]+: run it as `npx .*\n$/)
  })

  test('in a checkout that is not built', () => {
    const checkout = join(folder, 'checkout')
    mkdirSync(checkout)
    cpSync(join(root, 'bin'), join(checkout, 'bin'), { recursive: true })
    writeFileSync(join(checkout, 'package.json'), '{"type":"module"}')
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(checkout, 'bin/unsilo.js')], {
      encoding: 'utf8',
    })

    expect([status, stdout]).toEqual([2, ''])
    expect(stderr).toBe('unsilo is not built in this checkout: run `npm run build`.\n')
  })
})

describe('where the machine fails it says so in one line, with 6', () => {
  test.runIf(existsSync('/dev/full'))('when the output can not be written', () => {
    const full = openSync('/dev/full', 'w')
    const { status, stderr } = spawnSync(process.execPath, [bin, '--help'], {
      cwd: folder,
      encoding: 'utf8',
      stdio: ['ignore', full, 'pipe'],
    })
    closeSync(full)

    expect([status, stderr]).toEqual([6, "error: the output can't be written (ENOSPC).\n"])
  })

  test('when the working folder is gone', () => {
    const gone = join(folder, 'gone')
    mkdirSync(gone)
    const script = `rmdir "${gone}" && exec "${process.execPath}" "${bin}" status`
    const { status, stderr } = spawnSync('sh', ['-c', script], { cwd: gone, encoding: 'utf8' })

    expect([status, stderr]).toEqual([6, 'error: The working folder is gone. Change to another one.\n'])
  })
})

describe('a program that is stopped', () => {
  test.each(['SIGINT', 'SIGTERM'] as const)('by %s while it waits for an answer ends with 130', async (signal) => {
    const asked = Promise.withResolvers<void>()
    const server = createServer(() => asked.resolve())
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
    const config = join(folder, 'waiting.yaml')
    writeFileSync(config, waitingConfig((server.address() as AddressInfo).port))
    const child = spawn(process.execPath, [bin, 'check', '--config', config], {
      cwd: folder,
      env: { ...env, TOKEN: 'canary-token' },
    })
    const ended = finished(child)
    await asked.promise
    child.kill(signal)

    const { status, stderr } = await ended
    server.closeAllConnections()
    server.close()
    expect(stderr).toMatch(/^error: Interrupted/)
    expect(status).toBe(130)
  })

  test('by a reader that has gone is no error', async () => {
    const child = spawn(process.execPath, [bin, 'sync', '--help'], { cwd: folder, env })
    const ended = finished(child)
    child.stdout.destroy()

    expect(await ended).toEqual({ status: 0, stdout: '', stderr: '' })
  })
})

function waitingConfig(port: number): string {
  return `sources:
  wiki:
    connector: confluence
    baseUrl: http://127.0.0.1:${port}
    auth: { email: a@b.example, apiToken: "\${env:TOKEN}" }
    spaces: all
`
}

async function finished(child: ReturnType<typeof spawn>): Promise<Ended> {
  let stdout = ''
  let stderr = ''
  child.stdout?.on('data', (data) => {
    stdout += data
  })
  child.stderr?.on('data', (data) => {
    stderr += data
  })
  const status = await new Promise<number | null>((exited) => child.on('close', (code) => exited(code)))
  return { status, stdout, stderr }
}
