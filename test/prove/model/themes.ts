/** What a round is mostly about: otherwise each thing would happen alone. */
export interface Theme {
  readonly name: string
  /** How much more often than else something happens. */
  readonly weights: Readonly<Record<string, number>>
  /** Of records, bytes; beyond a mebibyte in all, what follows waits in the log. */
  readonly sizes: readonly number[]
  /** Whether the buckets are there from the beginning. */
  readonly hasBuckets: boolean
  /** Of its first records, KiB; more than two buffers, and the rest waits in its shard. */
  readonly backlogKiB: number
}

export const THEMES: readonly Theme[] = [
  { name: 'anything', weights: {}, sizes: [10, 10, 1000, 6000], hasBuckets: true, backlogKiB: 0 },
  {
    name: 'backlog',
    weights: { split: 3, merge: 3, scale: 3, 'make or drop a bucket': 0.1, 'wait long': 0.1, deliver: 0.2 },
    sizes: [2000, 6000, 12_000],
    hasBuckets: false,
    backlogKiB: 3000,
  },
  {
    name: 'expiry',
    weights: { split: 2, merge: 2, 'wait long': 5, 'make or drop a bucket': 0.3, 'change the retention': 3 },
    sizes: [10, 4000, 12_000],
    hasBuckets: false,
    backlogKiB: 2500,
  },
  {
    name: 'deletions',
    weights: { 'make the stream anew': 8, split: 2, merge: 2, put: 1.5, 'wait long': 0.3 },
    sizes: [10, 1000, 12_000],
    hasBuckets: false,
    backlogKiB: 1500,
  },
  {
    name: 'failures',
    weights: { restart: 4, 'fail puts': 5, 'make or drop a bucket': 3, update: 3, deliver: 3 },
    sizes: [10, 1000, 6000],
    hasBuckets: true,
    backlogKiB: 0,
  },
]
