/** Pages of Confluence, Cloud and Data Center: real pages from the samples beside the checkout. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type ConfluenceModel, startConfluenceEmulator } from '../emulators/confluence.ts'
import { startDataCenterEmulator } from '../emulators/confluence-data-center.ts'
import type { Steps, Story } from './story.ts'

const samples = join(import.meta.dirname, '../../../shared/samples/confluence')

/** Pages that publishing tools make, by the title they get here. */
const PUBLISHED: Readonly<Record<string, string>> = {
  Admonitions: 'storage/mark/admonitions/admonitions.html',
  'Code blocks': 'storage/mark/codes/codes.html',
  Tables: 'storage/mark/table/table.html',
  'Task lists': 'storage/mark/tasklists/tasklists.html',
  Formatting: 'storage/md2conf/basic/page.xml',
  'Collapsed sections': 'storage/md2conf/collapsed/page.xml',
  Status: 'storage/md2conf/status/page.xml',
}

/** Pages of an intranet, by the title they get here: content templates in German, and test pages of two tools. */
const INTRANET: Readonly<Record<string, string>> = {
  home: 'storage/maven-confluence/home-issue108.xhtml',
  Agenda: 'storage/meeting-blueprint/agenda.xml',
  Entscheidung: 'storage/meeting-blueprint/entscheidung.xml',
  Information: 'storage/meeting-blueprint/information.xml',
  'Storage format': 'storage/maven-confluence/storageFormat.xhtml',
  'Images of other pages': 'storage/maven-confluence/issue191.xhtml',
  'Region latency': 'storage/confluence-to-notion/90000022.xhtml',
  'Investigation notes': 'storage/confluence-to-notion/90000018.xhtml',
  'A greeting': 'storage/confluence-to-notion/90000001.xhtml',
}

type Fill = (model: ConfluenceModel) => Steps

const env = { CONFLUENCE_TOKEN: 'not-a-real-token' }

export const confluenceStories: readonly Story[] = [
  cloudStory('jsonix-wiki', 'JSX', 'level: customers', fillJsonix),
  cloudStory('doc-tools', 'DOC', 'level: staff', fillDocTools),
  dataCenterStory('data-center-intranet', fillIntranet),
]

function cloudStory(name: string, space: string, level: string, fill: Fill): Story {
  const start = async () => {
    const { url, model, close } = await startConfluenceEmulator({ pageSize: 5 })
    return { url, config: sourceConfig(name, space, level), env, steps: fill(model), close }
  }
  return { connector: 'confluence', name, samples, site: `https://${name}.atlassian.net`, start }
}

function dataCenterStory(name: string, fill: Fill): Story {
  const site = 'https://wiki.example.org/confluence'
  const config = `sources:
  ${name}:
    connector: confluence
    level: staff
    principals:
      "group:leitung": [group:management]
    baseUrl: ${site}
    auth:
      bearer: \${env:CONFLUENCE_TOKEN}
    spaces: [TREFF]
    labels:
      exclude: [entwurf]
`
  const start = async () => {
    const { url, model, close } = await startDataCenterEmulator({ pageSize: 4, bodiesSize: 3 })
    return { url, config, env, steps: fill(model), close }
  }
  return { connector: 'confluence', name, samples, site, start }
}

function sourceConfig(name: string, space: string, level: string): string {
  return `sources:
  ${name}:
    connector: confluence
    ${level}
    principals:
      "group:maintainers": [group:engineering]
    baseUrl: https://${name}.atlassian.net
    auth:
      email: sync@example.com
      apiToken: \${env:CONFLUENCE_TOKEN}
    spaces: [${space}]
`
}

// --- the sites --------------------------------------------------------------------------------------------------

