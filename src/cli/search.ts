/** `unsilo search`: a question to the index, the passages that answer it to stdout. */
import { UnsiloError } from '../core/errors.ts'
import { plainLine } from '../core/plain.ts'
import { type ExplainedHit, type Explanation, explain } from '../query/explain.ts'
import { RANKING } from '../query/score.ts'
import { type Extract, type Hit, type SearchQuery, search } from '../query/search.ts'
import { armsOf } from './arms.ts'
import type { Io } from './io.ts'
import type { HitLine } from './json-lines.ts'
import type { SearchOptions } from './options.ts'
import { json, note, say, styled } from './output.ts'
import { hitReasons, searchedText } from './search-words.ts'
import { knownSources, openForAsking, openOutline } from './setup.ts'

/** 0 also when nothing was found: no answer is an answer. */
export async function runSearch(options: SearchOptions, io: Io): Promise<number> {
  if (options.text.trim() === '') throw new UnsiloError('USAGE', 'There is nothing to look for.')
  const outline = await openOutline(options, io)
  const store = await openForAsking(outline)
  try {
    await knownSources(options.sources, store, outline)
    const arms = await armsOf(store, options, io)(options.text)
    const query = queryOf(options, io.now())
    const explained = options.explain ? await explain(store, query, RANKING, arms, () => performance.now()) : null
    if (explained !== null) sayExplanation(explained, options, io)
    const hits = explained?.hits.map(({ hit }) => hit) ?? (await search(store, query, RANKING, arms))
    for (const [at, hit] of hits.entries()) {
      const explanation = explained?.hits[at]
      if (options.json) json(io, hitLine(hit, at + 1, explanation))
      else say(io, passage(hit, at + 1, io, explanation))
    }
    if (hits.length === 0 && !options.json && !options.quiet) note(io, nothing(options))
  } finally {
    await store.close()
  }
  return 0
}

function sayExplanation({ hits: _, ...explanation }: Explanation, options: SearchOptions, io: Io): void {
  if (options.json) json(io, { type: 'searched', ...explanation })
  else say(io, searchedText(explanation, io))
}

function queryOf(
  { text, as, limit, sources, kinds, locales, labels, since, typing, fresh }: SearchOptions,
  now: number,
): SearchQuery {
  return {
    ...{ text, as, limit, isUnfinished: typing },
    ...(sources.length > 0 && { sources }),
    ...(kinds.length > 0 && { kinds }),
    ...(locales.length > 0 && { locales }),
    ...(labels.length > 0 && { labels }),
    ...(since !== undefined && { updatedSince: since }),
    ...(fresh !== undefined && { freshness: { halfLifeDays: fresh, now } }),
  }
}

function nothing({ as }: SearchOptions): string {
  const reader = as.length === 0 ? 'the public' : as.join(', ')
  return `Nothing found that ${reader} may read. \`unsilo status\` shows what the index holds.`
}

/** What it is, what it says there and elsewhere, where it stands, where it came from; then why. */
function passage(hit: Hit, rank: number, io: Io, explanation?: ExplainedHit): string {
  const headings = hit.headings.map(plainLine).filter((heading) => heading !== '')
  const place = [...hit.path.map(plainLine), plainLine(hit.title)].join(' > ')
  return [
    `${rank}. ${styled(io, 'bold', [plainLine(hit.title), ...headings].join(' › '))}`,
    `   ${highlighted(hit.snippet, io)}`,
    ...hit.passages.map((extract) => `   ${furtherLine(extract, io)}`),
    `   ${styled(io, 'cyan', plainLine(hit.url))}`,
    `   ${styled(io, 'dim', `${plainLine(hit.id)} · ${place} · ${hit.updatedAt.slice(0, 10)}`)}`,
    ...(explanation === undefined ? [] : hitReasons(explanation).map((line) => `   ${line}`)),
    '',
  ].join('\n')
}

function furtherLine({ headings, snippet }: Extract, io: Io): string {
  const place = plainLine(headings.at(-1) ?? '')
  return `+ ${place === '' ? '' : `${styled(io, 'bold', place)}: `}${highlighted(snippet, io)}`
}

/** Offsets are into the text as stored, so the pieces are cut before they are made plain. */
function highlighted({ text, highlights }: Hit['snippet'], io: Io): string {
  const pieces: string[] = []
  let from = 0
  for (const [start, end] of highlights) {
    pieces.push(spaced(text.slice(from, start)), styled(io, ['bold', 'yellow'], spaced(text.slice(start, end))))
    from = end
  }
  pieces.push(spaced(text.slice(from)))
  return pieces.join('').trim()
}

/** Plain, on one line, with the space at a piece's ends kept. */
function spaced(piece: string): string {
  const [before] = /^\s?/.exec(piece) ?? ['']
  const [after] = /\S(\s)$/.exec(piece)?.slice(1) ?? ['']
  return (before === '' ? '' : ' ') + plainLine(piece) + (after === '' || after === undefined ? '' : ' ')
}

function hitLine(hit: Hit, rank: number, explained?: ExplainedHit): HitLine {
  const { id, source, title, url, path, kind, updatedAt, section } = hit
  return {
    ...{ type: 'hit', rank, id, source, title, url, path, kind, updatedAt },
    ...extractLine(hit),
    passages: hit.passages.map(extractLine),
    ...(section && { section }),
    ...(explained && { explanation: { score: explained.score, arms: explained.arms } }),
  }
}

function extractLine({ headings, snippet, chunk: { id, text, start, end } }: Extract): HitLine['passages'][number] {
  return { headings, snippet, chunk: { id, text, start, end } }
}
