// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.lock;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * A scenario file: commands, a line of dashes, the effects they must have, an empty line, and so on; comments between.
 *
 * <pre>
 * # The first to ask owns it.
 * alice acquireLock L create
 * ----
 * * SET L owner= ttl=10 publisher=alice seq=1
 * </pre>
 */
final class Script {

    private static final String DASHES = "----";

    private final List<String> lines;

    Script(List<String> lines) {
        this.lines = lines;
    }

    /** The same script with the effects that its commands have; each group of commands is given to {@code play}. */
    List<String> played(Function<List<String>, List<String>> play) {
        List<String> result = new ArrayList<>();
        List<String> commands = new ArrayList<>();
        boolean inEffects = false;
        for (String line : lines) {
            if (inEffects && !line.isEmpty()) {
                continue;
            }
            inEffects = line.equals(DASHES);
            result.add(line);
            if (inEffects) {
                result.addAll(play.apply(commands));
                commands.clear();
            } else if (!line.isEmpty() && !line.startsWith("#")) {
                commands.add(line);
            }
        }
        if (!commands.isEmpty()) {
            throw new IllegalArgumentException("no " + DASHES + " after " + commands);
        }
        return result;
    }
}
