import type { Engine } from '../../engine/engine.ts'
import type { KnownProblems } from '../../metrics/problems.ts'
import { BEGINNING, type Place, verifyStep } from './steps.ts'

export interface Verification {
  readonly documents: number
  readonly blobs: number
  /** Blobs of former versions, whose checksums nobody kept. */
  readonly unverifiable: number
  readonly bytes: number
  readonly damaged: readonly { readonly where: string; readonly what: string }[]
}

/** Reads everything that is kept on disk, as fast as it can, until the signal aborts; what is damaged now. */
export async function verifyAll(
  engine: Engine,
  problems: KnownProblems,
  signal: AbortSignal,
): Promise<Verification> {
  const sum = { documents: 0, blobs: 0, unverifiable: 0, bytes: 0 }
  for (let place: Place | undefined = BEGINNING; place; ) {
    signal.throwIfAborted()
    const step = await verifyStep(engine, problems, place)
    sum.documents += step.documents
    sum.blobs += step.blobs
    sum.unverifiable += step.unverifiable
    sum.bytes += step.bytes
    place = step.next
  }
  const damaged = problems.list().filter(({ code }) => code === 'Damaged')
  return { ...sum, damaged: damaged.map(({ where, what }) => ({ where, what })) }
}
