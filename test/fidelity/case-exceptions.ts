/** Asserts that do not hold, for a good reason. One that holds after all fails the run. */

export interface CaseException {
  /** Name of the case. */
  readonly name: string
  /** The assertion, or the part of a page. */
  readonly what: string
  readonly reason: string
}

export const caseExceptions: readonly CaseException[] = [
  {
    name: 'peer-cases/confluence-bidir-sync.jsonl#18',
    what: 'not contains "xxe"',
    reason: 'the test lets an entity’s name stay as text or go; it stays, and no file is read for it',
  },
  {
    name: 'peer-cases/confluence-export.jsonl#5',
    what: 'contains "[TOC]"',
    reason: 'a table of contents repeats the headings of its page, and a mark in its place is nothing to find',
  },
  {
    name: 'peer-cases/confluence-markdown-exporter.jsonl#1',
    what: 'contains "> [!NOTE]"',
    reason: 'the input is a rendered view, where the panel is an attribute; in storage format it is a blockquote',
  },
  {
    name: 'peer-cases/confluence-markdown-exporter.jsonl#5',
    what: 'contains "🛠️ Klinische Abteilung"',
    reason: 'the picture in the corner of a panel decorates it; the text is kept',
  },
  {
    name: 'peer-cases/confluence-markdown-exporter.jsonl#34',
    what: 'not contains "Source Page"',
    reason:
      'the input is a rendered view; from storage format the excerpt takes the link’s place in the sync, not in the conversion',
  },
  {
    name: 'peer-cases/confluence-markdown-exporter.jsonl#48',
    what: 'not contains "- Only item"',
    reason: 'an item in a cell keeps its mark, so that a list of one reads like a list of two',
  },
  {
    name: 'peer-cases/confluence-markdown-exporter.jsonl#49',
    what: 'contains "1"',
    reason: 'an item without text says nothing, so its number alone is left out of a cell',
  },
  {
    name: 'peer-cases/mcp-atlassian.jsonl#33',
    what: 'contains "[User Profile Macro (Malformed)]"',
    reason: 'a macro that names nobody shows nobody; the words are the tool’s own, here it is the loss `user`',
  },
  {
    name: 'storage/jsonix-wiki/Compact-Naming/page.xml',
    what: 'words',
    reason: 'the tool joins two words that the page keeps apart by a space in an element of its own',
  },
  {
    name: 'storage/jsonix-wiki/Compact-Naming/page.xml',
    what: 'cells',
    reason: 'the same two joined words',
  },
  {
    name: 'storage/jsonix-wiki/Features/page.xml',
    what: 'items',
    reason: 'the tool begins inner lists on the line of their item, where markdown takes them for its text',
  },
  {
    name: 'adf/extended-adf-markdown/comprehensive-tables.adf.json',
    what: 'cells',
    reason: 'a table whose cells hold code is written as records of header and value; every word and all code is kept',
  },
]
