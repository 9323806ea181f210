import type { DeliveryView, Overview } from '../api/views.ts'

/** The clock went from one time to another at once; ms since 1970. */
export interface ClockMove {
  readonly from: number
  readonly to: number
}

/** More are not remembered; moves that follow one another without time between them are one. */
const MOST = 500

export function addMove(moves: readonly ClockMove[], move: ClockMove): ClockMove[] {
  const last = moves.at(-1)
  return last && last.to >= move.from
    ? [...moves.slice(0, -1), { from: last.from, to: move.to }]
    : [...moves.slice(1 - MOST), move]
}

/**
 * Whether an object is there earlier than AWS would have made it: the clock was moved while its records waited.
 * The first move that ended behind their arrival tells, for each begins where the one before has ended, or later.
 */
export function isByMovedClock(
  { oldestArrival, deliveredAt }: Pick<DeliveryView, 'oldestArrival' | 'deliveredAt'>,
  moves: readonly ClockMove[],
): boolean {
  let [low, high] = [0, moves.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (moves[middle]!.to > oldestArrival) high = middle
    else low = middle + 1
  }
  const first = moves[low]
  return first !== undefined && first.from < deliveredAt
}

export const withMoves = (delivery: DeliveryView, moves: readonly ClockMove[]): DeliveryView =>
  isByMovedClock(delivery, moves) ? { ...delivery, byMovedClock: true } : delivery

/** Every delivery in the picture, with what the clock had to do with it. */
export const pictureWithMoves = (
  deliveryStreams: Overview['deliveryStreams'],
  moves: readonly ClockMove[],
): Overview['deliveryStreams'] =>
  deliveryStreams.map(({ gauge, ...rest }) => ({
    ...rest,
    ...(gauge && {
      gauge: { ...gauge, lastDeliveries: gauge.lastDeliveries.map((one) => withMoves(one, moves)) },
    }),
  }))
