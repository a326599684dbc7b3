/** Addresses that credentials are sent to. */
import { z } from 'zod'

const LOOPBACK = ['localhost', '127.0.0.1', '[::1]']

/** A setting: https, or an address of this machine. */
export function confidentialAddress(example: string) {
  return z
    .url({ protocol: /^https?$/, error: `must be an address such as ${example}` })
    .refine((text) => isConfidential(text), 'must begin with https: (credentials are sent to it)')
}

/** Without query and fragment, and without a slash at the end. */
export function baseOf(address: string): string {
  const { origin, pathname } = new URL(address)
  return origin + pathname.replace(/\/+$/, '')
}

function isConfidential(text: string): boolean {
  const url = URL.parse(text)
  return url === null || url.protocol === 'https:' || LOOPBACK.includes(url.hostname)
}
