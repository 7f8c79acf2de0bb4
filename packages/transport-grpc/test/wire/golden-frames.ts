import { epoch, instanceId, requestId, runnerAddress, shardId } from '@cruster/core'
import type { Frame } from '@cruster/core/ports'

const shard = shardId('default', 17)

/** One frame of each kind with every field set, and its bytes as release 0.1 wrote them. Never changed, only added to. */
export const goldenFrames: readonly (readonly [frame: Frame, hex: string])[] = [
  [{ kind: 'hello', protocol: 1, instanceId: instanceId('r1') }, '0a080a06080112027231'],
  [
    {
      kind: 'request',
      call: 2 ** 40,
      id: requestId('1234567890123456789'),
      address: { shard, type: 'Counter', id: 'a' },
      method: 'increment',
      payload: Uint8Array.of(1, 2, 3),
      headers: { locale: 'de' },
      trace: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
      timeoutMs: 29_999.5,
      attempt: 2,
      origin: 'entity',
      chain: ['Account/a'],
      digest: Uint8Array.of(4),
      retainMs: 600_000,
      sequence: 7,
      deliverAt: 1_767_225_600_000,
      oneWay: true,
      credit: 64,
      resume: { received: 12, last: Uint8Array.of(5) },
    },
    '0acd0112ca01088080808080201213313233343536373839303132333435363738391a180a0a64656661756c743a31371207436f756e7465721a01612209696e6372656d656e742a03010203320c0a066c6f63616c65120264653a3730302d30616637363531393136636434336464383434386562323131633830333139632d623761643662373136393230333333312d30314100000000e04bdd40480250025a094163636f756e742f616201046900000000804f2241700779000080aa6db77942800101880140920105080c120105',
  ],
  [{ kind: 'reply', call: 3, exit: Uint8Array.of(1, 0, 9) }, '0a091a0708031203010009'],
  [
    {
      kind: 'notMine',
      call: 4,
      shard,
      owner: { address: runnerAddress('10.0.0.2:9000'), epoch: epoch(2 ** 53 - 1) },
      mayHaveStarted: true,
    },
    '0a2c222a0804120a64656661756c743a31371a180a0d31302e302e302e323a3930303010ffffffffffffff0f2001',
  ],
  [
    { kind: 'chunk', call: 5, sequence: 1000, values: [Uint8Array.of(1), new Uint8Array()] },
    '0a0c2a0a080510e8071a01011a00',
  ],
  [{ kind: 'credit', call: 6, received: 1003, credit: 64 }, '0a093207080610eb071840'],
  [{ kind: 'cancel', call: 7 }, '0a043a020807'],
]
