import { list, named, required, string, structure } from '../service/shape.ts'

export const tag = structure({ Key: required(string()), Value: required(string()) })
export const tagSet = list(named('Tag', tag))
