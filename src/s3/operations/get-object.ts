import { unbounded } from '../../service/memory/flight.ts'
import { asPayload, stream, structure } from '../../service/shape.ts'
import { checkReadable } from '../archive/archived.ts'
import { openObject, untilFound } from '../objects/found.ts'
import { objectAnswer, objectOutput, readInput, selectObject } from '../objects/get-or-head.ts'
import { operation } from '../s3.ts'

/** What is held of an object while it is read: it is verified in such pieces. */
const PIECE_BYTES = 2 ** 20

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html */
export const getObject = operation({
  name: 'GetObject',
  http: { method: 'GET', path: '/{Bucket}/{Key+}' },
  input: structure(readInput),
  output: structure({ Body: asPayload(stream()), ...objectOutput }),
  handle: (s3, input, caller) =>
    untilFound(async () => {
      const selection = await selectObject(s3, input, caller)
      checkReadable(selection.object, s3.clock.now())
      const found = { bucket: input.Bucket, key: input.Key, object: selection.object }
      await (caller.flight ?? unbounded).take(
        Math.min(selection.range.end - selection.range.start, PIECE_BYTES),
      )
      const body = await openObject(s3, found, selection.range)
      return body && { Body: body, ...objectAnswer(selection, input) }
    }),
})
