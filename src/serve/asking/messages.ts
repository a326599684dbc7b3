/** What two threads say to each other: a question, and its answer or what went wrong, in the words that it had there. */
import type { MessagePort } from 'node:worker_threads'
import { asUnsiloError, type ErrorCode, UnsiloError } from '../../core/errors.ts'
import type { Posed, Solution, Solve } from './ask.ts'

export type Told =
  | { readonly solution: Solution }
  | { readonly error: { readonly code: ErrorCode; readonly message: string; readonly hint: string | undefined } }

/** In the thread that answers, until the port is closed. */
export function answerFrom(port: MessagePort, solve: Solve): void {
  port.on('message', async (posed: Posed) => port.postMessage(await told(posed, solve)))
}

/** In the thread that asked. */
export function solutionOf(answered: Told): Solution {
  if ('solution' in answered) return answered.solution
  const { code, message, hint } = answered.error
  throw new UnsiloError(code, message, hint === undefined ? {} : { hint })
}

async function told(posed: Posed, solve: Solve): Promise<Told> {
  try {
    return { solution: await solve(posed) }
  } catch (thrown) {
    const { code, message, hint } = asUnsiloError(thrown)
    return { error: { code, message, hint } }
  }
}
