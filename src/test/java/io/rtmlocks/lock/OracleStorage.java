// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.lock;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** PROTOCOL.md §6 once more, as plainly as possible: one list of what all channels hold. */
final class OracleStorage {

    private static final int KEY_LENGTH_MAX = 32;

    private record Entry(ChannelKey channel, String key, Metadata.Item item) {}

    Limits limits;
    private List<Entry> entries = new ArrayList<>();
    private final Map<ChannelKey, Long> revisions = new LinkedHashMap<>();
    private boolean changed;

    OracleStorage(Limits limits) {
        this.limits = limits;
    }

    /** Whether the last write did change something. */
    boolean wasChanged() {
        return changed;
    }

    Answer write(Command.WriteMetadata command, boolean mayWrite, boolean hasRoom, String author, long utcMillis) {
        changed = false;
        Rejection rejection = refusal(command, mayWrite, hasRoom);
        if (rejection != null) {
            return rejected(command, rejection);
        }
        ChannelKey channel = command.channel();
        List<Entry> before = entries;
        long revision = revision(channel) + 1;
        entries = new ArrayList<>(before);
        Metadata.Revision mark = new Metadata.Revision(revision, utcMillis, author);
        Map<String, Metadata.Revision> written = new LinkedHashMap<>();
        for (Metadata.Change change : changes(command)) {
            if (command.operation() == Operation.REMOVE_METADATA) {
                entries.removeIf(entry -> isAt(entry, channel, change.key()));
            } else {
                put(new Entry(channel, change.key(), new Metadata.Item(change.value(), mark)));
                written.put(change.key(), mark);
            }
        }
        if (bytes(entries, channel) > limits.metadataBytesMax() && bytes(entries, channel) > bytes(before, channel)) {
            entries = before;
            return rejected(command, new Rejection(Rejection.Kind.METADATA_TOO_LARGE, "", null));
        }
        changed = !written.isEmpty() || entries.size() != before.size();
        if (changed) {
            revisions.put(channel, revision);
        }
        return new Answer.Written(channel, items(channel).size(), revision(channel), written);
    }

    private void put(Entry entry) {
        for (int i = 0; i < entries.size(); i++) {
            if (isAt(entries.get(i), entry.channel, entry.key)) {
                entries.set(i, entry);
                return;
            }
        }
        entries.add(entry);
    }

    private static boolean isAt(Entry entry, ChannelKey channel, String key) {
        return entry.channel.equals(channel) && entry.key.equals(key);
    }

    private List<Metadata.Change> changes(Command.WriteMetadata command) {
        if (command.items() != null) {
            return command.items();
        }
        return items(command.channel()).keySet().stream()
                .map(key -> new Metadata.Change(key, "", Metadata.ANY_REVISION))
                .toList();
    }

    private @Nullable Rejection refusal(Command.WriteMetadata command, boolean mayWrite, boolean hasRoom) {
        List<Metadata.Change> changes = changes(command);
        for (int i = 0; i < changes.size(); i++) {
            String key = changes.get(i).key();
            if (key.isEmpty() || key.length() > KEY_LENGTH_MAX || !key.matches("[ -~]+")) {
                return new Rejection(Rejection.Kind.KEY_NOT_LEGAL, "", null);
            }
            if (changes.subList(0, i).stream().anyMatch(other -> other.key().equals(key))) {
                return ofKey(Rejection.Kind.DUPLICATE_KEY, null, key);
            }
        }
        if (!mayWrite) {
            return new Rejection(Rejection.Kind.LOCK_GUARD, "", null);
        }
        if (!hasRoom) {
            return new Rejection(
                    Rejection.Kind.FAILED, "", new Rejection.Detail(Rejection.Cause.TOO_MANY_CHANNELS, null, null));
        }
        return outdated(command, changes);
    }

    private @Nullable Rejection outdated(Command.WriteMetadata command, List<Metadata.Change> changes) {
        Map<String, Metadata.Item> items = items(command.channel());
        long wanted = command.majorRevision();
        if ((wanted == 0 && !items.isEmpty()) || (wanted > 0 && wanted != revision(command.channel()))) {
            return new Rejection(Rejection.Kind.OUTDATED_REVISION, "", null);
        }
        for (Metadata.Change change : changes) {
            Metadata.Item item = items.get(change.key());
            if (command.operation() == Operation.UPDATE_METADATA && item == null) {
                return ofKey(Rejection.Kind.OUTDATED_REVISION, Rejection.Cause.NO_SUCH_KEY, change.key());
            }
            long present = item == null ? 0 : item.revision().revision();
            if (change.revision() >= 0 && change.revision() != present) {
                return ofKey(Rejection.Kind.OUTDATED_REVISION, null, change.key());
            }
        }
        return null;
    }

    private static Rejection ofKey(Rejection.Kind kind, Rejection.@Nullable Cause cause, String key) {
        return new Rejection(kind, "", new Rejection.Detail(cause, null, key));
    }

    private static Answer rejected(Command.WriteMetadata command, Rejection rejection) {
        return new Answer.Rejected(command.operation(), command.channel(), command.guard(), rejection);
    }

    private static long bytes(List<Entry> entries, ChannelKey channel) {
        return entries.stream()
                .filter(entry -> entry.channel.equals(channel))
                .mapToLong(entry -> (entry.key + entry.item.value()).getBytes(StandardCharsets.UTF_8).length)
                .sum();
    }

    private long revision(ChannelKey channel) {
        return revisions.getOrDefault(channel, 0L);
    }

    private Map<String, Metadata.Item> items(ChannelKey channel) {
        Map<String, Metadata.Item> items = new LinkedHashMap<>();
        entries.stream()
                .filter(entry -> entry.channel.equals(channel))
                .forEach(entry -> items.put(entry.key, entry.item));
        return items;
    }

    Answer read(ChannelKey channel) {
        Map<String, Metadata.Item> items = items(channel);
        return new Answer.Stored(channel, items.size(), revision(channel), items);
    }

    Effect.StorageEvent event(ChannelKey channel, boolean isSnapshot, String publisher, long utcMillis) {
        return new Effect.StorageEvent(isSnapshot, channel, revision(channel), items(channel), publisher, utcMillis);
    }
}
