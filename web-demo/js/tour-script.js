// SPDX-License-Identifier: Apache-2.0
// The tour, step by step. Everything in it is done by the users' own buttons' functions: nothing is staged.

const LOCK = "document";

const contention = {
  title: "One owner at a time",
  async play({ user, say, spot, until }) {
    spot("alice", LOCK);
    await say("Three people, each in a browser tab of their own, and one lock. Alice asks for it and gets it, with a fencing token.");
    await user("alice").acquire(LOCK);
    await until(() => user("alice").grants.has(LOCK));
    spot("bob", LOCK);
    await say("Bob asks for it, too. It is busy, so he is refused at once and told who stands in his way.");
    await user("bob").acquire(LOCK);
    await say("Everybody else saw it happen: each pane lists the events that its own tab received.");
  },
};

const queue = {
  title: "A fair queue",
  async play({ user, say, spot, until }) {
    spot("bob", "carol", LOCK);
    await say("Who does not want to be refused waits in line. First come, first served, and everyone sees their place.");
    user("bob").acquire(LOCK, { retry: true });
    await until(() => user("bob").places.get(LOCK)?.position === 1);
    user("carol").acquire(LOCK, { retry: true });
    await until(() => user("carol").places.get(LOCK)?.position === 2);
    await say("Bob is first, Carol second. Alice releases: Bob has it in the same step, and Carol moves up.");
    await user("alice").release(LOCK);
    await until(() => user("bob").grants.has(LOCK));
    await until(() => user("carol").places.get(LOCK)?.position === 1);
  },
};

const closedTab = {
  title: "A closed tab",
  async play({ user, say, spot, until }) {
    spot("bob", "carol", LOCK);
    await say("Bob closes his tab without releasing. The service waits two seconds, in case it was a reload, then Carol gets the lock.");
    user("bob").close();
    await until(() => user("carol").grants.has(LOCK));
    await say("Nobody had to clean up.");
  },
};

const pulledPlug = {
  title: "A pulled plug",
  async play({ user, say, spot, until }) {
    await user("bob").open();
    user("bob").acquire(LOCK, { retry: true });
    await until(() => user("bob").places.has(LOCK));
    spot("carol", LOCK);
    await say("Now Carol's network dies. Her lock is kept for its ttl, in case she comes back: the ring drains only while she is away.");
    user("carol").pull();
    await until(() => !user("carol").grants.has(LOCK));
    await say("Carol's client knew before anybody else could get the lock that it must not trust it any more.");
    spot("bob", LOCK);
    await until(() => user("bob").grants.has(LOCK));
    await say("The ttl passed: the lock expired, and Bob, who waited, has it.");
  },
};

const revoked = {
  title: "Revoke",
  async play({ user, say, spot, until }) {
    spot("alice", "bob", LOCK);
    await say("Somebody must be able to take a lock away. Alice revokes it; Bob's client is told before anyone else can get it.");
    await user("alice").revoke(LOCK);
    await until(() => !user("bob").grants.has(LOCK));
    await user("alice").acquire(LOCK);
  },
};

const fencing = {
  title: "Fencing",
  async play({ user, say, spot, until, paper }) {
    spot("carol", "paper");
    await say("Carol's network is back. Suppose her page slept through it all and still believes in her old token: she saves.");
    user("carol").putBack();
    await until(() => user("carol").linkState === "CONNECTED");
    const [old] = user("carol").tokens.get(LOCK);
    paper.choose("carol", old, "Carol writes over everything.");
    await paper.save(user("carol"), old, "Carol writes over everything.");
    await say("Refused: the service compared her token in the same step as the write. Nothing was overwritten.");
    spot("alice", "paper");
    const { fencingToken } = user("alice").grants.get(LOCK);
    paper.choose("alice", fencingToken, "Alice has the lock, so this is written.");
    await say("Alice owns the lock, and her token is the newest. She saves.");
    await paper.save(user("alice"), fencingToken, "Alice has the lock, so this is written.");
  },
};

const otherNode = {
  title: "Another node",
  async play({ user, say, spot, until }) {
    const { url } = user("alice");
    spot("alice", LOCK);
    await say("This service runs on several nodes, and Alice is connected to one. She moves to another, and takes her lock with her.");
    user("alice").move();
    await until(() => user("alice").url !== url && user("alice").linkState === "CONNECTED");
    await until(() => user("alice").grants.has(LOCK));
    await say("The same session, the same lock, the same token: to the others nothing has changed hands.");
  },
};

/** What can be shown there. */
export const stepsAt = (nodes) =>
  [contention, queue, closedTab, pulledPlug, revoked, fencing].concat(nodes.several ? otherNode : []);
