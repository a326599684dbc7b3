/** Whom an address stands for, as far as addresses tell people apart. */
import { isIP } from 'node:net'

const MAPPED = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i
const GROUPS = 8
/** A subnet of one house, within which anybody may take any address: RFC 4291, section 2.5.4. */
const GROUPS_OF_NETWORK = 4

/** Of IPv6 its /64, since whoever has one address has them all; anything else as it is. */
export function networkOf(address: string): string {
  const mapped = MAPPED.exec(address)?.[1]
  if (mapped !== undefined) return mapped
  if (isIP(address) !== 6) return address
  const [front = '', back] = (URL.parse(`http://[${address.replace(/%.*$/, '')}]`)?.hostname ?? '')
    .slice(1, -1)
    .split('::')
  const [before, after] = [groupsOf(front), groupsOf(back ?? '')]
  const zeros = Array.from({ length: Math.max(0, GROUPS - before.length - after.length) }, () => '0')
  return `${[...before, ...zeros, ...after].slice(0, GROUPS_OF_NETWORK).join(':')}::/64`
}

function groupsOf(text: string): readonly string[] {
  return text === '' ? [] : text.split(':')
}
