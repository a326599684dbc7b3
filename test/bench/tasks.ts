/**
 * What the processes of the bench do. Costs are those of a warm process. A task loads what it needs itself, so that no side
 * carries the other's code.
 */
import type { Page } from './corpus.ts'
import type { Growth, GrowthCase } from './growth.ts'
import type { Faults } from './judge.ts'
import { type Cost, costOf, type Side } from './measure.ts'
import { converter, splitter } from './sides.ts'
import type { WholePath } from './whole-path.ts'

interface Pages {
  readonly side: Side
  /** A file of saveCorpus. */
  readonly corpus: string
  /** Numbers of the pages: `from` and the `count - 1` behind it. */
  readonly from: number
  readonly count: number
}

/** Pages that nobody else is given: compiling what both sides run takes as long as some hundred pages. */
export const WARM_UP = 800

export type Task =
  | ({ readonly do: 'convert' | 'chunk' | 'whole' | 'judge' } & Pages)
  | { readonly do: 'memory'; readonly corpus: string; readonly count: number }
  | { readonly do: 'growth'; readonly side: Side; readonly name: GrowthCase; readonly sizes: readonly number[] }

export interface Answers {
  readonly convert: Cost & { readonly characters: number }
  readonly chunk: Cost & { readonly characters: number; readonly chunks: number }
  readonly whole: WholePath
  readonly judge: Faults
  readonly memory: { readonly peakMb: number; readonly htmlMb: number; readonly chunks: number }
  readonly growth: Growth
}

export async function taskAnswer(task: Task): Promise<Answers[Task['do']]> {
  switch (task.do) {
    case 'convert':
      return convert(task)
    case 'chunk':
      return chunk(task)
    case 'judge':
      return judge(task)
    case 'growth':
      return (await import('./growth.ts')).growth(task.side, task.name, task.sizes)
    case 'memory':
      return memory(task)
    case 'whole': {
      const { ourPath, peerPath } = await import('./whole-path.ts')
      if (task.side === 'unsilo') await asProgram()
      const path = task.side === 'unsilo' ? ourPath : peerPath
      await path(await pagesOf(warmUp(task)))
      return path(await pagesOf(task))
    }
  }
}

/** The settings of a process that runs the program: they cost time and save memory, so both are measured with them. */
async function asProgram(): Promise<void> {
  const { keepHeapSmall } = await import('../../src/cli/heap.ts')
  keepHeapSmall()
}

async function convert(task: Pages): Promise<Answers['convert']> {
  const pages = await pagesOf(task)
  const toMarkdown = await converter(task.side)
  for (const { html } of await pagesOf(warmUp(task))) toMarkdown(html)
  let characters = 0
  const cost = await costOf(() => {
    for (const { html } of pages) characters += toMarkdown(html).length
  })
  return { ...cost, characters }
}

/** Both sides are given unsilo's markdown. */
async function chunk(task: Pages): Promise<Answers['chunk']> {
  const texts = await markdownOf(task)
  const split = await splitter(task.side)
  for (const text of await markdownOf(warmUp(task))) await split(text)
  let chunks = 0
  const cost = await costOf(async () => {
    for (const text of texts) chunks += (await split(text)).length
  })
  return { ...cost, characters: texts.reduce((sum, text) => sum + text.length, 0), chunks }
}

async function judge(task: Pages): Promise<Faults> {
  const { addFaults, faultsOf, NO_FAULTS } = await import('./judge.ts')
  const split = await splitter(task.side)
  let faults = NO_FAULTS
  for (const text of await markdownOf(task)) faults = addFaults(faults, faultsOf(text, await split(text)))
  return faults
}

async function memory({ corpus, count }: { corpus: string; count: number }): Promise<Answers['memory']> {
  await asProgram()
  const { copies, loadCorpus } = await import('./corpus.ts')
  const { storeAll } = await import('./whole-path.ts')
  const { characters, chunks } = await storeAll(copies(loadCorpus(corpus), 0, count))
  return { peakMb: process.resourceUsage().maxRSS / 1024, htmlMb: characters / 1e6, chunks }
}

function warmUp(task: Pages): Pages {
  return { ...task, from: 1_000_000, count: WARM_UP }
}

async function pagesOf({ corpus, from, count }: Pages): Promise<readonly Page[]> {
  const { copies, loadCorpus } = await import('./corpus.ts')
  return [...copies(loadCorpus(corpus), from, count)]
}

async function markdownOf(task: Pages): Promise<readonly string[]> {
  const toMarkdown = await converter('unsilo')
  return (await pagesOf(task)).map(({ html }) => toMarkdown(html))
}
