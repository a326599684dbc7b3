import fc from 'fast-check'
import { expect, test } from 'vitest'
import { contrast, ENOUGH, HEADER, PRIMARY, paletteOf } from '../../src/serve/help/element/colours.ts'

const colour = fc.integer({ min: 0, max: 0xffffff }).map((value) => `#${value.toString(16).padStart(6, '0')}`)

test('whatever colours a house has, what is written in them and on them can be read', () => {
  fc.assert(
    fc.property(colour, colour, (header, primary) => {
      for (const [theme, grounds] of [
        ['light', ['#ffffff', '#f3f5f8', '#e9edf3']],
        ['dark', ['#0f141b', '#19212b', '#28313d']],
      ] as const) {
        const palette = paletteOf({ header, primary }, theme)
        expect(contrast(palette.onHeader, palette.header)).toBeGreaterThanOrEqual(ENOUGH)
        expect(contrast(palette.onFill, palette.fill)).toBeGreaterThanOrEqual(ENOUGH)
        for (const ground of grounds) expect(contrast(palette.accent, ground)).toBeGreaterThanOrEqual(ENOUGH)
      }
    }),
  )
})

test('a colour that can be read stays what it is, and what is none is the usual', () => {
  expect(paletteOf({ primary: '#00f' }, 'light')).toMatchObject({ fill: '#0000ff', accent: '#0000ff' })
  expect(paletteOf({ header: 'url(x)', primary: 'red' }, 'light')).toMatchObject({ header: HEADER, fill: PRIMARY })
  expect(contrast('#000', '#fff')).toBe(21)
})
