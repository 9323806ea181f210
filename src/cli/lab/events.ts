import { machineClock } from '../machine-clock.ts'

/** The lab's events: sensor readings as JSON. */
export const eventsFrom = (first: number, count: number): string[] =>
  Array.from({ length: count }, (_, index) => {
    const id = first + index
    return JSON.stringify({
      event_id: id,
      timestamp: machineClock.now() / 1000,
      value: ((id * 37) % 100) + 1,
    })
  })
