import type { Cancel, Clock } from '../../clock/clock.ts'
import type { MetadataStore } from '../../engine/ports/engine.ts'
import { createMeters, type MetersState } from '../../metrics/create-meters.ts'
import type { Observer } from '../../service/invoke.ts'

export const METERS_KEY = 'standpipe/meters'

/** Meters are an estimate: a crash may lose the last second of them. */
const SAVE_AFTER_MS = 1_000

/** Meters that outlive the process: `touched` after a call saves them soon, `save` at once. */
export async function openMeters(metadata: MetadataStore, clock: Clock) {
  const meters = createMeters({ clock })
  const saved = await metadata.get<MetersState>(METERS_KEY)
  if (saved) meters.restore(saved.value)
  let cancel: Cancel | undefined
  const save = async () => {
    cancel?.()
    cancel = undefined
    await metadata.commit([{ put: METERS_KEY, value: meters.snapshot() }])
  }
  const touched: Observer = () => {
    cancel ??= clock.at(clock.now() + SAVE_AFTER_MS, save)
  }
  return { meters, touched, save }
}
