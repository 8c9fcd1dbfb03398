// SPDX-License-Identifier: Apache-2.0

/** The nodes that people of this page can connect to: those it was told of, or the one it came from. */
export class Nodes {
  #all;

  /** `told`: name and URL of each node; none when it is one alone. `page`: the location of this page. */
  constructor(told, page) {
    const own = Math.max(0, told.findIndex(({ url }) => new URL(url).port === page.port));
    this.#all = told.length ? turned(told, own) : [{ name: "", url: `${page.origin.replace("http", "ws")}/rtm` }];
  }

  get several() {
    return this.#all.length > 1;
  }

  /** The URLs of all nodes, for the person of this number: the first at this page's node, the others beginning elsewhere. */
  urls(person = 0) {
    return turned(this.#all, person % this.#all.length).map(({ url }) => url);
  }

  nameOf(wanted) {
    return this.#all.find(({ url }) => url === wanted)?.name;
  }
}

const turned = (list, by) => [...list.slice(by), ...list.slice(0, by)];

export async function findNodes() {
  const answer = await fetch("nodes.json");
  const { nodes } = await answer.json();
  return new Nodes(nodes, location);
}
