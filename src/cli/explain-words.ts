/** What is known of one document, for people. */
import type { Access } from '../core/access.ts'
import { plainLine } from '../core/plain.ts'
import type { Io } from './io.ts'
import type { ExplanationLine } from './json-lines-of-runs.ts'
import { count, counted, duration, styled } from './output.ts'

type Fact = readonly [name: string, text: string]

export function explanationText(line: ExplanationLine, io: Io): string {
  const facts = line.state === 'unknown' ? unknownFacts(line, io) : knownFacts(line, io)
  const heading = styled(io, 'bold', plainLine(line.stored?.title ?? line.asked))
  return [heading, ...facts.map(([name, text]) => `  ${styled(io, 'dim', name.padEnd(WIDTH))}  ${text}`)].join('\n')
}

const WIDTH = 10

function knownFacts(line: ExplanationLine, io: Io): readonly Fact[] {
  const { stored, failure, skip } = line
  return [
    ['id', plainLine(line.id ?? '')],
    ...(stored === null ? [] : storedFacts(stored)),
    ...(skip === null ? [] : [['left out', `${plainLine(skip.reason)} (since ${ago(skip.at, io)})`] as const]),
    ...(failure === null ? [] : failureFacts(failure, stored !== null, io)),
    ...(skip === null ? [listedFact(line, io)] : []),
  ]
}

function storedFacts(stored: NonNullable<ExplanationLine['stored']>): readonly Fact[] {
  const { url, path, kind, version, updatedAt, characters, language, losses, chunks, access, includes } = stored
  const lost = Object.entries(losses).map(([name, number]) => `${plainLine(name)} ${count(number)}`)
  return [
    ['address', plainLine(url)],
    ['stands in', path.length === 0 ? '-' : path.map(plainLine).join(' > ')],
    ['fetched', `version ${plainLine(version)}, a ${kind} of ${updatedAt.slice(0, 10)}`],
    [
      'converted',
      `${counted(characters, 'character')} of markdown, ${lost.length === 0 ? 'nothing lost' : `lost: ${lost.join(', ')}`}`,
    ],
    ...(includes.length === 0 ? [] : [['includes', includes.map(plainLine).join(', ')] as const]),
    ['found as', `${counted(chunks, 'passage')}, language ${language}`],
    ['visible to', accessWords(access)],
  ]
}

function accessWords(access: Access): string {
  if (access === 'public') return 'everybody'
  return access.length === 0 ? 'nobody' : access.map(plainLine).join(', ')
}

function failureFacts(failure: NonNullable<ExplanationLine['failure']>, isStored: boolean, io: Io): readonly Fact[] {
  const { code, reason, at, attempts, version, ignored } = failure
  const tried = attempts === undefined ? '' : `, tried ${count(attempts)} ${attempts === 1 ? 'time' : 'times'}`
  const of = version === undefined ? '' : ` version ${plainLine(version)}`
  return [
    ['last error', `${code}: ${plainLine(reason)}`],
    [
      '',
      `failed${of} ${ago(at, io)}${tried}; ${isStored ? 'what was stored before stays' : 'nothing of it is stored'}`,
    ],
    ['next', ignored === true ? 'ignored until its version changes' : 'the next run tries it again'],
  ]
}

/** What is stored is not what was listed: a document may have come after the last complete listing. */
function listedFact({ sources, state }: ExplanationLine, io: Io): Fact {
  const [source] = sources
  const listing = source?.listing ?? null
  if (listing === null) return ['listed', 'its source was never listed completely, as far as is remembered']
  const when = `${ago(listing.endedAt, io)} (run ${listing.run.slice(0, 8)})`
  const what = state === 'stored' ? 'not missing in' : 'shown by its source; last complete listing'
  return ['listed', state === 'stored' ? `${what} the last complete listing, ${when}` : `${what} ${when}`]
}

export function isAddress(asked: string): boolean {
  return /^https?:\/\//i.test(asked)
}

/** Addresses are remembered of stored documents only: of any other, no listing can be said not to have had it. */
function unknownFacts({ asked, sources }: ExplanationLine, io: Io): readonly Fact[] {
  if (isAddress(asked)) {
    const why = 'no stored document has this address; one that failed or was left out is known by its id only'
    return [
      ['unknown', why],
      ['next', '`unsilo explain SOURCE:ID`, with the id that the source gives it'],
    ]
  }
  const nothing: Fact = ['unknown', 'not stored, not in quarantine, and not left out by a rule that was said']
  if (sources.length === 0) return [nothing, ['sources', 'none is known yet: `unsilo sync` fills the index']]
  return [nothing, ...sources.map((source): Fact => [plainLine(source.source), listingWords(source, io)])]
}

function listingWords({ lastRun, listing }: ExplanationLine['sources'][number], io: Io): string {
  if (lastRun === null) return 'has never run: nothing can be said of it'
  if (listing === null) return `was never listed completely: nothing can be said of it (last run ${ago(lastRun, io)})`
  const run = `run ${listing.run.slice(0, 8)}`
  return `not in its last complete listing, ${ago(listing.endedAt, io)} (${run}), or removed since`
}

function ago(time: string, io: Io): string {
  return `${duration(Math.max(0, (io.now() - Date.parse(time)) / 1000))} ago`
}
