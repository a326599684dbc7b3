/**
 * Addresses in messages: of the web, without the detour by which a mail gateway follows who clicks, and none of uploads,
 * which open for whoever holds the signature in it, for some hours.
 */

const UPLOADS = /(^|\.)(intercomcdn|intercom-attachments(-\d+)?)\.(com|eu)$/
const GATEWAY = /(^|\.)safelinks\.protection\.outlook\.com$/

/** Null for what is no web address. */
export function webAddress(text: string): string | null {
  const url = URL.parse(text.trim())
  if (url === null || !/^https?:$/.test(url.protocol) || UPLOADS.test(url.hostname)) return null
  if (!GATEWAY.test(url.hostname)) return text.trim()
  const target = URL.parse(url.searchParams.get('url') ?? '')
  return target !== null && /^https?:$/.test(target.protocol) ? target.href : null
}
