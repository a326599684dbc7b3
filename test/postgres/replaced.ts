/** An index that is replaced by a copy while a real server answers from it, as a role that may only read. */
import pg from 'pg'
import { describe, expect, test } from 'vitest'
import { CONTENT_TABLES, KEPT_TABLES } from '../../src/indexes/postgres/swap.ts'
import { fillIndex, openIndex, verifyIndex } from '../../src/indexes/registry.ts'
import { reopening } from '../../src/serve/reopening.ts'
import { asking, found, putting } from '../conformance/index-samples.ts'
import { askedAllTheTime, edition, unsilo } from '../serve/editions.ts'
import type { OwnServer } from './own-server.ts'
import { placeIn } from './server.ts'

const ROUNDS = 3
/** More than a copy stores at once. */
const PAGES = 450
const LIMIT = 50
const PASSWORD = 'of who reads'

export function testReplaced(server: OwnServer): void {
  async function administered(...statements: readonly string[]): Promise<readonly unknown[]> {
    const client = new pg.Client({ connectionString: server.url })
    await client.connect()
    const rows: unknown[] = []
    for (const statement of statements) rows.push(...(await client.query(statement)).rows)
    await client.end()
    return rows
  }

  const schemaOf = (location: string) => new URL(location).searchParams.get('schema') ?? ''

  async function filled(location: string, id: string): Promise<void> {
    const store = await openIndex(location)
    await store.apply(putting('docs', { [id]: 'word' }))
    await store.close()
  }

  async function foundIn(location: string): Promise<readonly string[]> {
    const store = await openIndex(location, { mode: 'read' })
    const hits = await found(store, asking('word'))
    await store.close()
    return hits
  }

  const rightsTo = async (schema: string) =>
    await administered(`SELECT c.relname::text AS name, pg_get_userbyid(c.relowner)::text AS owner, ARRAY(
        SELECT format('%s %s %s', a.grantee, a.privilege_type, a.is_grantable)
        FROM aclexplode(coalesce(c.relacl, acldefault('r', c.relowner))) a ORDER BY 1) AS rights
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = '${schema}' AND c.relkind = 'r' ORDER BY 1`)

  describe(`${server.name}: replaced while it is asked`, () => {
    test('no answer is refused, none is cut, and none is of two editions', async () => {
      const editions = await Promise.all([edition('alpha', PAGES), edition('omega', PAGES)])
      const location = placeIn(server)
      const schema = schemaOf(location)
      expect(await unsilo('copy', editions[0], location)).toMatchObject({ code: 0 })
      await administered(
        `CREATE ROLE asking LOGIN PASSWORD '${PASSWORD}'`,
        `GRANT USAGE ON SCHEMA ${schema} TO asking`,
        `GRANT SELECT ON ALL TABLES IN SCHEMA ${schema} TO asking`,
      )
      const reading = new URL(location)
      reading.username = 'asking'
      reading.password = PASSWORD
      const asked = await askedAllTheTime(reading.href, LIMIT)

      const ends: unknown[] = []
      for (let round = 1; round <= ROUNDS; round += 1) {
        ends.push(await unsilo('copy', editions[round % 2] as string, location, '--force', '--quiet'))
        await asked.ask()
      }

      expect(await asked.end()).toEqual([`200 ${LIMIT} alpha`, `200 ${LIMIT} omega`])
      expect(ends).toEqual(Array.from({ length: ROUNDS }, () => ({ code: 0, said: '' })))
      expect(await verifyIndex(location)).toEqual([])
      expect(await rightsTo(`${schema}_copying`)).toEqual([])
    })

    test('all that a question is told is of one index, also where that is replaced in the middle of it', async () => {
      const location = placeIn(server)
      await filled(location, 'docs:1')
      const kept = await reopening(() => openIndex(location, { mode: 'read' }))
      const asked: (readonly string[])[] = []
      const told = await kept.whole(async (store) => {
        asked.push(await found(store, asking('word')))
        if (asked.length === 1) {
          const filling = await fillIndex(location, {})
          await (await filling.begin('elsewhere')).apply(putting('docs', { 'docs:2': 'word' }))
          await filling.finish()
        }
        return [...(asked.at(-1) ?? []), ...(await found(store, asking('word')))]
      })
      await kept.close()

      expect([told, asked]).toEqual([
        ['docs:2#0', 'docs:2#0'],
        [['docs:1#0'], ['docs:2#0']],
      ])
    })

    test('rights and owners are those of the old tables, neither more nor less, and who writes goes on', async () => {
      const [location, other] = [placeIn(server), placeIn(server)]
      const schema = schemaOf(location)
      await filled(location, 'docs:1')
      await filled(other, 'docs:2')
      await administered(
        'CREATE ROLE house',
        'CREATE ROLE other_house',
        `GRANT ALL ON SCHEMA ${schema} TO house`,
        `GRANT SELECT ON ${schema}.chunk TO PUBLIC`,
        `GRANT SELECT, INSERT ON ${schema}.document TO other_house WITH GRANT OPTION`,
        `ALTER TABLE ${schema}.run OWNER TO house`,
        'ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO other_house',
      )
      const before = await rightsTo(schema)
      const copied = await unsilo('copy', other, location, '--force', '--allow-deletes', '1')
      await administered('ALTER DEFAULT PRIVILEGES REVOKE SELECT ON TABLES FROM other_house')

      expect(copied).toMatchObject({ code: 0 })
      expect(await rightsTo(schema)).toEqual(before)
      await filled(location, 'docs:3')
      expect(await foundIn(location)).toEqual(['docs:2#0', 'docs:3#0'])
    })

    test('a filling that was stopped leaves the index as it is, and goes on; who does not let go of it is not broken off', async () => {
      const location = placeIn(server)
      await filled(location, 'docs:1')
      const stopped = await fillIndex(location, {})
      await (await stopped.begin('elsewhere')).apply(putting('docs', { 'docs:2': 'word' }))
      await expect(openIndex(location)).rejects.toMatchObject({ code: 'LOCKED' })
      await stopped.close()
      const between = await foundIn(location)

      const reader = new pg.Client({ connectionString: server.url })
      await reader.connect()
      await reader.query(`BEGIN; SELECT FROM ${schemaOf(location)}.document`)
      const next = await fillIndex(location, {})
      await next.begin('elsewhere')
      let isOver = false
      const finished = next.finish().then(() => {
        isOver = true
      })
      await new Promise((resolve) => setTimeout(resolve, 1500))
      const [early, meanwhile] = [isOver, await foundIn(location)]
      const { rowCount } = await reader.query(`SELECT FROM ${schemaOf(location)}.document; `)
      await reader.end()
      await finished

      expect([next.begun, between, early, meanwhile, rowCount]).toEqual([null, ['docs:1#0'], false, ['docs:1#0'], 1])
      expect(await foundIn(location)).toEqual(['docs:2#0'])
    })

    test('a view over a table of it is in the way, and said to be', async () => {
      const location = placeIn(server)
      await filled(location, 'docs:1')
      await administered(`CREATE VIEW heads AS SELECT head FROM ${schemaOf(location)}.document`)
      const filling = await fillIndex(location, {})
      await filling.begin('elsewhere')

      await expect(filling.finish()).rejects.toMatchObject({
        code: 'USAGE',
        message: expect.stringContaining('something of yours'),
      })
      await filling.close()
      expect(await foundIn(location)).toEqual(['docs:1#0'])
      await administered('DROP VIEW heads')
    })

    test('of every table it is known whether it goes', async () => {
      const location = placeIn(server)
      await filled(location, 'docs:1')
      const rows = (await rightsTo(schemaOf(location))) as readonly { readonly name: string }[]

      const known = [...CONTENT_TABLES, ...KEPT_TABLES]
      expect(rows.map(({ name }) => name).filter((name) => !known.includes(name))).toEqual([])
    })
  })
}
