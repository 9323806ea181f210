import { createClock } from '../clock/movable.ts'

/** This process's own time; the server's clock is another one. No task is ever set on it. */
export const machineClock = createClock({
  mode: 'real',
  onError: (error) => {
    throw error
  },
})
