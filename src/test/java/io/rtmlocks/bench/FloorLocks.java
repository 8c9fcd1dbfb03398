// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.bench;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Locks in a map, on one event loop: owners, queues, tokens, events. No sessions, no limits, no memory of what was. */
final class FloorLocks {
    private final Map<String, Channel> channels = new HashMap<>();

    /** A client that has logged in. */
    record Client(String userId, Consumer<String> out) {}

    private static final class Channel {
        final Map<String, Lock> locks = new HashMap<>();
        final List<Client> subscribers = new ArrayList<>();
        long seq;
    }

    private static final class Lock {
        final Deque<Waiter> queue = new ArrayDeque<>();
        Client owner;
        long token;
    }

    private record Waiter(Client client, long id) {}

    void acquire(Client client, FlatFrame frame) {
        Channel channel = channel(frame.channel);
        Lock lock = channel.locks.get(frame.lockName);
        if (lock == null) {
            lock = new Lock();
            channel.locks.put(frame.lockName, lock);
            tell(channel, frame, "SET", "", client, "", 0);
        }
        if (lock.owner == null) {
            grant(channel, lock, frame, new Waiter(client, frame.id), "");
        } else if (frame.retry) {
            lock.queue.add(new Waiter(client, frame.id));
        } else {
            client.out.accept(failure(frame.id, -14007));
        }
    }

    private void grant(Channel channel, Lock lock, FlatFrame frame, Waiter waiter, String previous) {
        lock.owner = waiter.client;
        lock.token = Math.max(lock.token + 1, System.currentTimeMillis() << 10);
        waiter.client.out.accept(head(waiter.id)
                .append(",\"channel\":\"")
                .append(frame.channel)
                .append("\",\"channelType\":\"MESSAGE\",\"lockName\":\"")
                .append(frame.lockName)
                .append("\",\"owner\":\"")
                .append(waiter.client.userId)
                .append("\",\"ttl\":10,\"fencingToken\":")
                .append(lock.token)
                .append(",\"waitedMs\":0}")
                .toString());
        tell(channel, frame, "ACQUIRED", waiter.client.userId, waiter.client, previous, lock.token);
    }

    void release(Client client, FlatFrame frame) {
        Channel channel = channel(frame.channel);
        Lock lock = channel.locks.get(frame.lockName);
        if (lock == null || lock.owner != client) {
            client.out.accept(failure(frame.id, -14006));
            return;
        }
        client.out.accept(head(frame.id)
                .append(",\"channel\":\"")
                .append(frame.channel)
                .append("\",\"channelType\":\"MESSAGE\",\"lockName\":\"")
                .append(frame.lockName)
                .append("\"}")
                .toString());
        free(channel, lock, frame);
    }

    private void free(Channel channel, Lock lock, FlatFrame frame) {
        Client former = lock.owner;
        lock.owner = null;
        tell(channel, frame, "RELEASED", "", former, former.userId, lock.token);
        Waiter next = lock.queue.poll();
        if (next != null) {
            grant(channel, lock, frame, next, former.userId);
        }
    }

    void subscribe(Client client, FlatFrame frame) {
        Channel channel = channel(frame.channel);
        channel.subscribers.add(client);
        client.out.accept(head(frame.id)
                .append(",\"seq\":")
                .append(channel.seq)
                .append('}')
                .toString());
        client.out.accept("{\"event\":\"lock\",\"eventType\":\"SNAPSHOT\",\"channel\":\"" + frame.channel
                + "\",\"channelType\":\"MESSAGE\",\"snapshot\":[],\"seq\":" + channel.seq + '}');
    }

    /** The client has gone: what it held is free. */
    void leave(Client client) {
        channels.forEach((channelName, channel) -> {
            channel.subscribers.remove(client);
            channel.locks.forEach((lockName, lock) -> {
                lock.queue.removeIf(waiter -> waiter.client == client);
                if (lock.owner == client) {
                    FlatFrame frame = new FlatFrame();
                    frame.channel = channelName;
                    frame.lockName = lockName;
                    free(channel, lock, frame);
                }
            });
        });
    }

    private Channel channel(String name) {
        return channels.computeIfAbsent(name, unused -> new Channel());
    }

    private static void tell(
            Channel channel,
            FlatFrame frame,
            String type,
            String owner,
            Client publisher,
            String previous,
            long token) {
        channel.seq++;
        if (channel.subscribers.isEmpty()) {
            return;
        }
        String event = "{\"event\":\"lock\",\"eventType\":\"" + type + "\",\"channel\":\"" + frame.channel
                + "\",\"channelType\":\"MESSAGE\",\"lockName\":\"" + frame.lockName + "\",\"owner\":\"" + owner
                + "\",\"ttl\":10,\"fencingToken\":" + token + ",\"publisher\":\"" + publisher.userId
                + "\",\"previousOwner\":\"" + previous + "\",\"cause\":\"RELEASED\",\"seq\":" + channel.seq
                + ",\"timestamp\":" + System.currentTimeMillis() + '}';
        for (Client subscriber : channel.subscribers) {
            subscriber.out.accept(event);
        }
    }

    static StringBuilder head(long id) {
        return new StringBuilder(200)
                .append("{\"id\":")
                .append(id)
                .append(",\"errorCode\":0,\"timestamp\":")
                .append(System.currentTimeMillis());
    }

    static String failure(long id, int code) {
        return "{\"id\":" + id + ",\"errorCode\":" + code + ",\"timestamp\":" + System.currentTimeMillis() + '}';
    }
}
