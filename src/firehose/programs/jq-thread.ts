/** A thread's program: runs jq over what comes, until it is stopped from outside. */
import { parentPort, workerData } from 'node:worker_threads'
import { createAnswerWriter } from './answer-memory.ts'
import { openBoundedJq } from './bounded-jq.ts'
import type { Run, ThreadData } from './run.ts'

const { wasm, answers } = workerData as ThreadData
const writer = createAnswerWriter(answers)
const jq = await openBoundedJq(wasm)

parentPort!.on('message', (run: Run) => {
  writer.start()
  parentPort!.postMessage(jq.run(run, writer.write))
})
parentPort!.postMessage('ready')
