import type { Answer } from '../exchange/exchange.ts'

/** What AWS's JSON services answer when a request is none of their protocols: XML, with lines of its own kind. */
const page = (status: number, body: string): Answer => ({ status, headers: {}, body: `${body}\n` })

const exceptionPage = (code: string, message: string) =>
  page(403, `<${code}>\n  <Message>${message}</Message>\n</${code}>`)

export const unknownOperationPage = () => page(404, '<UnknownOperationException/>')
export const missingToken = () =>
  exceptionPage('MissingAuthenticationTokenException', 'Missing Authentication Token')
export const accessDenied = () =>
  exceptionPage('AccessDeniedException', 'Unable to determine service/operation name to be authorized')
