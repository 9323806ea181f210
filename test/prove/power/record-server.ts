import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { startLife } from '../crash/server-life.ts'
import { Expected } from '../load/expected.ts'
import { createJournal, expect } from '../load/journal.ts'
import { workOn } from '../load/work.ts'
import { makeWorld } from '../load/world.ts'
import { seeded } from '../seeded.ts'
import { BEGUN, openNotes } from './notes.ts'
import { KILL, prepareRecording, type Recording } from './record.ts'

const LIVES = 3

interface ServerRecording {
  readonly folder: string
  readonly library: string
  readonly seed: number
}

/** A whole server under everything at once, killed and started again on one disk. */
export async function recordServer({ folder, library, seed }: ServerRecording): Promise<Recording> {
  const recording = prepareRecording(folder, library)
  const data = join(recording.root, 'data/folder')
  const random = seeded(seed)
  const expected = new Expected()
  const write = openNotes(recording.trace)
  const journal = createJournal((line) => {
    expect(expected, line)
    write(line)
  })
  const disturbances = { lateBucket: 0, isLateBucketThere: true }
  let numbers = 0
  for (let life = 0; life < LIVES; life++) {
    const server = startLife(data, { env: recording.env })
    try {
      await server.ready
      if (life === 0) {
        await makeWorld(server)
        write(BEGUN)
      }
      let isOver = false
      const load = { client: server, journal, expected, random, disturbances, number: () => ++numbers }
      const working = workOn(load, () => isOver)
      await sleep(500 + random.below(1000))
      const killed = server.kill(KILL)
      isOver = true
      await Promise.all([killed, working])
    } finally {
      await server.kill()
    }
  }
  return recording
}
