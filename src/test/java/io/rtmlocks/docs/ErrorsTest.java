// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.rtmlocks.lock.Rejection;
import io.rtmlocks.wire.CloseCode;
import io.rtmlocks.wire.ErrorCode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** ERRORS.md explains every number and every cause that there is, and none that there is not. */
class ErrorsTest {

    /** Java's own, with the option that ends it then. */
    private static final String OUT_OF_MEMORY = "3";

    private static final Page ERRORS = Page.read("src/docs/ERRORS.md");
    private static final Pattern EXIT_STATUS = Pattern.compile("static final int \\w+ = (\\d+);");

    @Test
    void every_error_code_is_explained_and_says_whether_to_retry() {
        List<String> rows = ERRORS.table("Errors of a request").stream()
                .map(row -> row.get(0) + " " + row.get(4))
                .toList();

        assertThat(rows)
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(ErrorCode.values())
                        .map(code -> code.number() + (code.retryable() ? " yes" : " no"))
                        .toList());
    }

    @Test
    void every_close_code_is_explained() {
        assertThat(ERRORS.column("Close codes"))
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(CloseCode.values())
                        .map(code -> String.valueOf(code.number()))
                        .toList());
    }

    @Test
    void every_cause_is_explained() {
        List<String> causes = new ArrayList<>(Causes.ofTheGateway());
        Arrays.stream(Rejection.Cause.values()).map(Enum::name).forEach(causes::add);

        assertThat(ERRORS.column("`detail.cause`"))
                .containsExactlyInAnyOrderElementsOf(
                        causes.stream().map(cause -> "`" + cause + "`").toList());
    }

    @Test
    void every_exit_code_is_explained() {
        List<String> codes = EXIT_STATUS
                .matcher(Page.read("src/main/java/io/rtmlocks/ExitStatus.java").text())
                .results()
                .map(status -> status.group(1))
                .toList();

        assertThat(codes).hasSizeGreaterThan(3);
        assertThat(ERRORS.column("Exit codes"))
                .containsAll(codes)
                .hasSize(codes.size() + 1)
                .contains(OUT_OF_MEMORY);
    }

    @Test
    void no_cell_is_empty() {
        for (String section : List.of("Errors of a request", "`detail.cause`", "Close codes", "Exit codes")) {
            assertThat(ERRORS.table(section))
                    .isNotEmpty()
                    .allSatisfy(row -> assertThat(row)
                            .hasSameSizeAs(ERRORS.table(section).get(0))
                            .doesNotContain(""));
        }
    }
}
