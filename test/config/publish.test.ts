/** What the configuration makes of what it says of publishing. */
import { expect, test } from 'vitest'
import { publishSchema } from '../../src/config/publish.ts'

test('who is named twice is named once: a target is called by whom it is for', () => {
  const twice = { as: ['group:b', 'group:a', 'group:b'], audiences: [7, 5, 7] }
  const parsed = publishSchema.parse({
    intercom: {
      token: '${' + 'env:TOKEN}',
      articles: { author: 1, collections: [{ collection: 1, source: 'docs' }], ...twice },
      pages: [{ source: 'docs', url: 'https://example.com', ...twice }],
    },
  })

  const once = { as: ['group:b', 'group:a'], audiences: [7, 5] }
  expect(parsed?.intercom?.articles).toMatchObject(once)
  expect(parsed?.intercom?.pages).toMatchObject([once])
})
