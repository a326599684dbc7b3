/** IP addresses, but for those that are everybody's: loopback, unspecified, and netmasks. */
import { isIPv6 } from 'node:net'
import { disjoint, type Finding } from './finding.ts'
import { isVersionLabel } from './labels.ts'

const OCTET = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)'
const IPV4 = new RegExp(`(?<![\\p{L}\\d_]|\\d[.,:-])${OCTET}(?:\\.${OCTET}){3}(?![\\p{L}\\d_]|[.,-]\\d)`, 'gu')
const IPV6 = /(?<![\p{L}\d:.])[\da-f:]{2,45}(?:(?:\d{1,3}\.){3}\d{1,3})?(?![\p{L}\d:])/giu
const EVERYBODYS_V4 = /^(?:127\.|0\.0\.0\.0$|255\.)/
/** Global unicast, unique local, link local, multicast, NAT64, and IPv4 inside: `a::b` in a program is none of these. */
const REAL_V6 = /^(?:[23][\da-f]{3}|f[cd][\da-f]{2}|fe[89ab][\da-f]|ff[\da-f]{2}|64:ff9b|::ffff:|::\d{1,3}\.)/i

export function findIps(text: string): readonly Finding[] {
  const v4 = [...text.matchAll(IPV4)].filter((match) => isAddress(text, match))
  const v6 = [...text.matchAll(IPV6)].flatMap(trimmed).filter(({ value }) => isIPv6(value) && REAL_V6.test(value))
  return disjoint([
    ...v6,
    ...v4.map((match) => ({ start: match.index, end: match.index + match[0].length, value: match[0] })),
  ])
}

function isAddress(text: string, match: RegExpExecArray): boolean {
  if (EVERYBODYS_V4.test(match[0]) || isVersionLabel(text, match.index)) return false
  const before = text.slice(Math.max(0, match.index - 8), match.index)
  // `Chrome/120.0.0.0`, and a heading's number
  return !/[\p{L}\d]\/$/u.test(before) && !/(?:^|\n)#{1,6} $/.test(before)
}

/** A colon behind an address is the sentence's. */
function trimmed(match: RegExpExecArray): readonly Finding[] {
  const text = match[0].replace(/(?<!:):$/, '')
  if (!text.includes(':')) return []
  return [{ start: match.index, end: match.index + text.length, value: text.toLowerCase() }]
}
