import type { Cancel, Clock } from '../../clock/clock.ts'
import { inBackground } from '../../engine/ports/background.ts'
import type { Problems } from '../../metrics/problems.ts'
import { dueAt, type Failing, failingAfter, type Walk } from './failing.ts'
import { createSettling } from './settling.ts'
import { giveUpOld, type LineName, type WalkPorts, walk } from './walk.ts'

interface LinePorts extends WalkPorts {
  readonly clock: Clock
  readonly problems: Problems
  /** Some may have been given up. */
  readonly gaveUp: (bucket: string) => Promise<void>
}

/** Tells one destination what happens in one bucket, whatever becomes of the others. */
export interface Line {
  /** Something is to be told: what lies under `key`, where that is known. Resolves when nothing is under way any more. */
  wake(key?: string): Promise<void>
  /** Resolves when all was tried that was known of when it was asked, or when that takes too long. */
  settled(): Promise<void>
  /** Nothing is left to be told, and nothing is under way. */
  isDone(): boolean
  failing(): Failing | undefined
  close(): Promise<void>
}

export function openLine(ports: LinePorts, name: LineName): Line {
  const { clock, problems, signal } = ports
  const where = whereOf(name)
  const heldUp = new Set<string>()
  /** All up to there have been tried; undefined while nothing fails. */
  let triedTo: string | undefined
  let failing: Failing | undefined
  let isAllTold = false
  let cancel: Cancel = () => undefined
  const settling = createSettling()

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
      settling.reached(key)
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
    isAllTold = failing === undefined
    if (!failing) {
      triedTo = undefined
      return problems.solved('NotificationsFailing', where)
    }
    problems.report({ code: 'NotificationsFailing', where, what: wordOf(failing) })
    if (old.isStopped || fresh.isStopped) await giveUpOld(ports, { name, now, failing })
    await ports.gaveUp(name.bucket)
    retryAt(failing.retryAt)
  }
  /** What was not taken waits for its time. */
  async function tryNew(before: Failing, now: number): Promise<void> {
    const fresh = await walkOver(now, { after: triedTo })
    if (fresh?.why === undefined) return
    failing = { ...before, triedAt: now, why: fresh.why, isDown: fresh.isStopped }
  }
  function retryAt(time: number): void {
    cancel()
    // Who moves the clock does not wait for all that comes meanwhile.
    cancel = clock.at(time, () => Promise.race([wake(), settling.settled()]))
  }
  const passing = inBackground(problems, { where, meanwhile: 'nobody is told of them', work: pass })
  async function wake(key?: string): Promise<void> {
    isAllTold = false
    const over = settling.begin(key)
    await passing.run()
    over()
  }
  return {
    wake,
    settled: settling.settled,
    isDone: () => isAllTold && !settling.isUnderWay(),
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

const wordOf = ({ why }: Failing): string =>
  `they are not taken: ${why}; each is tried for 24 hours, then kept as a dead letter`

const NOTHING: Walk = { sent: 0, why: undefined, isStopped: false }

const joined = (old: Walk, fresh: Walk): Walk => ({
  sent: old.sent + fresh.sent,
  why: fresh.why ?? old.why,
  isStopped: old.isStopped || fresh.isStopped,
})
