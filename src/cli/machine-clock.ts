import { createClock } from '../clock/movable.ts'

/** The time of the process that runs the command; a server has a clock of its own. */
export const machineClock = createClock({
  mode: 'real',
  onError: (error) => {
    throw error
  },
})
