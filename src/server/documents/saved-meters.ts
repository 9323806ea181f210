import type { Cancel, Clock } from '../../clock/clock.ts'
import { inBackground } from '../../engine/ports/background.ts'
import { list, maybe, number, object, shape } from '../../engine/ports/checks.ts'
import { document } from '../../engine/ports/document.ts'
import { type Engine, isEngineError } from '../../engine/ports/engine.ts'
import type { Kept, Running } from '../../metrics/billed-hours.ts'
import { createMeters, type MetersState, type Quantities } from '../../metrics/create-meters.ts'
import type { Problems } from '../../metrics/problems.ts'
import type { Observer } from '../../service/invoke.ts'
import { seenChange } from './seen-time.ts'

export const METERS_KEY = 'standpipe/meters'

export const metersDocument = document<MetersState>({
  keys: METERS_KEY,
  version: 1,
  check: shape<MetersState>({
    ...{ since: number, used: object<Quantities>(), running: list(object<Running>()) },
    kept: maybe(list(object<Kept>())),
  }),
})

/** Meters are an estimate: a crash may lose the last second of them. */
const SAVE_AFTER_MS = 1_000

/** Meters that outlive the process, with the time: `touched` after a call saves them soon, `saveNow` and `save` at once. */
export async function openMeters(
  { metadata, refusal }: Pick<Engine, 'metadata' | 'refusal'>,
  clock: Clock,
  problems: Problems,
) {
  const meters = createMeters({ clock })
  const saved = await metersDocument.get(metadata, METERS_KEY)
  if (saved) meters.restore(saved.value)
  let cancel: Cancel | undefined
  const save = async () => {
    cancel?.()
    cancel = undefined
    // On a full disk they are saved again after the next call that finds room.
    if (refusal()) return
    try {
      const seen = await seenChange(metadata, clock.now())
      await metadata.commit([{ put: METERS_KEY, value: meters.snapshot() }, seen])
    } catch (error) {
      if (!isEngineError(error, 'StorageFull')) throw error
    }
  }
  const saving = inBackground(problems, {
    where: 'the meters',
    meanwhile: 'what is counted is not kept over a restart',
    work: save,
  })
  const touched: Observer = () => {
    cancel ??= clock.at(clock.now() + SAVE_AFTER_MS, saving.run)
  }
  return {
    meters,
    touched,
    saveNow: saving.run,
    /** For good. */
    async save() {
      await saving.close()
      await save()
    },
  }
}
