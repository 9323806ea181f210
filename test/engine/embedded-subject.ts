import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClock } from '../../src/clock/clock.ts'
import { systemRandom } from '../../src/clock/random.ts'
import { type EmbeddedEngineOptions, openEmbeddedEngine } from '../../src/engine/embedded/embedded-engine.ts'
import type { EngineProblems } from '../../src/engine/ports/engine.ts'
import type { Subject } from './contract/subject.ts'

export const makeFolder = (): Promise<string> => mkdtemp(join(tmpdir(), 'standpipe-engine-'))

interface EmbeddedOptions {
  readonly dataDir?: string
  readonly walBytes?: number
  readonly maxBytes?: number
  readonly startAt?: number
  readonly onError?: (error: unknown) => void
  readonly problems?: EngineProblems
  readonly erase?: boolean
  readonly acceptDataLoss?: boolean
  readonly onWideModes?: EmbeddedEngineOptions['onWideModes']
}

/** An embedded engine on a manual clock; in a folder of its own, which closing takes away, or in a given one. */
export async function openEmbedded(options: EmbeddedOptions = {}): Promise<Subject> {
  const dataDir = options.dataDir ?? (await makeFolder())
  const onError = options.onError ?? ((error) => Promise.reject(error))
  const {
    walBytes,
    maxBytes,
    startAt,
    problems,
    onWideModes,
    erase = false,
    acceptDataLoss = false,
  } = options
  const clock = createClock({ mode: 'manual', onError, ...(startAt !== undefined && { startAt }) })
  const engine = await openEmbeddedEngine({
    dataDir,
    clock,
    random: systemRandom,
    onError,
    ...{ erase, acceptDataLoss },
    ...(problems && { problems }),
    ...(onWideModes && { onWideModes }),
    ...(walBytes !== undefined && { walBytes }),
    ...(maxBytes !== undefined && { maxBytes }),
  })
  return {
    engine,
    clock,
    async close() {
      await engine.close()
      if (options.dataDir === undefined) await rm(dataDir, { recursive: true })
    },
  }
}
