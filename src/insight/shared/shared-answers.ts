import type { Scope, SharedOverview } from '../../api/ports.ts'
import type { Overview, RecordPage } from '../../api/views.ts'
import { steadyNow } from '../../clock/machine-time.ts'
import { createSerial, type Serial } from '../../delivery/turns.ts'

/** What time alone changes (the hint that fires first, for example) is looked at again after so long, machine time. */
const LOOK_AGAIN_MS = 5_000
/** Pictures that are kept: one for each scope and search. */
const MOST_KEPT = 50

/** A picture without its time, and whether something in it will change by no more than time, and soon. */
export interface Drawn {
  readonly overview: Omit<Overview, 'now'>
  readonly isPassing: boolean
}

interface Options {
  draw(scope: Scope, search: string): Promise<Drawn>
  /** Says something else as soon as anything but time may have changed the picture. */
  version(): string
  readonly now: () => number
  /** What time stands still and is thus part of the picture. */
  readonly isFrozen: boolean
  /** Tells this server's pictures from another's. */
  readonly name: string
}

interface Kept {
  readonly version: string
  readonly drawnAt: number
  readonly isPassing: boolean
  readonly now: number
  readonly overview: Drawn['overview']
  readonly text: string
  readonly tag: string
}

/** The overview, drawn once for all who look at it, and only when something has changed. */
export function createSharedOverview({ draw, version, now, isFrozen, name }: Options) {
  const pictures = new Map<string, { readonly run: Serial; kept: Kept | undefined }>()
  let drawings = 0

  function pictureOf(key: string) {
    const found = pictures.get(key) ?? { run: createSerial(), kept: undefined }
    pictures.delete(key)
    pictures.set(key, found)
    if (pictures.size > MOST_KEPT) pictures.delete(pictures.keys().next().value!)
    return found
  }

  async function drawAnew(scope: Scope, search: string, before: Kept | undefined): Promise<Kept> {
    const [drawnAs, drawnAt, at] = [version(), steadyNow(), now()]
    const { overview, isPassing } = await draw(scope, search)
    const text = JSON.stringify(overview)
    const isSame = before?.text === text && (!isFrozen || before.now === at)
    const tag = isSame ? before.tag : `"${name}-${(drawings++).toString(36)}"`
    return { version: drawnAs, drawnAt, isPassing, now: at, overview, text, tag }
  }

  /** Up to `maxAgeMs` old; 0: everything that was done before the call is in it. */
  return async (scope: Scope, search: string, maxAgeMs: number): Promise<SharedOverview> => {
    const picture = pictureOf([scope.account, scope.region, search].join('\n'))
    const kept = await picture.run(async () => {
      const before = picture.kept
      const ageMs = before ? steadyNow() - before.drawnAt : Number.POSITIVE_INFINITY
      const isStill = before?.version === version() && !before.isPassing && ageMs < LOOK_AGAIN_MS
      if (!before || (!isStill && ageMs >= maxAgeMs)) picture.kept = await drawAnew(scope, search, before)
      return picture.kept!
    })
    const time = now()
    return {
      tag: kept.tag,
      now: time,
      overview: { now: time, ...kept.overview },
      text: `{"now":${time},${kept.text.slice(1)}`,
    }
  }
}

/** Kept at most; they are as many as there are places where somebody waits for records. */
const MOST_PAGES = 200

interface KeptPage {
  readonly readAt: number
  readonly page: Promise<RecordPage>
}

/** That nothing is new at a place is found out once for all who wait there, and holds for a moment. */
export function createSharedPages() {
  const kept = new Map<string, KeptPage>()
  const forget = (key: string, one: KeptPage) => {
    if (kept.get(key) === one) kept.delete(key)
  }
  return (key: string, maxAgeMs: number, read: () => Promise<RecordPage>): Promise<RecordPage> => {
    const before = kept.get(key)
    if (maxAgeMs === 0) return read()
    if (before && steadyNow() - before.readAt < maxAgeMs) return before.page
    const one = { readAt: steadyNow(), page: read() }
    kept.delete(key)
    kept.set(key, one)
    if (kept.size > MOST_PAGES) kept.delete(kept.keys().next().value!)
    one.page.then(
      ({ records }) => records.length > 0 && forget(key, one),
      () => forget(key, one),
    )
    return one.page
  }
}
