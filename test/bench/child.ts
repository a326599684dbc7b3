/** One task in a process of its own: the task is the argument, the answer one line of JSON. */
import { type Task, taskAnswer } from './tasks.ts'

const task: Task = JSON.parse(process.argv[2] ?? '')
console.log(JSON.stringify(await taskAnswer(task)))
