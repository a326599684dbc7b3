/**
 * `npm run test:publish [-- --quick] [-- --seed N] [-- --kills N]`: publishing to Intercom, killed wherever it is, and ended
 * at each of its requests; a fifth as often from an index in Postgres, by processes that have no file of another. Prints its figures; ends with 1 when an article or a page is there twice, or something is not as
 * it should be afterwards.
 */
import { parseArgs } from 'node:util'
import { startOwnServer } from '../../postgres/own-server.ts'
import { startPglite } from '../../postgres/pglite-server.ts'
import { STORIES } from './cut-stories.ts'
import { cutEverywhere } from './cuts.ts'
import { type KillFigures, killPublishing } from './kills.ts'
import { remoteIndexIn } from './remote-index.ts'

const { values } = parseArgs({
  options: { quick: { type: 'boolean', default: false }, seed: { type: 'string' }, kills: { type: 'string' } },
})
const kills = Number(values.kills ?? (values.quick ? 25 : 500))
const seed = Number(values.seed ?? 1)

const begun = performance.now()
const cuts = await cutEverywhere(STORIES, values.quick ? 6 : 1)
const found = await killPublishing({ kills, seed, log: (line) => console.error(line) })
const own = await startOwnServer()
const server = typeof own === 'string' ? await startPglite() : own
const remote = await killPublishing({ kills: Math.ceil(kills / 5), seed, remote: remoteIndexIn(server) })
await server.close()

console.log(
  `histories of two runs cut short ${cuts.histories}, and ${cuts.edited} with a person who edits between them`,
)
console.log(`  not whole after a third run   ${cuts.wrong.length} (target 0)`)
for (const text of cuts.wrong.slice(0, 20)) console.log(`    ${text}`)
say('from a file', found)
say(`from ${server.name}`, remote)
const all = [found, remote]
const [killed, duplicates, plans] = [sum('kills'), sum('duplicates'), sum('plansNotEmpty')]
const isMet = cuts.wrong.length + duplicates + plans === 0 && all.every(({ wrong }) => wrong.length === 0)
console.log(
  `publishing killed ${killed} times: ${duplicates} duplicates, ${plans} plans not empty; ` +
    `${cuts.histories + cuts.edited} histories of runs cut short, ${cuts.wrong.length} wrong; seed ${seed}, ${((performance.now() - begun) / 1000).toFixed(0)} s: ${isMet ? 'all targets met' : 'missed'}`,
)
process.exitCode = isMet ? 0 : 1

function sum(figure: 'kills' | 'duplicates' | 'plansNotEmpty'): number {
  return all.reduce((total, each) => total + each[figure], 0)
}

function say(where: string, { kills: times, late, moments, halves, whole, wrong, ...figures }: KillFigures): void {
  console.log(`killed, ${where}: ${times} (${late} processes were done before)`)
  console.log(`  before an answer              ${moments.done}`)
  console.log(`  shortly after one             ${moments.answered}`)
  console.log(`  by the clock                  ${moments.clock}`)
  console.log(`  kills that left a half article ${halves}`)
  console.log(`  runs left alone, then a plan  ${whole}`)
  console.log(`  articles or pages there twice ${figures.duplicates} (target 0)`)
  console.log(`  plans that were not empty     ${figures.plansNotEmpty} (target 0)`)
  console.log(`  otherwise wrong               ${wrong.length} (target 0)`)
  for (const text of wrong.slice(0, 20)) console.log(`    ${text}`)
}
