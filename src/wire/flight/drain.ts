import type { WireRequest } from '../exchange.ts'
import type { FlightOf } from './flights.ts'

/** After a request was answered: what nobody wanted of its body stands before the connection's next request. */
export function drain(request: WireRequest, flight: FlightOf): void {
  flight.served()
  request.resume()
  if (request.readableEnded || request.destroyed) return
  if (request.listenerCount('data') === 0) request.on('data', ({ length }) => flight.arrived(length))
  flight.awaits(() => request.destroy())
}
