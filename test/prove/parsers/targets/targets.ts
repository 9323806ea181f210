import type { Target } from '../target.ts'
import { cbor, form, jsonScanner, xml } from './bodies.ts'
import { addresses, headers, prefixes } from './names.ts'
import { policies, postPolicy } from './policies.ts'
import { signatures, signedForm } from './signatures.ts'
import { awsChunked, multipart } from './streams.ts'
import { iterators, records, tokens } from './tokens.ts'

/** By the name of its corpus. */
export const TARGETS: Readonly<Record<string, Target>> = {
  ...{ xml, 'json-scanner': jsonScanner, cbor, form },
  ...{ 'aws-chunked': awsChunked, multipart },
  ...{ signatures, 'signed-form': signedForm, policies, 'post-policy': postPolicy },
  ...{ iterators, tokens, records },
  ...{ prefixes, headers, addresses },
}
