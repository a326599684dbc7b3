/**
 * Every command as a person types it, in the order of the help: names, options, help, examples, exit codes. What a
 * command does stands in its own file and is loaded when it runs, so that help loads no connector and no native module.
 */
import type { Command } from 'commander'
import { addAsk } from './commands/ask.ts'
import { addCopy } from './commands/copy.ts'
import type { Done } from './commands/declare.ts'
import { addEval } from './commands/eval.ts'
import { addForget } from './commands/forget.ts'
import { addIndex } from './commands/generations.ts'
import { addLogin, addLogout } from './commands/login.ts'
import { addMcp } from './commands/mcp.ts'
import { addExplain, addQuarantine, addRuns } from './commands/operate.ts'
import { addBundle, addPublish } from './commands/publish.ts'
import { addExport, addSearch, addShow, addStatus } from './commands/read.ts'
import { addRecord, addTest } from './commands/recordings.ts'
import { addReview } from './commands/review.ts'
import { addFeedback, addServe, addToken } from './commands/serve.ts'
import { addCheck, addInit } from './commands/setup.ts'
import { addPlan, addSync } from './commands/sync.ts'
import type { Io } from './io.ts'

export function addCommands(program: Command, io: Io, done: Done): void {
  addInit(program, io, done)
  addSync(program, io, done)
  addPlan(program, io, done)
  addStatus(program, io, done)
  addRuns(program, io, done)
  addQuarantine(program, io, done)
  addExplain(program, io, done)
  addForget(program, io, done)
  addSearch(program, io, done)
  addAsk(program, io, done)
  addShow(program, io, done)
  addExport(program, io, done)
  addPublish(program, io, done)
  addBundle(program, io, done)
  addIndex(program, io, done)
  addCopy(program, io, done)
  addServe(program, io, done)
  addToken(program, io, done)
  addFeedback(program, io, done)
  addMcp(program, io, done)
  addReview(program, io, done)
  addCheck(program, io, done)
  addRecord(program, io, done)
  addTest(program, io, done)
  addEval(program, io, done)
  addLogin(program, io, done)
  addLogout(program, io, done)
}
