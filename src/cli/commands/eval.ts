/** `unsilo eval`, which measures what search finds. */
import { type Command, Option } from 'commander'
import { UnsiloError } from '../../core/errors.ts'
import type { Io } from '../io.ts'
import { listed, principals, principalsOrPublic } from '../option-values.ts'
import type { EvalOptions, Floor } from '../options.ts'
import { asOption, collect, common, type Done, help, numberOption, READS, sourceOption } from './declare.ts'

interface EvalFlags
  extends Pick<EvalOptions, 'queries' | 'qrels' | 'corpus' | 'run' | 'baseline' | 'runOut' | 'depth'> {
  measure: string[]
  by: string[]
  failUnder: Floor[]
  embed?: boolean
  source: string[]
  as: string[]
}

const FILES = `Files:
  queries   JSON lines with _id (or id), text and lang; or TREC topics; or an id, a tab and a text
  qrels     TREC (query 0 document relevance) or BEIR (query, document and relevance by tabs)
  corpus    JSON lines with _id (or id), title, text (markdown), lang, kind, url; without one the index is asked
  runs      TREC: query Q0 document rank score name
Documents of the index are named by their ids, as search prints them; those of a corpus by its own.`

export function addEval(program: Command, io: Io, done: Done): void {
  const command = program
    .command('eval')
    .summary('measure how well questions are answered')
    .description(
      'Asks questions whose answers are known, and prints how good the rankings are, as trec_eval -c counts it. A difference from a baseline is tested with a paired randomization test.',
    )
    .argument('[dir]', 'a folder with queries.jsonl, qrels.tsv and, where the index is not to be asked, corpus.jsonl')
    .option('--queries <file>', 'the questions')
    .option('--qrels <file>', 'which documents answer them')
    .option('--corpus <file>', 'documents to ask instead of the index')
    .option('--embed', 'send the corpus to the embedder: its vectors are asked too, as those of the index always are')
    .option('--run <file>', 'judge this run instead of asking')
    .option('--baseline <file>', 'a run to compare with')
    .option('--run-out <file>', 'write what was found as a TREC run')
    .addOption(
      new Option('-m, --measure <name>', 'ndcg, mrr, recall, map or hit, with @ and a depth; may be repeated')
        .argParser(collect)
        .default([]),
    )
    .addOption(
      new Option('--by <what>', 'language, source or kind: measure their questions too; may be repeated')
        .argParser(collect)
        .default([]),
    )
    .addOption(
      new Option('--fail-under <floor>', 'end with 1 below it, as in ndcg@10=0.75; may be repeated')
        .argParser((text: string, earlier: readonly Floor[]) => [...earlier, floorOf(text)])
        .default([]),
    )
    .addOption(numberOption('--depth <number>', 'documents found a question, at most 100', 1).default(100))
    .addOption(sourceOption())
    .addOption(asOption())
    .action(async (dir: string | undefined, flags: EvalFlags) => {
      const { measure, by, failUnder, embed = false, source, as, ...files } = flags
      const asked = { measures: listed(measure), by: listed(by).map(groupName), floors: failUnder, embed }
      const { runEval } = await import('../eval.ts')
      const options = { ...common(command), ...files, ...asked, dir, sources: listed(source), as: principals(as) }
      done(await runEval(options, io))
    })
  addAccess(command, io, done)
  addGen(command, io, done)
  for (const part of command.commands) leaveOutOptionsOf(command, part)
  command.addHelpText('after', `\n${FILES}`)
  help(command, {
    examples: [
      'unsilo eval evaluation --fail-under recall@10=0.9',
      'unsilo eval --queries q.jsonl --qrels qrels.tsv --by language --run-out today.run',
      'unsilo eval beir/scifact --baseline yesterday.run --json',
    ],
    exits: READS,
  })
}

function addAccess(evaluation: Command, io: Io, done: Done): void {
  const command = evaluation
    .command('access')
    .summary('show that what a reader may not read leaves no trace')
    .description(
      'Copies documents of the index, plants a word in each restricted one, restricts every second public one, and asks every door as many readers: no answer may hold a word that is hidden, or be another one than without the hidden documents. The index itself is only read.',
    )
    .option('--quick', 'fewer documents and queries: less than a minute')
    .addOption(
      numberOption('--probes <number>', 'so many queries in all; 10,000 unless told, and 1,500 with --quick', 1),
    )
    .action(async (flags: { quick?: boolean; probes?: number }) => {
      const { runEvalAccess } = await import('../eval-access.ts')
      done(await runEvalAccess({ ...common(command), quick: flags.quick === true, queries: flags.probes }, io))
    })
  help(command, { examples: ['unsilo eval access', 'unsilo eval access --quick --json'], exits: READS })
}

function addGen(evaluation: Command, io: Io, done: Done): void {
  const command = evaluation
    .command('gen')
    .summary('make questions with known answers of what the index holds')
    .description(
      'Writes queries.jsonl and qrels.tsv, of what --as may read and nothing else: the question of each ticket that links a document, which answers it, and headings that stand in one document only. Of the same index the same files. Questions of headings are easy, since the heading is searched too: they show what an edit breaks, not how good answers are.',
    )
    .argument('<dir>', 'where the files go; `unsilo eval DIR` takes them as they are')
    .option('--force', 'replace the questions that are there')
    .addOption(sourceOption())
    .addOption(
      new Option('--as <principals>', 'who reads: group:NAME, user:NAME or public; repeated or separated by commas')
        .argParser(collect)
        .default([], 'public'),
    )
    .action(async (dir: string, flags: { force?: boolean }) => {
      const { runEvalGen } = await import('../eval-gen.ts')
      // `eval` has these options too, and whichever comes first takes them.
      const both = (name: 'as' | 'source') => [
        ...evaluation.opts<EvalFlags>()[name],
        ...command.opts<EvalFlags>()[name],
      ]
      const chosen = { sources: listed(both('source')), as: principalsOrPublic(both('as')) }
      done(await runEvalGen({ ...common(command), dir, force: flags.force === true, ...chosen }, io))
    })
  help(command, {
    examples: ['unsilo eval gen evaluation', 'unsilo eval gen evaluation --as group:staff --source help,support'],
    exits: READS,
  })
}

/** What `eval` itself takes says nothing to its commands; `-s` and `--as` would stand there twice. */
function leaveOutOptionsOf(evaluation: Command, part: Command): void {
  const shared = evaluation.parent?.options ?? []
  part.configureHelp({ ...part.configureHelp(), visibleGlobalOptions: () => [...shared] })
}

function groupName(name: string): EvalOptions['by'][number] {
  if (name === 'language' || name === 'source' || name === 'kind') return name
  throw new UnsiloError('USAGE', `--by takes language, source or kind, not ${JSON.stringify(name)}`)
}

function floorOf(text: string): Floor {
  const [, measure = '', least = ''] = /^([a-z]+(?:@\d+)?)=(\d*\.?\d+)$/i.exec(text.trim()) ?? []
  if (measure !== '' && Number(least) <= 1) return { measure: measure.toLowerCase(), least: Number(least) }
  throw new UnsiloError(
    'USAGE',
    `--fail-under takes a measure and a number up to 1, as in ndcg@10=0.75, not ${JSON.stringify(text)}`,
  )
}
