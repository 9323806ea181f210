import { integer, list, named, required, string, structure, type TypeOf } from '../../service/shape.ts'

const texts = (xmlName: string) => named(xmlName, list(string(), { flattened: true }))

const corsRule = structure({
  ID: string(),
  AllowedHeaders: texts('AllowedHeader'),
  AllowedMethods: required(texts('AllowedMethod')),
  AllowedOrigins: required(texts('AllowedOrigin')),
  ExposeHeaders: texts('ExposeHeader'),
  MaxAgeSeconds: integer(),
})
export type CorsRule = TypeOf<typeof corsRule>

/** CORS rules in XML. */
export const corsRules = named('CORSRule', list(corsRule, { flattened: true }))
