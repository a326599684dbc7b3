/** A small emulated Data Center site with more than one answer of everything. */
import { type ConfluenceCursor, confluence } from '../../connectors/confluence/index.ts'
import type { Change } from '../../src/core/connector.ts'
import {
  type DataCenterEmulator,
  type DataCenterEmulatorOptions,
  startDataCenterEmulator,
} from '../emulators/confluence-data-center.ts'
import { during, type PullOptions, pullFrom } from './stage.ts'

export interface DataCenterStage {
  readonly emulator: DataCenterEmulator
  readonly config: Readonly<Record<string, unknown>>
  /** By title. */
  id(title: string): string
}

export const TOKEN = 'canary-token-2b9e'

export async function startStage(options: DataCenterEmulatorOptions = {}): Promise<DataCenterStage> {
  const authorization = `Bearer ${TOKEN}`
  const emulator = await startDataCenterEmulator({ pageSize: 2, bodiesSize: 2, authorization, ...options })
  fill(emulator)
  return {
    emulator,
    config: {
      baseUrl: emulator.url,
      auth: { bearer: TOKEN },
      spaces: ['SUP', 'ENG', '~ada'],
      labels: { exclude: ['internal'] },
    },
    id: (title) =>
      [...emulator.model.contents.values()].find((content) => content.title === title)?.id ?? `no ${title}`,
  }
}

function fill({ model }: DataCenterEmulator): void {
  const support = model.addSpace({ key: 'SUP', name: 'Support' })
  const engineering = model.addSpace({ key: 'ENG', name: 'Engineering' })
  const ada = model.addSpace({ key: '~ada', name: 'Ada', type: 'personal' })
  model.addSpace({ key: 'OLD', name: 'Old', status: 'archived' })

  const home = model.addPage({ spaceId: support.id, title: 'Support home' })
  const refunds = model.addPage({ spaceId: support.id, title: 'Refunds', parentId: home.id, body: '<p>14 days.</p>' })
  model.addPage({ spaceId: support.id, title: 'Refunds abroad', parentId: refunds.id, body: links })
  const pay = model.addPage({ spaceId: support.id, title: 'Salaries', parentId: home.id })
  model.restrict(pay.id, { users: ['ada', 'bob', 'cyd'], groups: [{ id: 'unused', name: 'hr' }] })
  const bands = model.addPage({ spaceId: support.id, title: 'Salary bands', parentId: pay.id })
  model.restrict(bands.id, { users: ['cyd', 'dan'], groups: [] })
  model.addPage({ spaceId: support.id, title: 'Old prices', parentId: home.id, status: 'archived' })
  const labels = ['pricing', 'draft', 'legal', 'faq', 'internal']
  model.addPage({ spaceId: support.id, title: 'For us', parentId: home.id, labels })
  model.addPage({ spaceId: engineering.id, title: 'Engineering home' })
  model.addPage({ spaceId: ada.id, title: 'Ada’s notes' })
  for (const title of ['Release 1', 'Release 2', 'Release 3']) {
    model.add({ type: 'blogpost', spaceId: support.id, title })
  }
}

const links = `<p>
<ac:link><ri:page ri:content-title="Engineering home" ri:space-key="ENG" /></ac:link>
<a href="/confluence/pages/viewpage.action?pageId=65541">by id</a>
<ac:link><ri:user ri:userkey="8a7f808577" /></ac:link> wrote <ac:link><ri:attachment ri:filename="a b.pdf" /></ac:link>
<ac:link><ri:space ri:space-key="SUP" /></ac:link></p>`

export function pull(
  stage: DataCenterStage,
  options: PullOptions<ConfluenceCursor> = {},
): Promise<Change<ConfluenceCursor>[]> {
  return pullFrom(confluence, stage, options)
}

export function onStage<T>(
  run: (stage: DataCenterStage) => Promise<T>,
  options: DataCenterEmulatorOptions = {},
): Promise<T> {
  return during(startStage(options), run)
}
