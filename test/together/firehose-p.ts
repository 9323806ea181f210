import { together } from './together.ts'

await together('firehose/[p-r]*.test.ts')
