// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.rtmlocks.lock.Operation;
import io.rtmlocks.lock.Rejection;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The numbers that cross the wire, and how frames are written. */
class VocabularyTest {

    @Test
    void numbers_areThoseOfTheProtocol_eachOnce() {
        assertThat(Arrays.stream(ErrorCode.values()).map(ErrorCode::number))
                .doesNotHaveDuplicates()
                .contains(-10002, -10005, -10006, -10008, -10009, -10014, -10017, -10019, -10021)
                .contains(-14001, -14002, -14003, -14004, -14005, -14006, -14007, -14008, -14009, -14010)
                .contains(-12008, -12011, -12012, -12013, -12014, -12018, -12019, -12020)
                .hasSize(27);
        assertThat(Arrays.stream(CloseCode.values()).map(code -> (int) code.number()))
                .containsExactlyInAnyOrder(1000, 1001, 1003, 1009, 1013, 4400, 4401, 4403, 4408, 4409, 4429);
    }

    @Test
    void closeReasons_fitIntoACloseFrame() {
        for (CloseCode code : CloseCode.values()) {
            assertThat(code.reason().getBytes(StandardCharsets.UTF_8).length).isLessThanOrEqualTo(123);
        }
    }

    @Test
    void everyRejection_hasANumber() {
        for (Rejection.Kind kind : Rejection.Kind.values()) {
            assertThat(ErrorCode.of(kind).number()).isNegative();
        }
    }

    @Test
    void storage_callsThreeErrorsByItsOwnNumbers() {
        for (Operation operation : Operation.values()) {
            boolean isStorage = operation.op().endsWith("Metadata");
            assertThat(ErrorCode.OUTCOME_UNKNOWN.in(operation).number()).isEqualTo(isStorage ? -12018 : -14002);
            assertThat(ErrorCode.UNAVAILABLE.in(operation).number()).isEqualTo(isStorage ? -12019 : -14009);
            assertThat(ErrorCode.FORBIDDEN.in(operation).number()).isEqualTo(isStorage ? -12020 : -14010);
            assertThat(ErrorCode.MALFORMED.in(operation).number()).isEqualTo(-10014);
        }
    }

    /** Also half a character, which has no form in UTF-8. */
    @Test
    void frames_areAscii() {
        String frame = FrameWriter.event(out -> out.text("x", "ü\u2028\0\"\\" + '\ud800' + "😀"));
        assertThat(frame).isEqualTo("{\"x\":\"\\u00FC\\u2028\\u0000\\\"\\\\\\uD800\\uD83D\\uDE00\"}");
    }

    @Test
    void names_areLegalByTheListAlone() {
        String legal = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 !#$%&()+,-:;<=>?@[]^_`{|}~";
        for (int c = 0; c <= Character.MAX_VALUE; c++) {
            boolean expected = legal.indexOf(c) >= 0;
            assertThat(Names.isLegal("a" + (char) c)).as("%x", c).isEqualTo(expected);
            assertThat(Names.isLegal("" + (char) c)).as("%x", c).isEqualTo(expected && c != '_');
        }
        assertThat(Names.isLegal("")).isFalse();
        assertThat(Names.isLegal("x".repeat(64))).isTrue();
        assertThat(Names.isLegal("x".repeat(65))).isFalse();
    }
}
