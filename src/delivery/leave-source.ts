import type { DeliveryPorts } from './delivery-ports.ts'
import type { Job } from './job.ts'
import { loseUnread } from './line/lose-unread.ts'
import { BACKUP, DIRECT } from './progress/outlet.ts'
import type { SourceStream } from './progress/source.ts'
import { loseUnstaged } from './stage/lose-unstaged.ts'

/** Lets what works on the source go on only when the task is done. */
type Overtake = (task: () => Promise<void>) => Promise<void>

interface Workers {
  readonly main?: Overtake | undefined
  readonly backup?: Overtake | undefined
}

const atOnce: Overtake = (task) => task()

/**
 * Before the records of a job's stream are dropped, whose logs are sealed: what is not in a batch yet is named as gone,
 * and the job is behind it. Harmless when it is done twice.
 */
export async function leaveSource(
  ports: DeliveryPorts,
  job: Job,
  stream: SourceStream,
  { main = atOnce, backup = atOnce }: Workers = {},
): Promise<void> {
  await main(() => (job.stage ? loseUnstaged(ports, job, stream) : loseUnread(ports, job, DIRECT, stream)))
  if (job.hasBackup) await backup(() => loseUnread(ports, job, BACKUP, stream))
}
