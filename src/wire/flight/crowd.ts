interface Crowding {
  /** How many connections there may be; any number if absent. */
  readonly mostConnections?: number
  /** Told when connections are hung up on because there are too many, and again when there is room. */
  readonly onCrowded?: (isCrowded: boolean) => void
}

/** It is over once there is room for so many of them, so that it does not come and go with each. */
const ROOM = 0.1

/** Says when connections have to be hung up on, and when that is over. `count`: how many there are. */
export function createCrowd({ mostConnections, onCrowded }: Crowding, count: () => number) {
  const most = mostConnections ?? Number.POSITIVE_INFINITY
  let isCrowded = false
  const say = (is: boolean) => {
    if (is !== isCrowded) onCrowded?.(is)
    isCrowded = is
  }
  return {
    most,
    turnedAway: () => say(true),
    left(): void {
      if (isCrowded && count() <= (1 - ROOM) * most) say(false)
    },
  }
}
