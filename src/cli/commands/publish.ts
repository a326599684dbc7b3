/** The commands that bring documents to where others read them without asking the index: publish, bundle. */
import { type Command, Option } from 'commander'
import type { Io } from '../io.ts'
import { listed, principalsOrPublic } from '../option-values.ts'
import { collect, common, type Done, help, lockTimeoutOption, numberOption, sourceOption } from './declare.ts'

interface BundleFlags {
  source: string[]
  as: string[]
  allowDeletes?: number
  force?: boolean
}

interface FolderFlags {
  source: string[]
  as: string[]
  title: string
  summary?: string
  url?: string
  allowDeletes?: number
  force?: boolean
}

export function addPublish(program: Command, io: Io, done: Done): void {
  const publish = program.command('publish').summary('bring documents to where others read them')
  addFolder(publish, io, done)
  addIntercom(publish, io, done)
}

export function addBundle(program: Command, io: Io, done: Done): void {
  const command = program
    .command('bundle')
    .summary('an index of what one audience may read, in a file of its own')
    .description(
      'Writes an index that holds what one audience may read and nothing else: no groups, no runs, no cursors, no vectors. Whoever has the file may read all of it: it is for a phone, a CDN, or a server that knows no users. Every command that reads an index reads it (--index FILE). An earlier bundle is replaced at once, whoever reads it.',
    )
    .argument('<file>', 'where to')
    .addOption(sourceOption())
    .addOption(audienceOption())
    .addOption(numberOption('--allow-deletes <number>', 'so many documents may be gone since the last time', 0))
    .option('--force', 'over a file that is no bundle')
    .action(async (file: string, flags: BundleFlags) => {
      const asked = {
        ...{ file, allowDeletes: flags.allowDeletes, force: flags.force === true },
        sources: listed(flags.source),
        as: principalsOrPublic(flags.as),
      }
      const { runBundle } = await import('../bundle.ts')
      done(await runBundle({ ...common(command), ...asked }, io))
    })
  help(command, {
    examples: ['unsilo bundle public.db', 'unsilo bundle customers.db --as group:customers --source help'],
    exits: [4, 5, 6, 11, 12],
  })
}

function audienceOption(): Option {
  return new Option(
    '--as <principals>',
    'the audience: public, group:NAME or user:NAME; repeated or separated by commas',
  )
    .argParser(collect)
    .default([], 'public')
}

function addFolder(publish: Command, io: Io, done: Done): void {
  const command = publish
    .command('folder')
    .summary('a folder of markdown for a web server, with llms.txt and llms-full.txt')
    .description(
      'Writes what one audience may read: one markdown file with front matter for each document, llms.txt, which lists them by section, and llms-full.txt, which holds them all. Tickets are written only as the text that a person has reviewed. The folder must be new, empty, or one that was published earlier; what the audience may no longer read is removed from it, and no other file is touched.',
    )
    .argument('<dir>', 'where to')
    .addOption(sourceOption())
    .addOption(audienceOption())
    .option('--title <text>', 'what llms.txt calls the whole', 'Help')
    .option('--summary <text>', 'what llms.txt says of it, in a sentence')
    .option('--url <address>', 'where the folder will be read, for links that hold everywhere')
    .addOption(numberOption('--allow-deletes <number>', 'so many documents may be gone since the last time', 0))
    .option('--force', 'over what was published for another audience, or of other sources')
    .action(async (dir: string, flags: FolderFlags) => {
      const { title, summary, url, allowDeletes } = flags
      const asked = {
        ...{ dir, title, summary, url, allowDeletes },
        sources: listed(flags.source),
        as: principalsOrPublic(flags.as),
        force: flags.force === true,
      }
      const { runPublishFolder } = await import('../publish-folder.ts')
      done(await runPublishFolder({ ...common(command), ...asked }, io))
    })
  help(command, {
    examples: [
      'unsilo publish folder site/docs --url https://docs.example.com/',
      'unsilo publish folder customers --as group:customers --source help',
    ],
    exits: [4, 5, 6, 10, 11, 12],
  })
}

interface IntercomFlags {
  plan?: boolean
  exitCode?: boolean
  live?: boolean
  overwrite: string[]
  adopt?: boolean
  beginAnew?: boolean
  allowDeletes?: number
  lockTimeout?: number
}

function addIntercom(publish: Command, io: Io, done: Done): void {
  const command = publish
    .command('intercom')
    .summary('articles of a Help Center, which the Help space shows, and pages for Fin')
    .description(
      'Brings what the configuration chooses under publish: to Intercom, as drafts unless --live is given. Only what the audience may read is sent, and tickets only as the text that a person has reviewed. Again, it changes what changed. An article that somebody edited in Intercom is left alone and shown; what the audience may no longer read is always taken away, what the index lost only as far as is usual.',
    )
    .option('--plan', 'what would be done; nothing is changed')
    .option('--exit-code', 'with --plan: ends with 20 where something would change')
    .option('--live', 'readers get it: drafts of ours are published, and changes of published articles go live')
    .addOption(
      new Option('--overwrite <ids>', 'over what somebody changed in Intercom: ids of documents, or all')
        .argParser(collect)
        .default([], 'none'),
    )
    .option('--adopt', 'takes over articles that have the title and collection of a new one')
    .option('--begin-anew', 'where the token is of another workspace than before: forgets what was published there')
    .addOption(numberOption('--allow-deletes <number>', 'so many published documents may be gone', 0))
    .addOption(lockTimeoutOption())
    .action(async (flags: IntercomFlags) => {
      const { plan = false, exitCode = false, live = false, adopt = false, beginAnew = false } = flags
      const { allowDeletes, overwrite, lockTimeout: lockTimeoutMs } = flags
      const asked = {
        ...{ plan, exitCode, live, adopt, beginAnew, allowDeletes, lockTimeoutMs },
        overwrite: listed(overwrite),
      }
      const { runPublishIntercom } = await import('../publish-intercom.ts')
      done(await runPublishIntercom({ ...common(command), ...asked }, io))
    })
  help(command, {
    examples: ['unsilo publish intercom --plan', 'unsilo publish intercom --live'],
    exits: [3, 4, 5, 6, 10, 11, 12, 20],
  })
}
