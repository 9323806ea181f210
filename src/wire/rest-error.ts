import type { ServiceException } from '../service/exception.ts'
import type { Service } from '../service/operation.ts'
import { element, escapeXml, xmlDocument } from './xml-text.ts'

/** An exception as S3 prints it, or as S3 Control does. */
export function errorDocument(
  service: Pick<Service, 'wrapsErrors' | 'xmlNamespace'> | undefined,
  { code, message, fields }: ServiceException,
  ids: Readonly<Record<string, string>>,
): string {
  const error = { Code: code, Message: message, ...fields }
  if (!service?.wrapsErrors) return xmlDocument('Error', elements({ ...error, ...ids }))
  return xmlDocument('ErrorResponse', element('Error', elements(error)) + elements(ids), service.xmlNamespace)
}

const elements = (texts: Readonly<Record<string, string>>): string =>
  Object.entries(texts)
    .map(([name, text]) => element(name, escapeXml(text)))
    .join('')
