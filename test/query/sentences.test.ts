import { expect, test } from 'vitest'
import { sentencesOf } from '../../src/query/sentences.ts'

function cut(markdown: string, language = 'en'): readonly string[] {
  return sentencesOf(markdown, language).map(({ start, end }) => markdown.slice(start, end))
}

test('sentences are parts of the markdown, whatever the line they stand in', () => {
  const markdown = [
    'Open **Settings**, e.g. by its icon. Press Save\nand wait a moment. Then close it.',
    '',
    '- First of all, ask a colleague. She knows.',
    '1. Then write it down somewhere.',
    '> A quoted line that says much.',
  ].join('\n')

  expect(cut(markdown)).toEqual([
    'Open **Settings**, e.g. by its icon.',
    'Press Save\nand wait a moment.',
    'Then close it.',
    'First of all, ask a colleague.',
    'Then write it down somewhere.',
    'A quoted line that says much.',
  ])
})

test('headings, tables, rules and code say no sentence', () => {
  const fence = '```sh\nrm -rf everything. Really everything.\n```'
  const table = '| Name of it | What it costs. |\n| --- | --- |'

  expect(cut(`# A heading that is long.\n\n${fence}\n\n${table}\n\n---\n\nOnly this is a sentence.`)).toEqual([
    'Only this is a sentence.',
  ])
})

test('languages without spaces have sentences too', () => {
  const [first, second] = ['請按重設密碼按鈕後等候電郵。', '然後打開裡面的連結就可以了。']

  expect(cut(first + second, 'zh')).toEqual([first, second])
})

test('what is too short says nothing, what is too long is no sentence', () => {
  expect(cut('Yes. No. This one is long enough.')).toEqual(['This one is long enough.'])
  expect(cut('word '.repeat(1000))).toEqual([])
})
