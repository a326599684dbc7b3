import { expect, test } from 'vitest'
import type { Content, Space } from '../../connectors/confluence/answers.ts'
import { createContents } from '../../connectors/confluence/contents.ts'

const spaces = ['DOC', 'OPS'].map((key): Space => ({ id: key, key, name: key, status: 'current', type: 'global' }))
const [doc, ops] = spaces as [Space, Space]

test('a content that is listed twice is held once, at its first place and as it was listed last', () => {
  const contents = createContents(spaces)
  for (let at = 1; at <= 600; at++) contents.add(page(at, null), doc)
  contents.add({ ...page(2, '1'), title: 'Moved', version: 5 }, ops)

  expect(contents.size).toBe(600)
  expect([...contents].map(({ id }) => id)).toEqual(Array.from({ length: 600 }, (_, at) => String(at + 1)))
  const moved = { kind: 'page', id: '2', title: 'Moved', version: 5, updatedAt: AT, webui: null, problem: null }
  expect([...contents][1]).toEqual({ ...moved, space: ops })
  expect(contents.get('2')).toEqual({ ...moved, space: ops })
  expect([contents.get('1')?.space, contents.get('600')?.title]).toEqual([doc, 'Page 600'])
  expect(contents.get('601')).toBeUndefined()
})

test('what stands above contents is told once each, and no more where the last of them has moved away', () => {
  const contents = createContents(spaces)
  for (const [id, parentId] of [
    [1, null],
    [2, '1'],
    [3, '1'],
    [4, '9'],
  ] as const)
    contents.add(page(id, parentId), doc)
  contents.add(page(4, '1'), doc)

  expect([...contents.parents.distinct()]).toEqual([null, { id: '1', type: 'page' }])
  expect(contents.parents.get('4')).toEqual({ id: '1', type: 'page' })
  expect([contents.parents.get('1'), contents.parents.get('9')]).toEqual([null, undefined])
})

const AT = '2026-01-05T00:00:00.000Z'

function page(id: number, parentId: string | null): Content {
  const parent = parentId === null ? null : { id: parentId, type: 'page' }
  const head = { title: `Page ${id}`, version: 1, updatedAt: AT, webui: null, problem: null }
  return { kind: 'page', id: String(id), status: 'current', parent, ...head }
}
