import { fill, h } from './dom.js'

/** Which processes host the games, and how much of the cluster each has. */
export class ClusterCard {
  #list = h('div', { class: 'list' })

  constructor() {
    this.element = h('section', { class: 'card cluster', hidden: true }, h('h2', {}, 'Cluster'), this.#list)
  }

  /** @param {{ address: string, state: string, shards: number }[]} runners */
  show(runners) {
    const all = runners.reduce((sum, { shards }) => sum + shards, 0)
    const rows = runners.toSorted((a, b) => a.address.localeCompare(b.address, undefined, { numeric: true }))
    // One process is no cluster.
    this.element.hidden = runners.length < 2
    fill(
      this.#list,
      rows.map(({ address, state, shards }) => row({ address, state, share: all === 0 ? 0 : shards / all })),
    )
  }
}

function row({ address, state, share }) {
  const percent = Math.round(share * 100)
  const bar = h('span', { class: 'share' })
  bar.style.setProperty('--share', `${percent}%`)
  return h(
    'div',
    { class: 'runner', 'data-state': state },
    h('span', { class: 'address' }, address),
    bar,
    h('span', { class: 'tag' }, state === 'active' ? `${percent} %` : state),
  )
}
