// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.telemetry;

import io.rtmlocks.lock.LockEvent;
import io.rtmlocks.lock.Operation;
import io.rtmlocks.wire.CloseCode;
import io.rtmlocks.wire.ErrorCode;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Stream;

/** Every label of a metric with all the values it can have. None comes from a client, so their number is bounded. */
public enum Label {
    DIRECTION("direction", List.of(Label.IN, Label.OUT)),
    STATE("state", List.of(Label.ONLINE, Label.OFFLINE)),
    /** Of a request; {@code none} for one that names no operation. */
    OP("op", with(Label.NONE, each(Operation.values(), Operation::op))),
    /** {@code 0} for success, else the error code that the client was given. */
    CODE("code", with(Label.SUCCESS, each(ErrorCode.values(), code -> String.valueOf(code.number())))),
    /** Why a connection ended: the code it was closed with from here, or {@code peer} for by the other side. */
    CLOSE_CODE(
            "code",
            Stream.concat(
                            Stream.of(Label.PEER, "1002", "1007"),
                            each(CloseCode.values(), code -> String.valueOf(code.number())))
                    .toList()),
    LOGIN("result", each(LoginResult.values(), Label::lower).toList()),
    LIMIT("limit", each(Limit.values(), Label::lower).toList()),
    STREAM("stream", List.of("lock", "storage", "queue")),
    EVENT_TYPE("type", each(LockEvent.Type.values(), Label::lower).toList()),
    CAUSE("cause", each(LockEvent.Cause.values(), Label::lower).toList()),
    CHANGE("change", List.of(Label.GAINED, Label.LOST)),
    MESSAGE("kind", List.of(Label.NODE, Label.REPLICA, Label.REPORT));

    public static final String IN = "in";
    public static final String OUT = "out";
    public static final String ONLINE = "online";
    public static final String OFFLINE = "offline";
    public static final String NONE = "none";
    public static final String SUCCESS = "0";
    public static final String PEER = "peer";
    public static final String GAINED = "gained";
    public static final String LOST = "lost";
    public static final String NODE = "node";
    public static final String REPLICA = "replica";
    public static final String REPORT = "report";

    private final String text;

    @SuppressWarnings("ImmutableEnumChecker") // a copy that nobody can change
    private final List<String> values;

    Label(String text, List<String> values) {
        this.text = text;
        this.values = List.copyOf(values);
    }

    public String text() {
        return text;
    }

    /** All it can be. */
    public List<String> words() {
        return values;
    }

    /** The value for a constant of one of our closed vocabularies. */
    public static String lower(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    private static <T> Stream<String> each(T[] constants, Function<T, String> value) {
        return Arrays.stream(constants).map(value);
    }

    private static List<String> with(String first, Stream<String> others) {
        return Stream.concat(Stream.of(first), others).toList();
    }
}
