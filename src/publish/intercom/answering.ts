/** Who answers from a text: what is asked for, held against what Intercom says. What it doesn't say differs from nothing. */
import type { Answering } from './article.ts'
import { sameAudiences } from './import-source.ts'

export function isSameAnswering(a: Answering, b: Answering): boolean {
  const isSame = (['fin', 'copilot', 'salesAgent'] as const).every(
    (who) => a[who] === null || b[who] === null || a[who] === b[who],
  )
  return isSame && (a.audiences === null || b.audiences === null || sameAudiences(a.audiences, b.audiences))
}

/** For people. */
export function shownAnswering({ fin, copilot, salesAgent, audiences }: Answering): string {
  const who = Object.entries({ Fin: fin, Copilot: copilot, 'Sales Agent': salesAgent })
  const lines = who.flatMap(([name, answers]) => (answers === null ? [] : [`${name}: ${answers ? 'yes' : 'no'}\n`]))
  const whom =
    audiences === null || audiences.length === 0 ? 'everybody' : audiences.toSorted((a, b) => a - b).join(', ')
  return [...lines, ...(audiences === null ? [] : [`Audiences of Fin: ${whom}\n`])].join('')
}
