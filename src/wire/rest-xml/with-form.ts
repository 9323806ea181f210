import { missingContentLength } from '../exceptions.ts'
import type { Exchange } from '../exchange.ts'
import type { RecognizeForm } from '../form-recognition.ts'
import { hasLength } from './input.ts'
import { addressIn, type RestBound } from './match.ts'

interface Reading {
  readonly recognizeForm: RecognizeForm
  /** The machine's time, ms since 1970. */
  readonly machineNow: () => number
}

/** The same request with its form, if that is what it is, and with whom the form says it is from. */
export async function withForm(
  { service }: RestBound,
  exchange: Exchange,
  { recognizeForm, machineNow }: Reading,
): Promise<Exchange> {
  const { forms } = service.dialect
  if (!forms) return exchange
  const { path: address, labels } = addressIn(service, exchange)
  const { method, query, headers, body } = exchange
  const read = forms.readerFor({ method, query, headers, address })
  if (!read) return exchange
  if (!hasLength(headers)) throw missingContentLength()
  const form = await read(body.pieces())
  try {
    const recognized = await recognizeForm(exchange, form.fields)
    return { ...recognized, form: forms.held(form, labels, machineNow()) }
  } catch (error) {
    form.close()
    throw error
  }
}
