import { describe, expect, test } from 'vitest'
import type { AccessPolicy } from '../../src/core/access.ts'
import { cursorOf, head, onSmallSite, pull, type SmallSite } from './confluence-stage.ts'
import { NOW } from './stage.ts'

const HOUR = 60 * 60 * 1000

describe('who may read', () => {
  const policy: AccessPolicy = {
    level: 'public',
    principals: { 'group:hr': ['group:people'], 'user:cyd': ['user:cyd'], 'user:dan': ['user:dan'] },
  }

  test('readers beyond the first answer count too', () =>
    onSmallSite(async (site) => {
      expect(head(await pull(site, { policy }), site.id('Salaries'))?.access).toEqual(['group:people', 'user:cyd'])
    }))

  test('a restriction below another narrows it', () =>
    onSmallSite(async (site) => {
      site.emulator.model.restrict(site.id('Salary bands'), { users: ['cyd', 'dan'], groups: [] })
      expect(head(await pull(site, { policy }), site.id('Salary bands'))?.access).toEqual(['user:cyd'])
    }))

  test('a restricted folder restricts what is in it', () =>
    onSmallSite(async (site) => {
      site.emulator.model.restrict(site.id('Guides'), { users: ['cyd'], groups: [] })
      expect(head(await pull(site, { policy }), site.id('Refunds abroad'))?.access).toEqual(['user:cyd'])
    }))

  test.each(['Guides', 'Refunds'])('nobody below %s, which the account doesn’t see', (title) =>
    onSmallSite(async (site) => {
      site.emulator.model.find(site.id(title)).hidden = true
      expect(head(await pull(site), site.id('Refunds abroad'))?.access).toEqual([])
    }),
  )

  test.each([
    ['forbidden', 403],
    ['hidden', 404],
  ])('nobody, where a restriction on the way up is %s', (_, status) =>
    onSmallSite(async (site) => {
      site.emulator.fail({ kind: 'status', status, match: new RegExp(`content/${site.id('Refunds')}/restriction`) })
      const changes = await pull(site)
      const closed = ['Refunds', 'Refunds abroad', 'Salaries', 'Salary bands'].map(site.id)
      const nobody = changes.flatMap((each) =>
        each.type === 'upsert' && each.head.access.length === 0 ? [each.head.id] : [],
      )
      expect(nobody.toSorted()).toEqual(closed.toSorted())
      expect(changes.at(-1)).toMatchObject({ notes: { hidden: expect.stringContaining('1 restriction') } })
    }),
  )

  test('an archived parent still restricts its children', () =>
    onSmallSite(async (site) => {
      site.emulator.model.find(site.id('Salaries')).status = 'archived'
      expect(head(await pull(site, { policy }), site.id('Salary bands'))?.access).toEqual(['group:people', 'user:cyd'])
    }))

  test('a page that became its own ancestor is read by nobody', () =>
    onSmallSite(async (site) => {
      site.emulator.model.move(site.id('Salaries'), site.id('Salary bands'))
      expect(head(await pull(site, { policy }), site.id('Salary bands'))?.access).toEqual([])
    }))
})

describe('daily restrictions', () => {
  const daily = { restrictions: 'daily' }
  const restrictionRequests = (site: SmallSite) =>
    site.emulator.requests.filter(({ path }) => path.includes('/restriction/')).map(({ path }) => path.split('/')[5])

  async function nextRun(site: SmallSite, happen: () => void, later: number) {
    const first = await pull(site, { config: daily })
    happen()
    site.emulator.requests.length = 0
    return pull(site, { config: daily, since: cursorOf(first), now: () => NOW + later })
  }

  test('are not asked for again within a day, and are still applied', () =>
    onSmallSite(async (site) => {
      const changes = await nextRun(site, () => {}, 23 * HOUR)
      expect(restrictionRequests(site)).toEqual([])
      expect(head(changes, site.id('Salary bands'))?.access).toEqual([])
      expect(head(changes, site.id('Refunds'))?.access).toBe('public')
    }))

  test('are read for an edited page and what is above it', () =>
    onSmallSite(async (site) => {
      const changes = await nextRun(
        site,
        () => {
          site.emulator.model.restrict(site.id('Refunds'), { users: ['ada'], groups: [] })
          site.emulator.model.edit(site.id('Refunds abroad'), { body: '<p>secret</p>' })
        },
        HOUR,
      )
      const asked = ['Refunds abroad', 'Refunds', 'Guides', 'Support home'].map(site.id)
      expect(restrictionRequests(site).toSorted()).toEqual(asked.toSorted())
      expect(head(changes, site.id('Refunds abroad'))?.access).toEqual([])
    }))

  test('that stay hidden do not look like a token that may read none', () =>
    onSmallSite(async (site) => {
      const hidden = ['Release 1', 'Release 2', 'Release 3'].map(site.id)
      const match = new RegExp(`content/(${hidden.join('|')})/restriction`)
      site.emulator.fail({ kind: 'status', status: 403, match, times: 1000 })
      const changes = await nextRun(site, () => {}, HOUR)
      expect(restrictionRequests(site).toSorted()).toEqual(hidden.toSorted())
      expect(head(changes, site.id('Release 1'))?.access).toEqual([])
      expect(head(changes, site.id('Refunds'))?.access).toBe('public')
    }))

  test('are all read again after a day', () =>
    onSmallSite(async (site) => {
      const restrict = () => site.emulator.model.restrict(site.id('Refunds'), { users: ['ada'], groups: [] })
      const changes = await nextRun(site, restrict, 24 * HOUR)
      expect(head(changes, site.id('Refunds'))?.access).toEqual([])
    }))
})
