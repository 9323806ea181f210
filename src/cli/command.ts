import { createClock } from '../clock/clock.ts'
import type { SettingName, Settings } from '../server/config.ts'
import type { ServerAddress } from './server-address.ts'

/** The exit codes; a script can tell them apart. */
export const EXIT = { ok: 0, failure: 1, usage: 2, busy: 3, unknownVersion: 4, damaged: 5 } as const

/** Where a command's lines go. */
export interface Terminal {
  out(line: string): void
  err(line: string): void
  /** Shows a text in place until the next one; empty before a line is put out. Nothing where nobody looks. */
  progress(text: string): void
  readonly env: Readonly<Record<string, string | undefined>>
}

/** A command's own flag; without `value` it is a switch. */
export interface Flag {
  readonly value?: string
  /** It may be given several times. */
  readonly isList?: true
  readonly doc: string
}
export type Flags = Readonly<Record<string, Flag>>
type Values<F extends Flags> = {
  readonly [K in keyof F]?: F[K] extends { value: string } ? string : true
}

/** One call of a command, parsed. */
export interface Call<F extends Flags = Flags> extends Terminal {
  readonly settings: Settings
  /** The server that `settings` mean. */
  readonly server: ServerAddress
  readonly flags: Values<F>
  readonly args: readonly string[]
  /** --json: what is printed is JSON, one value a line. */
  readonly json: boolean
}

export interface Command<F extends Flags = Flags> {
  readonly name: string
  /** `STREAM [DATA…]`: what must follow, what may, and what may be repeated. */
  readonly args: string
  readonly doc: string
  /** The settings of `start` that this command takes too. */
  readonly settings: readonly SettingName[]
  readonly flags: F
  /** Resolves with the exit code; none is success. */
  run(call: Call<F>): Promise<number | undefined>
}

export const command = <const F extends Flags>(row: Command<F>): Command =>
  // A call is always parsed by the flags of its own command.
  row as unknown as Command

/** Where a running server is asked. */
export const CLIENT_SETTINGS = ['port', 'host', 'region', 'account'] as const

/** A command could not do what it was asked to; the message is one line. */
export class CommandFailure extends Error {
  override readonly name = 'CommandFailure'
  readonly exitCode: number
  constructor(message: string, exitCode: number = EXIT.failure) {
    super(message)
    this.exitCode = exitCode
  }
}

/** The time of the process that runs the command; a server has a clock of its own. */
export const machineClock = createClock({
  mode: 'real',
  onError: (error) => {
    throw error
  },
})
