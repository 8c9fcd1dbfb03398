// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.shard;

import io.rtmlocks.lock.Command;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * What the sessions of each gateway may do, as their gateway said with the word that they are online: the leader's own look at
 * every request, in case a gateway forgets its own. A session of which nothing was said may do nothing.
 *
 * <p>Soft state: each new stream begins with a full account, see {@link CommandBatch}. Confined to the shard's context.
 */
final class Permits {
    private final Map<String, Map<String, CommandBatch.Permit>> byGateway = new HashMap<>();

    /** Learns what the message says; to be called before its commands are looked at. */
    void learn(CommandBatch batch) {
        if (batch.number() == 0) {
            byGateway.remove(batch.gateway());
        }
        Map<String, CommandBatch.Permit> sessions =
                byGateway.computeIfAbsent(batch.gateway(), gateway -> new HashMap<>());
        batch.permits().forEach(permit -> sessions.put(permit.sessionId(), permit));
    }

    /** Whether the gateway may ask this in the name of the session. */
    boolean allow(String gateway, Command.Request request) {
        Map<String, CommandBatch.Permit> sessions = byGateway.get(gateway);
        CommandBatch.Permit permit =
                sessions == null ? null : sessions.get(request.caller().sessionId());
        return (permit == null ? Rights.NONE : permit.rights()).allow(request) || endsForbiddenWait(request);
    }

    /** What no client asked: its gateway ends a wait that the session has lost the right to. */
    private static boolean endsForbiddenWait(Command.Request request) {
        return request instanceof Command.CancelAcquire && request.caller().requestId() == 0;
    }

    /** The session is away from there, and may never come back: unless it has already, what it may do will be said again. */
    void forget(String gateway, Departure departure) {
        Map<String, CommandBatch.Permit> sessions = byGateway.get(gateway);
        if (sessions != null) {
            sessions.computeIfPresent(
                    departure.sessionId(), (id, permit) -> permit.epoch() > departure.epoch() ? permit : null);
        }
    }

    void forgetAll() {
        byGateway.clear();
    }

    /** Gateways that are gone do not ask any more. */
    void keepOnly(Set<String> gateways) {
        byGateway.keySet().retainAll(gateways);
    }
}
