/**
 * `npm run prove -- fuzz`: odd requests to every operation of every service, to our own API and the console's pages, by
 * HTTP/1.1, HTTP/2 and TLS; requests that are broken on the wire; and frames of HTTP/2 that no client sends. Half of
 * them to a server that is open, half to one that is closed. It looks for an answer of 500, for an error that has not
 * AWS's form, for anything on stderr or among the errors of the log, for a request without an answer, for a connection
 * that is not ended, and for memory that does not come back.
 */
import type { Harness, Run, Verdict } from '../harness.ts'
import { type Seeded, seeded } from '../seeded.ts'
import { type Attempt, createAttempts, faultIn, shrunk } from './attempts.ts'
import { createInputs, createKnown } from './inputs.ts'
import { type Floor, measureFloor } from './memory.ts'
import { createRequests } from './requests.ts'
import { listenToStderr } from './stderr.ts'
import { type Mode, startWorld, type World } from './world.ts'

/** Requests delete what there is. */
const REFILL_EVERY = 200
/** They also make what there was not: from time to time a server begins anew, so that what it holds is no measure. */
const RESET_EVERY = 4_000
const AT_ONCE = 8
const MOST_FAILURES = 20
/** How much more a process may hold at the end than once it was warm, MiB. */
const MAY_GROW: Floor = { heap: 16, outside: 16, resident: 160 }

export const fuzz: Harness = { rounds: 200_000, prove }

type Counts = Map<string, { inputs: number; good: number; refused: number; ended: number; failed: number }>

async function prove({ seed, rounds, say, isFirstEnough }: Run): Promise<Verdict> {
  const counts: Counts = new Map()
  const failures: string[] = []
  const most = isFirstEnough ? 1 : MOST_FAILURES
  const random = seeded(seed)
  for (const mode of ['open', 'closed'] as const) {
    const limits = { rounds: Math.ceil(rounds / 2), most, say }
    failures.push(...(await proveMode(mode, random, counts, limits)))
  }
  return {
    columns: ['by', 'inputs', 'answered', 'refused', 'ended', 'broken'],
    rows: [...counts].map(([way, { inputs, good, refused, ended, failed }]) => [
      ...[way, inputs, good, refused, ended, failed],
    ]),
    failures,
  }
}

interface Limits {
  readonly rounds: number
  readonly most: number
  say(line: string): void
}

async function proveMode(mode: Mode, random: Seeded, counts: Counts, limits: Limits): Promise<string[]> {
  const known = createKnown()
  const world = await startWorld(mode, known)
  const stderr = listenToStderr((text) => world.said.push(text))
  const inputs = createInputs({ random, known, now: world.standpipe.clock.now().getTime() })
  const next = createAttempts({ random, world, requests: createRequests({ random, inputs }) })
  const failures: string[] = []
  /** Said at once: a run of hours may be ended before its end. */
  const found = (failure: string) => {
    failures.push(failure)
    stderr.aside(() => limits.say(`BROKEN: ${failure}`))
  }
  let floor: Floor | undefined
  try {
    for (let round = 0; round < limits.rounds && failures.length < limits.most; round += AT_ONCE) {
      if (round % RESET_EVERY < AT_ONCE) {
        await world.standpipe.reset()
        known.forget()
        // What every path has made once is there, and nothing that was put.
        if (round >= RESET_EVERY) floor ??= await measureFloor()
      }
      if (round % REFILL_EVERY < AT_ONCE) await world.refill()
      const batch = Array.from({ length: AT_ONCE }, next)
      const results = await Promise.all(batch.map((attempt) => attempt.make()))
      for (const [index, result] of results.entries()) {
        const attempt = batch[index]!
        const fault = faultIn(result)
        count(counts, attempt, result.status, fault !== undefined)
        if (fault !== undefined) found(`${fault}: ${await shrunk(world, attempt)}`)
        if (result.learned !== undefined) known.learn(result.learned)
      }
      if (world.said.length > 0) found(await whoSaid(world, batch))
      if (Math.floor(round / 10_000) < Math.floor((round + AT_ONCE) / 10_000))
        stderr.aside(() => limits.say(`${mode}: ${round + AT_ONCE} inputs`))
    }
    if (floor)
      failures.push(...(await grownFrom(floor, world, (line) => stderr.aside(() => limits.say(line)))))
  } finally {
    stderr.restore()
    await world.end()
  }
  return failures
}

function count(counts: Counts, { way }: Attempt, status: number, isBroken: boolean): void {
  const row = counts.get(way) ?? { inputs: 0, good: 0, refused: 0, ended: 0, failed: 0 }
  counts.set(way, row)
  row.inputs += 1
  row[isBroken ? 'failed' : status === 0 ? 'ended' : status < 400 ? 'good' : 'refused'] += 1
}

/** Which of them made the log or stderr say it: each is tried again alone. */
async function whoSaid(world: World, batch: readonly Attempt[]): Promise<string> {
  const lines = world.said.splice(0).map((line) => `\n    ${line.slice(0, 2_000)}`)
  for (const attempt of batch) {
    await attempt.make()
    if (world.said.splice(0).length > 0) return `said: ${await shrunk(world, attempt)}${lines.join('')}`
  }
  return `said by one of ${batch.map(({ shown }) => `\n  ${shown()}`).join('')}${lines.join('')}`
}

async function grownFrom(floor: Floor, world: World, say: (line: string) => void): Promise<string[]> {
  await world.standpipe.reset()
  const end = await measureFloor()
  const told = (name: keyof Floor) => `${name} ${floor[name].toFixed(1)} → ${end[name].toFixed(1)} MiB`
  const names = ['heap', 'outside', 'resident'] as const
  say(`${world.mode}: memory, once warm and at the end: ${names.map(told).join(', ')}`)
  return names
    .filter((name) => end[name] - floor[name] > MAY_GROW[name])
    .map((name) => `memory does not come back (${world.mode}): ${told(name)}`)
}
