/** How much of one document is read: what is made of it must fit into memory, several times over. */

/** Characters (UTF-16 code units) of one text of a source; what is longer is cut, and its losses say so. */
export const LONGEST_TEXT = 4_000_000
