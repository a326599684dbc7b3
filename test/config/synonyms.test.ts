/** Synonyms files as Solr and Elasticsearch write them, and what is said of those that can't be read. */
import { expect, test } from 'vitest'
import { parseSynonyms, readSynonyms, synonymFiles } from '../../src/config/synonyms.ts'

test.each([
  ['invoice, bill', ['invoice', 'bill'], ['invoice', 'bill']],
  ['  sso=>single sign on ,  saml', ['sso'], ['single sign on', 'saml']],
  ['a, b => c', ['a', 'b'], ['c']],
  [String.raw`a\,b, c\=>d => e = f`, ['a,b', 'c=>d'], ['e = f']],
  ['C#, c sharp', ['C#', 'c sharp'], ['C#', 'c sharp']],
])('%s', (line, from, to) => {
  expect(parseSynonyms(line, 'x.txt')).toEqual([{ from, to }])
})

test('comments, empty lines, a byte order mark and line ends of any machine say nothing', () => {
  const text = '\ufeff# ours\r\n\r\n  # theirs\r\nkey, token\r\nbill, invoice\rsso, saml'
  expect(parseSynonyms(text, 'x.txt').map(({ from }) => from)).toEqual([
    ['key', 'token'],
    ['bill', 'invoice'],
    ['sso', 'saml'],
  ])
})

test.each(['latin1', 'utf16le'] as const)(
  'a file in another encoding is refused whole, before any word of it is mangled: %s',
  (encoding) => {
    const text = Buffer.from('remboursé, payé', encoding).toString('utf8')
    expect(() => parseSynonyms(text, 'x.txt')).toThrow('x.txt: is not UTF-8; save it as UTF-8')
  },
)

test.each([
  ['ok, fine\ninvoice', 'x.txt:2: has one word only'],
  ['a, , b', 'x.txt:1: has nothing where a word is due'],
  ['a =>', 'x.txt:1: has nothing where a word is due'],
  ['a => b => c', 'x.txt:1: has several =>'],
  ['a, ++', 'x.txt:1: has no letter in "++"'],
  [`a, ${'+'.repeat(1000)}`, `x.txt:1: has no letter in "${'+'.repeat(40)}"`],
  [Array.from({ length: 33 }, (_, at) => `w${at}`).join(), 'x.txt:1: has more than 32 words'],
])('a line that means nothing is named: %j', (text, message) => {
  expect(() => parseSynonyms(text, 'x.txt')).toThrow(message)
})

test('a file for all languages or one for each, beside the configuration', () => {
  expect(synonymFiles(undefined, '/srv/unsilo.config.yaml')).toEqual([])
  expect(synonymFiles('s.txt', '/srv/unsilo.config.yaml')).toEqual([{ language: null, path: '/srv/s.txt' }])
  expect(synonymFiles({ fr: 'fr.txt' }, '/srv/unsilo.config.yaml')).toEqual([{ language: 'fr', path: '/srv/fr.txt' }])
})

test('a file that is not there is an error, never no synonyms', async () => {
  const missing = () => Promise.reject(Object.assign(new Error('no'), { code: 'ENOENT' }))
  await expect(readSynonyms([{ language: null, path: '/srv/s.txt' }], missing)).rejects.toThrow(
    /\/srv\/s\.txt: can't be read/,
  )
})
