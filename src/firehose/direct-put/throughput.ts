/** Direct PUT's quotas in the large regions. https://docs.aws.amazon.com/firehose/latest/dev/limits.html */
export const PER_SECOND = { requests: 2000, records: 500_000, bytes: 5 * 2 ** 20 }

interface Used {
  requests: number
  records: number
  bytes: number
}

/** What each delivery stream took in during the present second. */
export function createThroughput(limits: 'aws' | 'off') {
  let second = -1
  let used = new Map<string, Used>()

  return {
    /** For each record of one request, by its size: whether there is room for it. */
    admit(id: string, recordBytes: readonly number[], now: number): readonly boolean[] {
      if (limits === 'off') return recordBytes.map(() => true)
      const current = Math.floor(now / 1000)
      if (current !== second) {
        second = current
        used = new Map()
      }
      const own = used.get(id) ?? { requests: 0, records: 0, bytes: 0 }
      used.set(id, own)
      if (++own.requests > PER_SECOND.requests) return recordBytes.map(() => false)
      return recordBytes.map((bytes) => {
        const fits = own.records < PER_SECOND.records && own.bytes + bytes <= PER_SECOND.bytes
        if (!fits) return false
        own.records++
        own.bytes += bytes
        return true
      })
    },
  }
}

export type Throughput = ReturnType<typeof createThroughput>
