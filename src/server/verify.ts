import { soon } from '../clock/machine-time.ts'
import { type BlobContents, type Document, type Engine, isEngineError } from '../engine/ports/engine.ts'
import type { KnownProblems, Problems } from '../metrics/problems.ts'
import { wantedDocument } from '../s3/content/content.ts'
import { wantedPrefix } from '../s3/documents.ts'
import { kindOf } from './documents/persisted.ts'
import { type Pass, type Place, type Progress, progressDocument, SCRUBBED_KEY } from './documents/scrubbed.ts'

export const BEGINNING: Place = { segment: -1 }

/** What one step has read. */
export interface Step {
  /** Undefined: that was all. */
  readonly next: Place | undefined
  readonly bytes: number
  readonly documents: number
  readonly blobs: number
  /** Of them, those whose checksums nobody kept: only that they are there was seen. */
  readonly unverifiable: number
}

const DOCUMENTS_PER_STEP = 100
/** A document that is not bytes alone is small. */
const DOCUMENT_BYTES = 1024

type Verified = Pick<Engine, 'metadata' | 'blobs' | 'verifyNext'>

/**
 * Reads a piece of everything that is kept on disk behind `place`. What is damaged is said to the problems, by the engine
 * itself or, for blobs, here; resolves all the same.
 */
export async function verifyStep(engine: Verified, problems: Problems, place: Place): Promise<Step> {
  const none = { documents: 0, blobs: 0, unverifiable: 0 }
  const segment = place.key === undefined ? await engine.verifyNext?.(place.segment) : undefined
  if (segment) return { ...none, next: { segment: segment.number }, bytes: segment.bytes }
  const page = await engine.metadata.list({
    ...{ prefix: '', after: place.key ?? '', limit: DOCUMENTS_PER_STEP, damaged: 'left out' },
  })
  let [bytes, blobs, unverifiable] = [0, 0, 0]
  for (const document of page) {
    const { key, value } = document
    bytes += value instanceof Uint8Array ? value.length : DOCUMENT_BYTES
    if (!isOfItsKind(engine, document) || !key.startsWith(wantedPrefix)) continue
    const contents = wantedDocument.read(engine.metadata, document).value
    blobs++
    if (contents === true) unverifiable++
    else bytes += await verifyBlob(engine, problems, { key, contents })
  }
  const last = page.at(-1)?.key
  const next = last === undefined ? undefined : { segment: place.segment, key: last }
  return { next, bytes, documents: page.length, blobs, unverifiable }
}

/** Whether it is what its key says. One that is not is said. */
function isOfItsKind({ metadata }: Verified, document: Document<unknown>): boolean {
  try {
    kindOf(document.key)?.read(metadata, document)
    return true
  } catch (error) {
    if (isEngineError(error, 'Damaged')) return false
    throw error
  }
}

/** How many bytes were read. */
async function verifyBlob(
  { metadata, blobs }: Verified,
  problems: Problems,
  { key, contents }: { key: string; contents: BlobContents },
): Promise<number> {
  const id = key.slice(wantedPrefix.length)
  try {
    await blobs.verify(id, contents)
  } catch (error) {
    if (!isEngineError(error, 'Damaged') && !isEngineError(error, 'NoSuchBlob')) throw error
    // Deleted meanwhile, it is missed by nobody.
    if (!(await metadata.get(key))) return 0
    problems.report({ code: 'Damaged', where: 'blobs', what: `${error.message}; its object is not served` })
  }
  return contents.sizeBytes
}

interface Verification {
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

/** A restart reads at most so much again. */
const SAVE_EVERY_BYTES = 64 * 2 ** 20
/** A server that has just started has other things to do. */
const FIRST_MS = 600_000

interface ScrubberOptions {
  readonly engine: Engine
  readonly problems: Problems
  /** The machine's time: a virtual clock that is moved must not start a storm. */
  readonly machineNow: () => number
  readonly onError: (error: unknown) => void
  /** Waits that many ms of machine time before `task`; tests wait for nothing. */
  readonly later?: typeof soon
}

/** Reads everything that lies on disk once in 30 days, slowly, so that damage is said before somebody needs what it hit. */
export function startScrubber(options: ScrubberOptions) {
  const { engine, problems, machineNow, onError, later = soon } = options
  let progress: Progress | undefined
  let unsavedBytes = 0
  let waiting = later(FIRST_MS, run)
  let running: Promise<void> | undefined
  let isClosed = false

  async function save(value: Progress): Promise<void> {
    await engine.metadata.commit([{ put: SCRUBBED_KEY, value }])
    unsavedBytes = 0
  }

  /** One step; the pause behind it, ms. */
  async function step(): Promise<number> {
    const now = machineNow()
    const last = progress ?? (await progressDocument.get(engine.metadata, SCRUBBED_KEY))?.value
    const isNew = !last || isNextDue(last, now)
    const pass: Progress = isNew
      ? { place: BEGINNING, beganAt: now, bytes: 0, lastBytes: last?.bytes ?? 0, isOver: false }
      : last
    progress = pass
    if (pass.isOver) return pauseMs(pass, 0, now)
    const { next, bytes } = await verifyStep(engine, problems, pass.place)
    progress = { ...pass, bytes: pass.bytes + bytes, place: next ?? pass.place, isOver: !next }
    unsavedBytes += bytes
    if (progress.isOver || unsavedBytes >= SAVE_EVERY_BYTES) await save(progress)
    return pauseMs(progress, bytes, machineNow())
  }

  function run(): void {
    running = step()
      .catch((error) => {
        if (!isEngineError(error, 'Closed')) onError(error)
        return FIRST_MS
      })
      .then((pause) => {
        if (isClosed) return
        waiting = later(pause, run)
        waiting.ask()
      })
  }

  waiting.ask()
  return {
    /** Waits for the step that is under way. */
    async close(): Promise<void> {
      isClosed = true
      waiting.stop()
      await running
    },
  }
}

const DAY_MS = 24 * 3_600_000
/** Everything is read once in so long. */
export const PASS_MS = 30 * DAY_MS
/** What is planned for is shorter: the folder may have grown. */
const PLANNED_MS = 25 * DAY_MS
const RATES = { least: 128 * 1024, most: 8 * 2 ** 20 }
/** A step that is a long way off is looked at again: the machine may have slept. */
const LONGEST_PAUSE_MS = 3_600_000

/** How many ms to wait at `now` before more is read, after a step of `stepBytes`. */
export function pauseMs({ beganAt, lastBytes, isOver }: Pass, stepBytes: number, now: number): number {
  const rate = Math.min(RATES.most, Math.max(RATES.least, lastBytes / (PLANNED_MS / 1000)))
  const pause = isOver ? beganAt + PASS_MS - now : (stepBytes / rate) * 1000
  return Math.min(LONGEST_PAUSE_MS, Math.max(1, Math.ceil(pause)))
}

/** Whether a pass that is over makes room for the next. */
export const isNextDue = ({ beganAt, isOver }: Pass, now: number): boolean =>
  isOver && now >= beganAt + PASS_MS
