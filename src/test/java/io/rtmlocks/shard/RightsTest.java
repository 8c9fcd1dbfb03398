// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.rtmlocks.lock.Caller;
import io.rtmlocks.lock.ChannelKey;
import io.rtmlocks.lock.ChannelType;
import io.rtmlocks.lock.Command;
import io.rtmlocks.lock.Operation;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a token allows is exactly what its lines say. */
class RightsTest {
    private static final Set<Operation> ALWAYS = EnumSet.of(
            Operation.LOGIN,
            Operation.LOGOUT,
            Operation.RENEW_TOKEN,
            Operation.PING,
            Operation.HEARTBEAT,
            Operation.UNSUBSCRIBE);

    @ParameterizedTest
    @EnumSource
    void all_allows_every_operation(Operation operation) {
        assertThat(Rights.ALL.allows(operation, "room", "door")).isTrue();
    }

    @Test
    void no_line_allows_only_what_ends_things() {
        assertThat(allowed(Rights.of(List.of()))).isEqualTo(ALWAYS);
    }

    @ParameterizedTest
    @CsvSource({
        "subscribe, SUBSCRIBE",
        "get, GET_LOCK",
        "set, SET_LOCK",
        "acquire, ACQUIRE_LOCK CANCEL_ACQUIRE",
        "release, RELEASE_LOCK",
        "revoke, REVOKE_LOCK",
        "remove, REMOVE_LOCK",
        "storage.read, GET_METADATA",
        "storage.write, SET_METADATA UPDATE_METADATA REMOVE_METADATA"
    })
    void word_allows_its_operations_and_no_other(String word, String operations) {
        Set<Operation> expected = Arrays.stream(operations.split(" "))
                .map(Operation::valueOf)
                .collect(Collectors.toCollection(() -> EnumSet.copyOf(ALWAYS)));

        assertThat(allowed(Rights.of(List.of("room=" + word)))).isEqualTo(expected);
    }

    /** The storage comes with the subscription: whoever may not read it may not have it so. */
    @ParameterizedTest
    @CsvSource({"subscribe, false, true", "subscribe, true, false", "subscribe storage.read, true, true"})
    void subscribing_to_storage_is_reading_it(String words, boolean withStorage, boolean expected) {
        Rights rights = Rights.of(List.of("room=" + words.replace(' ', ',')));
        Command.Subscribe subscribe = new Command.Subscribe(
                new Caller("s", 1, 1), new ChannelKey(ChannelType.MESSAGE, "room"), true, withStorage, false);

        assertThat(rights.allow(subscribe)).isEqualTo(expected);
    }

    @Test
    void star_allows_every_operation() {
        assertThat(allowed(Rights.of(List.of("room=*")))).isEqualTo(EnumSet.allOf(Operation.class));
    }

    @ParameterizedTest
    @CsvSource({
        "room,           room,      door,  true",
        "room,           room2,     door,  false",
        "room,           Room,      door,  false",
        "room/*,         room,      door,  true",
        "room/door,      room,      door,  true",
        "room/door,      room,      doors, false",
        "room/door,      room,      '',    false",
        "room/d*r,       room,      door,  true",
        "room/d*r,       room,      dr,    true",
        "room/d*r,       room,      doors, false",
        "*,              anything,  door,  true",
        "*/door,         anything,  door,  true",
        "*/door,         anything,  gate,  false",
        "team-*,         team-,     door,  true",
        "team-*,         team-a,    door,  true",
        "team-*,         xteam-a,   door,  false",
        "*-a-*-b,        x-a-y-b,   door,  true",
        "*-a-*-b,        x-a-b,     door,  false",
        "**/**,          room,      door,  true",
        "a=b,            a=b,       door,  true",
        "a.b,            axb,       door,  false"
    })
    void pattern_covers_the_names_it_matches(String pattern, String channel, String lock, boolean covered) {
        Rights rights = Rights.of(List.of(pattern + "=acquire"));

        assertThat(rights.allows(Operation.ACQUIRE_LOCK, channel, lock)).isEqualTo(covered);
    }

    @ParameterizedTest
    @CsvSource({"room, true", "room/*, true", "ro*/**, true", "room/door, false", "room/d*, false", "other, false"})
    void operation_on_a_channel_needs_a_line_for_all_its_locks(String pattern, boolean covered) {
        Rights rights = Rights.of(List.of(pattern + "=*"));

        for (Operation operation :
                List.of(Operation.SUBSCRIBE, Operation.GET_LOCK, Operation.GET_METADATA, Operation.SET_METADATA)) {
            assertThat(rights.allows(operation, "room", "")).as(operation.op()).isEqualTo(covered);
            assertThat(rights.allows(operation, "room", "door"))
                    .as(operation.op())
                    .isEqualTo(covered);
        }
    }

    @Test
    void lines_add_up() {
        Rights rights = Rights.of(List.of("room=subscribe,get", "room/mine-*=set,acquire,release"));

        assertThat(rights.allows(Operation.SUBSCRIBE, "room", "")).isTrue();
        assertThat(rights.allows(Operation.ACQUIRE_LOCK, "room", "mine-1")).isTrue();
        assertThat(rights.allows(Operation.ACQUIRE_LOCK, "room", "yours")).isFalse();
        assertThat(rights.allows(Operation.REVOKE_LOCK, "room", "mine-1")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "=",
                "room",
                "room=",
                "=acquire",
                "/door=acquire",
                "room/=acquire",
                "a/b/c=acquire",
                "room=fly",
                "room=acquire,",
                "room=,acquire",
                "room=Acquire",
                "room=acquire release",
                "room= acquire"
            })
    void line_that_is_wrong_is_refused_and_named(String line) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Rights.of(List.of("ok=*", line)))
                .withMessageContaining("\"");
    }

    @Test
    void pattern_of_many_stars_is_matched_in_time() {
        Rights rights = Rights.of(List.of("*a".repeat(500) + "b=acquire"));

        assertThat(rights.allows(Operation.ACQUIRE_LOCK, "a".repeat(1_000), "door"))
                .isFalse();
    }

    private static Set<Operation> allowed(Rights rights) {
        return Arrays.stream(Operation.values())
                .filter(operation -> rights.allows(operation, "room", "door"))
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(Operation.class)));
    }
}
