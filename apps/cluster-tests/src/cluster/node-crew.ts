import { NodeProcess } from './node-process.ts'
import type { Servers } from './servers.ts'

/** Which nodes are started, and on what. */
export interface CrewOptions {
  readonly nodes: number
  readonly servers: Pick<Servers, 'postgresUrl' | 'etcdEndpoints'>
  readonly say: (line: string) => void
}

/** The nodes of a cluster on this machine. */
export class NodeCrew implements AsyncDisposable {
  readonly #nodes = new Set<NodeProcess>()

  /** Starts them all at once. */
  static async start({ nodes, servers, say }: CrewOptions): Promise<NodeCrew> {
    const crew = new NodeCrew()
    const names = Array.from({ length: nodes }, (_, index) => `node ${index + 1}`)
    try {
      await Promise.all(names.map((name) => crew.#start(servers, (line) => say(`${name}: ${line}`))))
      return crew
    } catch (error) {
      await crew[Symbol.asyncDispose]()
      throw error
    }
  }

  /** Where the nodes are that run. */
  get urls(): readonly string[] {
    return [...this.#nodes].map(({ url }) => url)
  }

  /** All hand over and end, one beside the other. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#nodes].map((node) => node[Symbol.asyncDispose]()))
  }

  async #start({ postgresUrl, etcdEndpoints }: CrewOptions['servers'], say: (line: string) => void): Promise<void> {
    const place = { RUNNER_ADDRESS: '127.0.0.1:0', LISTEN_ADDR: '127.0.0.1:0' }
    const env = { ...place, POSTGRES_URL: postgresUrl, ETCD_ENDPOINTS: etcdEndpoints }
    const node = await NodeProcess.start({ env, say })
    this.#nodes.add(node)
    say(`${node.url}, pid ${node.pid}`)
    void node.ended.then((how) => {
      this.#nodes.delete(node)
      say(`has ended: ${how}`)
    })
  }
}
