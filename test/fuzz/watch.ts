/** Runs a task in a thread that is ended where it hangs; a new one then goes on behind what it hung at. */
import { Worker } from 'node:worker_threads'
import type { Result, Task } from './worker.ts'

export interface Lost {
  readonly index: number
  readonly why: string
}

/** Room for what a page needs, so that times at two sizes are not those of two ways of collecting garbage. */
const YOUNG_MB = 256

/** `patienceMs`, by the clock, is what one number of the task may take on a busy machine. */
export async function watch(
  task: Task,
  patienceMs: number,
  onResult: (result: Result) => void,
  file: URL = new URL('worker.ts', import.meta.url),
): Promise<readonly Lost[]> {
  const lost: Lost[] = []
  for (let at = task.from; at < task.to; at += 1) {
    const stop = await runFrom({ ...task, from: at })
    if (stop === null) break
    lost.push(stop)
    at = stop.index
  }
  return lost

  /** Null if it came to its end. */
  function runFrom(rest: Task): Promise<Lost | null> {
    return new Promise((resolve) => {
      const worker = new Worker(file, { workerData: rest, resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB } })
      const giveUp = () => end(`did not end in ${patienceMs} ms`)
      let timer = setTimeout(giveUp, patienceMs)
      let index = rest.from

      function end(why: string): void {
        clearTimeout(timer)
        worker.removeAllListeners()
        void worker.terminate().then(() => resolve(index < task.to ? { index, why } : null))
      }

      worker.on('message', (result: Result) => {
        clearTimeout(timer)
        timer = setTimeout(giveUp, patienceMs)
        index = result.index + 1
        onResult(result)
      })
      worker.on('error', (error) => end(String(error)))
      worker.on('exit', () => end('ended before its time'))
    })
  }
}
