/** A thread's program: runs jq over what comes, until it is stopped from outside. */
import { parentPort, workerData } from 'node:worker_threads'
import { createAnswerWriter } from './answer-memory.ts'
import { openBoundedJq } from './bounded-jq.ts'
import { jsonLinesOf } from './json-text.ts'
import type { Run, Said, ThreadData } from './run.ts'

const { wasm, answers } = workerData as ThreadData
const writer = createAnswerWriter(answers)
const say = (what: Said) => parentPort!.postMessage(what)
const jq = await openBoundedJq(wasm)

parentPort!.on('message', (run: Run) => {
  const { flaws, input } = jsonLinesOf(run.data, run.ends)
  writer.start()
  say({ flaws })
  say(jq.run(run, input, writer.write))
})
say('ready')
