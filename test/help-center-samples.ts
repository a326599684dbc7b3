/** Real help pages, from the samples beside the checkout, as articles. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const samples = join(import.meta.dirname, '../../shared/samples/helpcenter-html/fiches-travail-fr')

/** Ends the process where the samples are absent. */
export function requireSamples(): void {
  if (existsSync(samples)) return
  console.error('The sample pages are not beside this checkout (../shared/samples): nothing was recorded.')
  process.exit(1)
}

/** The sections of a page as one article. */
export function sample(name: string): { readonly title: string; readonly body: string } {
  const { title, sections } = JSON.parse(readFileSync(join(samples, `${name}.json`), 'utf8')) as {
    title: string
    sections: { title: string; html: string }[]
  }
  return { title, body: sections.map((section) => `<h2>${section.title}</h2>${section.html}`).join('') }
}
