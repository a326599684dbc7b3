/** Pages that grow in one direction only, where a converter shows whether it is linear. */
import type { Side } from './measure.ts'
import { converter } from './sides.ts'

export interface Growth {
  /** CPU time at each size, the least of three runs. */
  readonly cpuMs: readonly number[]
  /** What the converter threw, if it did. */
  readonly error: string | null
}

const CASES = {
  'table, rows': { size: 5_000, html: (n) => table(n, (row) => `<td>${row}</td><td>some text</td><td><b>x</b></td>`) },
  'table, columns': { size: 2_500, html: (n) => table(3, () => '<td>cell</td>'.repeat(n)) },
  'table, merged rows': { size: 2_500, html: (n) => table(n, (row) => `<td rowspan="3">${row}</td><td>text</td>`) },
  'tables in tables': { size: 1_000, html: (n) => nested(n, '<table><tr><td>x</td><td>', '</td></tr></table>') },
  'nested div': { size: 5_000, html: (n) => nested(n, '<div>x', '</div>') },
  'nested lists': { size: 5_000, html: (n) => nested(n, '<ul><li>x', '</li></ul>') },
  'nested quotes': { size: 5_000, html: (n) => nested(n, '<blockquote>x', '</blockquote>') },
  'nested bold and italic': { size: 5_000, html: (n) => nested(n, '<b>x<i>y', '</i></b>') },
  'items of one list': { size: 10_000, html: (n) => `<ul>${'<li>an item with text</li>'.repeat(n)}</ul>` },
} satisfies Record<string, { readonly size: number; readonly html: (size: number) => string }>

export type GrowthCase = keyof typeof CASES

/** Name and the smaller size of each. */
export const GROWTH_CASES = Object.entries(CASES).map(([name, { size }]) => ({ name: name as GrowthCase, size }))

export async function growth(side: Side, name: GrowthCase, sizes: readonly number[]): Promise<Growth> {
  const convert = await converter(side)
  convert(WARM_UP)
  try {
    return { cpuMs: sizes.map((size) => leastMs(convert, CASES[name].html(size))), error: null }
  } catch (thrown) {
    return { cpuMs: [], error: thrown instanceof Error ? thrown.name : String(thrown) }
  }
}

const WARM_UP = '<h1>Some page</h1><ul><li>a</li></ul><table><tr><td>x</td></tr></table>'.repeat(200)

function leastMs(convert: (html: string) => string, html: string): number {
  let least = Number.POSITIVE_INFINITY
  for (let run = 0; run < 3; run++) {
    const before = process.cpuUsage()
    convert(html)
    const { user, system } = process.cpuUsage(before)
    least = Math.min(least, (user + system) / 1000)
  }
  return least
}

function table(rows: number, cells: (row: number) => string): string {
  const body = Array.from({ length: rows }, (_, row) => `<tr>${cells(row)}</tr>`)
  return `<table><thead><tr><th>Name</th><th>Text</th><th>Mark</th></tr></thead><tbody>${body.join('')}</tbody></table>`
}

function nested(depth: number, open: string, close: string): string {
  return open.repeat(depth) + close.repeat(depth)
}
