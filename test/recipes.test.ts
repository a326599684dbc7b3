/** The README's recipes for cron: their commands, run as they stand there against an emulated site. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { load } from 'js-yaml'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { z } from 'zod'
import { jsonLines } from './cli/captured-io.ts'
import { type Ended, ended, type Stage, startStage } from './cli/stage.ts'
import { recipeBlock, recipeCommands } from './recipe.ts'

const root = join(import.meta.dirname, '..')
const readme = readFileSync(join(root, 'README.md'), 'utf8')

/** Where the recipes have their configuration. */
const HOME = '/srv/unsilo'

let stage: Stage
/** Holds `unsilo` and `npx` as an installed package would put them there. */
let bin: string

beforeEach(async () => {
  stage = await startStage()
  stage.addPages(2)
  bin = join(stage.folder, 'bin')
  mkdirSync(bin)
  script('unsilo', `exec "${process.execPath}" "${join(root, 'bin', 'unsilo.js')}" "$@"`)
  script('npx', 'exec "$@"')
})

afterEach(() => stage.close())

function script(name: string, command: string): void {
  writeFileSync(join(bin, name), `#!/bin/sh\n${command}\n`)
  chmodSync(join(bin, name), 0o755)
}

/** With nothing in the environment but what is given, as cron and systemd do it. */
function run(file: string, args: readonly string[], env: Record<string, string> = {}): Promise<Ended> {
  const child: ChildProcess = spawn(file, args, {
    cwd: stage.folder,
    env: { PATH: `${bin}:/usr/bin:/bin`, HOME: stage.folder, ...env },
  })
  return ended(child)
}

test('the line of the crontab, which cron runs with no other PATH than its own', async () => {
  const crontab = recipeBlock(readme, 'crontab', '# PATH')
  const [, path = ''] = /^PATH=(.*)$/m.exec(crontab) ?? []
  const [, command = ''] = /^\d+ \S+ \S+ \S+ \S+ +(.*)$/m.exec(crontab) ?? []
  writeFileSync(join(stage.folder, 'token.txt'), 'a-token-of-the-test\n')
  const config = join(stage.folder, 'unsilo.config.yaml')
  writeFileSync(config, readFileSync(config, 'utf8').replace('env:TOKEN', 'file:token.txt'))

  // Behind a value cron takes what looks like a comment for a part of it.
  expect(path).not.toMatch(/[#\s]/)
  const env = { PATH: path.replace('/usr/local/bin', bin) }
  expect(await run('/bin/sh', ['-c', moved(command)], env)).toEqual({ code: 0, stdout: '', stderr: '' })
  expect(await stage.stored()).toHaveLength(2)
})

test('the command of the systemd service', async () => {
  const service = recipeBlock(readme, 'ini', 'unsilo.service')
  const setting = (name: string): string => new RegExp(`^${name}=(.*)$`, 'm').exec(service)?.[1] ?? ''
  const command = setting('ExecStart').replace('/usr/local/bin', bin)

  expect([setting('WorkingDirectory'), setting('EnvironmentFile')]).toEqual([HOME, `${HOME}/secrets.env`])
  const { code, stderr } = await run('/bin/sh', ['-c', `exec ${moved(command)}`], { TOKEN: 'a-token-of-the-test' })

  expect([code, jsonLines(stderr)]).toMatchObject([0, [{ level: 'info', source: 'wiki', outcome: 'ok' }]])
  expect(readFileSync(join(stage.folder, 'unsilo.prom'), 'utf8')).toContain('unsilo_documents{source="wiki"} 2\n')
})

const verifies = spawnSync('systemd-analyze', ['--version']).status === 0

test.runIf(verifies)('systemd takes both units (skipped where there is no systemd-analyze)', () => {
  const files = ['unsilo.service', 'unsilo.timer'].map((name) => {
    const unit = recipeBlock(readme, 'ini', name).replace('/usr/local/bin/unsilo', join(bin, 'unsilo'))
    writeFileSync(join(stage.folder, name), unit.replace('User=unsilo\n', ''))
    return join(stage.folder, name)
  })

  expect(spawnSync('systemd-analyze', ['verify', ...files], { encoding: 'utf8' })).toMatchObject({
    status: 0,
    stderr: '',
  })
})

const cronJob = z.object({
  apiVersion: z.literal('batch/v1'),
  kind: z.literal('CronJob'),
  spec: z.object({
    schedule: z.string(),
    jobTemplate: z.object({
      spec: z.object({
        template: z.object({
          spec: z.object({
            containers: z.tuple([z.object({ command: z.array(z.string()), workingDir: z.literal(HOME) })]),
          }),
        }),
      }),
    }),
  }),
})

test('the command of the Kubernetes CronJob', async () => {
  const job = cronJob.parse(load(recipeBlock(readme, 'yaml', '# cronjob.yaml')))
  const [file = '', ...args] = job.spec.jobTemplate.spec.template.spec.containers[0].command

  const { code, stderr } = await run(file, args, { TOKEN: 'a-token-of-the-test' })

  expect([code, jsonLines(stderr)]).toMatchObject([0, [{ level: 'info', source: 'wiki', outcome: 'ok' }]])
})

test('the steps of the nightly GitHub Actions workflow', async () => {
  const [install, ...steps] = recipeCommands(readme, 'nightly.yml')
  const ran: Ended[] = []

  expect(install).toBe('npm ci --ignore-scripts')
  for (const step of steps) {
    ran.push(await run('bash', ['-euo', 'pipefail', '-c', step], { TOKEN: 'a-token-of-the-test' }))
  }
  expect(ran.map(({ code }) => code)).toEqual([0, 0])
  expect(ran[1]?.stdout).toMatch(/ wiki .* ok .* 2 added\n$/)
})

test('the nightly workflow keeps the index of a night that failed, or it would never come further than its time', () => {
  const steps = z.object({ jobs: z.object({ sync: z.object({ steps: z.array(step) }) }) })
  const { sync } = steps.parse(load(recipeBlock(readme, 'yaml', 'nightly.yml'))).jobs
  const of = (action: string) => sync.steps.filter(({ uses = '' }) => uses.startsWith(action))
  const [[restore], [save]] = [of('actions/cache/restore@'), of('actions/cache/save@')]

  expect(of('actions/cache@')).toEqual([])
  expect([save?.if, save?.with]).toEqual(['always()', { path: '.unsilo', key: restore?.with['key'] }])
  expect(restore?.with['key']).toMatch(/^unsilo-.*run_id.*run_attempt/)
})

const step = z.object({
  uses: z.string().optional(),
  if: z.string().optional(),
  with: z.record(z.string(), z.unknown()).default({}),
})

function moved(command: string): string {
  return command.replaceAll(HOME, stage.folder)
}
