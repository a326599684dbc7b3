import { expect, test } from 'vitest'
import type { Store } from '../../src/core/store.ts'
import { damaged } from '../../src/indexes/damage.ts'
import { fillInPlace, whole } from '../../src/indexes/filling.ts'
import { openMemory } from '../../src/indexes/memory/memory.ts'

/** Whose mark is not as it was written, and how often one is open. */
function marked() {
  let count = 0
  async function open(): Promise<Store> {
    const store = openMemory()
    count++
    return {
      ...store,
      state: async () => {
        throw damaged('the index', 'is damaged.')
      },
      close: async () => {
        count--
        await store.close()
      },
    }
  }
  return { open, left: () => count }
}

test('an index that cannot tell whether it is whole is left open to nobody: neither to read nor to fill it', async () => {
  const { open, left } = marked()

  await expect(open().then(whole)).rejects.toMatchObject({ code: 'INDEX_DAMAGED' })
  await expect(fillInPlace(open)).rejects.toMatchObject({ code: 'INDEX_DAMAGED' })

  expect(left()).toBe(0)
})
