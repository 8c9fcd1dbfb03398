// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.wire;

/** A piece of a snapshot. Most snapshots are taken and never sent: what is large becomes bytes only when somebody asks for them. */
public interface SnapshotPart {

    byte[] bytes();
}
