import { expect, test } from 'vitest'
import type { Access } from '../../../src/core/access.ts'
import { askers, mayRead, planted, probes } from '../../../src/query/evaluation/planted.ts'
import { sampleDocument } from '../../conformance/index-samples.ts'

const ACCESS: readonly Access[] = ['public', 'public', ['group:staff'], [], 'public', 'public']
const DOCUMENTS = planted(ACCESS.map((access, at) => sampleDocument(`docs:${at}`, { access, title: `Title ${at}` })))

test('every restricted document carries a word of its own wherever a word may stand', () => {
  const tokens = DOCUMENTS.flatMap(({ token }) => token ?? [])

  expect(DOCUMENTS.map(({ token }) => token === null)).toEqual([true, false, false, false, true, false])
  expect(new Set(tokens).size).toBe(4)
  for (const { token, head, markdown } of DOCUMENTS) {
    if (token === null) continue
    for (const place of [head.title, head.url, head.path.join(), head.labels?.join(), markdown]) {
      expect(place).toContain(token)
    }
  }
})

test('restricted documents stay with their readers, and there are eight readers at least', () => {
  const readers = askers(DOCUMENTS, 12)

  expect(DOCUMENTS[2]?.head.access).toEqual(['group:staff'])
  expect(readers.length).toBeGreaterThanOrEqual(8)
  expect(readers).toContainEqual([])
  expect(readers).toContainEqual(['group:staff'])
  expect(DOCUMENTS.filter((document) => mayRead(document, [])).length).toBe(2)
})

test('most questions are for what is hidden: whole words, beginnings and misspelt ones', () => {
  const hidden = DOCUMENTS.flatMap((document) => (mayRead(document, []) ? [] : (document.token ?? [])))
  const asked = probes(DOCUMENTS, [], 400)

  expect(asked).toHaveLength(400)
  expect(asked.filter(({ label }) => hidden.includes(label)).length).toBeGreaterThan(320)
  expect(asked.some(({ text }) => hidden.includes(text))).toBe(true)
  expect(
    asked.some(({ text }) => text.length > 1 && hidden.some((token) => token !== text && token.startsWith(text))),
  ).toBe(true)
  expect(asked).toEqual(probes(DOCUMENTS, [], 400))
})
