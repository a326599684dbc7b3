/**
 * What a step of a scenario made, as text files that a person can read and review: the changes, each document's
 * markdown with its head, and each document's chunks, one line each.
 */

import type { Chunk, StoredDocument } from '../core/document.ts'
import { sameJson } from '../core/ids.ts'
import type { Json } from '../core/json.ts'
import type { Store } from '../core/store.ts'
import { formatFile } from '../markdown/file.ts'
import type { Decision } from '../sync/plan.ts'
import { headChanges } from '../sync/plan-entry.ts'
import type { SyncReport } from '../sync/sync.ts'

/** File name -> content, for one step. */
export type StepFiles = ReadonlyMap<string, string>

const ENDS = 40

export async function stepFiles(report: SyncReport, store: Store): Promise<StepFiles> {
  const documents = await store.stored(touched(report))
  const files = new Map([['changes.json', `${JSON.stringify(changes(report, documents), null, 2)}\n`]])
  for (const [id, document] of [...documents].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const name = id.replace(/[^a-z0-9-]+/gi, '-')
    files.set(`${name}.md`, formatFile(frontMatter(document), document.markdown))
    files.set(`${name}.chunks.txt`, (await store.chunks(id)).map(chunkLines).join(''))
  }
  return files
}

type Documents = ReadonlyMap<string, StoredDocument>

function changes(report: SyncReport, documents: Documents): Json {
  const failed = new Set(report.failed.map(({ id }) => id))
  const decisions = [...(report.plan?.decisions.values() ?? [])]
  return {
    outcome: report.run.outcome,
    ...(report.error === null ? {} : { error: report.error.code }),
    counts: { ...report.run.counts },
    ...(report.run.receipt === undefined ? {} : { receipt: { ...report.run.receipt } }),
    changes: decisions.map((decision) => change(decision, failed, documents)),
    failed: report.failed.map(({ id, code, reason }) => ({ id, code, reason })),
    skipped: (report.plan?.skipped ?? []).map(({ id, reason }) => ({ id, reason })),
  }
}

/** As the document is stored: a body may bring the title, and what is listed is another one then. */
function change(decision: Decision, failed: ReadonlySet<string>, documents: Documents): Json {
  if (decision.do === 'remove') return { removed: decision.id, reason: decision.reason }
  const { previous } = decision
  const head = documents.get(decision.head.id)?.head ?? decision.head
  if (failed.has(head.id)) return { failed: head.id }
  if (previous === null) return { added: head.id, title: head.title }
  const what = headChanges(previous, head)
  const heading = { [decision.do === 'load' ? 'changed' : 'refreshed']: head.id, title: head.title }
  return what.length === 0 ? heading : { ...heading, head: what }
}

function touched(report: SyncReport): readonly string[] {
  const decisions = [...(report.plan?.decisions.values() ?? [])]
  return decisions.flatMap((decision) => (decision.do === 'remove' ? [] : [decision.head.id]))
}

function frontMatter({ head, language, losses }: StoredDocument): Readonly<Record<string, Json>> {
  const { path, labels, access, ...rest } = head
  return {
    ...rest,
    path: [...path],
    ...(labels === undefined ? {} : { labels: [...labels] }),
    access: access === 'public' ? access : [...access],
    language,
    ...(sameJson(losses, {}) ? {} : { losses: { ...losses } }),
  }
}

function chunkLines({ ordinal, start, end, tokens, headings, text }: Chunk): string {
  const shown = text.replace(/\s+/g, ' ')
  const ends = shown.length <= 2 * ENDS ? shown : `${shown.slice(0, ENDS)} … ${shown.slice(-ENDS)}`
  return `${ordinal}  ${start}-${end}  ${tokens} tokens  ${headings.join(' > ')}\n    ${ends}\n`
}
