import type { SpaceView } from '../../api/views.ts'
import type { QuotaProblems } from '../../metrics/quota-problems.ts'
import { type FillOptions, watchFilling } from './fill.ts'
import { type SpaceSources, spaceOf } from './space.ts'

interface SpaceOptions extends Omit<FillOptions, 'engine' | 'alsoThen'>, Omit<SpaceSources, 'msUntilFull'> {
  readonly quotas: Pick<QuotaProblems, 'reconsider'>
}

/** The space that there is, who takes it, and when there will be none. */
export function openSpace({ quotas, ...options }: SpaceOptions) {
  const filling = watchFilling({ ...options, alsoThen: quotas.reconsider })
  let measuring: Promise<SpaceView> | undefined
  return {
    /** One measurement for all who ask at the same time. */
    view(): Promise<SpaceView> {
      measuring ??= quotas
        .reconsider()
        .then(() => spaceOf({ ...options, msUntilFull: filling.msUntilFull }))
        .finally(() => {
          measuring = undefined
        })
      return measuring
    },
    close: filling.close,
  }
}

export type OpenSpace = ReturnType<typeof openSpace>
