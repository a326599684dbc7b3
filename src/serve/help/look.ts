/** How a house's Help space looks, and where it may be shown. */

export interface HelpLook {
  /** Whose help it is. */
  readonly heading?: string | undefined
  /** A file's name, whose ending tells the type, and its content. */
  readonly logo?: { readonly name: string; readonly content: Uint8Array } | undefined
  /** `#rrggbb`, of the top. */
  readonly header?: string | undefined
  /** `#rrggbb`, of links and buttons. */
  readonly primary?: string | undefined
  /** Of corners, in pixels. */
  readonly radius?: number | undefined
  /** Words that suggested articles are found with. */
  readonly suggest?: string | undefined
  /** Where readers are sent who look for people: `https:` or `mailto:`. */
  readonly contact?: string | undefined
  /** Origins of sites that may show the page in a frame, beside this server. */
  readonly frames?: readonly string[] | undefined
}
