/** What others make of documents, and where and why ours differs. */

export interface Sample {
  readonly document: string
  readonly expected: string
  /** The differences: applied to what the peer expects before it is compared. */
  readonly rewrites: readonly Rewrite[]
}

export interface Rewrite {
  readonly pattern: RegExp
  readonly by: string
  readonly because: string
}

const picture: Rewrite = {
  pattern: /!\[[^\]]*\](\([^)]*\)|\[[^\]]*\])/g,
  by: 'image',
  because: 'the address of a picture lives for minutes, so ours is a link to its place in the document',
}

const pictureInText: Rewrite = { ...picture, by: 'image ' }

export const samples: readonly Sample[] = [
  ...['breaks', 'empty', 'footnotes', 'french', 'links', 'tables'].map((name) => ofGatsby(name)),
  ofGatsby('codes', [
    {
      pattern: /```js\n/,
      by: '```\nlang:js\n',
      because: 'a first line `lang:js` is that plugin’s convention; here it is part of the text',
    },
  ]),
  ofGatsby('lists', [pictureInText]),
  ofGatsby('texts', [
    {
      pattern: /(?<=Colored<\/span>|>red<\/span>|>green<\/span>)(?=<span style='color)/g,
      by: ' ',
      because: 'each of these runs ends in a line break, which separates words',
    },
    { pattern: /^\t+/gm, by: '', because: 'an indent is no code' },
    {
      pattern: /^#(?=#+ (?!Title level 6))/gm,
      by: '',
      because: 'the plugin moves headings one level down, since its pages have a title of their own',
    },
    {
      pattern: /^### Subtitle/m,
      by: '## Subtitle',
      because: 'a subtitle follows the title, as in Google’s own markdown',
    },
  ]),
  {
    document: 'google-docs-markdown/Markdown_Conversion_Example_-_Multi-Tab.json',
    expected: 'google-docs-markdown/google_docs_copy_as_markdown.md',
    rewrites: [
      {
        pattern: /^# Markdown Conversion Example$/m,
        by: '# Markdown Conversion Example - Multi-Tab',
        because: 'the markdown is that of a copy of the document with another title',
      },
      picture,
      { pattern: /^\[image\d+\]: .*$/gm, by: '', because: picture.because },
      { pattern: /^\[.*\]\(#.*\)$/gm, by: '', because: 'the table of contents repeats the headings' },
      { pattern: / \{#.*\}$/gm, by: '', because: 'an anchor is no part of a heading' },
      { pattern: /^#(?=#{0,4} )/gm, by: '##', because: 'the document has tabs, whose titles stand above the headings' },
      { pattern: /^#+ This is an inline suggestion heading$/gm, by: '', because: 'suggestions are left out' },
      { pattern: /^This is an inline suggestion *$/gm, by: '', because: 'suggestions are left out' },
      {
        pattern:
          /(Other person:) Person|(Status Chip:\*\*) Not Started|(File Chip:\*\*) File|(Date Chip:\*\* 2026-01-08) Date/g,
        by: '$1$2$3$4',
        because: 'placeholder chips have no counterpart in the API’s answer',
      },
      { pattern: /^```py$/m, by: '```', because: 'the API does not say a code block’s language' },
    ],
  },
]

function ofGatsby(name: string, rewrites: readonly Rewrite[] = []): Sample {
  const folder = 'gatsby-source-google-docs'
  return { document: `${folder}/${name}.json`, expected: `${folder}/${name}.expected.md`, rewrites }
}
