/** Real help pages, from the samples beside the checkout, as articles. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

export const samples = join(import.meta.dirname, '../../../shared/samples/helpcenter-html/fiches-travail-fr')

/** The sections of a page as one article. */
export function sample(name: string): { readonly title: string; readonly body: string } {
  const { title, sections } = JSON.parse(readFileSync(join(samples, `${name}.json`), 'utf8')) as {
    title: string
    sections: { title: string; html: string }[]
  }
  return { title, body: sections.map((section) => `<h2>${section.title}</h2>${section.html}`).join('') }
}
