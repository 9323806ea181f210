import { list, type Members, maybe, number, shape } from '../../engine/ports/checks.ts'
import { document } from '../../engine/ports/document.ts'
import type { Change, Document, MetadataStore } from '../../engine/ports/engine.ts'
import type { Job } from '../job.ts'
import { keptOf, type Manifest, manifestDocument } from '../lineage/manifest.ts'
import { type LogPosition, logPosition, type Origin, originCheck } from '../reading/log-range.ts'

/** Everything before these positions is in an object. */
export interface Checkpoint {
  readonly positions: readonly LogPosition[]
  /** Of a log that a stage fills: the last record of each source before. */
  readonly seen?: readonly Origin[]
  /** How many objects came before. */
  readonly objects: number
}

const CHECKPOINT = 'firehose/checkpoint/'

/** What the progress of a line and of a stage have in common. */
export const checkpointMembers: Members<Checkpoint> = {
  ...{ positions: list(logPosition), seen: maybe(list(originCheck)), objects: number },
}

export const checkpointDocument = document<Checkpoint>({
  keys: CHECKPOINT,
  version: 1,
  check: shape<Checkpoint>(checkpointMembers),
})

export const checkpointKeyOf = (outletId: string) => CHECKPOINT + outletId
export const manifestKeyOf = (outletId: string) => manifestDocument.keys + outletId

/** Where delivery begins; part of the commit that creates the outlet. */
export const firstCheckpoint = (outletId: string, positions: readonly LogPosition[]): Change => ({
  put: checkpointKeyOf(outletId),
  value: { positions, objects: 0 } satisfies Checkpoint,
  expect: 'absent',
})

/** The durable state of one line, and the revisions that fence off whoever else works on it. */
export interface Progress {
  readonly checkpoint: Document<Checkpoint>
  /** Sealed, and not known to be delivered. */
  readonly sealed?: Document<Manifest>
}

export async function loadProgress(metadata: MetadataStore, outletId: string): Promise<Progress | undefined> {
  const checkpoint = await checkpointDocument.get(metadata, checkpointKeyOf(outletId))
  const sealed = await manifestDocument.get(metadata, manifestKeyOf(outletId))
  return checkpoint && { checkpoint, ...(sealed && { sealed }) }
}

/**
 * Makes the manifest durable, in place of one that is given up. Rejects with Conflict when the job or the
 * line's progress has changed.
 */
export async function commitSeal(
  metadata: MetadataStore,
  { job, id }: { readonly job: Document<Job>; readonly id: string },
  { checkpoint, sealed }: Progress,
  manifest: Manifest,
): Promise<Progress> {
  const key = manifestKeyOf(id)
  const revision = await metadata.commit([
    { put: key, value: keptOf(manifest), expect: sealed?.revision ?? 'absent' },
    { check: checkpoint.key, expect: checkpoint.revision },
    { check: job.key, expect: job.revision },
  ])
  return { checkpoint, sealed: { key, value: manifest, revision } }
}

/** Has the line read on from elsewhere: behind the batch that is sealed, or behind the checkpoint. */
export function moveReading({ checkpoint, sealed }: Progress, positions: readonly LogPosition[]): Change[] {
  const { key, value, revision } = checkpoint
  if (!sealed) return [{ put: key, value: { ...value, positions } satisfies Checkpoint, expect: revision }]
  const after: Manifest = { ...sealed.value, after: positions }
  return [
    { put: sealed.key, value: keptOf(after), expect: sealed.revision },
    { check: key, expect: revision },
  ]
}

/** Moves the checkpoint behind the sealed batch and makes the manifest history (`also`), in one commit. */
export async function commitDelivered(
  metadata: MetadataStore,
  { checkpoint }: Progress,
  sealed: Document<Manifest>,
  also: readonly Change[],
): Promise<Progress> {
  const { after, seen, number } = sealed.value
  const value: Checkpoint = { positions: after, ...(seen && { seen: seen.after }), objects: number }
  const revision = await metadata.commit([
    { put: checkpoint.key, value, expect: checkpoint.revision },
    { delete: sealed.key, expect: sealed.revision },
    ...also,
  ])
  return { checkpoint: { key: checkpoint.key, value, revision } }
}
