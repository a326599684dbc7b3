/** The address that a citation of a document leads to: never empty, and never one that runs a script. */
import type { Head } from '../core/document.ts'

/** What whoever starts a server without such an address should know. */
export const NO_BASE =
  'Documents without an address of the web are cited by a name that opens nothing: set serve.publicUrl to what readers reach the server by.'

const WEB = /^https?:\/\/[^\s/]/i
/** What no address holds as it is: it would be text behind one, which a model reads outside of every fence. */
const NO_ADDRESS = /[\s\p{Cc}\p{Cf}]/gu

/**
 * Where the document can be read: at its source, or where that gives no address of the web, at this server's own article
 * page, in the Help space. Without a public address of this server it is a name (`urn:unsilo:…`) that tells the document, but opens nothing.
 *
 * @param publicUrl the base that readers reach this server by, without a slash at its end
 */
export function documentUrl({ id, url }: Pick<Head, 'id' | 'url'>, publicUrl: string | undefined): string {
  if (WEB.test(url)) return url.replace(NO_ADDRESS, encodeURIComponent)
  const name = encodeURIComponent(id)
  return publicUrl === undefined ? `urn:unsilo:${name}` : `${publicUrl}/help#/article/${name}`
}
