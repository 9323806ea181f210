import { clock } from './clock.ts'
import type { Command } from './command.ts'
import { cost } from './cost.ts'
import { deliver } from './deliver.ts'
import { doctor } from './doctor.ts'
import { env } from './env.ts'
import { help } from './help.ts'
import { lab } from './lab.ts'
import { landed } from './landed.ts'
import { put } from './put.ts'
import { reset } from './reset.ts'
import { start } from './start.ts'
import { status } from './status.ts'
import { tail } from './tail.ts'
import { version } from './version.ts'

/** In the order in which the help lists them. */
export const COMMANDS: readonly Command[] = [
  start,
  env,
  status,
  lab,
  tail,
  put,
  deliver,
  clock,
  landed,
  cost,
  reset,
  doctor,
  version,
  help,
]
