import type { Hints } from '../../delivery/job.ts'
import type { OutletKind } from '../../delivery/lineage/manifest.ts'
import type { ProcessingConfiguration } from '../processors/processor.ts'
import { isProcessed } from '../processors/processors.ts'

/** https://docs.aws.amazon.com/firehose/latest/APIReference/API_BufferingHints.html */
export interface BufferingHints {
  readonly sizeInMBs: number
  readonly intervalInSeconds: number
}

/** What a delivery stream keeps of its destination, whatever that is; each has members of its own besides. */
export interface DestinationSettings extends BufferingHints {
  /** Which it is, by its row's type. Absent: S3, as it was before there was any other. */
  readonly type?: string
  readonly processing?: ProcessingConfiguration
  readonly dynamicPartitioning?: { readonly enabled: boolean }
  /** Present where the source's records are delivered a second time, as they are. */
  readonly backup?: BufferingHints
}

export interface FormerHints extends BufferingHints {
  /** Of the main buffer, or of the backup's. */
  readonly of: 'objects' | 'backup'
  /** In force for what arrived before. */
  readonly until: number
}

export const isPartitioned = ({
  dynamicPartitioning,
}: Pick<DestinationSettings, 'dynamicPartitioning'>): boolean => dynamicPartitioning?.enabled === true
/** Records are transformed and kept again before they are delivered, because each goes its own way. */
export const isStaged = (settings: DestinationSettings): boolean =>
  isPartitioned(settings) || isProcessed(settings)

/** The hints for what began to be buffered at `oldestArrival`: an update changes only what comes after it. */
export function hintsOf(
  kind: OutletKind,
  {
    destination,
    formerHints = [],
  }: { readonly destination: DestinationSettings; readonly formerHints?: readonly FormerHints[] },
  oldestArrival: number,
): Hints {
  const of = kind === 'backup' ? 'backup' : 'objects'
  const former = formerHints.find((hints) => hints.of === of && oldestArrival < hints.until)
  const hints = former ?? (kind === 'backup' ? (destination.backup ?? destination) : destination)
  return { sizeBytes: hints.sizeInMBs * 2 ** 20, intervalMs: hints.intervalInSeconds * 1000 }
}

/** The hints that an update at `until` replaces. */
export const replacedHints = (
  before: DestinationSettings,
  after: DestinationSettings,
  until: number,
): FormerHints[] => [
  ...replaced('objects', before, after, until),
  ...replaced('backup', before.backup, after.backup, until),
]

function replaced(
  of: FormerHints['of'],
  before: BufferingHints | undefined,
  after: BufferingHints | undefined,
  until: number,
): FormerHints[] {
  if (!before || !after) return []
  const { sizeInMBs, intervalInSeconds } = before
  const isSame = sizeInMBs === after.sizeInMBs && intervalInSeconds === after.intervalInSeconds
  return isSame ? [] : [{ of, until, sizeInMBs, intervalInSeconds }]
}
