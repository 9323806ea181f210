import { join } from 'node:path'
import { seeded } from '../seeded.ts'
import { type LeftByCut, prepareRecording, type Recording, runRecorded } from './record.ts'

const LOAD = new URL('engine-load.ts', import.meta.url).pathname
const LIVES = 3
const STEPS = 60

interface EngineRecording {
  readonly folder: string
  readonly library: string
  readonly seed: number
  /** It goes on with this. */
  readonly left?: LeftByCut
}

/** An engine that is worked, killed and started again, on one disk. */
export async function recordEngine({ folder, library, seed, left }: EngineRecording): Promise<Recording> {
  const recording = prepareRecording(folder, library, left)
  const random = seeded(seed)
  const first = (seed % 1000) * 2 * LIVES + (left ? LIVES : 0)
  for (let life = 0; life < LIVES; life++) {
    const data = join(recording.root, 'data/folder')
    const args = [LOAD, data, recording.trace, String(first + life), String(STEPS)]
    await runRecorded(recording, args, life < LIVES - 1 ? 200 + random.below(250) : 30_000)
  }
  return recording
}
