/** Two texts as a unified diff. */
import { createTwoFilesPatch } from 'diff'

/** Lines that differ: the time that a shortest diff takes grows with their square. */
const MOST_EDITS = 2_000

/** `''` where nothing differs. Of texts that have little in common, all of the one for all of the other. */
export function unifiedDiff(name: string, before: string, after: string): string {
  if (before === after) return ''
  const options = { context: 3, maxEditLength: MOST_EDITS }
  const patch: string | undefined = createTwoFilesPatch(name, name, before, after, 'stored', 'to come', options)
  return patch ?? [heading(name), hunk(lines(before), lines(after)), ''].join('\n')
}

function heading(name: string): string {
  return `===================================================================\n--- ${name}\tstored\n+++ ${name}\tto come`
}

function hunk(before: readonly string[], after: readonly string[]): string {
  const range = (of: readonly string[]) => `${of.length === 0 ? 0 : 1},${of.length}`
  const all = [...before.map((line) => `-${line}`), ...after.map((line) => `+${line}`)]
  return [`@@ -${range(before)} +${range(after)} @@`, ...all].join('\n')
}

function lines(text: string): readonly string[] {
  return text === '' ? [] : text.replace(/\n$/, '').split('\n')
}
