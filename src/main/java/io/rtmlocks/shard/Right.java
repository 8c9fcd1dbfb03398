// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.shard;

import io.rtmlocks.lock.Operation;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What a token can allow, by the word it uses for it. */
enum Right {
    SUBSCRIBE("subscribe", Scope.CHANNEL),
    GET("get", Scope.CHANNEL),
    SET("set", Scope.LOCK),
    ACQUIRE("acquire", Scope.LOCK),
    RELEASE("release", Scope.LOCK),
    REVOKE("revoke", Scope.LOCK),
    REMOVE("remove", Scope.LOCK),
    STORAGE_READ("storage.read", Scope.CHANNEL),
    STORAGE_WRITE("storage.write", Scope.CHANNEL);

    /** Whether it is about a channel as a whole or about one lock of it. */
    enum Scope {
        CHANNEL,
        LOCK
    }

    private static final Map<String, Right> BY_WORD =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(Right::word, Function.identity()));

    private final String word;
    private final Scope scope;

    Right(String word, Scope scope) {
        this.word = word;
        this.scope = scope;
    }

    static Optional<Right> ofWord(String word) {
        return Optional.ofNullable(BY_WORD.get(word));
    }

    /** The right an operation needs; none for what a client may always do, such as to end what it began. */
    static Optional<Right> neededFor(Operation operation) {
        return switch (operation) {
            case LOGIN, LOGOUT, RENEW_TOKEN, PING, HEARTBEAT, UNSUBSCRIBE -> Optional.empty();
            case SUBSCRIBE -> Optional.of(SUBSCRIBE);
            case SET_LOCK -> Optional.of(SET);
            case ACQUIRE_LOCK, CANCEL_ACQUIRE -> Optional.of(ACQUIRE);
            case RELEASE_LOCK -> Optional.of(RELEASE);
            case REVOKE_LOCK -> Optional.of(REVOKE);
            case GET_LOCK -> Optional.of(GET);
            case REMOVE_LOCK -> Optional.of(REMOVE);
            case SET_METADATA, UPDATE_METADATA, REMOVE_METADATA -> Optional.of(STORAGE_WRITE);
            case GET_METADATA -> Optional.of(STORAGE_READ);
        };
    }

    String word() {
        return word;
    }

    boolean isOfChannel() {
        return scope == Scope.CHANNEL;
    }
}
