import { describe, expect, test } from 'vitest'
import { rememberSlices } from '../../src/core/slice-memory.ts'

describe('rememberSlices', () => {
  test('tells parts of the same length and the same parts of other texts apart', () => {
    const read = rememberSlices(10, 40, (text, start, end) => text.slice(start, end))
    const text = 'one two one\ud800two'

    expect([read(text, 0, 3), read(text, 4, 7), read(text, 8, 11), read('a two', 2, 5), read(text, 0, 0)]).toEqual([
      'one',
      'two',
      'one',
      'two',
      '',
    ])
  })

  test('keeps the frequent ones while ten thousand others come by, and each of those is right', () => {
    const computed: string[] = []
    const read = rememberSlices(100, 40, (text, start, end) => {
      computed.push(text.slice(start, end))
      return text.slice(start, end)
    })
    for (let i = 0; i < 10_000; i++) {
      expect(read(`word${i}`, 0, `word${i}`.length)).toBe(`word${i}`)
      expect(read('often', 0, 5)).toBe('often')
    }

    expect(computed.filter((word) => word === 'often')).toEqual(['often'])
  })

  test('computes long parts each time', () => {
    let computed = 0
    const read = rememberSlices(10, 4, () => computed++)
    read('abcde', 0, 5)
    read('abcde', 0, 5)
    read('abcde', 0, 4)
    read('abcde', 0, 4)

    expect(computed).toBe(3)
  })
})
