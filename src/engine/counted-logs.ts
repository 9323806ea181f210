import type { LogStore } from './ports/engine.ts'

/** The same logs, and a number that grows with whatever is put into them by this process. */
export function countedLogs(logs: LogStore): { readonly logs: LogStore; readonly changes: () => number } {
  let changes = 0
  const counted = async <T>(change: Promise<T>): Promise<T> => {
    try {
      return await change
    } finally {
      changes += 1
    }
  }
  return {
    logs: {
      ...logs,
      ensureGroup: (...group) => counted(logs.ensureGroup(...group)),
      dropGroup: (group) => counted(logs.dropGroup(group)),
      append: (...entries) => counted(logs.append(...entries)),
      seal: (id) => counted(logs.seal(id)),
    },
    changes: () => changes,
  }
}
