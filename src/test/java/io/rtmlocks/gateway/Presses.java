// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.gateway;

import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * How a limit is pressed: so many things are asked at once, or one thing of that size, where {@link Offence#BOUND} is what the
 * limit allows. Each begins, and what it returns waits for what became of it.
 */
final class Presses {

    private static final String HERE = "ping";
    private static final String IN_SHARD = "getChannelMetadata";
    private static final int FINAL = 0x80;
    private static final int FRAGMENTS_MAX = 1_024;

    private Presses() {}

    interface Press {
        Supplier<Pressed> begin(RunningNode node, int amount);
    }

    interface Ask {
        JsonObject request(TestClient client, int number);
    }

    /** One session asks all of the gateway. */
    static Press asks(Ask ask) {
        return (node, amount) -> ask(List.of(node.login("offender")), amount, ask, HERE);
    }

    /** One session asks all of the shard. */
    static Press asksShard(Ask ask) {
        return (node, amount) -> ask(List.of(node.login("offender")), amount, ask, IN_SHARD);
    }

    /** Two sessions of one user ask in turn. */
    static Press asksInTwoTabs(Ask ask) {
        return (node, amount) -> ask(List.of(node.login("offender"), node.login("offender")), amount, ask, IN_SHARD);
    }

    /** Somebody else has so many locks, {@code busy0} and so on. */
    static Press whileBusy(int locks, Press press) {
        return (node, amount) -> {
            TestClient owner = node.login("owner");
            IntStream.range(0, Math.min(locks, amount))
                    .forEach(i -> owner.lock("acquireLock", "busy" + i, "create", true));
            return press.begin(node, amount);
        };
    }

    /** As many sessions as are asked for, of as many users, each of which asks one thing. */
    static Press crowdAsks(Ask ask) {
        return (node, amount) -> ask(
                IntStream.range(0, amount).mapToObj(i -> node.login("u" + i)).toList(), amount, ask, IN_SHARD);
    }

    private static Supplier<Pressed> ask(List<TestClient> clients, int amount, Ask ask, String last) {
        Pressed.Burst[] bursts = clients.stream().map(Pressed.Burst::new).toArray(Pressed.Burst[]::new);
        for (int i = 0; i < amount; i++) {
            int turn = i % bursts.length;
            bursts[turn].send(ask.request(clients.get(turn), i));
        }
        for (Pressed.Burst burst : bursts) {
            burst.sendLast(last);
        }
        return () -> Pressed.by(bursts);
    }

    /** One thing of this size. */
    static Press asksForSize(int unit, Ask ask) {
        return (node, amount) -> {
            Pressed.Burst burst = new Pressed.Burst(node.login("offender"));
            burst.send(ask.request(burst.client(), amount * unit));
            burst.sendLast(IN_SHARD);
            return () -> Pressed.by(burst);
        };
    }

    /** A ping whose frame has so many bytes. */
    static JsonObject ping(TestClient client, int bytes) {
        JsonObject ping = client.request("ping", "x", "");
        return ping.put("x", "x".repeat(bytes - ping.encode().length()));
    }

    /** Frames that are no requests; each is answered. */
    static Supplier<Pressed> noise(RunningNode node, int amount) {
        TestClient client = node.login("offender");
        IntStream.range(0, amount).forEach(i -> client.sendText("noise"));
        return () -> {
            Pressed.Burst burst = new Pressed.Burst(client);
            burst.sendLast(HERE);
            Pressed pressed = Pressed.by(burst);
            int answered = (int) client.received().stream()
                    .filter(frame -> frame.getInteger("errorCode", 0) != 0)
                    .count();
            return new Pressed(answered, Set.of(), pressed.end());
        };
    }

    /** A ping that comes in many parts. */
    static Supplier<Pressed> fragments(RunningNode node, int amount) {
        RawClient client = RawClient.loggedIn(node.port(), "offender");
        int parts = FRAGMENTS_MAX * amount / Offence.BOUND;
        client.write(RawClient.frame(RawClient.TEXT, "{\"id\":2,\"op\":\"ping\"".getBytes(StandardCharsets.US_ASCII)));
        for (int i = 2; i < parts; i++) {
            client.write(RawClient.frame(0, (byte) ' '));
        }
        client.write(RawClient.frame(FINAL, (byte) '}'));
        return () -> {
            String outcome = client.next().outcome();
            client.close();
            return outcome.equals("text") ? new Pressed(1, Set.of(), Pressed.STAYS) : new Pressed(0, Set.of(), outcome);
        };
    }

    /** So many connect, and keep their connection. */
    static Supplier<Pressed> connections(RunningNode node, int amount) {
        return connections(node, amount, "");
    }

    /** Somebody connects with a head of such a size. */
    static Supplier<Pressed> head(RunningNode node, int amount) {
        return connections(node, 1, "X: " + "x".repeat(amount * Offence.HEAD_UNIT - Offence.HEAD_REST) + "\r\n");
    }

    private static Supplier<Pressed> connections(RunningNode node, int amount, String header) {
        List<RawClient> clients = new ArrayList<>();
        Set<String> refusals = new TreeSet<>();
        int served = 0;
        for (int i = 0; i < amount; i++) {
            RawClient client = new RawClient(node.port());
            clients.add(client);
            String outcome = enter(client, header);
            if (outcome.equals("text")) {
                served++;
            } else {
                refusals.add(outcome);
            }
        }
        Pressed pressed = new Pressed(served, refusals, Pressed.STAYS);
        return () -> {
            clients.forEach(RawClient::close);
            return pressed;
        };
    }

    /** @return {@code "text"}, the answer to a login, or how it was turned away */
    private static String enter(RawClient client, String header) {
        client.write(RawClient.upgrade(header));
        String head = client.readHead();
        if (!head.startsWith("HTTP/1.1 101")) {
            return head.startsWith("HTTP") ? head.substring("HTTP/1.1 ".length(), "HTTP/1.1 429".length()) : "end";
        }
        client.write(RawClient.text("{\"id\":1,\"op\":\"login\",\"userId\":\"offender\"}"));
        return client.next().outcome();
    }
}
