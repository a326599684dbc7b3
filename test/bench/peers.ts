/**
 * The packages that unsilo is compared with, as far as the comparison uses them. They are installed in this folder alone,
 * so they are imported by a name that the compiler does not follow, and their types stand here.
 */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'

export interface Turndown {
  turndown(html: string): string
  use(plugin: unknown): unknown
}

export interface Splitter {
  splitText(text: string): Promise<string[]>
}

interface SplitterOptions {
  readonly chunkSize: number
  readonly chunkOverlap: number
  readonly lengthFunction: (text: string) => number
}

/** Installs the peers as the lock file of this folder has them, unless they are there. */
export function installPeers(): void {
  if (existsSync(join(import.meta.dirname, 'node_modules', '@langchain', 'textsplitters'))) return
  console.log('bench: installing the peers in test/bench')
  const { status } = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: import.meta.dirname,
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: process.platform === 'win32',
  })
  if (status !== 0) throw new Error(`npm ci in test/bench ended with ${status}: the peers are needed to compare with`)
}

/** Headings as `#` and code as fences, which the markdown splitter needs; everything else as it comes. */
export async function createTurndown(): Promise<Turndown> {
  const { default: Service }: { default: new (options: object) => Turndown } = await load('turndown')
  const { gfm }: { gfm: unknown } = await load('turndown-plugin-gfm')
  const service = new Service({ headingStyle: 'atx', codeBlockStyle: 'fenced' })
  service.use(gfm)
  return service
}

/** 512 tokens without overlap, counted by the tokenizer and in the encoding that unsilo counts in. */
export async function createSplitter(): Promise<Splitter> {
  const module: { MarkdownTextSplitter: new (options: SplitterOptions) => Splitter } =
    await load('@langchain/textsplitters')
  const { countTokens } = await import('gpt-tokenizer/encoding/cl100k_base')
  return new module.MarkdownTextSplitter({
    chunkSize: 512,
    chunkOverlap: 0,
    lengthFunction: (text) => countTokens(text, PLAIN),
  })
}

/** Pages may spell a special token, for which the tokenizer would throw. */
const PLAIN = { disallowedSpecial: new Set<string>() }

function load(name: string) {
  return import(name)
}
