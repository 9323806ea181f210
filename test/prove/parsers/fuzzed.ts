/** What the fuzzer calls: one of the targets by name, chosen by whoever starts it. */
import { TARGETS } from './targets/targets.ts'

export const fuzz = TARGETS[process.env.STANDPIPE_PARSER ?? '']?.run
