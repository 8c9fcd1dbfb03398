// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.history;

import java.util.List;

/** One rule that every history must keep. */
interface Check {

    /** Where it is broken; empty when it holds. */
    List<String> findings(History history);
}
