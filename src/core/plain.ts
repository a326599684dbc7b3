/** Text from a source where it is no markup: as a person is shown it. */

/**
 * Text from a source as a terminal may show it: no escape sequences, control characters or characters that reorder
 * or hide text. Line feeds and tabs stay.
 */
export function plain(text: string): string {
  return text
    .replaceAll(/\u001b\[[0-?]*[ -/]*[@-~]/g, '')
    .replaceAll(/\r\n?/g, '\n')
    .replaceAll(
      /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/g,
      '',
    )
    .replaceAll(/[\u{e0000}-\u{e007f}]/gu, '')
}

/** The same on one line. */
export function plainLine(text: string): string {
  return plain(text).replaceAll(/\s+/g, ' ').trim()
}
