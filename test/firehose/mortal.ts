import { type Engine, EngineError } from '../../src/engine/ports/engine.ts'
import type { ObjectStore } from '../../src/firehose/destinations/object-store.ts'

/** A server's view of its engine and bucket until it dies: before or after one of its calls, whichever is the last. */
export function mortal(engine: Engine, bucket: ObjectStore, lastStep: number) {
  let steps = 0
  const dies = () => steps++ >= lastStep
  const isDead = () => steps > lastStep
  const step =
    <A extends unknown[], R>(work: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      if (isDead() || dies()) throw new EngineError('Closed', 'killed before')
      const result = await work(...args)
      if (isDead() || dies()) throw new EngineError('Closed', 'killed after')
      return result
    }
  const { logs, metadata } = engine
  return {
    isDead,
    engine: {
      ...engine,
      logs: {
        ...logs,
        append: step(logs.append),
        read: step(logs.read),
        trim: step(logs.trim),
        seal: step(logs.seal),
        dropGroup: step(logs.dropGroup),
      },
      metadata: {
        ...metadata,
        get: step(metadata.get) as typeof metadata.get,
        list: step(metadata.list) as typeof metadata.list,
        commit: step(metadata.commit),
      },
    },
    destination: { put: step(bucket.put), find: step(bucket.find!) },
  }
}
