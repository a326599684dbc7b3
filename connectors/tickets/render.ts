/** A thread as HTML that reads as knowledge: the question, what was tried, the resolution. Pure. */
import type { Losses } from '../../src/core/types.ts'
import type { Thread } from './thread.ts'

export interface Rendered {
  readonly title: string
  readonly html: string
  readonly losses: Losses
}

/** Null for a thread in which no person of the team said anything that answers. */
export function render(_thread: Thread): Rendered | null {
  return null
}
