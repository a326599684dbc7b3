/** A thread of the run, which may hang or die: says what came of each number of its task, in their order. */
import { parentPort, workerData } from 'node:worker_threads'
import { render, renderAdf } from '../../connectors/confluence/render.ts'
import { toMarkdown } from '../../src/markdown/from-html.ts'
import { check, type Subject, type Verdict } from './check.ts'
import { inputAt, readCorpus } from './inputs.ts'
import { SHAPES, type Timing, timeShape } from './linear.ts'

/** The numbers from `from` to before `to`, of inputs or of shapes. */
export interface Task {
  readonly type: 'inputs' | 'shapes'
  readonly from: number
  readonly to: number
  readonly seed: number
  /** Milliseconds that the larger of a shape's sizes takes, if pages of that length exist. */
  readonly aimMs: number
  readonly source: 'samples' | 'fixtures'
}

export interface Result {
  readonly index: number
  readonly length: number
  readonly verdict?: Verdict
  readonly timing?: Timing
}

const subject: Subject = { toMarkdown, render, renderAdf }

function work({ type, from, to, seed, aimMs, source }: Task, tell: (result: Result) => void): void {
  const corpus = type === 'inputs' ? readCorpus(source) : null
  for (let index = from; index < to; index += 1) {
    const shape = SHAPES[index]
    if (corpus !== null) {
      const input = inputAt(corpus, seed, index)
      tell({ index, length: input.text.length, verdict: check(subject, input) })
    } else if (shape !== undefined) {
      const timing = timeShape(shape, aimMs, subject)
      tell({ index, length: timing.length, timing })
    }
  }
}

work(workerData, (result) => parentPort?.postMessage(result))
