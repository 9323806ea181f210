import { together } from './together.ts'

await together('*.test.ts', '{clock,delivery,metrics,service,sts,terraform}/*.test.ts')
