import type { WireRequest, WireResponse } from '../port/messages.ts'

/** Whether an exchange is over: answered, or its client has gone. */
export interface ExchangeEnd {
  isOver(): boolean
  /** Made when it is asked for: few want one, and to abort one at the end of every request is costly. */
  signal(): AbortSignal
}

/** As is the reason that an AbortController would make by itself. */
const OVER = new Error('The exchange is over.')

export function endOf(request: WireRequest, response: WireResponse): ExchangeEnd {
  let isOver = false
  let controller: AbortController | undefined
  const end = () => {
    isOver = true
    controller?.abort(OVER)
  }
  response.once('close', end)
  request.once('aborted', end)
  return {
    isOver: () => isOver,
    signal() {
      controller ??= new AbortController()
      if (isOver) controller.abort(OVER)
      return controller.signal
    },
  }
}
