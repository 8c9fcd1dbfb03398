// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.gateway;

import io.rtmlocks.lock.Caller;
import io.rtmlocks.lock.ChannelKey;
import io.rtmlocks.lock.Command;
import io.rtmlocks.shard.Delivery;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Who on this node sees which channel. */
final class Audience {

    private final Map<ChannelKey, Set<Subscription>> byChannel = new HashMap<>();
    private final Map<String, Integer> byUser = new HashMap<>();
    private final ShardSender shards;
    private final GatewayMeters meters;

    Audience(ShardSender shards, GatewayMeters meters) {
        this.shards = shards;
        this.meters = meters;
    }

    int size() {
        return byChannel.values().stream().mapToInt(Set::size).sum();
    }

    /** How many subscriptions the sessions of a user have here. */
    int ofUser(String userId) {
        return byUser.getOrDefault(userId, 0);
    }

    /** Adds a subscription, or puts it in the place of the session's earlier one of the channel. */
    void join(Subscription subscription) {
        subscription.before = put(subscription);
    }

    private @Nullable Subscription put(Subscription subscription) {
        ChannelKey channel = subscription.request.channel();
        Subscription before = subscription.session.subscriptions.put(channel, subscription);
        Set<Subscription> subscribers = byChannel.computeIfAbsent(channel, key -> new LinkedHashSet<>());
        subscribers.add(subscription);
        if (before != null) {
            subscribers.remove(before);
        } else {
            byUser.merge(subscription.session.userId, 1, Integer::sum);
        }
        return before;
    }

    void leave(Subscription subscription) {
        ChannelKey channel = subscription.request.channel();
        if (subscription.session.subscriptions.remove(channel, subscription)) {
            byUser.computeIfPresent(subscription.session.userId, (user, count) -> count == 1 ? null : count - 1);
        }
        Set<Subscription> subscribers = byChannel.get(channel);
        if (subscribers != null && subscribers.remove(subscription) && subscribers.isEmpty()) {
            byChannel.remove(channel);
            shards.disinterest(channel);
        }
    }

    /** A request to come or to leave is answered: until then, and if it is refused, its session sees the channel as before. */
    void answered(Session session, Command.Request request, boolean isRefused) {
        Subscription later = null;
        Subscription next = session.subscriptions.get(request.channel());
        for (Subscription each = next; each != null; each = each.before) {
            if (each.request == request) {
                came(each, later, isRefused);
                return;
            }
            if (request instanceof Command.Unsubscribe
                    && each.left(request.caller().requestId())) {
                left(each, later, isRefused);
                return;
            }
            later = each;
        }
    }

    /** @param later what took its place since, if anything */
    private void came(Subscription subscription, @Nullable Subscription later, boolean isRefused) {
        Subscription before = subscription.before;
        if (!isRefused) {
            subscription.before = null;
        } else if (later != null) {
            later.before = before;
        } else if (before == null) {
            leave(subscription);
        } else {
            put(before);
            before.onLost();
            renew(before);
        }
    }

    private void left(Subscription subscription, @Nullable Subscription later, boolean isRefused) {
        if (isRefused) {
            if (later == null) {
                renew(subscription);
            }
        } else if (later == null) {
            leave(subscription);
        } else {
            later.before = null;
        }
    }

    /** Whether the session has come, or left, by this request is not known, and will not be. */
    void unanswered(Session session, Command.Request request) {
        Subscription next = session.subscriptions.get(request.channel());
        for (Subscription each = next; each != null; each = each.before) {
            if (each.request == request) {
                each.before = null;
            }
            each.mayHaveLeft(request.caller().requestId());
        }
    }

    /** The session's connection is over, and with it all that it saw. */
    void leaveAll(Session session) {
        List.copyOf(session.subscriptions.values()).forEach(this::leave);
    }

    void onSnapshot(Session session, Delivery.Snapshot snapshot) {
        Subscription subscription = session.subscriptions.get(snapshot.channel());
        if (subscription != null && subscription.asked(snapshot)) {
            subscription.onSnapshot(snapshot);
        }
    }

    /** @return to how many sockets it was written */
    int onEvent(Delivery.Event event) {
        Set<Subscription> subscribers = byChannel.get(event.channel());
        if (subscribers == null) {
            shards.disinterest(event.channel());
            return 0;
        }
        int written = 0;
        try (TextFrame frame = new TextFrame(event.frame())) {
            for (Subscription subscription : subscribers) {
                switch (subscription.onEvent(event, frame)) {
                    case WRITTEN -> written++;
                    case RENEW -> renew(subscription);
                    case FELL_BEHIND -> meters.fellBehind();
                    case PASSED_OVER -> {}
                }
            }
        }
        meters.delivered(event.stream(), written);
        return written;
    }

    /** The session's connection can take more: what it missed is made good by fresh snapshots. */
    void onDrained(Session session) {
        session.subscriptions.values().forEach(this::renew);
    }

    /** The session is back: what it missed, or was asked for in vain, is made good by fresh snapshots. */
    void onHeardAgain(Session session) {
        session.subscriptions.values().forEach(Subscription::onHeardAgain);
        onDrained(session);
    }

    /** The session was taken for absent: what it should have seen was told to nobody. */
    void onLost(Session session) {
        renewAll(session, channel -> true);
    }

    /**
     * What a leader told of these channels may have been lost. Snapshots that were asked for by a request come with its answer; who is away
     * asks when it is back.
     */
    void renewAll(Session session, Predicate<ChannelKey> channels) {
        for (Subscription subscription : List.copyOf(session.subscriptions.values())) {
            if (channels.test(subscription.request.channel())) {
                subscription.onLost();
                boolean isAsked = session.pending.containsKey(
                        subscription.request.caller().requestId());
                if (session.online && !isAsked) {
                    renew(subscription);
                }
            }
        }
    }

    private void renew(Subscription subscription) {
        if (subscription.renew()) {
            meters.snapshotRenewed();
            Session session = subscription.session;
            Command.Subscribe asked = subscription.request;
            Caller nobody = new Caller(session.id, session.epoch, 0);
            shards.send(
                    session,
                    new Command.Subscribe(
                            nobody, asked.channel(), asked.withLock(), asked.withStorage(), asked.withQueue()),
                    null);
        }
    }
}
