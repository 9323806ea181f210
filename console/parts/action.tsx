import { useSignal } from '@preact/signals'
import { textOf } from '../server/api.ts'

/** Something that is asked of the server: while it runs it cannot be asked again, and what goes wrong is kept to be shown. */
export function useAction<A extends unknown[]>(run: (...args: A) => Promise<unknown>) {
  const busy = useSignal(false)
  const failure = useSignal('')
  return {
    busy,
    failure,
    async start(...args: A): Promise<void> {
      if (busy.peek()) return
      busy.value = true
      failure.value = ''
      try {
        await run(...args)
      } catch (error) {
        failure.value = textOf(error)
      } finally {
        busy.value = false
      }
    },
  }
}

export function Failure({ text }: { readonly text: string }) {
  return <div role="alert">{text && <p class="notice bad">{text}</p>}</div>
}
