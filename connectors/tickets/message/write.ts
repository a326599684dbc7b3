/** Lines as plain HTML. */
import { escapeAttribute, escapeText } from 'entities'
import type { Line, Run } from './line.ts'

/** @param lead stands at the beginning of the first line, in bold */
export function writeLines(lines: readonly Line[], lead = ''): string {
  const out: string[] = []
  const [first] = lines
  let prefix = lead === '' ? '' : `<strong>${escapeText(lead)}</strong>`
  if (prefix !== '' && first?.kind !== 'text') {
    out.push(`<p>${prefix}</p>`)
    prefix = ''
  }
  for (let at = 0; at < lines.length; ) {
    const end = groupEnd(lines, at)
    const group = lines.slice(at, end)
    out.push(writeGroup(group, prefix))
    prefix = ''
    at = end
  }
  return out.join('\n')
}

/** A paragraph, a list, a block of code. */
function groupEnd(lines: readonly Line[], at: number): number {
  const { kind } = lines[at] as Line
  let end = at + 1
  for (; end < lines.length; end += 1) {
    const line = lines[end] as Line
    if (line.kind !== kind) break
    if (kind === 'heading' || (kind === 'text' && line.isApart) || (kind === 'code' && line.isApart)) break
  }
  return end
}

function writeGroup(group: readonly Line[], prefix: string): string {
  const [first] = group
  switch (first?.kind) {
    case 'code':
      return `<pre><code>${group.map(({ runs }) => escapeText(runs.map(({ text }) => text).join(''))).join('\n')}</code></pre>`
    case 'item':
      return writeList(group)
    case 'heading':
      return `<p><strong>${escapeText(first.text)}</strong></p>`
    default: {
      const text = group.map(({ runs }) => writeRuns(runs)).join('<br>')
      return `<p>${prefix === '' ? text : `${prefix} ${text}`}</p>`
    }
  }
}

function writeList(group: readonly Line[]): string {
  const out: string[] = []
  const open: string[] = []
  let isInItem = false
  for (const { level, isOrdered, isApart, runs } of group) {
    if (!isApart && isInItem) {
      out.push('<br>', writeRuns(runs))
      continue
    }
    const depth = Math.max(1, level)
    while (open.length > depth) out.push(`</li></${open.pop()}>`)
    if (open.length === depth) out.push('</li>')
    while (open.length < depth) {
      const list = isOrdered ? 'ol' : 'ul'
      out.push(`<${list}>`)
      open.push(list)
      if (open.length < depth) out.push('<li>')
    }
    out.push('<li>', writeRuns(runs))
    isInItem = true
  }
  while (open.length > 0) out.push(`</li></${open.pop()}>`)
  return out.join('')
}

function writeRuns(runs: readonly Run[]): string {
  return runs.map(writeRun).join('').trim()
}

function writeRun({ text, isStrong, isEmphasis, isCode, href }: Run): string {
  let html = escapeText(text)
  if (text.trim() === '') return html
  if (isCode) html = `<code>${html}</code>`
  if (isEmphasis) html = `<em>${html}</em>`
  if (isStrong) html = `<strong>${html}</strong>`
  return href === null ? html : `<a href="${escapeAttribute(href)}">${html}</a>`
}
