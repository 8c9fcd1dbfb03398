// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks;

import java.util.List;

/** The configuration cannot be used. Names everything that is wrong with it at once, one sentence each. */
public final class ConfigException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<String> problems;

    ConfigException(List<String> problems) {
        super(String.join("\n", problems));
        this.problems = List.copyOf(problems);
    }

    /** What is wrong, each with the setting, its value, where it came from and what is allowed. Never empty. */
    public List<String> problems() {
        return problems;
    }
}
