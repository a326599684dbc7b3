/** A thread that does what it is asked: for tests of what holds when threads that answer do not. */
import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import type { Solve } from '../../src/serve/asking/ask.ts'
import { answerFrom } from '../../src/serve/asking/messages.ts'

/** Shared, one number each. */
export interface Orders {
  /** How many questions came. */
  readonly came: Int32Array
  /** 1: those that wait may go on. */
  readonly goOn: Int32Array
}

const { came, goOn }: Orders = workerData
const never = new Promise<never>(() => undefined)

const solve: Solve = async (posed) => {
  const text = posed.kind === 'sources' ? 'sources' : posed.query.text
  Atomics.add(came, 0, 1)
  Atomics.notify(came, 0)
  if (text === 'end') process.exit(7)
  if (text === 'loop') for (;;);
  if (text === 'wait') Atomics.wait(goOn, 0, 0)
  if (text === 'throw') {
    setImmediate(() => {
      throw new Error('/secret/place is broken')
    })
    return await never
  }
  return []
}

answerFrom(parentPort as MessagePort, solve)
