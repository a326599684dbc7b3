/** Numbers that people write in groups. */

/** A number from one group's start to some group's end. */
export interface Window {
  readonly start: number
  readonly end: number
  readonly digits: string
  /** How many digits each group has: `2,2,2,2,2`. */
  readonly groups: string
}

/**
 * The windows from `start`, which must be a digit, shortest first. Groups stand apart by one to three of `separators`, and
 * the last window ends where a digit is followed by none.
 */
export function windowsFrom(text: string, start: number, most: number, separators = ' .-'): readonly Window[] {
  const windows: Window[] = []
  let groups = ''
  let digits = ''
  let at = start
  for (;;) {
    const from = at
    while (isDigit(text, at) && digits.length <= most) digits += text[at++] ?? ''
    if (at === from || digits.length > most) return windows
    groups += groups === '' ? String(at - from) : `,${at - from}`
    windows.push({ start, end: at, digits, groups })
    at = skip(text, at, separators)
  }
}

export function isDigit(text: string, at: number): boolean {
  const code = text.charCodeAt(at)
  return code >= 48 && code <= 57
}

/** Is the character part of a word that a number beside it would belong to? */
export function isGlued(text: string, at: number): boolean {
  return at >= 0 && at < text.length && /[\p{L}\p{N}]/u.test(text[at] ?? '')
}

export function onlyDigits(text: string): string {
  return text.replace(/\D/g, '')
}

const GROUP_START = /(?<![\p{L}\d])\d/gu

export function groupStarts(text: string): readonly number[] {
  return [...text.matchAll(GROUP_START)].map((match) => match.index)
}

function skip(text: string, from: number, separators: string): number {
  let at = from
  while (at < from + 3 && at < text.length && separators.includes(text[at] ?? '')) at++
  return at
}
