import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isWholeJson } from '../../src/http/whole-json.ts'

const whole = (text: string) => isWholeJson(new TextEncoder().encode(text))

test('every object and list is whole, with blanks around it, and no part of it is', () => {
  const value = fc.oneof(fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue()), fc.array(fc.jsonValue()))
  fc.assert(
    fc.property(value, fc.nat(), (json, at) => {
      const text = JSON.stringify(json)
      const bytes = new TextEncoder().encode(text)
      expect(whole(`\uFEFF \r\n${text}\n\t `)).toBe(true)
      expect(isWholeJson(bytes.subarray(0, at % bytes.length))).toBe(false)
    }),
  )
})

test.each([
  '',
  ' ',
  '<!DOCTYPE html><html>{}</html>',
  'null',
  '"{}"',
  '{}{',
  '{} x',
  '{"a":"}',
  '{"a":"\\"}',
  '[[]',
  '{"a":1}<p>',
])('%j is not', (text) => {
  expect(whole(text)).toBe(false)
})

test.each(['{}', '[]', '{"a":"}"}', '{"a":"\\\\"}', '{"a":"\\"}"}', '{"a":"]"}'])('%j is', (text) => {
  expect(whole(text)).toBe(true)
})
