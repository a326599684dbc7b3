/** Prints the commands of the GitHub Actions recipe in a README, in order, as a shell script. */
import { readFileSync } from 'node:fs'
import { load } from 'js-yaml'
import { z } from 'zod'

const workflow = z.object({
  jobs: z.record(z.string(), z.object({ steps: z.array(z.object({ run: z.string().optional() })) })),
})

export function recipeCommands(readme: string): readonly string[] {
  const yaml = /```yaml\n(# \.github\/workflows\/[^`]+)```/.exec(readme)?.[1]
  if (yaml === undefined) throw new Error('the README holds no GitHub Actions recipe')
  const { jobs } = workflow.parse(load(yaml))
  return Object.values(jobs).flatMap(({ steps }) => steps.flatMap(({ run }) => (run === undefined ? [] : [run])))
}

const [, script, readme] = process.argv
if (script === import.meta.filename && readme !== undefined) {
  console.log(recipeCommands(readFileSync(readme, 'utf8')).join('\n'))
}
