import type { Clock } from '../clock/clock.ts'
import { systemRandom } from '../clock/random.ts'
import { openEmbeddedEngine } from '../engine/embedded/embedded-engine.ts'
import { createMemoryEngine } from '../engine/memory/memory-engine.ts'
import type { Engine } from '../engine/ports/engine.ts'
import type { Problems } from '../metrics/problems.ts'
import type { Settings } from './config.ts'

export interface EngineOptions {
  readonly settings: Pick<Settings, 'ephemeral' | 'data' | 'acceptDataLoss'>
  readonly clock: Clock
  readonly onError: (error: unknown) => void
  readonly problems: Problems
  /** Begins with nothing. */
  readonly erase: boolean
}

/** The embedded engine in the data folder, or, with `ephemeral`, one that goes with the process. */
export const openEngine = async ({
  settings,
  clock,
  onError,
  problems,
  erase,
}: EngineOptions): Promise<Engine> =>
  settings.ephemeral
    ? createMemoryEngine({ clock })
    : await openEmbeddedEngine({
        dataDir: settings.data,
        clock,
        random: systemRandom,
        onError,
        problems,
        erase,
        acceptDataLoss: settings.acceptDataLoss,
      })
