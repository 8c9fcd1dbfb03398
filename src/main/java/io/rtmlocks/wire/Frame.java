// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.wire;

import io.rtmlocks.lock.Caller;
import io.rtmlocks.lock.ChannelKey;
import io.rtmlocks.lock.ChannelType;
import io.rtmlocks.lock.Command;
import io.rtmlocks.lock.Metadata;
import io.rtmlocks.lock.Operation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One request of a client, as its frame says it.
 *
 * <p>{@link #read} checks the shape (an object, {@code op}, {@code id}); the rest is checked when it is asked for, in the
 * order of PROTOCOL.md §4: channel type, channel, lock name, other parameters.
 */
public final class Frame {

    /** The largest integer that every client can hold exactly. */
    public static final long INTEGER_MAX = (1L << 53) - 1;

    private static final long TIMEOUT_MILLIS_MAX = 3_600_000;
    private static final int TOKEN_LENGTH_MAX = 8 * 1024;
    private static final Map<String, Operation> OPERATIONS = new HashMap<>();

    static {
        for (Operation operation : Operation.values()) {
            OPERATIONS.put(operation.op(), operation);
        }
    }

    private final Object[] slots;
    private final long id;
    private final Operation operation;

    private Frame(Object[] slots, long id, Operation operation) {
        this.slots = slots;
        this.id = id;
        this.operation = operation;
    }

    /**
     * Reads a frame and checks its shape.
     *
     * @throws BadFrameException always noise
     */
    public static Frame read(String text) throws BadFrameException {
        Object[] slots = new Object[Field.values().length];
        String fault = FrameReader.read(text, slots);
        long id = slots[Field.ID.ordinal()] instanceof Long number && number >= 1 && number <= INTEGER_MAX ? number : 0;
        Operation operation =
                slots[Field.OP.ordinal()] instanceof String op ? OPERATIONS.get(op) : null;
        if (fault == null && operation == null) {
            fault = "'op' names no operation";
        }
        if (fault == null && id == 0 && operation != Operation.HEARTBEAT) {
            fault = "'id' is an integer from 1 to 2^53-1";
        }
        if (fault != null || operation == null) {
            throw new BadFrameException(ErrorCode.MALFORMED, String.valueOf(fault), true, id, operation);
        }
        return new Frame(slots, id, operation);
    }

    /** @return the number of the request; 0 for a heartbeat, which has none */
    public long id() {
        return id;
    }

    public Operation operation() {
        return operation;
    }

    /** @return the user who logs in */
    public String userId() throws BadFrameException {
        return name(Field.USER_ID, ErrorCode.USER_ID_NOT_LEGAL);
    }

    /** @return the login token, null when there is none */
    public @Nullable String token() throws BadFrameException {
        return boundedText(Field.TOKEN);
    }

    /** @return the token of a session to come back to, null when there is none */
    public @Nullable String resumeToken() throws BadFrameException {
        return boundedText(Field.RESUME_TOKEN);
    }

    private @Nullable String boundedText(Field field) throws BadFrameException {
        String text = text(field);
        if (text != null && text.length() > TOKEN_LENGTH_MAX) {
            throw bad(ErrorCode.MALFORMED, "'" + field + "' is longer than " + TOKEN_LENGTH_MAX + " characters", false);
        }
        return text;
    }

    /** @return the number of the heartbeat that is answered */
    public long heartbeat() throws BadFrameException {
        return required(Field.N, 0, INTEGER_MAX);
    }

    /** @return the channel, its type checked before its name */
    public ChannelKey channel() throws BadFrameException {
        ChannelType type = channelType();
        return new ChannelKey(type, name(Field.CHANNEL, ErrorCode.CHANNEL_NOT_LEGAL));
    }

    private ChannelType channelType() throws BadFrameException {
        Object value = slots[Field.CHANNEL_TYPE.ordinal()];
        if (value == null || "MESSAGE".equals(value) || Long.valueOf(1).equals(value)) {
            return ChannelType.MESSAGE;
        }
        if ("STREAM".equals(value) || Long.valueOf(2).equals(value)) {
            return ChannelType.STREAM;
        }
        throw bad(ErrorCode.CHANNEL_TYPE_NOT_LEGAL, "'channelType' is 1, 2, \"MESSAGE\" or \"STREAM\"", true);
    }

    /**
     * The command this frame asks the channel's shard for.
     *
     * @throws BadFrameException for the first thing that is wrong with it
     * @throws IllegalStateException for an operation that concerns no channel
     */
    public Command.Request command(String sessionId, long epoch) throws BadFrameException {
        Caller caller = new Caller(sessionId, epoch, id);
        ChannelKey channel = channel();
        return switch (operation) {
            case SUBSCRIBE -> new Command.Subscribe(
                    caller,
                    channel,
                    flag(Field.WITH_LOCK, true),
                    flag(Field.WITH_STORAGE, false),
                    flag(Field.WITH_QUEUE, false));
            case UNSUBSCRIBE -> new Command.Unsubscribe(caller, channel);
            case SET_LOCK -> new Command.SetLock(caller, channel, lockName(), ttlSeconds(), keepExisting());
            case ACQUIRE_LOCK -> acquire(caller, channel);
            case CANCEL_ACQUIRE -> new Command.CancelAcquire(caller, channel, lockName());
            case RELEASE_LOCK -> new Command.ReleaseLock(caller, channel, lockName(), fencingToken());
            case REVOKE_LOCK -> new Command.RevokeLock(caller, channel, lockName(), text(Field.OWNER));
            case REMOVE_LOCK -> new Command.RemoveLock(caller, channel, lockName());
            case GET_LOCK -> new Command.GetLock(caller, channel, flag(Field.WITH_QUEUE, false));
            case GET_METADATA -> new Command.GetMetadata(caller, channel);
            case SET_METADATA, UPDATE_METADATA, REMOVE_METADATA -> write(caller, channel);
            case LOGIN, LOGOUT, RENEW_TOKEN, PING, HEARTBEAT -> throw new IllegalStateException(
                    operation + " concerns no channel");
        };
    }

    private Command.Request acquire(Caller caller, ChannelKey channel) throws BadFrameException {
        return new Command.AcquireLock(
                caller,
                channel,
                lockName(),
                flag(Field.RETRY, false),
                number(Field.TIMEOUT_MS, 1, TIMEOUT_MILLIS_MAX, 0),
                flag(Field.WITH_POSITION, false),
                flag(Field.CREATE, false),
                ttlSeconds());
    }

    private Command.Request write(Caller caller, ChannelKey channel) throws BadFrameException {
        boolean guarded = slots[Field.LOCK_NAME.ordinal()] != null;
        String guard = guarded ? lockName() : "";
        if (!guarded && slots[Field.FENCING_TOKEN.ordinal()] != null) {
            throw bad(ErrorCode.MALFORMED, "'fencingToken' says nothing without 'lockName'", false);
        }
        return new Command.WriteMetadata(
                caller, channel, operation, items(), revision(Field.MAJOR_REVISION, slots), guard, fencingToken());
    }

    private @Nullable List<Metadata.Change> items() throws BadFrameException {
        Object value = slots[Field.DATA.ordinal()];
        boolean removal = operation == Operation.REMOVE_METADATA;
        if (value == null && removal) {
            return null;
        }
        if (!(value instanceof List<?> items) || items.isEmpty()) {
            throw bad(ErrorCode.MALFORMED, "'data' is a list of at least one item {key, value, revision?}", value != null);
        }
        List<Metadata.Change> changes = new ArrayList<>(items.size());
        for (Object item : items) {
            changes.add(change((Object[]) item, removal));
        }
        return changes;
    }

    private Metadata.Change change(Object[] item, boolean removal) throws BadFrameException {
        if (!(item[Field.KEY.ordinal()] instanceof String key)) {
            throw bad(ErrorCode.MALFORMED, "each item of 'data' has a 'key', a string", true);
        }
        Object value = item[Field.VALUE.ordinal()];
        if (!(value instanceof String) && !(removal && value == null)) {
            throw bad(ErrorCode.MALFORMED, "the 'value' of an item of 'data' is a string", true);
        }
        return new Metadata.Change(key, value == null ? "" : (String) value, revision(Field.REVISION, item));
    }

    private long revision(Field field, Object[] from) throws BadFrameException {
        Object value = from[field.ordinal()];
        if (value == null) {
            return Metadata.ANY_REVISION;
        }
        if (!(value instanceof Long number) || number < Metadata.ANY_REVISION || number > INTEGER_MAX) {
            throw bad(ErrorCode.MALFORMED, "'" + field + "' is an integer from -1", true);
        }
        return number;
    }

    private String lockName() throws BadFrameException {
        return name(Field.LOCK_NAME, ErrorCode.LOCK_NAME_NOT_LEGAL);
    }

    private long ttlSeconds() throws BadFrameException {
        long ttl = number(Field.TTL, -INTEGER_MAX, INTEGER_MAX, 0);
        return ttl == 0 && slots[Field.TTL.ordinal()] != null ? -1 : ttl;
    }

    private boolean keepExisting() throws BadFrameException {
        String text = text(Field.IF_EXISTS);
        if (text == null || text.equals("error")) {
            return false;
        }
        if (text.equals("keep")) {
            return true;
        }
        throw bad(ErrorCode.MALFORMED, "'ifExists' is \"error\" or \"keep\"", true);
    }

    private long fencingToken() throws BadFrameException {
        return number(Field.FENCING_TOKEN, 1, INTEGER_MAX, 0);
    }

    private String name(Field field, ErrorCode code) throws BadFrameException {
        Object value = slots[field.ordinal()];
        if (value instanceof String text && Names.isLegal(text)) {
            return text;
        }
        String reason = value == null
                ? "'" + field + "' is missing"
                : "'" + field + "' is 1 to 64 ASCII letters, digits, spaces or !#$%&()+,-:;<=>?@[]^_`{|}~,"
                        + " and does not begin with _";
        throw bad(code, reason, value != null && !(value instanceof String));
    }

    private @Nullable String text(Field field) throws BadFrameException {
        Object value = slots[field.ordinal()];
        if (value == null || value instanceof String) {
            return (String) value;
        }
        throw bad(ErrorCode.MALFORMED, "'" + field + "' is a string", true);
    }

    private boolean flag(Field field, boolean byDefault) throws BadFrameException {
        Object value = slots[field.ordinal()];
        if (value == null) {
            return byDefault;
        }
        if (value instanceof Boolean flag) {
            return flag;
        }
        throw bad(ErrorCode.MALFORMED, "'" + field + "' is true or false", true);
    }

    private long required(Field field, long min, long max) throws BadFrameException {
        if (slots[field.ordinal()] == null) {
            throw bad(ErrorCode.MALFORMED, "'" + field + "' is missing", true);
        }
        return number(field, min, max, min);
    }

    private long number(Field field, long min, long max, long byDefault) throws BadFrameException {
        Object value = slots[field.ordinal()];
        if (value == null) {
            return byDefault;
        }
        if (value instanceof Long number && number >= min && number <= max) {
            return number;
        }
        String range = min == -INTEGER_MAX ? "" : " from " + min + " to " + max;
        throw bad(ErrorCode.MALFORMED, "'" + field + "' is an integer" + range, !(value instanceof Long));
    }

    private BadFrameException bad(ErrorCode code, String reason, boolean isNoise) {
        return new BadFrameException(code, reason, isNoise, id, operation);
    }
}
