// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.admin;

import io.rtmlocks.lock.ChannelKey;
import io.rtmlocks.lock.ChannelType;
import io.rtmlocks.lock.TableView;
import io.rtmlocks.wire.Names;
import io.vertx.core.MultiMap;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What was asked for, each part checked when it is read: whatever is not what the description says is a 400.
 *
 * @param places of the path
 * @param query what follows the question mark
 * @param body empty when nothing was sent
 */
record Call(Route route, Map<String, String> places, MultiMap query, JsonObject body) {

    private static final int ENTRIES = 100;
    private static final int ENTRIES_MAX = 500;

    ChannelKey channel() {
        return new ChannelKey(type(place("channelType")), name("channel", place("channel")));
    }

    String lockName() {
        return name("lockName", place("lockName"));
    }

    String node() {
        String node = place("node");
        if (!node.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,63}")) {
            throw AdminException.bad("node is not a node's name");
        }
        return node;
    }

    private String place(String name) {
        return places.getOrDefault(name, "");
    }

    /** A name in the body, null when it is not there. */
    @Nullable
    String named(String field) {
        Object value = body.getValue(field);
        if (value == null) {
            return null;
        }
        if (!(value instanceof String text) || text.isEmpty() || text.length() > Names.LENGTH_MAX || !isPlain(text)) {
            throw AdminException.bad(field + " is not a legal name");
        }
        return text;
    }

    /** Other fields are slips, and a slip in what limits an action must not widen it. */
    void allowInBody(String... fields) {
        Set<String> known = Set.of(fields);
        body.fieldNames().stream()
                .filter(field -> !known.contains(field))
                .findFirst()
                .ifPresent(stranger -> {
                    throw AdminException.bad(
                            "the body may have " + (fields.length == 0 ? "no field" : List.of(fields)));
                });
    }

    TableView.Wanted wanted() {
        query.names().stream()
                .filter(name -> !Set.of("channel", "channelType", "contains", "held", "after", "limit")
                        .contains(name))
                .findFirst()
                .ifPresent(stranger -> {
                    throw AdminException.bad(
                            "the query may have channel, channelType, contains, held, after and limit, nothing else");
                });
        String channel = query.get("channel");
        String type = query.get("channelType");
        if (channel == null && type != null) {
            throw AdminException.bad("channelType goes with channel");
        }
        return new TableView.Wanted(
                channel == null
                        ? null
                        : new ChannelKey(type(type == null ? "MESSAGE" : type), name("channel", channel)),
                contains(),
                flag("held"),
                after(),
                limit());
    }

    private String contains() {
        String text = query.contains("contains") ? query.get("contains") : "";
        if (text.length() > Names.LENGTH_MAX) {
            throw AdminException.bad("contains is longer than any name: " + Names.LENGTH_MAX + " characters at most");
        }
        return text;
    }

    private boolean flag(String name) {
        String value = query.get(name);
        if (value != null && !value.equals("true") && !value.equals("false")) {
            throw AdminException.bad(name + " is true or false");
        }
        return "true".equals(value);
    }

    private int limit() {
        String value = query.get("limit");
        if (value == null) {
            return ENTRIES;
        }
        if (!value.matches("[1-9][0-9]{0,2}") || Integer.parseInt(value) > ENTRIES_MAX) {
            throw AdminException.bad("limit is a number from 1 to " + ENTRIES_MAX);
        }
        return Integer.parseInt(value);
    }

    private TableView.@Nullable Place after() {
        String value = query.get("after");
        if (value == null) {
            return null;
        }
        String[] parts = value.split("/", -1);
        if (parts.length != 3) {
            throw AdminException.bad("after is what a former answer called next");
        }
        return new TableView.Place(
                new ChannelKey(type(parts[1]), name("after", parts[0])),
                parts[2].isEmpty() ? "" : name("after", parts[2]));
    }

    private static ChannelType type(String text) {
        return switch (text) {
            case "MESSAGE" -> ChannelType.MESSAGE;
            case "STREAM" -> ChannelType.STREAM;
            default -> throw AdminException.bad("channelType is MESSAGE or STREAM");
        };
    }

    private static String name(String field, String text) {
        if (!Names.isLegal(text)) {
            throw AdminException.bad(field + " is not a legal name: 1 to 64 ASCII letters, digits and some signs");
        }
        return text;
    }

    private static boolean isPlain(String text) {
        return text.chars().allMatch(c -> c >= ' ' && c < 0x7f && c != '"' && c != '\\');
    }

    /** What the action log says that it was done to. */
    String target() {
        return switch (route) {
            case REVOKE, REMOVE -> channel().type() + " " + channel().name() + "/" + lockName();
            case DISCONNECT -> named("userId") != null ? "user " + named("userId") : "session " + named("sessionId");
            case DRAIN -> "node " + node();
            default -> "";
        };
    }
}
