/** By what a text was redacted, in one word that is stored with it, and what another word asks for. */

import type { RedactPolicy } from '../core/connector.ts'
import { canonicalJson, sha256 } from '../core/ids.ts'

const OFF = 'off'

/**
 * Raise the second number where more is removed than before: stored texts are redacted once more. Raise the first where
 * something stays that used to go: it is not in the stored texts any more, so that they are loaded again.
 */
const REDACTOR = 'redact-1.0'

export function redactorOf(policy: RedactPolicy): string {
  if (policy === null) return OFF
  const patterns = policy.patterns.map(({ name, pattern }) => sha256(canonicalJson([name, pattern])).slice(0, 12))
  return [REDACTOR, ...new Set(patterns.sort())].join('+')
}

/**
 * What a text that was redacted by `stored` needs to be as `wanted` makes it. From the source (`reload`) comes what was
 * removed and is to stay, and who a text's people are, which nothing stored says.
 */
export function redoing(stored: string, wanted: string): 'nothing' | 'redact' | 'reload' {
  if (stored === wanted) return 'nothing'
  if (stored === OFF || wanted === OFF) return 'reload'
  const [before = '', ...gone] = stored.split('+')
  const [now = '', ...going] = wanted.split('+')
  const removesAll = gone.every((pattern) => going.includes(pattern))
  return generation(before) === generation(now) && removesAll ? 'redact' : 'reload'
}

export function isUnredacted(redactor: string): boolean {
  return redactor === OFF
}

function generation(redactor: string): string {
  return redactor.split('.')[0] ?? ''
}
