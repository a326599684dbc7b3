/** Addresses inside articles: absolute, the same in every run, and of something that a person can open. */

/** Hosts of what was uploaded to Intercom, in any region. */
const UPLOADS = /(^|\.)(intercomcdn|intercom-attachments(-\d+)?)\.(com|eu)$/

/** A signature for some hours, new in every answer. */
const SIGNATURE = ['expires', 'signature', 'req']

/** Pages of what players play, from the address of the player. */
const PLAYED: readonly { readonly player: RegExp; readonly page: string }[] = [
  { player: /^https:\/\/(?:www\.)?loom\.com\/embed\/([\w-]{1,80})/, page: 'https://www.loom.com/share/' },
  {
    player: /^https:\/\/(?:www\.)?youtube(?:-nocookie)?\.com\/embed\/([\w-]{1,80})/,
    page: 'https://www.youtube.com/watch?v=',
  },
  { player: /^https:\/\/player\.vimeo\.com\/video\/(\d{1,20})/, page: 'https://vimeo.com/' },
]

/** Relative to `base`, and without a signature that expires. What is no web address stays as it is. */
export function stableAddress(text: string, base: string): string {
  const url = URL.parse(text.trim(), base)
  if (url === null || !/^https?:$/.test(url.protocol)) return text
  if (!UPLOADS.test(url.hostname)) return /^[a-z][a-z0-9+.-]*:/i.test(text.trim()) ? text.trim() : url.href
  for (const name of SIGNATURE) url.searchParams.delete(name)
  return url.href
}

export function playedAddress(address: string): string {
  for (const { player, page } of PLAYED) {
    const id = player.exec(address)?.[1]
    if (id !== undefined) return page + id
  }
  return address
}
