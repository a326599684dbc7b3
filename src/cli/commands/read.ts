/** The commands that read the index: status, search, show, export. */
import type { Command } from 'commander'
import type { Io } from '../io.ts'
import { kindsOf, listed, principals } from '../option-values.ts'
import { asOption, collect, common, type Done, help, numberOption, READS, sourceOption } from './declare.ts'

export function addStatus(program: Command, io: Io, done: Done): void {
  const command = program
    .command('status')
    .summary('what the index holds and how the last runs went')
    .description(
      'For each source: documents, passages, the last run and how it ended, and what is worth knowing of it.',
    )
    .action(async () => {
      const { runStatus } = await import('../status.ts')
      done(await runStatus(common(command), io))
    })
  help(command, { examples: ['unsilo status', 'unsilo status --json'], exits: READS })
}

interface SearchFlags {
  limit: number
  source: string[]
  kind: string[]
  locale: string[]
  label: string[]
  since?: string
  as: string[]
  fresh?: number
  typing?: boolean
  explain?: boolean
}

export function addSearch(program: Command, io: Io, done: Done): void {
  const command = program
    .command('search')
    .summary('find the passages that answer a question')
    .description(
      'Prints the passages of the index that answer best, with their links. What stands in straight double quotes must stand in a passage so; where it stands in none, its words are looked for.',
    )
    .argument('<query...>', 'words to look for')
    .addOption(numberOption('-n, --limit <number>', 'how many passages', 1).default(5))
    .addOption(sourceOption())
    .option(
      '--kind <kind>',
      'only pages, articles, docs or tickets: page, article, doc, ticket; may be repeated',
      collect,
      [],
    )
    .option('--locale <locale>', 'only in this language: fr, or en-GB; may be repeated', collect, [])
    .option('--label <label>', 'only with this label; may be repeated, then one of them is enough', collect, [])
    .option('--since <date>', 'only what changed then or later: 2026-01-31, or 2026-01-31T12:00:00Z')
    .addOption(asOption())
    .addOption(
      numberOption('--fresh <days>', 'prefer what changed lately a little, half as much after so many days', 1),
    )
    .option('--typing', 'the last word is still being typed: what it begins is found too')
    .option('--explain', 'also why: words used and left out, ranks and scores, time')
    .action(async (words: string[], flags: SearchFlags) => {
      const asked = {
        text: words.join(' '),
        limit: flags.limit,
        sources: listed(flags.source),
        kinds: kindsOf(flags.kind),
        locales: listed(flags.locale),
        labels: flags.label,
        since: flags.since,
        as: principals(flags.as),
        fresh: flags.fresh,
        typing: flags.typing === true,
        explain: flags.explain === true,
      }
      const { runSearch } = await import('../search.ts')
      done(await runSearch({ ...common(command), ...asked }, io))
    })
  help(command, {
    examples: [
      'unsilo search how do I rotate an API key',
      'unsilo search refund --as group:customers --limit 3',
      'unsilo search \'"exit code 137"\' --source wiki --json',
      'unsilo search invoice --kind article --locale fr --since 2026-01-01',
      'unsilo search refund twice --explain',
    ],
    exits: READS,
  })
}

export function addShow(program: Command, io: Io, done: Done): void {
  const command = program
    .command('show')
    .summary('print a document as it is stored')
    .description('Prints the stored markdown of a document.')
    .argument('<id>', "the document's id, as search prints it")
    .option('--losses', 'print what the conversion could not keep instead')
    .addOption(asOption())
    .action(async (id: string, flags: { losses?: boolean; as: string[] }) => {
      const asked = { id, losses: flags.losses === true, as: principals(flags.as) }
      const { runShow } = await import('../show.ts')
      done(await runShow({ ...common(command), ...asked }, io))
    })
  help(command, { examples: ['unsilo show wiki:65612', 'unsilo show wiki:65612 --losses'], exits: READS })
}

export function addExport(program: Command, io: Io, done: Done): void {
  const command = program
    .command('export')
    .summary('write the documents as markdown files')
    .description(
      'Writes one markdown file with front matter for each document, named by unsilo. The folder must be new, empty, or an earlier export; of an earlier one, files whose document is gone are removed and no other file is touched.',
    )
    .argument('<dir>', 'where to')
    .addOption(sourceOption())
    .addOption(asOption())
    .option('--force', 'export other readers or sources, or nothing at all, over an earlier export')
    .action(async (dir: string, flags: { source: string[]; as: string[]; force?: boolean }) => {
      const asked = { dir, sources: listed(flags.source), as: principals(flags.as), force: flags.force === true }
      const { runExport } = await import('../export.ts')
      done(await runExport({ ...common(command), ...asked }, io))
    })
  help(command, {
    examples: ['unsilo export docs', 'unsilo export public-docs --as public --source help'],
    exits: [4, 5, 6, 10, 11, 12],
  })
}
