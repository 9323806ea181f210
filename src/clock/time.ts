/** What the machine tells: its own time, which somebody may set, and one that nobody can (ms since some moment). */
export interface Machine {
  now(): number
  steady(): number
}

export const machine: Machine = { now: () => Date.now(), steady: () => performance.now() }

/** No clock goes further: until then the engine's positions are safe integers (engine/shared/log-rules.ts). */
export const LATEST_TIME = Date.UTC(2500, 0, 1)

export interface TimeOptions {
  readonly mode: 'real' | 'manual'
  /** real: the offset to begin with, ms. */
  readonly offsetMs?: number
  /** manual: the time to begin with, ms since 1970; the machine's time if absent. */
  readonly startAt?: number
  readonly machine?: Machine
}

/** What a machine's time may differ from a steady one without having been set: a thousandth, and so many ms. */
const UNSET_MS = 1000
/** Of what it was set back, so much of the time that passes is given back. */
const GIVEN_BACK = 0.1

/**
 * The time itself: the machine's with an offset, or one that stands still; it never goes back. In whole milliseconds,
 * as the machine's: tokens and documents say times so.
 *
 * When the machine's time is set back, this one goes on from where it was, a tenth slower until both agree again:
 * nothing waits for a time that was passed already.
 */
export function createTime(options: TimeOptions) {
  return options.mode === 'manual' ? frozenTime(options) : runningTime(options)
}

export type Time = ReturnType<typeof runningTime>

function frozenTime({ startAt, machine: { now: machineNow } = machine }: TimeOptions): Time {
  let frozenAt = startAt ?? machineNow()
  const jumpTo = (time: number) => {
    frozenAt = Math.max(frozenAt, Math.ceil(time))
  }
  return {
    now: () => frozenAt,
    jumpTo,
    notBefore: jumpTo,
    offsetMs: () => frozenAt - machineNow(),
    setBackMs: () => 0,
    movedBy(durationMs) {
      const at = frozenAt + durationMs
      return { at, reach: () => jumpTo(at) }
    },
  }
}

function runningTime({ offsetMs = 0, machine: { now: machineNow, steady } = machine }: TimeOptions) {
  let offset = offsetMs
  let setBack = 0
  let latest = Number.NEGATIVE_INFINITY
  let seen = { wall: machineNow(), steady: steady() }

  /** The machine's time now, after what has become of it was noticed. */
  const look = (): number => {
    const is = { wall: machineNow(), steady: steady() }
    const passed = is.steady - seen.steady
    const lost = seen.wall + passed - is.wall
    const isSet = Math.abs(lost) > UNSET_MS + passed / 1000
    setBack = Math.max(0, setBack + (isSet ? lost : -passed * GIVEN_BACK))
    seen = is
    return is.wall
  }
  const now = () => {
    latest = Math.max(latest, look() + offset + Math.floor(setBack))
    return latest
  }
  const jumpTo = (time: number) => {
    offset = Math.max(offset, Math.ceil(time) - look() - Math.floor(setBack))
  }
  return {
    now,
    jumpTo,
    /** It was that late already: what is missing is what the machine's time was set back by. */
    notBefore(time: number): void {
      setBack = Math.max(setBack, time - look() - offset)
    },
    /** How far it is ahead of the machine's time, ms. */
    offsetMs(): number {
      look()
      return offset + Math.floor(setBack)
    },
    /** How much of that is because the machine's time was set back. */
    setBackMs(): number {
      look()
      return Math.floor(setBack)
    },
    /** When it is then, and how to get there from wherever the time is by now. */
    movedBy(durationMs: number) {
      const [at, offsetThen] = [now() + durationMs, offset + Math.ceil(durationMs)]
      const reach = () => {
        jumpTo(at)
        // The machine's time went on meanwhile and is not taken off what the clock was moved by.
        offset = Math.max(offset, offsetThen)
      }
      return { at, reach }
    },
  }
}
