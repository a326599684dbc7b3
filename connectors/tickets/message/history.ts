/**
 * What a mail program put below or between a writer's own words: the messages that were answered. Cut only where a mark
 * says so, and never so far that nothing is left.
 */
import type { Line } from './line.ts'
import { folded } from './phrases.ts'

/** Longer lines are text. */
const LONGEST_MARK = 400
const HEADER_LINES = 6
const FEW_WORDS = 12

const FORWARDED = /^-{2,} {0,3}(forwarded message|message transféré|message transmis|message réexpédié) {0,3}-{2,}$/i
const FORWARDED_APPLE = /^(begin forwarded message|début du message (réexpédié|transféré)) ?:$/i
const ORIGINAL =
  /^-{2,} {0,3}(original message|original appointment|message d['’]origine|message original) {0,3}-{2,}$/i
const RULE = /^_{10,}$/

const ATTRIBUTION = /^(on|le) .{6,350} (wrote|a écrit|écrivit) ?:$/i
const ADDRESSED = /^.{2,150}[<(][^<>()\s]{1,100}@[^<>()\s]{1,100}[>)] (wrote|a écrit) ?:$/i
const CLOCK_OR_ADDRESS = /\d{1,2} ?[:h] ?\d{2}|@/

const FROM = /^(from|de|expéditeur) ?:/i
/** With a day in it: a form or a letter that an answer quotes has none yet. */
const SENT = /(^|\s)(sent|date|envoyé|envoyé le) ?:.{0,60}\d/i
const TO = /(^|\s)(to|à|pour|subject|objet|cc) ?:/i
const HEADER =
  /^(from|de|expéditeur|sent|date|envoyé|envoyé le|to|à|pour|cc|cci|bcc|subject|objet|reply-to|répondre à) ?:/i

type Marker = { readonly kind: 'original' | 'attribution' | 'forwarded'; readonly at: number; readonly next: number }

/** @param isFirst nothing of this thread can stand below it: with few words above, it hands on what somebody else wrote */
export function withoutHistory(lines: readonly Line[], isFirst: boolean): readonly Line[] {
  const own = withoutMarked(lines)
  const cut = withoutQuoted(own)
  const words = cut.reduce((count, { text }) => count + folded(text.slice(0, LONGEST_MARK)).split(' ').length, 0)
  if (isFirst && words < FEW_WORDS) return withoutMarks(lines)
  if (cut.some(says)) return cut
  return withoutMarks(own.some(says) ? own : lines)
}

/** All of it but the marks themselves. */
function withoutMarks(lines: readonly Line[]): readonly Line[] {
  const marker = findMarker(lines)
  if (marker === null) return lines
  return [...lines.slice(0, marker.at), ...withoutHeaders(lines.slice(marker.next))]
}

/** Quotes that the mail program marked. One that begins as forwarded is what the writer has to say. */
function withoutMarked(lines: readonly Line[]): readonly Line[] {
  let isForwarded = false
  return lines.filter(({ marks, text }, at) => {
    if (!marks.has('history')) return true
    if (!lines[at - 1]?.marks.has('history')) isForwarded = false
    isForwarded ||= isForward(text)
    return isForwarded
  })
}

function withoutQuoted(lines: readonly Line[]): readonly Line[] {
  const marker = findMarker(lines)
  if (marker === null) return lines
  const before = lines.slice(0, marker.at)
  const rest = lines.slice(marker.next)
  if (marker.kind === 'attribution') {
    const isQuoted = rest.some(({ text }) => text.startsWith('>'))
    if (isQuoted) return [...before, ...rest.filter(({ text }) => !text.startsWith('>'))]
  }
  if (marker.kind !== 'forwarded') return before
  return [...before, ...withoutHeaders(rest)]
}

function findMarker(lines: readonly Line[]): Marker | null {
  for (const [at, { kind, text }] of lines.entries()) {
    if (kind === 'code' || text.length > LONGEST_MARK) continue
    if (isForward(text)) return { kind: 'forwarded', at, next: at + 1 }
    if (ORIGINAL.test(text)) return { kind: 'original', at, next: at + 1 }
    if (RULE.test(text) && isHeaderBlock(lines, at + 1)) return { kind: 'original', at, next: at + 1 }
    if (isHeaderBlock(lines, at)) return { kind: 'original', at, next: at }
    if (isAttribution(text)) return { kind: 'attribution', at, next: at + 1 }
    if (isWrapped(text, lines[at + 1]?.text ?? '')) return { kind: 'attribution', at, next: at + 2 }
  }
  return null
}

function isForward(text: string): boolean {
  return text.length <= LONGEST_MARK && (FORWARDED.test(text) || FORWARDED_APPLE.test(text))
}

/** With a time or an address, as mail programs write it: people who quote by hand leave that out. */
function isAttribution(text: string): boolean {
  if (text.length > LONGEST_MARK || !text.endsWith(':')) return false
  return ADDRESSED.test(text) || (ATTRIBUTION.test(text) && CLOCK_OR_ADDRESS.test(text))
}

/** Begun on one line and ended on the next, which by itself is none. */
function isWrapped(text: string, next: string): boolean {
  const both = `${text} ${next}`
  return both.length <= LONGEST_MARK && !isAttribution(next) && ATTRIBUTION.test(both) && CLOCK_OR_ADDRESS.test(both)
}

function isHeaderBlock(lines: readonly Line[], at: number): boolean {
  const first = lines[at]
  if (first === undefined || first.kind === 'code' || !FROM.test(first.text)) return false
  const block = lines.slice(at, at + HEADER_LINES).map(({ text }) => text.slice(0, LONGEST_MARK))
  return block.some((text) => SENT.test(text)) && block.some((text) => TO.test(text))
}

function withoutHeaders(lines: readonly Line[]): readonly Line[] {
  const end = lines.findIndex(({ text }) => !HEADER.test(text) && !RULE.test(text))
  return end < 0 ? [] : lines.slice(end)
}

function says({ text }: Line): boolean {
  return folded(text.slice(0, LONGEST_MARK)) !== ''
}