function fillJsonix(model: ConfluenceModel): Steps {
  const space = model.addSpace({ key: 'JSX', name: 'Jsonix' })
  const page = pageAdder(model, space.id, (title) =>
    unwrapped(`storage/jsonix-wiki/${title.replaceAll(' ', '-')}/page.xml`),
  )
  const introduction = page('Introduction', null)
  const features = page('Features', introduction)
  const modules = page('Modules and Mappings', introduction)
  const types = page('Types', introduction)
  const naming = page('Compact Naming', modules)
  const example = page('Working Example', introduction)
  return {
    edited: () => {
      model.edit(features, { body: `${model.find(features).body}<p>This list was last checked for version 2.3.</p>` })
      model.move(types, modules)
      model.restrict(naming, { users: [], groups: [{ id: 'g-1', name: 'maintainers' }] })
      model.find(example).labels.push('tutorial')
    },
    deleted: () => model.trash(example),
  }
}

function fillDocTools(model: ConfluenceModel): Steps {
  const space = model.addSpace({ key: 'DOC', name: 'Documentation tools' })
  const exported = exportedBodies()
  const page = pageAdder(model, space.id, (title) => exported.get(title) ?? published(title))
  const home = page('AsciiDoc-Test Home', null)
  const asciidoc = ['First Steps with AsciiDoc', 'Getting Literal', 'Lists Upon Lists', 'Included Section', 'Wrap-up']
  const [firstSteps, literal] = asciidoc.map((title) => page(title, home))
  for (const title of Object.keys(PUBLISHED)) page(title, null)
  model.add({ type: 'blogpost', spaceId: space.id, title: 'We’re back!', body: exported.get('We’re back!') ?? '' })
  return {
    restricted: () => {
      model.edit(firstSteps as string, { title: 'First Steps with AsciiDoc, Second Edition' })
      model.restrict(literal as string, { users: ['712020:someone'], groups: [] })
    },
  }
}

function fillIntranet(model: ConfluenceModel): Steps {
  const space = model.addSpace({ key: 'TREFF', name: 'Besprechungen' })
  const body = (title: string) => unwrapped(INTRANET[title] as string)
  const page = pageAdder(model, space.id, body)
  const home = page('home', null)
  const agenda = page('Agenda', home)
  const decision = page('Entscheidung', agenda)
  const information = page('Information', agenda)
  for (const title of ['Storage format', 'Images of other pages', 'Region latency']) page(title, home)
  const posts = ['Investigation notes', 'A greeting'].map((title) =>
    model.add({ type: 'blogpost', spaceId: space.id, title, body: body(title) }),
  )
  const added =
    '<p>Verantwortlich: <ac:link><ri:user ri:userkey="8a7f808577bd4f1c0177" /></ac:link>, siehe ' +
    `<a href="/confluence/pages/viewpage.action?pageId=${decision}">die Entscheidung</a>.</p>`
  return {
    edited: () => {
      model.edit(agenda, { body: `${model.find(agenda).body}${added}` })
      model.restrict(agenda, { users: ['erika'], groups: [{ id: 'unused', name: 'leitung' }] })
      model.restrict(decision, { users: ['erika'], groups: [] })
      model.move(information, home)
    },
    deleted: () => {
      model.trash(decision)
      model.find(information).labels.push('entwurf')
      model.trash(posts[1]?.id as string)
    },
  }
}

function published(title: string): string {
  return unwrapped(PUBLISHED[title] as string)
}

function pageAdder(
  model: ConfluenceModel,
  spaceId: string,
  body: (title: string) => string,
): (title: string, parentId: string | null) => string {
  return (title, parentId) => model.addPage({ spaceId, title, parentId, body: body(title) }).id
}

/** Storage format without the document type and root element that some tools wrap around it. */
function unwrapped(file: string): string {
  const text = readFileSync(join(samples, file), 'utf8')
  return (/<(ac:confluence|root)[^>]*>([\s\S]*)<\/\1>/.exec(text)?.[2] ?? text).trim()
}

/** The first body of each title in a space export. */
function exportedBodies(): ReadonlyMap<string, string> {
  const lines = readFileSync(join(samples, 'space-export/docToolchain/bodies.jsonl'), 'utf8').trim().split('\n')
  const bodies = lines.map((line) => JSON.parse(line)).filter(({ body_type }) => body_type === '2')
  return new Map(bodies.reverse().map(({ title, body }) => [title, body]))
}
