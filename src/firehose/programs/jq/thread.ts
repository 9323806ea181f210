/** A thread's program: runs jq over what comes, until it is stopped from outside. */
import { parentPort, workerData } from 'node:worker_threads'
import { isNestedDeeper } from '../../../service/json-depth.ts'
import { createAnswerWriter } from '../answer-memory.ts'
import type { Flaw, Run, Said, ThreadData } from '../programs.ts'
import { openBoundedJq } from './bounded-jq.ts'

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

/** Newer versions of jq keep a number as it was written where 1.6 kept its value: `1.0`, `1e3`, very long ones. */
const UNUSUAL_NUMBER = /\d\.\d*0\b|\d[eE]|\d{17}/
/** jq itself refuses what is nested more deeply. */
const MAX_DEPTH = 256
/** UTF-8's byte order mark begins so. */
const BYTE_ORDER_MARK = 0xef
const LINE_FEED = 10

const isUtf8 = new TextDecoder('utf-8', { fatal: true })

/** One JSON document as jq 1.6 would read it; or what is wrong with it. */
function jsonOf(data: Uint8Array): Uint8Array | Flaw {
  if (isNestedDeeper(data, MAX_DEPTH)) return 'deep'
  try {
    const text = isUtf8.decode(data)
    const document: unknown = JSON.parse(text)
    if (UNUSUAL_NUMBER.test(text)) return Buffer.from(JSON.stringify(document))
    return data[0] === BYTE_ORDER_MARK ? Buffer.from(text) : data
  } catch {
    return 'no JSON'
  }
}

/** Documents one after another, those without a flaw in lines; each ends where `ends` says. */
function jsonLinesOf(data: Uint8Array, ends: readonly number[]) {
  const flaws: (Flaw | undefined)[] = []
  const lines: Uint8Array[] = []
  for (const [index, end] of ends.entries()) {
    const json = jsonOf(data.subarray(ends[index - 1] ?? 0, end))
    flaws.push(typeof json === 'string' ? json : undefined)
    if (typeof json !== 'string') lines.push(json)
  }
  const input = new Uint8Array(lines.reduce((sum, { length }) => sum + length + 1, 0))
  let at = 0
  for (const line of lines) {
    input.set(line, at)
    at += line.length
    input[at++] = LINE_FEED
  }
  return { flaws, input }
}
