/** Sources that the index still holds and the configuration names no more: renamed, or taken out. */
import { plainLine } from '../core/plain.ts'

/** Null where there is none. */
export function leftovers(held: readonly string[], configured: readonly string[]): string | null {
  const names = held.filter((name) => !configured.includes(name)).map(plainLine)
  if (names.length === 0) return null
  return `Not in the configuration, but still found: ${names.join(', ')}. \`unsilo forget ${names.join(' ')}\` removes what the index holds of them.`
}
