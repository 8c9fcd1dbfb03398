// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.shard;

import io.rtmlocks.lock.Caller;
import io.rtmlocks.lock.ChannelKey;
import io.rtmlocks.lock.ChannelType;
import io.rtmlocks.lock.Command;
import io.rtmlocks.lock.Metadata;
import io.rtmlocks.lock.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Every operation that needs a right, with every kind of line that could give it, and whether it does: asked of the lock
 * {@code room/door}. Said once, for the gateway and for the shard.
 */
public final class RightsMatrix {
    private static final ChannelKey ROOM = new ChannelKey(ChannelType.MESSAGE, "room");
    private static final String DOOR = "door";

    private static final List<String> WORDS = List.of(
            "subscribe", "get", "set", "acquire", "release", "revoke", "remove", "storage.read", "storage.write");

    /** The right that each operation needs. */
    private static final Map<Operation, String> NEEDED = Map.ofEntries(
            Map.entry(Operation.SUBSCRIBE, "subscribe"),
            Map.entry(Operation.GET_LOCK, "get"),
            Map.entry(Operation.SET_LOCK, "set"),
            Map.entry(Operation.ACQUIRE_LOCK, "acquire"),
            Map.entry(Operation.CANCEL_ACQUIRE, "acquire"),
            Map.entry(Operation.RELEASE_LOCK, "release"),
            Map.entry(Operation.REVOKE_LOCK, "revoke"),
            Map.entry(Operation.REMOVE_LOCK, "remove"),
            Map.entry(Operation.GET_METADATA, "storage.read"),
            Map.entry(Operation.SET_METADATA, "storage.write"),
            Map.entry(Operation.UPDATE_METADATA, "storage.write"),
            Map.entry(Operation.REMOVE_METADATA, "storage.write"));

    /** Each kind of pattern: whether it covers the lock, and whether it covers the whole channel. */
    private static final Map<String, List<Boolean>> PATTERNS = Map.ofEntries(
            Map.entry("room", List.of(true, true)),
            Map.entry("room/*", List.of(true, true)),
            Map.entry("*", List.of(true, true)),
            Map.entry("r*m/**", List.of(true, true)),
            Map.entry("room/door", List.of(true, false)),
            Map.entry("room/d*", List.of(true, false)),
            Map.entry("*/door", List.of(true, false)),
            Map.entry("room/gate", List.of(false, false)),
            Map.entry("room/doors", List.of(false, false)),
            Map.entry("rooms", List.of(false, false)),
            Map.entry("Room", List.of(false, false)));

    private RightsMatrix() {}

    /**
     * One case.
     *
     * @param lines of the token
     */
    public record Row(Operation operation, List<String> lines, boolean allowed) {
        /** Whether the operation is about one lock. */
        public boolean isOfLock() {
            return !isOfChannel(NEEDED.getOrDefault(operation, ""));
        }

        /** The request, as the shard hears it. */
        Command.Request command(Caller caller) {
            return RightsMatrix.command(operation, caller);
        }
    }

    /** All of them. */
    public static List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        NEEDED.forEach((operation, needed) -> {
            rows.add(new Row(operation, List.of(), false));
            PATTERNS.forEach((pattern, covers) -> {
                boolean covered = covers.get(isOfChannel(needed) ? 1 : 0);
                rows.add(new Row(operation, List.of(pattern + '=' + needed), covered));
                rows.add(new Row(operation, List.of(pattern + "=*"), covered));
                rows.add(new Row(operation, List.of(pattern + '=' + allBut(needed)), false));
            });
        });
        return rows;
    }

    private static boolean isOfChannel(String right) {
        return right.equals("subscribe") || right.equals("get") || right.startsWith("storage.");
    }

    private static String allBut(String right) {
        return String.join(
                ",", WORDS.stream().filter(word -> !word.equals(right)).toList());
    }

    private static Command.Request command(Operation operation, Caller caller) {
        List<Metadata.Change> items = List.of(new Metadata.Change("k", "v", -1));
        return switch (operation) {
            case SUBSCRIBE -> new Command.Subscribe(caller, ROOM, true, false, false);
            case GET_LOCK -> new Command.GetLock(caller, ROOM, false);
            case SET_LOCK -> new Command.SetLock(caller, ROOM, DOOR, 30, true);
            case ACQUIRE_LOCK -> new Command.AcquireLock(caller, ROOM, DOOR, false, 0, false, false, 30);
            case CANCEL_ACQUIRE -> new Command.CancelAcquire(caller, ROOM, DOOR);
            case RELEASE_LOCK -> new Command.ReleaseLock(caller, ROOM, DOOR, 0);
            case REVOKE_LOCK -> new Command.RevokeLock(caller, ROOM, DOOR, null);
            case REMOVE_LOCK -> new Command.RemoveLock(caller, ROOM, DOOR);
            case GET_METADATA -> new Command.GetMetadata(caller, ROOM);
            default -> new Command.WriteMetadata(caller, ROOM, operation, items, -1, "", 0);
        };
    }
}
