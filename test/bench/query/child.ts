/** One task in a process of its own: the task is the argument, the answer one line of JSON. */
import { type QueryTask, queryAnswer } from './tasks.ts'

const task: QueryTask = JSON.parse(process.argv[2] ?? '')
console.log(JSON.stringify(await queryAnswer(task)))
process.exit()
