// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.lock;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The storage of one channel: strings by key, each with a revision, and one revision for the whole (PROTOCOL.md §6).
 *
 * <p>Every write that changes something raises the whole's revision by one and gives it to the items written, so a
 * revision never comes back, also not for a key that was removed. A write takes effect as a whole or not at all.
 */
public final class Metadata {

    /** The revision that asks for no check. */
    public static final long ANY_REVISION = -1;

    /** The revision of something that must not exist yet. */
    public static final long CREATE_ONLY = 0;

    private static final int KEY_LENGTH_MAX = 32;

    /** What is told of an item beside its key and value is ten times as long as a short one: who asks, and all who see it, get all. */
    private static final int KEYS_MAX = 500;

    private final ChannelKey channel;
    private long majorRevision;
    private Map<String, Item> items = Map.of();

    Metadata(ChannelKey channel) {
        this.channel = channel;
    }

    Metadata(ChannelKey channel, long majorRevision, Map<String, Item> items) {
        this.channel = channel;
        this.majorRevision = majorRevision;
        this.items = items;
    }

    long majorRevision() {
        return majorRevision;
    }

    /** The items, in the order in which their keys were first written; unmodifiable, and never changed later. */
    Map<String, Item> items() {
        return items;
    }

    /**
     * Refuses what no state of a storage could make legal, and that no replica needs to hear of: what {@link #refusalOf(List)} refuses,
     * and items that alone are too large or too many (-12012).
     *
     * @param bytesMax of the items of a channel
     * @return the refusal, or null
     */
    public static @Nullable Answer refusalOf(Command.WriteMetadata command, int bytesMax) {
        List<Change> changes = command.items();
        Rejection refusal = refusalOf(changes);
        if (refusal == null && changes != null && command.operation() != Operation.REMOVE_METADATA) {
            long bytes = 0;
            for (Change change : changes) {
                bytes += bytes(change.key, change.value);
            }
            refusal = changes.size() > KEYS_MAX
                    ? tooManyKeys(changes.size())
                    : bytes > bytesMax ? tooLarge(bytes, bytesMax) : null;
        }
        return refusal == null ? null : rejected(command, refusal);
    }

    /**
     * Refuses what no state of the storage could make legal: a bad key (-12011) or one named twice (-12013). A bad key is
     * not repeated: refusals are remembered, and must not be as long as a client likes.
     *
     * @return the refusal, or null
     */
    static @Nullable Rejection refusalOf(@Nullable List<Change> changes) {
        Set<String> seen = new HashSet<>();
        for (Change change : changes == null ? List.<Change>of() : changes) {
            if (!isLegalKey(change.key)) {
                return refusal(
                        Rejection.Kind.KEY_NOT_LEGAL,
                        "key " + (seen.size() + 1) + " of this write is not 1 to 32 printable ASCII characters",
                        null);
            }
            if (!seen.add(change.key)) {
                return refusal(Rejection.Kind.DUPLICATE_KEY, "the key '" + change.key + "' is named twice", change.key);
            }
        }
        return null;
    }

    /** Writes or removes; the caller's right to do so has been checked. */
    Answer write(Command.WriteMetadata command, String author, long utcMillis, int bytesMax) {
        List<Change> changes = command.items() == null ? removalOfAll() : command.items();
        Rejection refusal = outdated(command, changes);
        if (refusal != null) {
            return rejected(command, refusal);
        }
        Map<String, Item> next = new LinkedHashMap<>(items);
        Map<String, Revision> written = new LinkedHashMap<>();
        boolean changed = false;
        Revision revision = new Revision(majorRevision + 1, utcMillis, author);
        for (Change change : changes) {
            if (command.operation() == Operation.REMOVE_METADATA) {
                changed |= next.remove(change.key) != null;
            } else {
                changed = true;
                next.put(change.key, new Item(change.value, revision));
                written.put(change.key, revision);
            }
        }
        if (next.size() > KEYS_MAX && next.size() > items.size()) {
            return rejected(command, tooManyKeys(next.size()));
        }
        long bytes = bytes(next);
        if (bytes > bytesMax && bytes > bytes(items)) {
            return rejected(command, tooLarge(bytes, bytesMax));
        }
        if (changed) {
            majorRevision++;
            items = Collections.unmodifiableMap(next);
        }
        return new Answer.Written(channel, items.size(), majorRevision, Collections.unmodifiableMap(written));
    }

