/** Records a story through `unsilo record`: one step after another, each from what an emulator answers by then. */
import { existsSync, globSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Io } from '../../src/cli/io.ts'
import { runRecord } from '../../src/cli/record.ts'

export interface Story {
  /** Where the recording is kept below fixtures/. */
  readonly connector: 'confluence' | 'google-docs' | 'help-center' | 'tickets'
  /** Of the source in the configuration, and of the folder. */
  readonly name: string
  /** Where the texts come from, unless they are our own; absolute. */
  readonly samples?: string
  /** Addresses that are asked; the emulator answers in their place. */
  readonly site: string | RegExp
  readonly start: () => Promise<Stage>
}

/** An emulator that is filled for the first step. */
export interface Stage {
  readonly url: string
  readonly config: string
  readonly env: Readonly<Record<string, string>>
  /** What happens before each further step, by its name. */
  readonly steps: Steps
  close(): Promise<void>
}

export type Steps = Readonly<Record<string, () => void>>

const fixtures = join(import.meta.dirname, '../../fixtures')

/** What the folder held of an earlier recording is replaced. False where the samples are absent. */
export async function recordStory({ connector, name, samples, site, start }: Story): Promise<boolean> {
  if (samples !== undefined && !existsSync(samples)) return false
  const folder = join(fixtures, connector, name)
  mkdirSync(folder, { recursive: true })
  for (const old of globSync(join(folder, '*.http.json'))) rmSync(old)
  const cwd = mkdtempSync(join(tmpdir(), 'unsilo-record-'))
  const { url, config, env, steps, close } = await start()
  writeFileSync(join(cwd, 'unsilo.config.yaml'), config)
  const io = recordingIo(cwd, env, (asked) => asked.replace(site, url))
  const options = { source: name, dir: folder, json: false, quiet: false, verbose: false }
  for (const [at, [step, change]] of Object.entries({ first: () => {}, ...steps }).entries()) {
    change()
    await runRecord({ ...options, config: undefined, index: undefined }, io)
    const [made] = globSync(join(folder, `${at + 1}-*.http.json`))
    renameSync(made as string, join(folder, `${at + 1}-${step}.http.json`))
  }
  await close()
  rmSync(cwd, { recursive: true })
  return true
}

function recordingIo(cwd: string, env: Stage['env'], emulated: (asked: string) => string): Io {
  return {
    stdout: (text) => process.stdout.write(text),
    stderr: () => {},
    stdoutIsTerminal: false,
    stderrIsTerminal: false,
    color: false,
    jsonLog: false,
    columns: 80,
    env,
    cwd,
    signal: new AbortController().signal,
    now: () => Date.UTC(2026, 0, 6),
    fetch: (input, init) => fetch(emulated(String(input)), init),
    hide: () => {},
    stepBack: () => {},
    onReload: () => () => {},
  }
}
