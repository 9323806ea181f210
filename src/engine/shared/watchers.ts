/** Who is told about which keys. */
export function createWatchers() {
  const watching = new Set<{ readonly prefix: string; readonly changed: (key: string) => void }>()
  return {
    add(prefix: string, changed: (key: string) => void, signal: AbortSignal): void {
      if (signal.aborted) return
      const watcher = { prefix, changed }
      watching.add(watcher)
      signal.addEventListener('abort', () => watching.delete(watcher), { once: true })
    },
    /** Tells them soon: a watcher that throws cannot fail the commit. */
    tell(keys: Iterable<string>): void {
      for (const key of keys)
        for (const watcher of watching)
          if (key.startsWith(watcher.prefix))
            queueMicrotask(() => {
              if (watching.has(watcher)) watcher.changed(key)
            })
    },
  }
}
