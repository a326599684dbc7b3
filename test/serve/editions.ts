/** A real server that is asked again and again while the index that it answers from is replaced: each edition of it says its word. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { onTestFinished } from 'vitest'
import { knowledgeFile, type Page } from './knowledge.ts'

const bin = join(import.meta.dirname, '..', '..', 'bin', 'unsilo.js')

/** So many pages, the same each time, which say in which edition they stand. @returns the file of an index */
export async function edition(word: string, pages: number): Promise<string> {
  // What answers best stands everywhere in it, and not in what a copy stores first.
  const tunnel = (at: number) => (at % 9 === 0 ? 'tunnel of tunnels' : 'tunnel')
  const page = (at: number): Page => ({
    title: `Page ${at}`,
    markdown: `A ${tunnel(at)} ${word} ${at}.`,
    access: 'public',
  })
  return await knowledgeFile({
    wiki: Object.fromEntries(Array.from({ length: pages }, (_, at) => [String(at), page(at)])),
  })
}

export async function unsilo(...args: readonly string[]): Promise<{ code: number; said: string }> {
  const child = spawn(process.execPath, [bin, ...args], { stdio: ['ignore', 'ignore', 'pipe'] })
  const said = text(child.stderr)
  const [code] = await once(child, 'exit')
  return { code, said: await said }
}

interface Results {
  readonly results?: readonly { readonly snippet: string }[]
}

export interface Asked {
  ask(): Promise<void>
  /** What was answered until now: the status, how many passages, and of which editions. */
  end(): Promise<readonly string[]>
}

/** @param limit passages that are asked for each time */
export async function askedAllTheTime(index: string, limit: number): Promise<Asked> {
  const url = await served(index)
  const seen = new Set<string>()
  let isOver = false
  async function ask(): Promise<void> {
    const answer = await fetch(`${url}/v1/search?q=tunnel&limit=${limit}`)
    const { results = [] } = (await answer.json()) as Results
    const words = new Set(results.flatMap(({ snippet }) => /alpha|omega/.exec(snippet)?.[0] ?? []))
    seen.add(`${answer.status} ${results.length} ${[...words].sort().join('+')}`)
  }
  const askers = Array.from({ length: 4 }, async () => {
    while (!isOver) await ask()
  })
  return {
    ask,
    async end() {
      isOver = true
      await Promise.all(askers)
      return [...seen].sort()
    },
  }
}

async function served(index: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'unsilo-served-'))
  const config = join(folder, 'unsilo.config.yaml')
  writeFileSync(config, 'serve: { perMinute: 1000000 }\nsources:\n  wiki: { connector: confluence }\n')
  const args = [bin, 'serve', '--config', config, '--index', index, '--port', '0', '--json', '--quiet']
  const server = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(() => {
    server.kill('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  })
  const [line] = await once(createInterface({ input: server.stdout }), 'line')
  return `http://127.0.0.1:${JSON.parse(line).port}`
}
