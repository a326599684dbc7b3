/** A thread of `unsilo serve` that answers questions, on a connection of its own, which is opened with the first of them. */
import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import type { SynonymLine } from '../core/synonyms.ts'
import { withSynonyms } from '../query/synonyms.ts'
import { type Solve, solving } from '../serve/asking/ask.ts'
import { answerFrom } from '../serve/asking/messages.ts'
import { reopening } from '../serve/reopening.ts'
import { openForReading } from './setup.ts'

export interface ThreadData {
  /** Where the index is. */
  readonly index: string
  readonly lines: readonly SynonymLine[]
}

/** Where it can't be opened, each question tries again, and says why it can't be answered. */
function solvingFrom({ index, lines }: ThreadData): Solve {
  let solver: Promise<Solve> | null = null

  async function open(): Promise<Solve> {
    const kept = await reopening(async () => withSynonyms(await openForReading(index), lines))
    return (posed) => kept.whole((store) => solving(store)(posed))
  }

  return async (posed) => {
    solver ??= open().catch((thrown) => {
      solver = null
      throw thrown
    })
    return await (await solver)(posed)
  }
}

answerFrom(parentPort as MessagePort, solvingFrom(workerData))
