/** Markdown from a source, made safe to store: line endings, invisible characters and comments. */

import { cleanCharacters } from './characters.ts'
import type { Tally } from './tally.ts'

const FENCE = /^ {0,3}(`{3,}|~{3,})/

/** Without line breaks at its edges. Code fences keep what they hold, but for invisible characters. */
export function cleanMarkdown(source: string, tally: Tally): string {
  const { text, removed } = cleanCharacters(source.replace(/\r\n?/g, '\n'))
  tally.add('invisible-character', removed)
  const state: Reading = { lines: [], fence: '', inComment: false }
  for (const line of text.split('\n')) readLine(state, line, tally)
  if (state.fence !== '') state.lines.push(state.fence)
  return state.lines.join('\n').trimEnd()
}

interface Reading {
  readonly lines: string[]
  /** What closes the open code fence; empty outside of one. */
  fence: string
  inComment: boolean
}

function readLine(state: Reading, line: string, tally: Tally): void {
  if (state.fence !== '') {
    state.lines.push(line)
    if (closes(line, state.fence)) state.fence = ''
    return
  }
  const kept = state.inComment || line.includes('<!--') ? withoutComments(state, line, tally) : line
  if (kept === null) return
  if (kept.trim() === '') {
    if (state.lines.length > 0 && state.lines.at(-1) !== '') state.lines.push('')
    return
  }
  state.fence = FENCE.exec(kept)?.[1] ?? ''
  state.lines.push(kept)
}

function closes(line: string, fence: string): boolean {
  const text = line.trim()
  return text.length >= fence.length && text.startsWith(fence) && text === (fence[0] ?? '').repeat(text.length)
}

/** Null where nothing but a comment stood on the line. */
function withoutComments(state: Reading, line: string, tally: Tally): string | null {
  const parts: string[] = []
  let at = 0
  while (at < line.length) {
    if (state.inComment) {
      const end = line.indexOf('-->', at)
      if (end === -1) break
      state.inComment = false
      at = end + 3
      continue
    }
    const start = commentStart(line, at)
    parts.push(line.slice(at, start === -1 ? line.length : start))
    if (start === -1) break
    tally.add('comment')
    state.inComment = true
    at = start + 4
  }
  const kept = parts.join('')
  return kept.trim() === '' && line !== '' ? null : kept
}

/** Of a comment outside of code spans, as far as one line can tell: an odd number of backticks before it opens one. */
function commentStart(line: string, from: number): number {
  let ticks = 0
  let counted = from
  for (let at = line.indexOf('<!--', from); at !== -1; at = line.indexOf('<!--', at + 4)) {
    for (; counted < at; counted += 1) if (line[counted] === '`') ticks += 1
    if (ticks % 2 === 0) return at
  }
  return -1
}
