/** The recipes of a README. As a program, prints the commands of its recipe for CI, in order, as a shell script. */
import { readFileSync } from 'node:fs'
import { load } from 'js-yaml'
import { z } from 'zod'

const workflow = z.object({
  jobs: z.record(z.string(), z.object({ steps: z.array(z.object({ run: z.string().optional() })) })),
})

/** The code of a block whose language is this and whose first line holds that. */
export function recipeBlock(readme: string, language: string, first: string): string {
  const blocks = readme.matchAll(/^```(\S+)\n([\s\S]*?)^```$/gm)
  const block = [...blocks].find(([, of, text = '']) => of === language && text.split('\n')[0]?.includes(first))
  if (block?.[2] === undefined) throw new Error(`the README holds no recipe ${first}`)
  return block[2]
}

/** Of a workflow of GitHub Actions. */
export function recipeCommands(readme: string, name = 'knowledge.yml'): readonly string[] {
  const { jobs } = workflow.parse(load(recipeBlock(readme, 'yaml', `# .github/workflows/${name}`)))
  return Object.values(jobs).flatMap(({ steps }) => steps.flatMap(({ run }) => (run === undefined ? [] : [run])))
}

const [, script, readme] = process.argv
if (script === import.meta.filename && readme !== undefined) {
  console.log(recipeCommands(readFileSync(readme, 'utf8')).join('\n'))
}
