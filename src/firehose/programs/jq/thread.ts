/** A thread's program: runs jq over what comes, until it is stopped from outside. */
import { parentPort, workerData } from 'node:worker_threads'
import { createAnswerWriter } from '../answer-memory.ts'
import type { Run, Said, ThreadData } from '../programs.ts'
import { openBoundedJq } from './bounded-jq.ts'
import { jsonLinesOf } from './json-lines.ts'

const { wasm, answers } = workerData as ThreadData
const writer = createAnswerWriter(answers)
const say = (what: Said) => parentPort!.postMessage(what)
const jq = await openBoundedJq(wasm)
// What only the first run takes is not counted against a user's program.
const first: Run = { program: '.', data: new Uint8Array(0), ends: [], now: 0, memoryBytes: 2 ** 20 }
jq.run(first, Buffer.from('null'), () => undefined)

parentPort!.on('message', (run: Run) => {
  const { flaws, input } = jsonLinesOf(run.data, run.ends)
  writer.start()
  say({ flaws })
  say(jq.run(run, input, writer.write))
})
say('ready')
