/**
 * `npm run test:publish [-- --quick] [-- --seed N] [-- --kills N]`: publishing to Intercom, killed wherever it is, and ended
 * at each of its requests. Prints its figures; ends with 1 when an article or a page is there twice, or something is not as
 * it should be afterwards.
 */
import { parseArgs } from 'node:util'
import { STORIES } from './cut-stories.ts'
import { cutEverywhere } from './cuts.ts'
import { killPublishing } from './kills.ts'

const { values } = parseArgs({
  options: { quick: { type: 'boolean', default: false }, seed: { type: 'string' }, kills: { type: 'string' } },
})
const kills = Number(values.kills ?? (values.quick ? 25 : 500))
const seed = Number(values.seed ?? 1)

const begun = performance.now()
const cuts = await cutEverywhere(STORIES, values.quick ? 6 : 1)
const found = await killPublishing({ kills, seed, log: (line) => console.error(line) })
const { done, answered, clock } = found.moments

console.log(
  `histories of two runs cut short ${cuts.histories}, and ${cuts.edited} with a person who edits between them`,
)
console.log(`  not whole after a third run   ${cuts.wrong.length} (target 0)`)
for (const text of cuts.wrong.slice(0, 20)) console.log(`    ${text}`)
console.log(`killed                          ${found.kills} (${found.late} processes were done before)`)
console.log(`  before an answer              ${done}`)
console.log(`  shortly after one             ${answered}`)
console.log(`  by the clock                  ${clock}`)
console.log(`kills that left a half article  ${found.halves}`)
console.log(`runs left alone, then a plan    ${found.whole}`)
console.log(`articles or pages there twice   ${found.duplicates} (target 0)`)
console.log(`plans that were not empty       ${found.plansNotEmpty} (target 0)`)
console.log(`otherwise wrong                 ${found.wrong.length} (target 0)`)
for (const text of found.wrong.slice(0, 20)) console.log(`  ${text}`)
const isMet = cuts.wrong.length === 0 && found.duplicates === 0 && found.plansNotEmpty === 0 && found.wrong.length === 0
console.log(
  `publishing killed ${found.kills} times: ${found.duplicates} duplicates, ${found.plansNotEmpty} plans not empty; ` +
    `${cuts.histories + cuts.edited} histories of runs cut short, ${cuts.wrong.length} wrong; seed ${seed}, ${((performance.now() - begun) / 1000).toFixed(0)} s: ${isMet ? 'all targets met' : 'missed'}`,
)
process.exitCode = isMet ? 0 : 1
