import type { Cancel, Clock } from '../../clock/clock.ts'
import { inBackground } from '../../engine/ports/background.ts'
import type { Problems } from '../../metrics/problems.ts'
import { dueAt, type Failing, failingAfter, type Walk } from './failing.ts'
import { giveUpOld, type LineName, type WalkPorts, walk } from './walk.ts'

interface LinePorts extends WalkPorts {
  readonly clock: Clock
  readonly problems: Problems
  /** Nothing is left to be told. */
  readonly done: () => void
  /** Some may have been given up. */
  readonly gaveUp: (bucket: string) => Promise<void>
}

/** Tells one destination what happens in one bucket, whatever becomes of the others. */
export interface Line {
  /** Something is to be told. Resolves when that was tried. */
  wake(): Promise<void>
  failing(): Failing | undefined
  close(): Promise<void>
}

/** Keys of which something was not taken; with more of them it is as if nothing were taken. */
const MOST_HELD_UP = 10_000

export function openLine(ports: LinePorts, name: LineName): Line {
  const { clock, problems, signal } = ports
  const where = whereOf(name)
  const heldUp = new Set<string>()
  /** All up to there have been tried; undefined while nothing fails. */
  let triedTo: string | undefined
  let failing: Failing | undefined
  let cancel: Cancel = () => undefined

  async function pass(): Promise<void> {
    if (signal.aborted || !(await ports.mayTell())) return
    const now = clock.now()
    if (!failing || now >= dueAt(failing)) await tryAll(now)
    else if (failing.isDown) retryAt(dueAt(failing))
    else await tryNew(failing, now)
  }
  const walkOver = (now: number, range: { after: string | undefined; to?: string | undefined }) => {
    const reached = (key: string) => {
      if (triedTo === undefined || key > triedTo) triedTo = key
    }
    return walk(ports, { name, now, failing, heldUp, reached }, range)
  }
  /** What was not taken before, and then, whatever became of that, what is new. */
  async function tryAll(now: number): Promise<void> {
    heldUp.clear()
    const to = triedTo
    const old = to === undefined ? NOTHING : await walkOver(now, { after: undefined, to })
    const fresh = old && (await walkOver(now, { after: to }))
    if (!old || !fresh) return
    failing = failingAfter(failing, joined(old, fresh), now)
    if (!failing) return allIsTold()
    say(failing)
    if (old.isStopped || fresh.isStopped) await giveUpOld(ports, { name, now, failing })
    await ports.gaveUp(name.bucket)
    retryAt(failing.retryAt)
  }
  /** What was not taken waits for its time. */
  async function tryNew(before: Failing, now: number): Promise<void> {
    const fresh = await walkOver(now, { after: triedTo })
    if (fresh?.why === undefined) return
    const isDown = fresh.isStopped || heldUp.size > MOST_HELD_UP
    failing = { ...before, triedAt: now, why: fresh.why, isDown }
  }
  function allIsTold(): void {
    triedTo = undefined
    cancel()
    problems.solved('NotificationsFailing', where)
    ports.done()
  }
  function say({ why }: Failing): void {
    const what = `they are not taken: ${why}; each is tried for 24 hours, then kept as a dead letter`
    problems.report({ code: 'NotificationsFailing', where, what })
  }
  function retryAt(time: number): void {
    cancel()
    cancel = clock.at(time, () => passing.run())
  }
  const passing = inBackground(problems, { where, meanwhile: 'nobody is told of them', work: pass })
  return {
    wake: () => passing.run(),
    failing: () => failing,
    async close() {
      cancel()
      await passing.close()
    },
  }
}

/** As users name it. */
const whereOf = ({ bucket, destination }: LineName): string =>
  `the events of bucket ${bucket} for ${destination}`

const NOTHING: Walk = { sent: 0, why: undefined, isStopped: false }

const joined = (old: Walk, fresh: Walk): Walk => ({
  sent: old.sent + fresh.sent,
  why: fresh.why ?? old.why,
  isStopped: old.isStopped || fresh.isStopped,
})
