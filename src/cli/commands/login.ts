/** The commands that give and take back a consent: login, logout. */
import { Argument, type Command } from 'commander'
import type { Io } from '../io.ts'
import { common, type Done, help } from './declare.ts'

const KEPT =
  'The login is kept in $XDG_CONFIG_HOME/unsilo/google-login.json (~/.config where that is not set), for its owner only.'

export function addLogin(program: Command, io: Io, done: Done): void {
  const command = program
    .command('login')
    .summary('let unsilo read Google Docs as you')
    .description(
      `Prints the address at which you agree that unsilo reads your Google Drive, and keeps that consent for sources whose credentials are \${google:login}. ${KEPT}`,
    )
    .addArgument(serviceArgument())
    .option('--client <file>', 'the JSON of your OAuth client, of the type “Desktop app”; the next login knows it')
    .option('--open', 'open the address in a browser')
    .action(async (_service: string, flags: { client?: string; open?: boolean }) => {
      const { runLogin } = await import('../login.ts')
      done(await runLogin({ ...common(command), client: flags.client, open: flags.open === true }, io))
    })
  help(command, {
    examples: ['unsilo login google --client client_secret.json', 'unsilo login google --open'],
    exits: [4, 5, 6],
  })
}

export function addLogout(program: Command, io: Io, done: Done): void {
  const command = program
    .command('logout')
    .summary('take that back')
    .description(`Asks the service to withdraw the access, and removes the login from this machine. ${KEPT}`)
    .addArgument(serviceArgument())
    .action(async () => {
      const { runLogout } = await import('../login.ts')
      done(await runLogout(common(command), io))
    })
  help(command, { examples: ['unsilo logout google'], exits: [6] })
}

function serviceArgument(): Argument {
  return new Argument('<service>', 'whose').choices(['google'])
}
