// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.lock;

/** What the sessions of one user have together, in one table. */
final class User {

    final String id;
    int sessions;
    int locks;
    int waits;

    User(String id) {
        this.id = id;
    }
}
