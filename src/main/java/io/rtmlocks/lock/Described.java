// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.lock;

import java.util.Collection;
import java.util.Map;

/**
 * A value that names its own fields, as PROTOCOL.md names them.
 *
 * <p>One description serves every writer: the wire writes it as JSON, the scenario scripts as a line of text.
 */
public interface Described {

    void describe(Fields out);

    /** Receives fields in the order in which they are to be written. */
    interface Fields {

        Fields text(String name, String value);

        Fields number(String name, long value);

        Fields flag(String name, boolean value);

        Fields object(String name, Described value);

        Fields list(String name, Collection<? extends Described> values);

        Fields map(String name, Map<String, ? extends Described> values);
    }
}
