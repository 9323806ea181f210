import { join } from 'node:path'
import { seeded } from '../seeded.ts'
import { prepareRecording, type Recording, runRecorded } from './record.ts'

const LOAD = new URL('engine-load.ts', import.meta.url).pathname
const LIVES = 3
const STEPS = 60

/** An engine that is worked, killed and started again, on one disk. */
export async function recordEngine(folder: string, library: string, seed: number): Promise<Recording> {
  const recording = prepareRecording(folder, library)
  const random = seeded(seed)
  for (let life = 0; life < LIVES; life++) {
    const args = [
      LOAD,
      join(recording.root, 'data/folder'),
      recording.trace,
      String((seed % 1000) * LIVES + life),
      String(STEPS),
    ]
    await runRecorded(recording, args, life < LIVES - 1 ? 200 + random.below(250) : 30_000)
  }
  return recording
}
