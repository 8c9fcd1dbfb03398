// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.sim;

import io.rtmlocks.lock.Command;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The gateway of one machine, thin: brings commands to whom it takes for the leader, and news of lost sessions too. */
final class Gateway {

    private static final long REPEAT_MILLIS = 1_000;

    private final Simulation simulation;
    private final Machine machine;
    private final Map<String, Client> clients = new HashMap<>();
    private final Map<String, Command> farewells = new HashMap<>();
    private String leader = "";
    private int term;
    private int asked;

    Gateway(Simulation simulation, Machine machine) {
        this.simulation = simulation;
        this.machine = machine;
    }

    Machine machine() {
        return machine;
    }

    void attach(Client client) {
        clients.put(client.sessionId(), client);
    }

    /** The connection is over: the shard must know, however often it has to be told. */
    void detach(Client client, Command farewell) {
        clients.remove(client.sessionId());
        farewells.put(client.sessionId(), farewell);
        repeat(client.sessionId(), farewell);
    }

    private void repeat(String sessionId, Command farewell) {
        if (farewells.get(sessionId) == farewell) {
            ask(farewell, sessionId, 0);
            machine.after(REPEAT_MILLIS, () -> repeat(sessionId, farewell));
        }
    }

    void ask(Command command, String sessionId, long attempt) {
        String target = leader.isEmpty() ? Simulation.NODES.get(asked++ % Simulation.NODES.size()) : leader;
        simulation.toShard(machine, target, command, sessionId, attempt);
    }

    /** Nobody answered there. */
    void doubtLeader() {
        leader = "";
    }

    void receive(Message message) {
        Client client = clients.get(message.sessionId());
        if (message instanceof Message.Refused refused) {
            hint(refused.leader());
        } else if (message instanceof Message.Leads leads) {
            onLeads(leads);
        } else if (message instanceof Message.Noted noted) {
            farewells.remove(noted.sessionId(), noted.news());
        }
        if (client != null) {
            client.receive(message);
        } else if (message.sessionId().isEmpty()) {
            clients.values().stream().sorted(Client.BY_NAME).toList().forEach(each -> each.receive(message));
        }
    }

    private void hint(@Nullable String name) {
        leader = name == null ? "" : name;
    }

    private void onLeads(Message.Leads leads) {
        if (leads.term() >= term) {
            leader = leads.leader();
        }
        if (leads.term() > term) {
            term = leads.term();
            clients.values().stream().sorted(Client.BY_NAME).toList().forEach(Client::onNewLeader);
        }
    }
}
