/** A workspace's teams and teammates, and where its tickets are opened. */
import { invalidAnswer } from '../../../src/vendors/answers.ts'
import type { IntercomAccount } from '../../../src/vendors/intercom/account.ts'
import type { IntercomClient } from '../../../src/vendors/intercom/client.ts'
import type { IntercomConfig } from '../config.ts'
import { requireNames } from '../filters.ts'
import { adminList, me, teamList } from './answers.ts'
import { named } from './people.ts'

export interface Directory {
  team(id: string | null | undefined): string | null
  /** Names and addresses of a teammate. */
  teammate(id: string | null | undefined): readonly string[]
  /** In the inbox. */
  address(id: string): string
  /** Requests that it took. */
  readonly pages: number
}

const INBOXES: Readonly<Record<IntercomAccount['region'], string>> = {
  us: 'https://app.intercom.com',
  eu: 'https://app.eu.intercom.com',
  au: 'https://app.au.intercom.com',
}

export async function readDirectory(
  client: IntercomClient,
  { region, teams: wanted }: IntercomConfig,
): Promise<Directory> {
  const workspace = me.safeParse(await client.get('/me'))
  if (!workspace.success) throw invalidAnswer('Intercom: me', workspace.error)
  const listed = teamList.safeParse(await client.get('/teams'))
  if (!listed.success) throw invalidAnswer('Intercom: teams', listed.error)
  const staff = adminList.safeParse(await client.get('/admins'))
  if (!staff.success) throw invalidAnswer('Intercom: admins', staff.error)

  const teams = new Map(listed.data.teams.map(({ id, name }) => [id, name]))
  requireNames('teams', wanted, [...teams.values()])
  const admins = new Map(staff.data.admins.flatMap((each) => (each === null ? [] : [[each.id, named(each)] as const])))
  const app = workspace.data.app?.id_code
  return {
    team: (id) => teams.get(id ?? '') ?? null,
    teammate: (id) => admins.get(id ?? '') ?? [],
    address: (id) =>
      app === undefined ? INBOXES[region] : `${INBOXES[region]}/a/inbox/${app}/inbox/conversation/${id}`,
    pages: 3,
  }
}
