/** A message as what its writer had to say: without quotes of earlier messages, greetings, signatures and footers. */
import { type Names, withoutClosing } from './closing.ts'
import { withoutGreeting } from './greeting.ts'
import { withoutHistory } from './history.ts'
import type { Message } from './line.ts'
import { folded } from './phrases.ts'
import { readMessage } from './read.ts'

export interface CleanOptions {
  /** The first message of its thread. */
  readonly isFirst: boolean
  readonly names: Names
}

/** No lines are left of a message that says nothing but hello and goodbye. */
export function cleanMessage(html: string, { isFirst, names }: CleanOptions): Message {
  const { lines, losses } = readMessage(html)
  const own = withoutHistory(lines, isFirst)
  return { lines: withoutGreeting(withoutClosing(own, names), names), losses }
}

/** Words of the names among people's names, addresses and numbers. */
export function namesOf(people: readonly string[]): Names {
  const words = people
    .filter((each) => !/[@\d]/.test(each))
    .flatMap((each) => folded(each.slice(0, 200)).split(' '))
    .filter((word) => word.length > 1)
  return new Set(words)
}
