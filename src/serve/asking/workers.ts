/**
 * Threads that answer questions, one at a time each, so that computing an answer holds up neither the others nor what
 * needs none. One that ends while it answers, whatever ended it, fails that question alone, and a new one takes its place.
 *
 * By hand, since Piscina 5.3.2 keeps no limit for tasks that can be cancelled (`maxQueue` counts none that carry a
 * signal), and ends the thread of a running one that is.
 */
import type { Worker } from 'node:worker_threads'
import { asUnsiloError, UnsiloError } from '../../core/errors.ts'
import type { Posed, Solution, Solve } from './ask.ts'
import { solutionOf, type Told } from './messages.ts'
import type { Queue, Waiting } from './queue.ts'

export interface Workers {
  readonly solve: Solve
  /** Ends them all, whatever they do; what waits is not answered any more. */
  close(): Promise<void>
}

export interface WorkersOptions {
  /** A thread that answers with `answerFrom`. */
  start(): Worker
  readonly count: number
  /** Lets as many through as there are threads. */
  readonly queue: Queue
  /** In milliseconds: one that takes longer is ended, with its thread. */
  readonly patienceMs: number
  /** Told of a thread that ended while nobody asked it anything. */
  report(thrown: unknown): void
}

export function startWorkers({ start, count, queue, patienceMs, report }: WorkersOptions): Workers {
  const all = new Set<Hand>()
  const idle: Hand[] = []
  let isClosing = false

  function hire(): Hand {
    const hand = handOf(start(), (thrown) => {
      all.delete(hand)
      if (idle.includes(hand)) idle.splice(idle.indexOf(hand), 1)
      if (!isClosing && thrown !== null) report(thrown)
    })
    all.add(hand)
    return hand
  }

  async function solve(posed: Posed, waiting?: Waiting): Promise<Solution> {
    return await queue.run(async () => {
      if (isClosing) throw new UnsiloError('INTERRUPTED', 'The server is told to end.')
      // In turn, so that none is found cold when all are needed.
      const hand = idle.shift() ?? hire()
      try {
        return await hand.solve(posed, patienceMs)
      } finally {
        if (all.has(hand)) idle.push(hand)
      }
    }, waiting)
  }

  async function close(): Promise<void> {
    isClosing = true
    await Promise.all([...all].map((hand) => hand.end()))
  }

  for (let at = 0; at < count; at++) idle.push(hire())
  return { solve, close }
}

interface Hand {
  solve(posed: Posed, patienceMs: number): Promise<Solution>
  end(): Promise<unknown>
}

/** @param ended told once it is of no use any more, with why, where no question is failed by it */
function handOf(worker: Worker, ended: (thrown: unknown) => void): Hand {
  let asked: PromiseWithResolvers<Told> | null = null
  let isOver = false

  function over(thrown: unknown): void {
    if (isOver) return
    isOver = true
    void worker.terminate()
    const unanswered = asked
    ended(unanswered === null ? thrown : null)
    unanswered?.reject(thrown)
  }

  worker.on('message', (told: Told) => asked?.resolve(told))
  worker.on('messageerror', (thrown) => over(thrown))
  worker.on('error', (thrown) => over(asUnsiloError(thrown)))
  worker.on('exit', (code) =>
    over(new UnsiloError('UNEXPECTED', `A thread that answers questions ended with ${code}.`)),
  )
  return {
    end: () => worker.terminate(),
    async solve(posed, patienceMs) {
      asked = Promise.withResolvers()
      const impatient = setTimeout(() => over(late(patienceMs)), patienceMs)
      try {
        worker.postMessage(posed)
        return solutionOf(await asked.promise)
      } finally {
        clearTimeout(impatient)
        asked = null
      }
    },
  }
}

function late(patienceMs: number): UnsiloError {
  const seconds = patienceMs / 1000
  return new UnsiloError('OUT_OF_TIME', `A question took longer than ${seconds} s; its thread was ended.`)
}
