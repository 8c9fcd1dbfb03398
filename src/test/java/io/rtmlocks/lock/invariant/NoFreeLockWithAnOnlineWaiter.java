// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.lock.invariant;

/** Whoever is online and waits, waits for somebody (PROTOCOL.md §4, rule 3). */
final class NoFreeLockWithAnOnlineWaiter implements Invariant {

    @Override
    public void after(Turn turn, Ledger ledger) {
        for (Ledger.LockName lock : ledger.queues().keySet()) {
            if (ledger.owner(lock) == null && !ledger.onlineWaiters(lock).isEmpty()) {
                broken("%s is free and %s wait", lock, ledger.onlineWaiters(lock));
            }
        }
    }
}
