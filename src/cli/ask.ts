/** `unsilo ask`: a question to the index, the sentences that answer it to stdout. */
import { UnsiloError } from '../core/errors.ts'
import { plainLine } from '../core/plain.ts'
import { answer, type Quote } from '../query/answer.ts'
import { armsOf } from './arms.ts'
import type { Io } from './io.ts'
import type { AnswerLine } from './json-lines.ts'
import type { AskOptions } from './options.ts'
import { json, note, say, styled } from './output.ts'
import { knownSources, openForAsking, openOutline } from './setup.ts'

/** 0 also when there is no answer: that is one. */
export async function runAsk(options: AskOptions, io: Io): Promise<number> {
  const { text, sources, as } = options
  if (text.trim() === '') throw new UnsiloError('USAGE', 'There is nothing to answer.')
  const outline = await openOutline(options, io)
  const store = await openForAsking(outline)
  try {
    await knownSources(sources, store, outline)
    const arms = await armsOf(store, options, io)(text)
    const { quotes } = await answer(store, { text, as, ...(sources.length > 0 && { sources }) }, arms)
    for (const [at, quote] of quotes.entries()) {
      if (options.json) json(io, answerLine(quote, at + 1))
      else say(io, sentence(quote, io))
    }
    if (quotes.length === 0 && !options.json && !options.quiet) note(io, nothing(options))
  } finally {
    await store.close()
  }
  return 0
}

function nothing({ as }: AskOptions): string {
  const reader = as.length === 0 ? 'the public' : as.join(', ')
  return `No answer in what ${reader} may read. \`unsilo search\` shows what comes nearest.`
}

function sentence({ text, hit }: Quote, io: Io): string {
  const place = [hit.title, ...hit.headings].map(plainLine).filter((name) => name !== '')
  return [
    plainLine(text),
    `   ${styled(io, 'dim', `${place.join(' › ')} · ${plainLine(hit.id)}`)}`,
    `   ${styled(io, 'cyan', plainLine(hit.url))}`,
    '',
  ].join('\n')
}

function answerLine({ text, start, end, hit }: Quote, rank: number): AnswerLine {
  const { id, source, title, url, headings, kind, updatedAt } = hit
  return { type: 'answer', rank, text, id, source, title, url, headings, kind, updatedAt, start, end }
}
