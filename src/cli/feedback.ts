/** `unsilo feedback`: what readers of `unsilo serve` said of documents. */
import type { DocumentFeedback, UnansweredQuery } from '../core/feedback.ts'
import { nativeSource } from '../core/ids.ts'
import { plainLine } from '../core/plain.ts'
import type { Store } from '../core/store.ts'
import { feedbackFile } from '../feedback/book.ts'
import { readFeedback } from '../feedback/read.ts'
import type { Io } from './io.ts'
import type { FeedbackLine, UnansweredLine } from './json-lines.ts'
import type { FeedbackOptions } from './options.ts'
import { counted, json, note, say, styled } from './output.ts'
import { fileFor, openForReading, openOutline } from './setup.ts'

export async function runFeedback(options: FeedbackOptions, io: Io): Promise<number> {
  const { index, path } = await openOutline(options, io)
  const { documents, unanswered } = await readFeedback(feedbackFile(fileFor(index, path)))
  const store = await openForReading(index)
  try {
    for (const document of documents.slice(0, options.limit)) {
      const line = await feedbackLine(document, store)
      if (options.json) json(io, line)
      else say(io, entry(line, io))
    }
    for (const query of unanswered.slice(0, options.limit)) {
      if (options.json) json(io, unansweredLine(query))
      else say(io, unansweredEntry(query, io))
    }
  } finally {
    await store.close()
  }
  if (documents.length === 0 && !options.json && !options.quiet) note(io, 'No reader has said anything yet.')
  return 0
}

/** A document that is not stored any more has no title. */
async function feedbackLine({ document, ...said }: DocumentFeedback, store: Store): Promise<FeedbackLine> {
  const stored = await store.heads(nativeSource(document), [document])
  return { type: 'feedback', id: document, title: stored.get(document)?.head.title ?? null, ...said }
}

function unansweredLine({ query, votes, documents }: UnansweredQuery): UnansweredLine {
  return { type: 'unanswered', query, votes, ids: documents }
}

function entry({ id, title, helpful, unhelpful, remarks }: FeedbackLine, io: Io): string {
  const said = remarks.flatMap(({ comment, query, helpful: isHelpful }) => {
    const words = [query === undefined ? [] : [`asked: ${query}`], comment ?? []].flat().map(plainLine)
    return words.length === 0 ? [] : [`  ${isHelpful ? '+' : '-'} ${words.join(' · ')}`]
  })
  return [
    `${styled(io, 'bold', plainLine(id))}${title === null ? '' : `  ${plainLine(title)}`}`,
    `  ${styled(io, 'dim', `helped ${counted(helpful, 'time')}, did not ${counted(unhelpful, 'time')}`)}`,
    ...said,
  ].join('\n')
}

function unansweredEntry({ query, votes, documents }: UnansweredQuery, io: Io): string {
  const read = documents.map(plainLine).join(', ')
  return `unanswered ${counted(votes, 'time')}: ${plainLine(query)}  ${styled(io, 'dim', read)}`
}
