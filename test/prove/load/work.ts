import type { Seeded } from '../seeded.ts'
import type { AwsClient } from './aws-client.ts'
import { changeControlPlane } from './control-work.ts'
import { type Disturbances, disturb } from './disturb-work.ts'
import type { Expected } from './expected.ts'
import type { Journal } from './journal.ts'
import { changeObjects, changeUploads } from './object-work.ts'
import { putRecords } from './record-work.ts'

/** What works on a server, and by which it knows what to ask next. */
export interface Load {
  readonly client: AwsClient
  readonly journal: Journal
  readonly expected: Expected
  readonly random: Seeded
  readonly disturbances: Disturbances
  /** Another number each time, over all lives of the server. */
  number(): number
}

/** Each of them works one step after another, beside the others; what it writes no other does. */
const WORKERS: readonly ((load: Load) => Promise<unknown>)[] = [
  (load) => putRecords(load, 'stream', 0),
  (load) => putRecords(load, 'stream', 1),
  (load) => putRecords(load, 'direct', 0),
  (load) => putRecords(load, 'on-demand', 0),
  (load) => changeObjects(load, 'a'),
  (load) => changeObjects(load, 'b'),
  changeUploads,
  changeControlPlane,
  disturb,
]

/** Works until `isOver`, or until the server is gone. What it was refused is no concern. */
export async function workOn(load: Load, isOver: () => boolean): Promise<void> {
  const keepOn = async (step: (load: Load) => Promise<unknown>) => {
    while (!isOver())
      try {
        await step(load)
      } catch (error) {
        // Whoever killed the server knows what it was; a refusal was noted.
        if ((error as Error).name !== 'Refusal') return
      }
  }
  await Promise.all(WORKERS.map(keepOn))
}