    private List<Change> removalOfAll() {
        List<Change> all = new ArrayList<>();
        for (String key : items.keySet()) {
            all.add(new Change(key, "", ANY_REVISION));
        }
        return all;
    }

    private @Nullable Rejection outdated(Command.WriteMetadata command, List<Change> changes) {
        boolean wholeIsOutdated = command.majorRevision() == CREATE_ONLY
                ? !items.isEmpty()
                : command.majorRevision() != ANY_REVISION && command.majorRevision() != majorRevision;
        if (wholeIsOutdated) {
            return refusal(
                    Rejection.Kind.OUTDATED_REVISION,
                    "the channel's metadata has revision " + majorRevision + ", not " + command.majorRevision(),
                    null);
        }
        for (Change change : changes) {
            Item item = items.get(change.key);
            if (item == null && command.operation() == Operation.UPDATE_METADATA) {
                return new Rejection(
                        Rejection.Kind.OUTDATED_REVISION,
                        "there is no key '" + change.key + "' to update",
                        Rejection.Detail.ofKey(Rejection.Cause.NO_SUCH_KEY, change.key));
            }
            long current = item == null ? CREATE_ONLY : item.revision.revision;
            if (change.revision != ANY_REVISION && change.revision != current) {
                return refusal(
                        Rejection.Kind.OUTDATED_REVISION,
                        "the key '" + change.key + "' has revision " + current + ", not " + change.revision,
                        change.key);
            }
        }
        return null;
    }

    private static boolean isLegalKey(String key) {
        return !key.isEmpty() && key.length() <= KEY_LENGTH_MAX && key.chars().allMatch(c -> c >= ' ' && c <= '~');
    }

    private static long bytes(Map<String, Item> items) {
        long bytes = 0;
        for (Map.Entry<String, Item> entry : items.entrySet()) {
            bytes += bytes(entry.getKey(), entry.getValue().value);
        }
        return bytes;
    }

    private static long bytes(String key, String value) {
        return key.length() + utf8Length(value);
    }

    private static long utf8Length(String text) {
        return text.codePoints()
                .mapToLong(c -> c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4)
                .sum();
    }

    private static Answer rejected(Command.WriteMetadata command, Rejection refusal) {
        return new Answer.Rejected(command.operation(), command.channel(), command.guard(), refusal);
    }

    private static Rejection tooManyKeys(int keys) {
        return refusal(
                Rejection.Kind.METADATA_TOO_LARGE,
                "the channel's metadata would have " + keys + " keys, " + KEYS_MAX + " are allowed",
                null);
    }

    private static Rejection tooLarge(long bytes, int bytesMax) {
        return refusal(
                Rejection.Kind.METADATA_TOO_LARGE,
                "the channel's metadata would have " + bytes + " bytes, " + bytesMax + " are allowed",
                null);
    }

    private static Rejection refusal(Rejection.Kind kind, String reason, @Nullable String key) {
        return new Rejection(kind, reason, key == null ? null : Rejection.Detail.ofKey(null, key));
    }

    /**
     * One item of a write.
     *
     * @param value what to write; of no meaning in a removal
     * @param revision {@link #ANY_REVISION}, {@link #CREATE_ONLY}, or the one the item must have
     */
    public record Change(String key, String value, long revision) {}

    /** Which write an item is from. */
    public record Revision(long revision, long updatedUtcMillis, String author) implements Described {
        @Override
        public void describe(Fields out) {
            out.number("revision", revision).number("updated", updatedUtcMillis).text("authorUid", author);
        }
    }

    /** One stored item. */
    public record Item(String value, Revision revision) implements Described {
        @Override
        public void describe(Fields out) {
            revision.describe(out.text("value", value));
        }
    }
}
